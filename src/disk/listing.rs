//! What is in a directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::DiskError;

/// The files below a directory, relative to it, sorted by path.
///
/// # Errors
/// When a directory cannot be read.
pub fn files_below(dir: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let mut files = Vec::new();
    walk(dir, &mut |path, is_dir| {
        if !is_dir && let Ok(relative) = path.strip_prefix(dir) {
            files.push(relative.to_owned());
        }
        Ok(())
    })?;
    files.sort();
    Ok(files)
}

/// What is below a directory and no report has: a link or a device, and a directory with nothing in it; sorted by path.
///
/// # Errors
/// When a directory cannot be read.
pub fn strange_below(dir: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let mut strange = Vec::new();
    walk(dir, &mut |path, is_dir| {
        let is_known = if is_dir {
            fs::read_dir(path).map_err(DiskError::read(path))?.next().is_some()
        } else {
            fs::symlink_metadata(path).map_err(DiskError::read(path))?.is_file()
        };
        if !is_known && let Ok(relative) = path.strip_prefix(dir) {
            strange.push(relative.to_owned());
        }
        Ok(())
    })?;
    strange.sort();
    Ok(strange)
}

/// Names of the directories in a directory, sorted; none in one that is not there. Links are no directories.
///
/// # Errors
/// When it cannot be read.
pub fn directories_in(dir: &Path) -> Result<Vec<String>, DiskError> {
    names_in(dir, fs::FileType::is_dir)
}

/// Names of the files in a directory, sorted; none when it is not there.
///
/// # Errors
/// When it cannot be read.
pub fn files_in(dir: &Path) -> Result<Vec<String>, DiskError> {
    names_in(dir, fs::FileType::is_file)
}

fn names_in(dir: &Path, is_meant: fn(&fs::FileType) -> bool) -> Result<Vec<String>, DiskError> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(DiskError::read(dir))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(DiskError::read(dir))?;
        if entry.file_type().is_ok_and(|kind| is_meant(&kind)) {
            names.extend(entry.file_name().into_string());
        }
    }
    names.sort();
    Ok(names)
}

/// Visits all that is below a directory, contents before the directory that holds them. Links are not followed.
pub(super) fn walk(
    dir: &Path,
    visit: &mut dyn FnMut(&Path, bool) -> Result<(), DiskError>,
) -> Result<(), DiskError> {
    for entry in fs::read_dir(dir).map_err(DiskError::read(dir))? {
        let entry = entry.map_err(DiskError::read(dir))?;
        let path = entry.path();
        let is_dir = entry.file_type().map_err(DiskError::read(&path))?.is_dir();
        if is_dir {
            walk(&path, visit)?;
        }
        visit(&path, is_dir)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{error::Error, os::unix::fs::symlink};

    use super::*;
    use crate::disk::{private_dir, write_private};

    type Test = Result<(), Box<dyn Error>>;

    #[test]
    fn directories_are_listed_without_files_and_links() -> Test {
        let place = tempfile::tempdir()?;
        for name in ["b", ".work", "a"] {
            private_dir(&place.path().join(name))?;
        }
        fs::write(place.path().join("file"), "")?;
        symlink("a", place.path().join("latest"))?;
        assert_eq!(directories_in(place.path())?, [".work", "a", "b"]);
        assert_eq!(directories_in(&place.path().join("nowhere"))?, [""; 0]);
        assert!(directories_in(&place.path().join("file")).is_err());
        Ok(())
    }

    #[test]
    fn links_and_empty_directories_are_strange() -> Test {
        let place = tempfile::tempdir()?;
        private_dir(&place.path().join("tables"))?;
        private_dir(&place.path().join("a/empty"))?;
        write_private(&place.path().join("tables/users"), b"users")?;
        symlink("tables/users", place.path().join("users"))?;
        symlink("tables", place.path().join("z"))?;
        let strange = strange_below(place.path())?;
        assert_eq!(strange, [Path::new("a/empty"), Path::new("users"), Path::new("z")]);
        Ok(())
    }
}
