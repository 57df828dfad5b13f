//! Looking through a reports directory. Reads only.

use std::{collections::BTreeSet, path::Path};

use super::fate::{Candidate, Facts, Surveyed};
use crate::{
    commands::{baseline::noted::Noted, published::Published, runs::run_ids, workplace},
    disk,
    error::Error,
    journal::store::Journal,
    model::ids::RunId,
    report::{certificate::Certificate, error::ReportError, manifest::Manifest},
};

pub(super) fn survey(reports: &Path) -> Result<Surveyed, Error> {
    let runs = run_ids(reports)?.into_iter().map(|run_id| candidate(reports, run_id));
    Ok(Surveyed {
        runs: runs.collect::<Result<_, _>>()?,
        latest: disk::publishing::latest(reports),
        awaited: awaited(reports)?,
    })
}

fn candidate(reports: &Path, run_id: RunId) -> Result<Candidate, Error> {
    let run = Published::at(&reports.join(run_id.as_str()))?;
    let facts = facts(&run).map_err(|error| error.to_string());
    let is_unended = workplace::journal(reports, &run_id).exists();
    Ok(Candidate { is_held: run.is_held(), is_unended, facts, run_id })
}

/// What was altered is evidence, and says nothing about its age.
fn facts(run: &Published) -> Result<Facts, ReportError> {
    const NAME: &str = "certificate.json";
    Manifest::read(run.dir())?.check(run.dir(), NAME)?;
    let path = run.file(NAME);
    let certificate = Certificate::read(&path)?;
    let what = "`ended_at` cannot be understood".to_owned();
    let ended_at = certificate.ended_at.parse();
    Ok(Facts {
        ended_at: ended_at.map_err(|_| ReportError::Damaged { path, what })?,
        baseline: certificate.derivation.baseline.map(|baseline| baseline.run_id),
    })
}

/// The baselines of the unfinished runs, which could not go on without them.
fn awaited(reports: &Path) -> Result<BTreeSet<String>, Error> {
    let mut awaited = BTreeSet::new();
    for run_id in run_ids(&reports.join(".work"))? {
        let path = workplace::journal(reports, &run_id);
        let journal = if path.exists() { Journal::look(&path)? } else { None };
        let noted = journal.map_or(Ok(None), |journal| Noted::read(&journal))?;
        awaited.extend(noted.and_then(|noted| noted.run_id().map(str::to_owned)));
    }
    Ok(awaited)
}
