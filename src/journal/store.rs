//! Opening the journal's file, and the few facts kept about the run itself.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::error::JournalError;

/// The format this version writes, in the `user_version` of `SQLite`. Another rule by which the numbers of a document are
/// hashed (`kyc::identity`, where a test pins some) is another format: a journal holds the hashes.
pub(super) const FORMAT: i64 = 3;

/// The open journal of one run.
#[derive(Debug)]
pub struct Journal {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
}

impl Journal {
    /// Opens the journal at `path`, and lays it out when it is new.
    ///
    /// # Errors
    /// When the file cannot be created or opened, is not a journal, or has another format.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let refuse = |source| JournalError::Open { path: path.to_owned(), source };
        let mut connection = Connection::open(path).map_err(refuse)?;
        // FULL: a commit is on the disk before it is announced, also when the power goes.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(refuse)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(refuse)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(refuse)?;
        let found: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(refuse)?;
        match found {
            FORMAT => {}
            0 => lay_out(&mut connection).map_err(refuse)?,
            _ => {
                return Err(JournalError::Format { path: path.to_owned(), found, known: FORMAT });
            }
        }
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens the journal a second time, to read while the writer writes.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_for_reading(path: &Path) -> Result<Self, JournalError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|source| JournalError::Open { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// A fact about the run, if it was noted.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn fact(&self, key: &str) -> Result<Option<String>, JournalError> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(|source| self.unread(source))
    }

    /// Notes a fact about the run, unless it is noted already: the first word stands. Gives back what stands.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn note(&self, key: &str, value: &str) -> Result<String, JournalError> {
        self.connection
            .execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?1, ?2)", [key, value])
            .map_err(|source| self.unwritten(source))?;
        Ok(self.fact(key)?.unwrap_or_else(|| value.to_owned()))
    }

    pub(super) fn unread(&self, source: rusqlite::Error) -> JournalError {
        JournalError::Read { path: self.path.clone(), source }
    }

    pub(super) fn unwritten(&self, source: rusqlite::Error) -> JournalError {
        JournalError::Write { path: self.path.clone(), source }
    }

    /// The error for something in the journal that this program cannot have written.
    #[must_use]
    pub fn corrupt(&self, what: impl Into<String>) -> JournalError {
        JournalError::Corrupt { path: self.path.clone(), what: what.into() }
    }
}

/// Creates the tables and stamps the format, in one transaction: a kill leaves an empty file, never half a layout.
fn lay_out(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_journal_of_another_format_is_refused_before_anything_is_written()
    -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("journal.sqlite");
        Journal::open(&path)?.connection.pragma_update(None, "user_version", 1)?;
        let opened = Journal::open(&path).map(drop);
        assert!(matches!(opened, Err(JournalError::Format { found: 1, known: FORMAT, .. })));
        Ok(())
    }
}
