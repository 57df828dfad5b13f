//! The ledger, kept under the lock of the reports directory. Whatever a kill left undone is done by whoever comes next: a
//! published run without a line gets one, and a run that was withdrawn gets its line and is deleted.

use std::path::{Path, PathBuf};

use super::{runs::run_ids, workplace::Workplace};
use crate::{
    clock, disk,
    error::Error,
    model::ids::RunId,
    report::ledger::{self, Entry, Happening, Ledger},
};

/// Brings the ledger up to date with what is there, the run of this workplace last.
pub(super) fn keep(place: &Workplace) -> Result<(), Error> {
    catch_up(place.reports(), Some(&place.run_id))
}

/// Brings the ledger up to date with what is there.
pub(super) fn catch_up(reports: &Path, own: Option<&RunId>) -> Result<(), Error> {
    let mut ledger = Ledger::read(reports)?;
    for run_id in run_ids(&withdrawn(reports))? {
        delete(reports, &run_id, &mut ledger)?;
    }
    let known = ledger.last_words();
    let is_missing = |run_id: &RunId| {
        known.get(run_id.as_str()).is_none_or(|last| last.event == Happening::Pruned)
    };
    let (ours, others): (Vec<_>, Vec<_>) =
        run_ids(reports)?.into_iter().filter(is_missing).partition(|run_id| Some(run_id) == own);
    for (run_id, event) in others
        .iter()
        .map(|run_id| (run_id, Happening::Found))
        .chain(ours.iter().map(|run_id| (run_id, Happening::Published)))
    {
        if let Some(seal) = ledger::seal(&reports.join(run_id.as_str())) {
            ledger.append(entry(event, run_id, seal))?;
        }
    }
    Ok(())
}

/// Deletes a run, in this order: out of sight, written down, gone. So at any instant it is there whole, or the ledger says
/// that it was pruned, or the next one finishes.
pub(super) fn prune(reports: &Path, run_id: &RunId) -> Result<(), Error> {
    let place = withdrawn(reports);
    disk::private_dir(&place)?;
    disk::withdraw(&reports.join(run_id.as_str()), &place.join(run_id.as_str()))?;
    delete(reports, run_id, &mut Ledger::read(reports)?)
}

/// Writes down that a withdrawn run is pruned, unless that is done, and deletes it.
fn delete(reports: &Path, run_id: &RunId, ledger: &mut Ledger) -> Result<(), Error> {
    let dir = withdrawn(reports).join(run_id.as_str());
    let last = ledger.last_words().remove(run_id.as_str());
    if last.as_ref().is_none_or(|last| last.event != Happening::Pruned) {
        let known = last.map(|last| last.manifest_sha256);
        let seal = ledger::seal(&dir).or(known).unwrap_or_default();
        ledger.append(entry(Happening::Pruned, run_id, seal))?;
    }
    Ok(disk::remove_dir(&dir)?)
}

fn entry(event: Happening, run_id: &RunId, manifest_sha256: String) -> Entry {
    Entry {
        event,
        run_id: run_id.to_string(),
        manifest_sha256,
        at: format!("{:.6}", clock::now()),
        operator: whoami::username().unwrap_or_default(),
    }
}

/// Where runs wait for their deletion. The name is none of a run, so nobody takes it for an unfinished one.
fn withdrawn(reports: &Path) -> PathBuf {
    reports.join(".work").join(".pruned")
}
