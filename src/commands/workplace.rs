//! Where a run works before it is published: its directory, its lock, its name.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{clock, disk, error::Error, model::ids::RunId, settings::RunSettings};

/// Longer than anybody who only looks holds the lock.
const A_LOOK: Duration = Duration::from_millis(50);

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
        sign(&mut lock, &format!("run {run_id}"));
        Ok(Self { run_id, reports, _lock: lock })
    }

    /// Where the finished report will be, whole.
    pub(super) fn published(&self) -> PathBuf {
        self.reports.join(self.run_id.as_str())
    }

    /// Where the run works until then.
    pub(super) fn unfinished(&self) -> PathBuf {
        unfinished(&self.reports, &self.run_id)
    }

    pub(super) fn journal(&self) -> PathBuf {
        journal(&self.reports, &self.run_id)
    }

    pub(super) fn reports(&self) -> &Path {
        &self.reports
    }

    /// Clears what a published run no longer needs.
    pub(super) fn leave(&self) -> Result<(), Error> {
        Ok(disk::remove_dir(&self.unfinished())?)
    }
}

/// Where the unfinished run of this name works.
fn unfinished(reports: &Path, run_id: &RunId) -> PathBuf {
    reports.join(".work").join(run_id.as_str())
}

/// Where the unfinished run of this name keeps its journal.
pub(super) fn journal(reports: &Path, run_id: &RunId) -> PathBuf {
    unfinished(reports, run_id).join("journal.sqlite")
}

/// Who holds the lock of the reports directory.
#[derive(Debug)]
pub(super) struct Owner {
    /// As the owner said it, for people.
    pub(super) said: String,
    /// The run that is under way.
    pub(super) run_id: Option<RunId>,
}

/// Looks who holds the lock, if anybody does. Creates nothing.
pub(super) fn owner(reports: &Path) -> Option<Owner> {
    let mut lock = File::open(reports.join(".work").join("lock")).ok()?;
    // Shared, so that two who look do not see each other; freed when the file is closed, at once.
    let Err(TryLockError::WouldBlock) = lock.try_lock_shared() else { return None };
    let said = signature(&mut lock);
    let named = said.strip_prefix("run ").and_then(|rest| rest.split(',').next());
    let run_id = named.and_then(|name| RunId::parse(name).ok());
    Some(Owner { said, run_id })
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

/// Takes the lock of a reports directory for other work than a run's.
pub(super) fn hold(reports: &Path, who: &str) -> Result<File, Error> {
    let work = reports.join(".work");
    disk::private_dir(&work)?;
    let mut lock = lock(&work.join("lock"))?;
    sign(&mut lock, who);
    Ok(lock)
}

/// Takes the lock. The system frees it when its owner dies.
pub(super) fn lock(path: &Path) -> Result<File, Error> {
    let mut file = disk::lasting_file(path)?;
    let mut tried = file.try_lock();
    if matches!(tried, Err(TryLockError::WouldBlock)) {
        // It may be somebody who only looks, and has gone by now.
        clock::pause(A_LOOK);
        tried = file.try_lock();
    }
    match tried {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Locked { path: path.to_owned(), owner: signature(&mut file) })
        }
        Err(TryLockError::Error(source)) => {
            Err(disk::DiskError::Create { path: path.to_owned(), source }.into())
        }
    }
}

fn signature(lock: &mut File) -> String {
    let mut owner = String::new();
    let _ = lock.read_to_string(&mut owner);
    owner.trim().to_owned()
}

/// Writes into the lock who holds it: `run ID`, or what else works there.
pub(super) fn sign(file: &mut File, who: &str) {
    // Only said to people who find the lock taken; failing to say it is no reason to stop.
    let _ = file.set_len(0);
    let _ = writeln!(
        file,
        "{who}, process {}, since {}",
        std::process::id(),
        clock::now().strftime("%Y-%m-%d %H:%M:%S UTC")
    );
}
