//! Where a run works before it is published: its directory, its lock, its name.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    clock, disk,
    error::Error,
    model::{ids::RunId, shard::Shard},
};

/// Longer than anybody who only looks holds the lock.
const A_LOOK: Duration = Duration::from_millis(50);

/// The lock of the whole directory: a run holds it alone, shards share it.
const LOCK: &str = "lock";

/// The directories of one run below `reports/`, held by a lock while it lives.
#[derive(Debug)]
pub(super) struct Workplace {
    pub(super) run_id: RunId,
    reports: PathBuf,
    /// Held, not read: the locks fall when the files are closed, also by a kill.
    _locks: Vec<File>,
}

impl Workplace {
    /// Takes the lock of the reports directory, and names the run.
    pub(super) fn enter(reports: &Path, run_id: Option<&RunId>) -> Result<Self, Error> {
        let work = work_in(reports)?;
        let mut lock = lock(&work.join(LOCK))?;
        let run_id = run_id.cloned().unwrap_or_else(|| fresh_name(reports));
        sign(&mut lock, &format!("run {run_id}"));
        Ok(Self { run_id, reports: reports.to_owned(), _locks: vec![lock] })
    }

    /// Takes the lock of one shard. Shards of the same number work side by side, because each has its own part of the
    /// quotas; whoever divides the roster otherwise, or not at all, has to wait.
    pub(super) fn enter_beside(
        reports: &Path,
        run_id: &RunId,
        shard: Shard,
    ) -> Result<Self, Error> {
        let work = work_in(reports)?;
        let mut house = acquire(&work.join(LOCK), File::try_lock_shared)?;
        let mut own = lock(&work.join(lock_of(shard)))?;
        // After the own lock is taken: of two who come at the same time, at least one sees the other.
        let other = shard_locks(&work)?.into_iter().filter(|(held, _)| held.of() != shard.of());
        for (_, path) in other {
            if let Some(Owner { said, .. }) = held_by(&path) {
                return Err(Error::Locked { path, owner: said });
            }
        }
        for file in [&mut house, &mut own] {
            sign(file, &format!("run {run_id}"));
        }
        Ok(Self { run_id: run_id.clone(), reports: reports.to_owned(), _locks: vec![house, own] })
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

/// Where unfinished runs work, made if it is not there.
fn work_in(reports: &Path) -> Result<PathBuf, Error> {
    let work = reports.join(".work");
    disk::private_dir(reports)?;
    disk::private_dir(&work)?;
    Ok(work)
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

/// Looks who holds a lock of the reports directory. Creates nothing.
pub(super) fn owners(reports: &Path) -> Result<Vec<Owner>, Error> {
    let work = reports.join(".work");
    let shards = shard_locks(&work)?.into_iter().map(|(_, path)| path);
    Ok(std::iter::once(work.join(LOCK)).chain(shards).filter_map(|lock| held_by(&lock)).collect())
}

/// The lock files that shards have left, held or not.
fn shard_locks(work: &Path) -> Result<Vec<(Shard, PathBuf)>, Error> {
    let names = disk::listing::files_in(work)?;
    let shard = |name: &str| Shard::named_by(&RunId::parse(name.strip_suffix(".lock")?).ok()?);
    Ok(names.iter().filter_map(|name| Some((shard(name)?, work.join(name)))).collect())
}

fn lock_of(shard: Shard) -> String {
    format!("lock-shard-{}-of-{}.lock", shard.index(), shard.of())
}

fn held_by(lock: &Path) -> Option<Owner> {
    let mut lock = File::open(lock).ok()?;
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
    let mut lock = lock(&work_in(reports)?.join(LOCK))?;
    sign(&mut lock, who);
    Ok(lock)
}

/// Waits for a turn among shards that end at the same time. It is over when the file is closed.
pub(super) fn turn(reports: &Path) -> Result<File, Error> {
    let path = work_in(reports)?.join("turn");
    let file = disk::lasting_file(&path)?;
    file.lock().map_err(|source| disk::DiskError::Create { path, source })?;
    Ok(file)
}

/// Takes the lock. The system frees it when its owner dies.
pub(super) fn lock(path: &Path) -> Result<File, Error> {
    acquire(path, File::try_lock)
}

fn acquire(path: &Path, attempt: fn(&File) -> Result<(), TryLockError>) -> Result<File, Error> {
    let mut file = disk::lasting_file(path)?;
    let mut tried = attempt(&file);
    if matches!(tried, Err(TryLockError::WouldBlock)) {
        // It may be somebody who only looks, and has gone by now.
        clock::pause(A_LOOK);
        tried = attempt(&file);
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
