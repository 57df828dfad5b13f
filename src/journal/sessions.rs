//! Sessions: what earlier runs of the program sent for this run counts against the same quotas, and the waits that the
//! partner asked them for are kept by the later ones.

use std::time::Duration;

use jiff::Timestamp;

use super::{error::JournalError, store::Journal, writer::UNCOMMITTED};

/// What earlier sessions leave to a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Ages of their requests, as far as they are young enough to count; the oldest first.
    pub ages: Vec<Duration>,
    /// How long the partner still wants nobody to come.
    pub wait: Duration,
}

impl Past {
    /// Adds what others have left.
    pub fn join(&mut self, others: Self) {
        self.ages.extend(others.ages);
        self.ages.sort_unstable_by(|one, other| other.cmp(one));
        self.wait = self.wait.max(others.wait);
    }
}

impl Journal {
    /// Opens a session, and says what earlier ones leave to it: the ages at `now` of their requests that are younger
    /// than `longest`, and what is left of the waits they were asked for.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn begin_session(
        &self,
        max_in_flight: usize,
        now: Timestamp,
        longest: Duration,
    ) -> Result<Past, JournalError> {
        let past = self.past(now, longest)?;
        // What has ended but waits for its commit is not in the journal either when we are killed.
        let unseen = max_in_flight.saturating_add(UNCOMMITTED);
        self.connection
            .execute(
                "INSERT INTO sessions (unseen, started_at_us) VALUES (?1, ?2)",
                (unseen, now.as_microsecond()),
            )
            .map_err(|e| self.unwritten(e))?;
        Ok(past)
    }

    /// What earlier sessions leave to one that begins now.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn past(&self, now: Timestamp, longest: Duration) -> Result<Past, JournalError> {
        let now = now.as_microsecond();
        let longest = i64::try_from(longest.as_micros()).unwrap_or(i64::MAX);
        let read = || {
            let mut ages = self.ages_in_flight_when_killed(now, longest)?;
            ages.extend(self.ages(now, longest)?);
            ages.sort_unstable_by(|one, other| other.cmp(one));
            Ok(Past { ages, wait: self.wait(now)? })
        };
        read().map_err(|source| self.unread(source))
    }

    /// The number of the last session, from 1.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn session(&self) -> Result<u32, JournalError> {
        self.connection
            .query_row("SELECT coalesce(max(number), 0) FROM sessions", [], |row| row.get(0))
            .map_err(|source| self.unread(source))
    }

    /// How many requests all sessions have made, as far as is known.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn requests(&self) -> Result<u64, JournalError> {
        self.connection
            .query_row("SELECT count(*) FROM attempts", [], |row| row.get(0))
            .map_err(|source| self.unread(source))
    }

    /// How many of them were answered with this status.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn answers_of(&self, status: u16) -> Result<u64, JournalError> {
        const SQL: &str = "SELECT count(*) FROM attempts WHERE status = ?1";
        self.connection
            .query_row(SQL, [status], |row| row.get(0))
            .map_err(|source| self.unread(source))
    }

    /// Closes the last session: nothing of it is in flight any more.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn end_session(&self) -> Result<(), JournalError> {
        const SQL: &str =
            "UPDATE sessions SET closed = 1 WHERE number = (SELECT max(number) FROM sessions)";
        self.connection.execute(SQL, []).map(drop).map_err(|e| self.unwritten(e))
    }

    /// A killed session can have sent so many requests without a word in the journal, the last of them just before the next session began. Several kills in one window add up.
    fn ages_in_flight_when_killed(
        &self,
        now: i64,
        longest: i64,
    ) -> rusqlite::Result<Vec<Duration>> {
        const SQL: &str = "SELECT ?1 - ended_at_us AS age, unseen FROM
                (SELECT unseen, closed,
                        lead(started_at_us, 1, ?1) OVER (ORDER BY number) AS ended_at_us
                 FROM sessions)
            WHERE closed = 0 AND age < ?2";
        let mut statement = self.connection.prepare(SQL)?;
        let killed =
            statement.query_map((now, longest), |row| Ok((age(row.get(0)?), row.get(1)?)))?;
        let mut ages = Vec::new();
        for session in killed {
            let (age, unseen) = session?;
            ages.extend(std::iter::repeat_n(age, unseen));
        }
        Ok(ages)
    }

    fn ages(&self, now: i64, longest: i64) -> rusqlite::Result<Vec<Duration>> {
        const SQL: &str =
            "SELECT ?1 - (started_at_us + elapsed_ms * 1000) AS age FROM attempts WHERE age < ?2";
        let mut statement = self.connection.prepare(SQL)?;
        let ages = statement.query_map((now, longest), |row| row.get(0).map(age))?;
        ages.collect()
    }

    /// What is left of the longest wait, counted from the answer that asked for it. The journal keeps whole
    /// milliseconds, hence one more; and a clock that was set back makes no wait longer than it was.
    fn wait(&self, now: i64) -> rusqlite::Result<Duration> {
        const SQL: &str = "SELECT coalesce(max(min(
                started_at_us + (elapsed_ms + asked_wait_ms + 2) * 1000 - ?1, asked_wait_ms * 1000)), 0)
            FROM attempts WHERE asked_wait_ms IS NOT NULL";
        self.connection.query_row(SQL, [now], |row| row.get(0).map(age))
    }
}

/// A clock that was set back gives negative ages: such a request was sent just now.
fn age(us: i64) -> Duration {
    Duration::from_micros(us.max(0).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_millis(ms.unsigned_abs())
    }

    fn ages_ms(past: &Past) -> Vec<u128> {
        past.ages.iter().map(Duration::as_millis).collect()
    }

    #[test]
    fn what_was_in_flight_at_each_kill_of_the_last_window_counts() -> Result<(), JournalError> {
        let journal = Journal::open(":memory:".as_ref())?;
        let begin = |ms| journal.begin_session(2, at(ms), SECOND);
        let unseen = |ages: &[u128]| -> Vec<u128> {
            ages.iter().flat_map(|age| std::iter::repeat_n(*age, 2 + UNCOMMITTED)).collect()
        };
        assert_eq!(begin(0)?, Past::default());
        assert_eq!(ages_ms(&begin(100)?), unseen(&[0]));
        assert_eq!(ages_ms(&begin(400)?), unseen(&[300, 0]));
        journal.end_session()?;
        assert_eq!(ages_ms(&begin(500)?), unseen(&[400, 100]));
        assert_eq!(ages_ms(&begin(1_200)?), unseen(&[800, 0]));
        assert_eq!(journal.session()?, 5);
        Ok(())
    }

    #[test]
    fn a_wait_asked_for_holds_beyond_a_kill() -> Result<(), JournalError> {
        let journal = Journal::open(":memory:".as_ref())?;
        let attempts = "INSERT INTO roster VALUES (1, 2, 'u', '[]');
            INSERT INTO attempts VALUES (1, 1, 'r', 1000000, 50, 429, NULL, 'throttled', 0, 5000);
            INSERT INTO attempts VALUES (1, 2, 'r', 1500000, 50, 200, NULL, 'answered', 0, 1000)";
        journal.connection.execute_batch(attempts).map_err(|e| journal.unwritten(e))?;
        for (now, left) in [(2_000, 4_052), (500, 5_000), (6_051, 1), (6_052, 0), (9_000, 0)] {
            let wait = journal.begin_session(1, at(now), SECOND)?.wait;
            assert_eq!(wait, Duration::from_millis(left), "at {now}");
        }
        Ok(())
    }
}
