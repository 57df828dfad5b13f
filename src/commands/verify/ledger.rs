//! The ledger: its chain, and the runs that are there against what it says of them.

use std::{collections::BTreeMap, path::Path};

use crate::{
    commands::runs::run_ids,
    console::{
        audited::{self, Audited},
        verified::Step,
    },
    error::{Error, ExitStatus},
    report::{
        figures::grouped,
        ledger::{self, Entry, Happening, Ledger, NAME},
    },
    settings::published::ListSettings,
};

/// Checks the ledger of a reports directory. Reads only.
pub(in crate::commands) fn verify(settings: &ListSettings) -> Result<ExitStatus, Error> {
    let ledger = Ledger::read(&settings.reports).map_err(Error::unreadable)?;
    let audited = Audited {
        ledger: settings.reports.join(NAME).display().to_string(),
        lines: ledger.len() as u64,
        last_line_sha256: (!ledger.is_empty()).then(|| ledger.head().to_string()),
        steps: vec![chain(&ledger), runs(&settings.reports, &ledger.last_words())?],
    };
    audited::show(&audited, settings.json);
    Ok(if audited.intact() { ExitStatus::Complete } else { ExitStatus::Malformed })
}

fn chain(ledger: &Ledger) -> Step {
    let mut step = Step::new("chain");
    step.checked = format!("{} lines, each against the one before", grouped(ledger.len() as u64));
    if ledger.is_torn {
        step.checked += "; a kill tore the next one, which goes with the next run or prune";
    }
    if ledger.is_empty() {
        step.find(NAME, "is not there, or has no line");
    }
    if let Some((number, what)) = ledger.first_flaw() {
        step.find(NAME, format!("line {number} {what}"));
    }
    step
}

fn runs(reports: &Path, known: &BTreeMap<String, Entry>) -> Result<Step, Error> {
    let mut step = Step::new("runs");
    let there = run_ids(reports)?;
    for run_id in &there {
        let seal = ledger::seal(&reports.join(run_id.as_str()));
        if let Some(what) = mismatch(known.get(run_id.as_str()), seal.as_deref()) {
            step.find(run_id.as_str(), what);
        }
    }
    let is_there = |name: &str| there.iter().any(|run_id| run_id.as_str() == name);
    for (name, last) in known {
        if last.event != Happening::Pruned && !is_there(name) {
            step.find(name, "is not there, and the ledger does not say that it was pruned");
        }
    }
    step.checked = format!("{} runs against their last line", grouped(there.len() as u64));
    Ok(step)
}

/// How a run that is there differs from its last line.
fn mismatch(last: Option<&Entry>, seal: Option<&str>) -> Option<String> {
    match (last, seal) {
        (None, Some(_)) => Some("is not in the ledger; the next run adds it as found".to_owned()),
        (Some(Entry { event: Happening::Pruned, at, .. }), _) => {
            Some(format!("was pruned at {at}, and is there"))
        }
        (Some(_), None) => Some("has no manifest that could be read".to_owned()),
        (Some(last), Some(seal)) if last.manifest_sha256 != seal => {
            Some(format!("its manifest has SHA-256 {seal}, and in the ledger another one"))
        }
        (Some(_), Some(_)) | (None, None) => None,
    }
}
