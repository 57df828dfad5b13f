//! Looking at a journal from outside: without a lock that anybody could wait for, and without leaving a trace.

use std::{fmt::Write as _, os::unix::ffi::OsStrExt as _, path::Path};

use rusqlite::{Connection, OpenFlags};

use super::{
    error::JournalError,
    store::{FORMAT, Journal},
};

impl Journal {
    /// Opens the journal to look at it, whether or not somebody writes to it, also where nothing can be written. None:
    /// nothing was laid out in it yet.
    ///
    /// # Errors
    /// When it cannot be opened, is not a journal, or has another format.
    pub fn look(path: &Path) -> Result<Option<Self>, JournalError> {
        let refuse = |source| JournalError::Open { path: path.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri(path), flags).map_err(refuse)?;
        let found = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        match found.map_err(refuse)? {
            0 => Ok(None),
            FORMAT => Ok(Some(Self { path: path.to_owned(), connection })),
            found => Err(JournalError::Format { path: path.to_owned(), found, known: FORMAT }),
        }
    }
}

/// The file as a URI of `SQLite`. Where no log stands beside it, nobody has it open, and all of it is in the one file:
/// then it is called immutable, because a reader would create the log and its index otherwise.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if !Path::new(&log).exists() {
        uri.push_str("?immutable=1");
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::{error::Error, fs, io, path::PathBuf};

    use super::*;
    use crate::{journal::reader::Count, model::ids::UserId};

    fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files: Vec<_> =
            fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.sort();
        Ok(files)
    }

    fn load(journal: &Journal) -> Result<(), Box<dyn Error>> {
        let user = UserId::parse("a")?;
        Ok(journal.load(|loading| -> Result<_, JournalError> {
            loading.user(2, &user, &[])?;
            Ok(Vec::new())
        })?)
    }

    #[test]
    fn looking_leaves_no_trace_whether_somebody_writes_or_not() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("a ?#%journal.sqlite");
        let one = Some(Count { roster: 1, settled: 0, current: 0 });
        let counted = || -> Result<Option<Count>, JournalError> {
            Journal::look(&path)?.map(|journal| journal.count()).transpose()
        };
        fs::write(&path, "")?;
        assert_eq!(counted()?, None);
        assert_eq!(files(place.path())?.len(), 1);

        let writer = Journal::open(&path)?;
        load(&writer)?;
        let before = files(place.path())?;
        assert_eq!(counted()?, one, "while it is written");
        assert_eq!(files(place.path())?, before);

        drop(writer);
        assert_eq!(files(place.path())?.len(), 1, "closed");
        assert_eq!(counted()?, one);
        assert_eq!(files(place.path())?.len(), 1);
        Ok(())
    }

    #[test]
    fn what_is_not_a_journal_is_not_looked_at() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("journal.sqlite");
        assert!(Journal::look(&path).is_err());
        assert_eq!(files(place.path())?.len(), 0);
        fs::write(&path, "not a database at all, but long enough to be taken for one".repeat(99))?;
        assert!(Journal::look(&path).is_err());
        Ok(())
    }
}
