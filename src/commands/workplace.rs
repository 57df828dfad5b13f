//! Where a run works before it is published: its directory, its lock, its name.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::{clock, disk, error::Error, model::ids::RunId, settings::RunSettings};

/// The directories of one run below `reports/`, held by a lock while it lives.
#[derive(Debug)]
pub(super) struct Workplace {
    pub(super) run_id: RunId,
    reports: PathBuf,
    /// Held, not read: the lock falls when the file is closed, also by a kill.
    _lock: File,
}

impl Workplace {
    /// Takes the lock of the reports directory, and names the run.
    pub(super) fn enter(settings: &RunSettings) -> Result<Self, Error> {
        let reports = settings.reports.clone();
        let work = reports.join(".work");
        disk::private_dir(&reports)?;
        disk::private_dir(&work)?;
        let mut lock = lock(&work.join("lock"))?;
        let run_id = settings.run_id.clone().unwrap_or_else(|| fresh_name(&reports));
        sign(&mut lock, &run_id);
        Ok(Self { run_id, reports, _lock: lock })
    }

    /// Where the finished report will be, whole.
    pub(super) fn published(&self) -> PathBuf {
        self.reports.join(self.run_id.as_str())
    }

    /// Where the run works until then.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.reports.join(".work").join(self.run_id.as_str())
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.unfinished().join("journal.sqlite")
    }

    pub(super) fn reports(&self) -> &Path {
        &self.reports
    }

    /// Clears what a published run no longer needs.
    pub(super) fn leave(&self) -> Result<(), Error> {
        Ok(disk::remove_dir(&self.unfinished())?)
    }
}

/// A name that no run has: the UTC start, with a number behind it for another start in the same second. Without it the
/// second would go on with the first one's run, or take its report for its own. To be asked under the lock.
fn fresh_name(reports: &Path) -> RunId {
    let start = RunId::from_start(clock::now());
    let is_free = |name: &RunId| {
        let name = name.as_str();
        !reports.join(name).exists() && !reports.join(".work").join(name).exists()
    };
    let numbered = (2_u32..).filter_map(|number| RunId::parse(&format!("{start}-{number}")).ok());
    std::iter::once(start.clone()).chain(numbered).find(is_free).unwrap_or(start)
}

/// Takes the lock. The system frees it when its owner dies.
fn lock(path: &Path) -> Result<File, Error> {
    let mut file = disk::lasting_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            let _ = file.read_to_string(&mut owner);
            Err(Error::Locked { path: path.to_owned(), owner: owner.trim().to_owned() })
        }
        Err(TryLockError::Error(source)) => {
            Err(disk::DiskError::Create { path: path.to_owned(), source }.into())
        }
    }
}

/// Writes into the lock who holds it.
fn sign(file: &mut File, run_id: &RunId) {
    // Only said to people who find the lock taken; failing to say it is no reason to stop.
    let _ = file.set_len(0);
    let _ = writeln!(
        file,
        "run {run_id}, process {}, since {}",
        std::process::id(),
        clock::now().strftime("%Y-%m-%d %H:%M:%S UTC")
    );
}
