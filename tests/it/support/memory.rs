//! What an unfinished run remembers. Read from a copy, so that looking changes nothing.

use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use kyc_recon::journal::store::Journal;

/// The users who have an outcome in the journal of a run that nobody works on.
pub(crate) fn settled(reports: &Path, run_id: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let copy = tempfile::tempdir()?;
    let journal = open_copy(reports, run_id, copy.path())?;
    let users = journal.remembered(0, 1_000_000)?.into_iter();
    Ok(users
        .filter(|user| user.settled.is_some())
        .map(|user| user.user_id.as_str().to_owned())
        .collect())
}

/// The fault of each attempt in the journal of a run that nobody works on; an answer is the empty text.
pub(crate) fn faults(reports: &Path, run_id: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let copy = tempfile::tempdir()?;
    let attempts = open_copy(reports, run_id, copy.path())?.attempts((0, 0), 1_000_000)?;
    Ok(attempts.into_iter().map(|(_, attempt)| attempt.fault.unwrap_or_default()).collect())
}

fn open_copy(reports: &Path, run_id: &str, copy: &Path) -> Result<Journal, Box<dyn Error>> {
    let work = unfinished(reports, run_id);
    for file in ["journal.sqlite", "journal.sqlite-wal"] {
        if work.join(file).exists() {
            fs::copy(work.join(file), copy.join(file))?;
        }
    }
    Ok(Journal::open(&copy.join("journal.sqlite"))?)
}

/// Where a run works until it is published.
pub(crate) fn unfinished(reports: &Path, run_id: &str) -> PathBuf {
    reports.join(".work").join(run_id)
}
