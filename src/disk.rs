//! The disk: files and directories of ours, readable by their owner alone.

pub mod listing;
pub mod publishing;
pub mod appending;
pub mod passing;

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use crate::model::digest::Digest;

const OWNER_ONLY_DIR: u32 = 0o700;
const OWNER_ONLY_FILE: u32 = 0o600;
const READABLE_FILE: u32 = 0o644;

/// What the disk would not do.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    #[error("cannot create {}", path.display())]
    Create { path: PathBuf, source: io::Error },
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot remove {}", path.display())]
    Remove { path: PathBuf, source: io::Error },
    #[error("{} exists already, and what is published is never changed", path.display())]
    Published { path: PathBuf },
}

impl DiskError {
    fn create(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Create { path: path.to_owned(), source }
    }

    fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

/// Makes a directory (0700) and those above it that are missing; one that exists is left as it is.
///
/// # Errors
/// When it cannot be made, or something else stands in its place.
pub fn private_dir(path: &Path) -> Result<(), DiskError> {
    let made = DirBuilder::new().recursive(true).mode(OWNER_ONLY_DIR).create(path);
    made.map_err(DiskError::create(path))
}

/// Opens a file (0600) for writing, empty.
///
/// # Errors
/// When it cannot be created.
pub fn private_file(path: &Path) -> Result<File, DiskError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(OWNER_ONLY_FILE);
    let file = options.open(path).map_err(DiskError::create(path))?;
    // The mode above applies to a new file only; one left by an interrupted run may be wider.
    file.set_permissions(Permissions::from_mode(OWNER_ONLY_FILE))
        .map_err(DiskError::create(path))?;
    Ok(file)
}

/// Writes a whole file (0600).
///
/// # Errors
/// When it cannot be created or written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    private_file(path)?.write_all(bytes).map_err(DiskError::write(path))
}

/// Replaces a whole file (0600) in one step: at any instant the old one is there, or the new one.
///
/// # Errors
/// When it cannot be created, written or renamed.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let fresh = path.with_extension("new");
    write_private(&fresh, bytes)?;
    fs::rename(&fresh, path).map_err(DiskError::write(path))
}

/// Replaces a whole file in one step by one that everybody may read (0644), whatever the umask: for programs of other users.
/// Its directory is theirs, and not made.
///
/// # Errors
/// When it cannot be created, written or renamed.
pub fn replace_readable(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let fresh = path.with_extension("new");
    let mut file = private_file(&fresh)?;
    file.write_all(bytes)
        .and_then(|()| file.set_permissions(Permissions::from_mode(READABLE_FILE)))
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(DiskError::write(path))
}

/// Makes a directory (0700) that holds nothing, whatever stood there before.
///
/// # Errors
/// When the old one cannot be removed or the new one not made.
pub fn empty_dir(path: &Path) -> Result<(), DiskError> {
    remove_dir(path)?;
    private_dir(path)
}

/// Removes a directory and all in it; one that is not there is removed already.
///
/// # Errors
/// When something in it cannot be removed.
pub fn remove_dir(path: &Path) -> Result<(), DiskError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(|source| DiskError::Remove { path: path.to_owned(), source }),
    }
}

/// Opens a file (0600) that outlives its runs, with what is in it, and makes it when it is missing.
///
/// # Errors
/// When it cannot be opened.
pub fn lasting_file(path: &Path) -> Result<File, DiskError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(OWNER_ONLY_FILE);
    options.open(path).map_err(DiskError::create(path))
}

/// Opens a file for reading. What is no plain file is not opened: somebody may have put a pipe there, and opening it would
/// wait for ever for one who writes.
///
/// # Errors
/// When it cannot be opened, or is no plain file.
pub fn open(path: &Path) -> Result<File, DiskError> {
    let is_plain = fs::metadata(path).map_err(DiskError::read(path))?.is_file();
    let open =
        || if is_plain { File::open(path) } else { Err(io::Error::other("it is no plain file")) };
    open().map_err(DiskError::read(path))
}

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read, or is no plain file.
pub fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(DiskError::read(path))?;
    Ok(bytes)
}

/// The length of a file, in bytes.
///
/// # Errors
/// When it cannot be looked at.
pub fn length(path: &Path) -> Result<u64, DiskError> {
    Ok(fs::metadata(path).map_err(DiskError::read(path))?.len())
}

/// The SHA-256 of a file.
///
/// # Errors
/// When it cannot be read, or is no plain file.
pub fn sha256_file(path: &Path) -> Result<Digest, DiskError> {
    let mut file = open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(Digest::finish(hasher)),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(DiskError::read(path)(source)),
        }
    }
}

/// How many bytes are free to us where a path is, or will be. None where the system does not say.
#[must_use]
pub fn free_space(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."));
    fs4::available_space(there).ok()
}

fn sync(path: &Path) -> Result<(), DiskError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(DiskError::write(path))
}

fn sync_parent(path: &Path) -> Result<(), DiskError> {
    match path.parent() {
        Some(parent) if parent != Path::new("") => sync(parent),
        _ => sync(Path::new(".")),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    type Test = Result<(), Box<dyn Error>>;

    fn mode(path: &Path) -> io::Result<u32> {
        Ok(fs::metadata(path)?.permissions().mode() & 0o777)
    }

    #[test]
    fn what_is_ours_is_readable_by_its_owner_alone() -> Test {
        let place = tempfile::tempdir()?;
        let dir = place.path().join("a/b");
        private_dir(&dir)?;
        private_dir(&dir)?;
        assert_eq!((mode(&dir)?, mode(&place.path().join("a"))?), (0o700, 0o700));

        let file = dir.join("f");
        fs::write(&file, "long and public")?;
        fs::set_permissions(&file, Permissions::from_mode(0o644))?;
        write_private(&file, b"short")?;
        assert_eq!((mode(&file)?, fs::read(&file)?), (0o600, b"short".to_vec()));
        Ok(())
    }

    #[test]
    fn what_is_no_plain_file_is_not_opened() -> Test {
        let place = tempfile::tempdir()?;
        let pipe = place.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status()?.success());
        for path in [&pipe, place.path()] {
            assert!(read(path).is_err() && sha256_file(path).is_err());
        }
        let file = place.path().join("file");
        write_private(&file, b"plain")?;
        assert_eq!(read(&file)?, b"plain");
        Ok(())
    }

    #[test]
    fn what_others_read_is_readable_by_all_and_replaced_whole() -> Test {
        let place = tempfile::tempdir()?;
        let file = place.path().join("kyc-recon.prom");
        for text in ["one", "two"] {
            replace_readable(&file, text.as_bytes())?;
            assert_eq!((mode(&file)?, fs::read_to_string(&file)?.as_str()), (0o644, text));
        }
        assert_eq!(listing::files_below(place.path())?, [Path::new("kyc-recon.prom")]);
        Ok(())
    }

    #[test]
    fn free_space_is_known_before_the_directory_is_made() {
        for path in ["/tmp", "/tmp/no/such/reports", "no-such-reports"] {
            assert!(free_space(Path::new(path)).is_some_and(|bytes| bytes > 0), "{path}");
        }
    }

    #[test]
    fn an_error_says_where() {
        let error = sha256_file(Path::new("/no/such/file")).map(drop);
        assert!(error.is_err_and(|e| e.to_string() == "cannot read /no/such/file"));
    }
}
