//! The ledger, kept under the lock of the reports directory. Whatever a kill left undone is done by whoever comes next: a
//! published run without a line gets one, and a run that was withdrawn gets its line and is deleted.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    runs::run_ids,
    workplace::{self, Workplace},
};
use crate::{
    clock, disk,
    error::Error,
    model::{ids::RunId, shard::Shard},
    report::ledger::{self, Entry, Happening, Ledger},
};

/// Brings the ledger up to date with what is there, the run of this workplace last. A shard writes down itself alone: another
/// one may be between its publication and its own line.
pub(super) fn keep(place: &Workplace) -> Result<(), Error> {
    let (reports, own) = (place.reports(), &place.run_id);
    if Shard::named_by(own).is_none() {
        return catch_up(reports, Some(own));
    }
    // Each line holds the digest of the one before.
    let _turn = workplace::turn(reports)?;
    let mut ledger = Ledger::read(reports)?;
    if lacks(&ledger.last_words(), own)
        && let Some(seal) = ledger::seal(&place.published())
    {
        ledger.append(entry(Happening::Published, own, seal))?;
    }
    Ok(())
}

/// Whether a run that is there has no line, or one of an earlier run of the same name.
fn lacks(last_words: &BTreeMap<String, Entry>, run_id: &RunId) -> bool {
    last_words.get(run_id.as_str()).is_none_or(|last| last.event == Happening::Pruned)
}

/// Brings the ledger up to date with what is there.
pub(super) fn catch_up(reports: &Path, own: Option<&RunId>) -> Result<(), Error> {
    let mut ledger = Ledger::read(reports)?;
    for run_id in run_ids(&withdrawn(reports))? {
        write_down(reports, &run_id, &mut ledger)?;
    }
    disk::remove_dir(&withdrawn(reports))?;
    let mut missing = run_ids(reports)?;
    let known = ledger.last_words();
    missing.retain(|run_id| lacks(&known, run_id));
    let is_own = |run_id: &RunId| Some(run_id) == own;
    missing.sort_by_key(is_own);
    for run_id in missing {
        let event = if is_own(&run_id) { Happening::Published } else { Happening::Found };
        if let Some(seal) = ledger::seal(&reports.join(run_id.as_str())) {
            ledger.append(entry(event, &run_id, seal))?;
        }
    }
    Ok(())
}

/// Deletes a run, in this order: out of sight, written down, gone. So at any instant it is there whole, or gone and in the
/// ledger, or whoever comes next finishes. To be done when the ledger is up to date.
pub(super) fn prune(reports: &Path, run_id: &RunId) -> Result<(), Error> {
    let place = withdrawn(reports);
    disk::private_dir(&place)?;
    disk::publishing::withdraw(&reports.join(run_id.as_str()), &place.join(run_id.as_str()))?;
    write_down(reports, run_id, &mut Ledger::read(reports)?)?;
    Ok(disk::remove_dir(&place)?)
}

/// Writes down that a withdrawn run is pruned, unless that is done.
fn write_down(reports: &Path, run_id: &RunId, ledger: &mut Ledger) -> Result<(), Error> {
    let dir = withdrawn(reports).join(run_id.as_str());
    let last = ledger.last_words().remove(run_id.as_str());
    if last.as_ref().is_some_and(|last| last.event == Happening::Pruned) {
        return Ok(());
    }
    let known = last.map(|last| last.manifest_sha256);
    let seal = ledger::seal(&dir).or(known).unwrap_or_default();
    Ok(ledger.append(entry(Happening::Pruned, run_id, seal))?)
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
