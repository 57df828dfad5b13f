//! The statistics: each query, run once more over the published tables, gives the published answer.

use std::collections::BTreeSet;

use super::careful::careful;
use crate::{
    commands::{grouping, published::Published},
    console::verified::Step,
    disk,
    error::Error,
    report::{
        certificate::Certificate,
        csv::{self, ByteOrderMark},
        derivation::Derivation,
    },
    tally::{
        runner::{self, Answered},
        statistic::{self, Statistic},
    },
};

/// The statistics of the run: those of every run, and those by the columns that its certificate names.
pub(super) fn of_run(certificate: Option<&Certificate>) -> Vec<Statistic> {
    let groupings = certificate.map(|certificate| {
        let Derivation { by, roster_columns, .. } = &certificate.derivation;
        grouping::groupings(by, roster_columns).unwrap_or_default()
    });
    statistic::of_run(&groupings.unwrap_or_default())
}

/// Checks the statistics; gives the answers for the steps that build on them.
pub(super) fn check<'s>(
    run: &Published,
    certificate: Option<&Certificate>,
    statistics: &'s [Statistic],
    readable: bool,
) -> (Step, Option<Vec<Answered<'s>>>) {
    let mut step = Step::new("statistics");
    let (Some(certificate), true) = (certificate, readable) else {
        step.skipped = Some("certificate.json or a table cannot be read".to_owned());
        return (step, None);
    };
    let mark = certificate.derivation.mark();
    let answers =
        careful(&mut step, "tables", |_| Ok(runner::run(&[&run.file("tables")], statistics)?));
    for answer in answers.iter().flatten() {
        let path = |kind: &str| format!("statistics/{}.{kind}", answer.name);
        let (sql, csv) = (path("sql"), path("csv"));
        careful(&mut step, &sql, |step| same(run, &sql, answer.sql.as_bytes(), step));
        careful(&mut step, &csv, |step| same(run, &csv, text(answer, mark)?.as_bytes(), step));
    }
    refuse_others(run, answers.as_deref().unwrap_or_default(), &mut step);
    let asked = answers.as_ref().map_or(0, Vec::len);
    step.checked = format!("{asked} queries, run once more over the tables");
    (step, answers)
}

/// The answer as its file.
fn text(answer: &Answered<'_>, mark: ByteOrderMark) -> Result<String, Error> {
    let columns = answer.frame.columns().iter().map(|column| column.name().as_str());
    Ok([mark.text(), &csv::header(columns), &csv::rows(&answer.frame)?].concat())
}

fn same(run: &Published, path: &str, expected: &[u8], step: &mut Step) -> Result<(), Error> {
    if disk::read(&run.file(path))? != expected {
        step.find(path, "is not what this version of kyc-recon gives over the published tables");
    }
    Ok(())
}

fn refuse_others(run: &Published, answers: &[Answered<'_>], step: &mut Step) {
    let known: BTreeSet<_> = answers
        .iter()
        .flat_map(|answer| ["sql", "csv"].map(|kind| format!("{}.{kind}", answer.name)))
        .collect();
    let found =
        careful(step, "statistics", |_| Ok(disk::listing::files_below(&run.file("statistics"))?));
    let found = found.unwrap_or_default();
    for name in found.iter().map(|path| path.display().to_string()) {
        if !known.is_empty() && !known.contains(&name) {
            step.find(&format!("statistics/{name}"), "is no statistic of this version");
        }
    }
}
