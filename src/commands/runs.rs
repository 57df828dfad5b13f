//! `runs`: what is in the reports directory. Reads only, also while a job is under way.

use std::{error, iter, path::Path};

use super::workplace;
use crate::{
    console::listed::{self, Run, Runs, State},
    disk,
    error::{Error, ExitStatus},
    journal::{error::JournalError, store::Journal},
    model::ids::RunId,
    report::{environment::Environment, summary::Summary},
    settings::{partner::Address, published::ListSettings},
};

/// Lists the published runs and the unfinished ones, the newest first.
pub(super) fn runs(settings: &ListSettings) -> Result<ExitStatus, Error> {
    listed::show(&list(&settings.reports)?, settings.json);
    Ok(ExitStatus::Complete)
}

fn list(reports: &Path) -> Result<Runs, Error> {
    // In this order a run that is published meanwhile is seen in both places at most, and never in neither.
    let mut unfinished = run_ids(&reports.join(".work"))?;
    let published = run_ids(reports)?;
    unfinished.retain(|run_id| !published.contains(run_id));
    let owners = workplace::owners(reports)?;
    let latest = disk::publishing::latest(reports);
    let mut runs: Vec<_> = published.iter().map(|run_id| published_run(reports, run_id)).collect();
    runs.extend(unfinished.iter().map(|run_id| {
        let state = if owners.iter().any(|owner| owner.run_id.as_ref() == Some(run_id)) {
            State::Running
        } else {
            State::Interrupted
        };
        unfinished_run(reports, run_id, state)
    }));
    for run in &mut runs {
        run.latest = latest.as_ref() == Some(&run.run_id);
    }
    // Those of which not even the start is known come last.
    runs.sort_by(|one, other| {
        (other.started_at, &other.run_id).cmp(&(one.started_at, &one.run_id))
    });
    Ok(Runs { reports: reports.display().to_string(), runs })
}

/// Whatever could be the directory of a run.
pub(super) fn run_ids(dir: &Path) -> Result<Vec<RunId>, Error> {
    let names = disk::listing::directories_in(dir)?;
    Ok(names.iter().filter_map(|name| RunId::parse(name).ok()).collect())
}

fn published_run(reports: &Path, run_id: &RunId) -> Run {
    let summary = match Summary::read(&reports.join(run_id.as_str()).join("summary.json")) {
        Ok(summary) => summary,
        Err(error) => return unreadable(run_id, &error),
    };
    Run {
        environment: Some(summary.environment),
        started_at: summary.started_at.parse().ok(),
        users: Some(summary.population.unique_users),
        settled: None,
        verdicts: Some(summary.population.verdicts),
        why: summary.incomplete_because,
        ..Run::new(run_id, if summary.complete { State::Complete } else { State::Incomplete })
    }
}

fn unfinished_run(reports: &Path, run_id: &RunId, state: State) -> Run {
    let path = workplace::journal(reports, run_id);
    // A run that was killed before it had taken its roster in has settled nobody, and can be gone on with.
    let journal = if path.exists() { Journal::look(&path) } else { Ok(None) };
    let run = journal.and_then(|journal| match journal {
        Some(journal) => remembered(&journal, run_id, state),
        None => Ok(Run::new(run_id, state)),
    });
    run.unwrap_or_else(|error| unreadable(run_id, &error))
}

fn remembered(journal: &Journal, run_id: &RunId, state: State) -> Result<Run, JournalError> {
    let count = journal.count()?;
    let started_at = journal.fact("started_at")?;
    Ok(Run {
        environment: environment(journal)?,
        started_at: started_at.and_then(|text| text.parse().ok()),
        users: (count.roster > 0).then_some(count.roster),
        settled: (count.roster > 0).then_some(count.settled + count.current),
        ..Run::new(run_id, state)
    })
}

/// Whether the people are invented: because we started the partner, or because it said so itself.
pub(super) fn environment(journal: &Journal) -> Result<Option<Environment>, JournalError> {
    let said = journal.fact("sandbox")?.is_some();
    let partner = journal.fact("partner")?;
    Ok(partner.map(|name| {
        if said || Address::names_the_sandbox(&name) {
            Environment::Sandbox
        } else {
            Environment::Live
        }
    }))
}

fn unreadable(run_id: &RunId, error: &dyn error::Error) -> Run {
    let chain = iter::successors(Some(error), |error| error.source());
    let why: Vec<_> = chain.map(ToString::to_string).collect();
    Run { why: Some(why.join(": ")), ..Run::new(run_id, State::Unreadable) }
}
