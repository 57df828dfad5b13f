//! `prune`: whole published runs past their retention are deleted, and the ledger says which.

mod fate;
mod survey;

use std::path::Path;

use jiff::Timestamp;

use self::fate::{Fate, fates};
use super::{ledger, published::Published, verify, workplace};
use crate::{
    clock,
    console::pruned::{self, Deleted, Pruned, Stays},
    error::{Error, ExitStatus},
    model::ids::RunId,
    report::ledger::{Entry, Ledger, seal},
    settings::published::PruneSettings,
};

/// Deletes what is old enough and not wanted, or says what it would be.
pub(super) fn prune(settings: &PruneSettings) -> Result<ExitStatus, Error> {
    let reports = &settings.reports;
    let does = !settings.dry_run && reports.exists();
    let _lock = does.then(|| workplace::hold(reports, "prune")).transpose()?;
    if does {
        ledger::catch_up(reports, None)?;
    }
    let oldest = clock::now().checked_sub(settings.keep).unwrap_or(Timestamp::MIN);
    let surveyed = survey::survey(reports)?;
    let known = Ledger::read(reports).map_err(Error::unreadable)?.last_words();
    let mut pruned = Pruned::new(reports, settings.dry_run, settings.keep);
    for (run, fate) in surveyed.runs.iter().zip(fates(&surveyed, oldest)) {
        let run_id = run.run_id.to_string();
        let fate = match fate {
            Fate::Old { .. } => evidence(reports, &run.run_id, known.get(&run_id))?.unwrap_or(fate),
            _ => fate,
        };
        match fate {
            Fate::Old { ended_at } => {
                if does {
                    ledger::prune(reports, &run.run_id)?;
                }
                let ended_at = format!("{ended_at:.0}");
                pruned.deleted.push(Deleted { run_id, ended_at });
            }
            Fate::Stays { why } => pruned.stay.push(Stays { run_id, why }),
            Fate::Young => pruned.younger += 1,
        }
    }
    pruned::show(&pruned, settings.json);
    Ok(ExitStatus::Complete)
}

/// The fate of an old run that is not what was published: it stays, for it may be evidence.
fn evidence(reports: &Path, run_id: &RunId, known: Option<&Entry>) -> Result<Option<Fate>, Error> {
    let run = Published::at(&reports.join(run_id.as_str()))?;
    let is_sealed = |known: &Entry| seal(run.dir()).as_ref() == Some(&known.manifest_sha256);
    let why = if !known.is_none_or(is_sealed) {
        "the ledger knows it with another manifest"
    } else if !verify::has_its_files(&run) {
        "it was altered; `kyc-recon verify` says what"
    } else {
        return Ok(None);
    };
    Ok(Some(Fate::Stays { why: why.to_owned() }))
}
