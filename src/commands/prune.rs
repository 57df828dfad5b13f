//! `prune`: whole published runs past their retention are deleted, and the ledger says which.

mod fate;
mod survey;

use jiff::Timestamp;

use self::fate::{Fate, fates};
use super::{ledger, workplace};
use crate::{
    clock,
    console::pruned::{self, Deleted, Pruned, Stays},
    error::{Error, ExitStatus},
    settings::PruneSettings,
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
    let mut pruned = Pruned::new(reports, settings.dry_run, settings.keep);
    for (run, fate) in surveyed.runs.iter().zip(fates(&surveyed, oldest)) {
        let run_id = run.run_id.to_string();
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
