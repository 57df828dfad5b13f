//! Sessions: what earlier runs of the program sent for this run counts against the same quotas.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{error::JournalError, store::Journal};

impl Journal {
    /// Opens a session, and gives the [`Self::past_requests`].
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn begin_session(
        &self,
        max_in_flight: usize,
        now: Timestamp,
        longest: Duration,
    ) -> Result<Vec<Duration>, JournalError> {
        let ages = self.past_requests(now, longest)?;
        self.connection
            .execute("INSERT INTO sessions (max_in_flight) VALUES (?1)", [max_in_flight])
            .map_err(|e| self.unwritten(e))?;
        Ok(ages)
    }

    /// The ages at `now` of the requests of earlier sessions that are younger than `longest`: those in the journal, and
    /// as many of age zero as a killed session can have had in flight.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn past_requests(
        &self,
        now: Timestamp,
        longest: Duration,
    ) -> Result<Vec<Duration>, JournalError> {
        let unseen = self.in_flight_when_killed().map_err(|e| self.unread(e))?;
        let mut ages = self.ages(now, longest).map_err(|e| self.unread(e))?;
        ages.extend(std::iter::repeat_n(Duration::ZERO, unseen));
        Ok(ages)
    }

    /// Closes the session: nothing of it is in flight any more.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end_session(&self) -> Result<(), JournalError> {
        self.connection
            .execute("UPDATE sessions SET closed = 1", [])
            .map(drop)
            .map_err(|e| self.unwritten(e))
    }

    fn in_flight_when_killed(&self) -> rusqlite::Result<usize> {
        const SQL: &str =
            "SELECT max_in_flight FROM sessions WHERE closed = 0 ORDER BY number DESC LIMIT 1";
        Ok(self.connection.query_row(SQL, [], |row| row.get(0)).optional()?.unwrap_or(0))
    }

    fn ages(&self, now: Timestamp, longest: Duration) -> rusqlite::Result<Vec<Duration>> {
        const SQL: &str =
            "SELECT ?1 - (started_at_us + elapsed_ms * 1000) AS age FROM attempts WHERE age < ?2";
        let longest = i64::try_from(longest.as_micros()).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare(SQL)?;
        // A clock that was set back gives negative ages: such a request was sent just now.
        let ages = statement.query_map((now.as_microsecond(), longest), |row| {
            row.get::<_, i64>(0).map(|us| Duration::from_micros(us.max(0).unsigned_abs()))
        })?;
        ages.collect()
    }
}
