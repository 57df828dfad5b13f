//! The statistics: each query, run once more over the published tables, gives the published answer.

use std::collections::BTreeSet;

use super::careful::careful;
use crate::{
    commands::published::Published,
    console::verified::Step,
    disk,
    error::Error,
    report::csv,
    tally::runner::{self, Answered},
};

/// Checks the statistics; gives the answers for the steps that build on them.
pub(super) fn check(run: &Published, readable: bool) -> (Step, Option<Vec<Answered>>) {
    let mut step = Step::new("statistics");
    if !readable {
        step.skipped = Some("not all tables can be read".to_owned());
        return (step, None);
    }
    let answers = careful(&mut step, "tables", |_| Ok(runner::run(&run.file("tables"))?));
    for answer in answers.iter().flatten() {
        let path = |kind: &str| format!("statistics/{}.{kind}", answer.name);
        let (sql, csv) = (path("sql"), path("csv"));
        careful(&mut step, &sql, |step| same(run, &sql, answer.sql.as_bytes(), step));
        careful(&mut step, &csv, |step| same(run, &csv, &bytes(run, &csv, answer)?, step));
    }
    refuse_others(run, answers.as_deref().unwrap_or_default(), &mut step);
    let asked = answers.as_ref().map_or(0, Vec::len);
    step.checked = format!("{asked} queries, run once more over the tables");
    (step, answers)
}

/// The answer as its file.
fn bytes(run: &Published, path: &str, answer: &Answered) -> Result<Vec<u8>, Error> {
    let columns = answer.frame.columns().iter().map(|column| column.name().as_str());
    let mut bytes = csv::header(columns).map_err(Error::Reading)?;
    bytes.extend(csv::rows(&run.file(path), &answer.frame)?);
    Ok(bytes)
}

fn same(run: &Published, path: &str, expected: &[u8], step: &mut Step) -> Result<(), Error> {
    if disk::read(&run.file(path))? != expected {
        step.find(path, "is not what this version of kyc-recon gives over the published tables");
    }
    Ok(())
}

fn refuse_others(run: &Published, answers: &[Answered], step: &mut Step) {
    let known: BTreeSet<_> = answers
        .iter()
        .flat_map(|answer| ["sql", "csv"].map(|kind| format!("{}.{kind}", answer.name)))
        .collect();
    let found = careful(step, "statistics", |_| Ok(disk::files_below(&run.file("statistics"))?));
    let found = found.unwrap_or_default();
    for name in found.iter().map(|path| path.display().to_string()) {
        if !known.is_empty() && !known.contains(&name) {
            step.find(&format!("statistics/{name}"), "is no statistic of this version");
        }
    }
}
