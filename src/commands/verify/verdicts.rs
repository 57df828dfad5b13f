//! The verdicts: the run's own policy, over the published users, gives those that were published.

use polars::prelude::{ChunkCompareEq as _, DataFrame};

use super::{careful::careful, chain::USERS};
use crate::{
    commands::published::Published,
    console::verified::Step,
    error::Error,
    report::{figures::grouped, reading::PublishedTable},
};

const RULE_HITS: &str = "tables/rule_hits.parquet";
const POLICY: &str = "policy.toml";

pub(super) fn check(run: &Published, readable: bool) -> Step {
    let mut step = Step::new("verdicts");
    if !readable {
        step.skipped = Some("not all tables can be read".to_owned());
        return step;
    }
    let judged = careful(&mut step, POLICY, |step| judge(run, step));
    step.checked = format!("{} users judged again by policy.toml", grouped(judged.unwrap_or(0)));
    step
}

/// Judges batch by batch; gives how many users there are.
fn judge(run: &Published, step: &mut Step) -> Result<u64, Error> {
    let policy = run.policy()?;
    let users = PublishedTable::open(&run.file(USERS))?;
    let hits = PublishedTable::open(&run.file(RULE_HITS))?;
    let mut seen = 0;
    for batch in users.batches(None) {
        let batch = batch?;
        let judged = policy.assess(batch.clone())?;
        for column in ["verdict", "verdict_rules", "verdict_reason"] {
            compare(&judged.users, &batch, column, USERS, step)?;
        }
        let published = hits.read(seen..seen + judged.rule_hits.height(), None)?;
        seen += judged.rule_hits.height();
        if !judged.rule_hits.equals_missing(&published) {
            step.find(RULE_HITS, "holds other rules than policy.toml gives");
        }
    }
    if seen != hits.rows() {
        step.find(RULE_HITS, format!("has {} rows, policy.toml gives {seen}", hits.rows()));
    }
    Ok(users.rows() as u64)
}

fn compare(
    judged: &DataFrame,
    published: &DataFrame,
    column: &str,
    path: &str,
    step: &mut Step,
) -> Result<(), Error> {
    let differs = judged.column(column)?.not_equal_missing(published.column(column)?)?;
    let others = differs.iter().filter(|differs| *differs == Some(true)).count();
    if others > 0 {
        step.find(path, format!("`{column}` of {others} users is not what policy.toml gives"));
    }
    Ok(())
}
