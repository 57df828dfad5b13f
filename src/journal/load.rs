//! Taking the roster into the journal: once, whole, in one transaction.

use rusqlite::{Statement, params};

use super::{error::JournalError, store::Journal};
use crate::model::ids::UserId;

/// Takes roster lines into an open transaction; nothing is kept unless the whole roster was taken.
pub struct Loading<'a> {
    journal: &'a Journal,
    user: Statement<'a>,
    reject: Statement<'a>,
    position: u64,
}

/// What became of a roster entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New,
    Duplicate,
}

impl Journal {
    /// Loads a roster: `read` gives the lines to [`Loading`], and returns the facts to note about the roster.
    /// All is committed together, or nothing is.
    ///
    /// # Errors
    /// What `read` returns, or when the journal cannot be written.
    pub fn load<E: From<JournalError>>(
        &self,
        read: impl FnOnce(&mut Loading<'_>) -> Result<Vec<(&'static str, String)>, E>,
    ) -> Result<(), E> {
        let transaction = self.connection.unchecked_transaction().map_err(|e| self.unwritten(e))?;
        let facts = read(&mut self.loading()?)?;
        for (key, value) in facts {
            self.note(key, &value)?;
        }
        transaction.commit().map_err(|e| self.unwritten(e))?;
        Ok(())
    }

    fn loading(&self) -> Result<Loading<'_>, JournalError> {
        let prepare = |sql| self.connection.prepare(sql).map_err(|e| self.unwritten(e));
        Ok(Loading {
            journal: self,
            user: prepare("INSERT OR IGNORE INTO roster VALUES (?1, ?2, ?3, ?4)")?,
            reject: prepare("INSERT INTO rejects VALUES (?1, ?2, ?3)")?,
            position: 0,
        })
    }
}

impl Loading<'_> {
    /// Takes one user; `line` is where the roster names it, `extra` the other columns in header order.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn user(
        &mut self,
        line: u64,
        user_id: &UserId,
        extra: &[Option<String>],
    ) -> Result<Taken, JournalError> {
        let extra = extra.iter().map(Option::as_deref).collect::<serde_json::Value>().to_string();
        let rows = self
            .user
            .execute(params![self.position + 1, line, user_id.as_str(), extra])
            .map_err(|e| self.journal.unwritten(e))?;
        if rows == 0 {
            return Ok(Taken::Duplicate);
        }
        self.position += 1;
        Ok(Taken::New)
    }

    /// Takes one line that cannot be used.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn reject(&mut self, line: u64, reason: &str, detail: &str) -> Result<(), JournalError> {
        self.reject
            .execute(params![line, reason, detail])
            .map(drop)
            .map_err(|e| self.journal.unwritten(e))
    }
}
