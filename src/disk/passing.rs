//! A directory for what passes, which nobody finds later: not even after a kill.

use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{DiskError, OWNER_ONLY_DIR, remove_dir};

/// A directory (0700) where the system keeps what passes, locked while it lives. It is removed, with all in it, when it
/// is dropped; one whose process was killed is removed by whoever makes the next one of that name.
#[derive(Debug)]
pub struct PassingDir {
    dir: TempDir,
    /// Held, not read: the lock falls with its process.
    _lock: File,
}

impl PassingDir {
    /// Makes a directory of this name, the process and chance; first removes those that dead processes left.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(name: &str) -> Result<Self, DiskError> {
        Self::make_in(&std::env::temp_dir(), name)
    }

    fn make_in(place: &Path, name: &str) -> Result<Self, DiskError> {
        clear(place, name);
        loop {
            let dir = tempfile::Builder::new()
                .prefix(&format!("{name}-{}-", std::process::id()))
                .permissions(Permissions::from_mode(OWNER_ONLY_DIR))
                .tempdir_in(place)
                .map_err(DiskError::create(place))?;
            let lock = File::open(dir.path()).and_then(|file| file.lock().map(|()| file));
            let lock = lock.map_err(DiskError::create(dir.path()))?;
            // Somebody who clears may have taken it for a dead one's before it was locked.
            if dir.path().exists() {
                return Ok(Self { dir, _lock: lock });
            }
        }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// Removes such a directory while other threads go on writing in it, until the process ends. Nothing is made any more in what
/// has another name; the first directories may be made anew, and who comes next removes what they were faster with.
pub fn remove_from_under(dir: &Path) {
    let gone = dir.with_extension("gone");
    let _ = fs::rename(dir, &gone);
    let _ = remove_dir(&gone);
    let _ = remove_dir(dir);
}

/// Removes the directories of that name which nobody holds. What cannot be removed is another user's, and stays.
fn clear(place: &Path, name: &str) {
    for dir in left_over(place, name) {
        if let Ok(lock) = File::open(&dir)
            && lock.try_lock().is_ok()
        {
            let _ = remove_dir(&dir);
        }
    }
}

fn left_over(place: &Path, name: &str) -> Vec<PathBuf> {
    let prefix = format!("{name}-");
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn what_a_dead_process_left_is_removed_by_the_next_and_what_is_held_is_not()
    -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let dead = place.path().join("name-1-dead");
        fs::create_dir(&dead)?;
        fs::write(dead.join("users.csv"), "of persons")?;
        fs::create_dir(place.path().join("names"))?;
        let held = PassingDir::make_in(place.path(), "name")?;
        let next = PassingDir::make_in(place.path(), "name")?;
        assert!(!dead.exists() && held.path().exists() && next.path().exists());
        let gone = next.path().with_extension("gone");
        fs::create_dir(&gone)?;
        let last = PassingDir::make_in(place.path(), "name")?;
        assert!(!gone.exists(), "what was left half removed");
        remove_from_under(last.path());
        assert!(!last.path().exists());
        assert_eq!(fs::metadata(held.path())?.permissions().mode() & 0o777, 0o700);
        drop((held, next, last));
        let left: Vec<_> = fs::read_dir(place.path())?.flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["names"]);
        Ok(())
    }
}
