//! What others find in the reports directory: it appears, goes and is pointed to in one step each.

use std::{fs, os::unix::fs::symlink, path::Path};

use super::{DiskError, listing::walk, sync, sync_parent};
use crate::model::ids::RunId;

/// Publishes a directory: every byte of it safely on the disk, then one rename.
///
/// # Errors
/// When something is published under that name already, or the disk does not do it.
pub fn publish(from: &Path, to: &Path) -> Result<(), DiskError> {
    // Rename would silently replace an empty directory.
    if fs::symlink_metadata(to).is_ok() {
        return Err(DiskError::Published { path: to.to_owned() });
    }
    // Contents before names: after a power cut a whole report stands there, or none.
    walk(from, &mut |path, _| sync(path))?;
    sync(from)?;
    fs::rename(from, to).map_err(DiskError::create(to))?;
    sync_parent(to)
}

/// Takes a published directory out of sight: one rename, and safely on the disk.
///
/// # Errors
/// When the disk does not do it.
pub fn withdraw(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::rename(from, to).map_err(DiskError::write(from))?;
    sync_parent(from)?;
    sync_parent(to)
}

/// Lets `latest` point to a published run, in one step: at every instant it points somewhere whole.
///
/// # Errors
/// When the link cannot be made or put in place.
pub fn point_latest(reports: &Path, run_id: &RunId) -> Result<(), DiskError> {
    let latest = reports.join("latest");
    let fresh = reports.join(".latest.new");
    // Left by a run that was killed between the two steps.
    let _ = fs::remove_file(&fresh);
    symlink(run_id.as_str(), &fresh).map_err(DiskError::create(&fresh))?;
    fs::rename(&fresh, &latest).map_err(DiskError::create(&latest))?;
    sync_parent(&latest)
}

/// The name to which `latest` points, if it points to anything.
#[must_use]
pub fn latest(reports: &Path) -> Option<String> {
    fs::read_link(reports.join("latest")).ok()?.into_os_string().into_string().ok()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::disk::{listing::files_below, private_dir, write_private};

    type Test = Result<(), Box<dyn Error>>;

    #[test]
    fn a_report_appears_whole_and_is_never_replaced() -> Test {
        let place = tempfile::tempdir()?;
        let (from, to) = (place.path().join("work"), place.path().join("run"));
        private_dir(&from.join("tables"))?;
        write_private(&from.join("tables/z"), b"z")?;
        write_private(&from.join("a"), b"a")?;
        assert_eq!(files_below(&from)?, [Path::new("a"), Path::new("tables/z")]);
        publish(&from, &to)?;
        assert!(!from.exists());
        assert_eq!(fs::read(to.join("tables/z"))?, b"z");

        private_dir(&from)?;
        assert!(matches!(publish(&from, &to), Err(DiskError::Published { .. })));
        let empty = place.path().join("empty");
        private_dir(&empty)?;
        assert!(matches!(publish(&from, &empty), Err(DiskError::Published { .. })));
        Ok(())
    }

    #[test]
    fn latest_moves_in_one_step_even_after_a_kill() -> Test {
        let place = tempfile::tempdir()?;
        fs::write(place.path().join(".latest.new"), "left over")?;
        for run in ["first", "second"] {
            point_latest(place.path(), &RunId::parse(run)?)?;
            assert_eq!(latest(place.path()).as_deref(), Some(run));
        }
        Ok(())
    }
}
