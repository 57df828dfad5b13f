//! The end of a published run: what `latest` points to, what the operator reads, the exit status.

use super::{ledger, workplace::Workplace};
use crate::{
    console::closing,
    disk,
    error::{Error, ExitStatus},
    report::{gate::GateResult, summary::Summary},
    settings::Output,
};

/// Whether `latest`, wherever it points, may move to this run.
fn may_be_latest(place: &Workplace, summary: &Summary) -> bool {
    let known = Summary::read(&place.reports().join("latest").join("summary.json"));
    known.map_or(true, |known| summary.may_follow(known.environment.as_str(), &known.started_at))
}

/// Moves `latest` to a complete run that passed its gates, unless it is to stay, hands the run over, and clears its workplace,
/// which stays while the handing over fails. Also done for a run that was killed right after it was published; `latest` never
/// moves a second time: the workplace is gone then.
pub(super) fn end(
    place: &Workplace,
    keeps_latest: bool,
    output: Output,
    hand_over: impl FnOnce(&Summary) -> Result<(), Error>,
) -> Result<ExitStatus, Error> {
    let summary = Summary::read(&place.published().join("summary.json"));
    let summary = summary.map_err(Error::unreadable)?;
    ledger::keep(place)?;
    let shortcoming = shortcoming(&summary);
    let is_candidate = shortcoming.is_none() && !keeps_latest;
    if is_candidate && place.unfinished().exists() && may_be_latest(place, &summary) {
        disk::publishing::point_latest(place.reports(), &place.run_id)?;
    }
    let handed_over = hand_over(&summary);
    if handed_over.is_ok() {
        place.leave()?;
    }
    closing::show(&summary, &place.published(), output);
    handed_over?;
    shortcoming.map_or(Ok(ExitStatus::Complete), Err)
}

/// What is wrong with a published run, if anything is. A gate comes before incompleteness: it is a limit that the operator
/// set, and with 3 the next night may be well by itself.
fn shortcoming(summary: &Summary) -> Option<Error> {
    let run = summary.run_id.clone();
    let failed: Vec<_> = summary.failed_gates().map(GateResult::told).collect();
    if !failed.is_empty() {
        return Some(Error::GateFailed { run, failed });
    }
    let why = || summary.incomplete_because.clone().unwrap_or_default();
    (!summary.complete).then(|| Error::Incomplete { run, why: why() })
}
