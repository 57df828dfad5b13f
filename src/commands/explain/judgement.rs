//! The judgement of one user, made again by the run's own policy over the published row.

use polars::prelude::DataFrame;
use serde_json::Value;

use crate::{
    assess::{condition::Condition, policy::Policy},
    console::explained::{Judgement, Record, Ruling, Seen},
    error::Error,
};

/// Every rule with what it saw, the condition of a pass, and the verdict beside the published one.
pub(super) fn judgement(
    policy: &Policy,
    users: &DataFrame,
    row: &Record,
) -> Result<Judgement, Error> {
    let examined = policy.examine(users)?;
    let published = row.get("verdict").and_then(Value::as_str).unwrap_or_default();
    let rules = examined.rules.iter().map(|(rule, holds)| Ruling {
        rule: rule.id.clone(),
        verdict: rule.verdict.as_str(),
        holds: *holds,
        when: rule.when.sql().to_owned(),
        says: rule.says.clone(),
        saw: saw(&rule.when, row),
    });
    Ok(Judgement {
        policy: policy.name().to_owned(),
        version: policy.version().to_owned(),
        sha256: policy.digest(),
        rules: rules.collect(),
        pass: Ruling {
            rule: "pass".to_owned(),
            verdict: "pass",
            holds: examined.pass,
            when: policy.pass().sql().to_owned(),
            says: "what a pass needs when no rule holds".to_owned(),
            saw: saw(policy.pass(), row),
        },
        verdict: examined.verdict.as_str(),
        reason: examined.reason.map(str::to_owned),
        published_verdict: published.to_owned(),
        agrees: published == examined.verdict.as_str(),
    })
}

/// The columns that a condition reads, and what the user's row holds there.
fn saw(condition: &Condition, row: &Record) -> Vec<Seen> {
    let value = |column: &str| row.get(column).cloned().unwrap_or_default();
    let columns = condition.columns().into_iter();
    columns.map(|column| Seen { column: column.to_owned(), value: value(column) }).collect()
}
