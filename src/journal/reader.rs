//! Reading the journal: who is pending, and everything that was learnt, page by page.

use jiff::Timestamp;
use rusqlite::Row;

use super::{body::unpack, error::JournalError, records::Pending, store::Journal};
use crate::model::{
    digest::Digest,
    evidence::{Remembered, RememberedAttempt, RememberedReject, Settled},
    identity::Identity,
    ids::{RunId, UserId},
    outcome::Outcome,
};

/// How many users there are, how many have an outcome, and how many need none in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub roster: u64,
    pub settled: u64,
    /// Users whom this run does not ask, because their earlier answers are current.
    pub current: u64,
}

impl Count {
    /// Users whom this run asks, or has asked.
    #[must_use]
    pub const fn to_ask(self) -> u64 {
        self.roster - self.current
    }

    /// Users who are still to be asked.
    #[must_use]
    pub const fn left(self) -> u64 {
        self.to_ask() - self.settled
    }
}

impl Journal {
    /// Counts the roster, the settled, and those whom this run does not ask.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn count(&self) -> Result<Count, JournalError> {
        self.connection
            .query_row(
                "SELECT (SELECT count(*) FROM roster), (SELECT count(*) FROM outcomes),
                        (SELECT count(*) FROM carried WHERE is_current)",
                [],
                |row| Ok(Count { roster: row.get(0)?, settled: row.get(1)?, current: row.get(2)? }),
            )
            .map_err(|source| self.unread(source))
    }

    /// At most `limit` users who are still to be asked and whose turn comes behind `after`, in the order of asking: that
    /// of the roster, or in a run that carries answers that of its turns.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn pending(&self, after: u64, limit: usize) -> Result<Vec<Pending>, JournalError> {
        const BY_ROSTER: &str = "SELECT r.position, r.position, r.user_id,
                   (SELECT coalesce(max(number), 0) FROM attempts a WHERE a.position = r.position)
            FROM roster r LEFT JOIN outcomes o USING (position)
            WHERE r.position > ?1 AND o.position IS NULL ORDER BY r.position LIMIT ?2";
        const BY_TURN: &str = "SELECT t.turn, t.position, r.user_id,
                   (SELECT coalesce(max(number), 0) FROM attempts a WHERE a.position = t.position)
            FROM turns t JOIN roster r USING (position) LEFT JOIN outcomes o USING (position)
            WHERE t.turn > ?1 AND o.position IS NULL ORDER BY t.turn LIMIT ?2";
        let sql = if self.carries()? { BY_TURN } else { BY_ROSTER };
        self.page(sql, after, limit, |row| {
            Ok(Pending {
                turn: row.get(0)?,
                position: row.get(1)?,
                user_id: user_id(row, 2)?,
                attempts_before: row.get(3)?,
            })
        })
    }

    /// At most `limit` users whose position is above `after`, in roster order, with all that is known of them: from
    /// this run, and of whom it has not settled from an earlier one.
    ///
    /// # Errors
    /// When the journal cannot be read, or a body in it is not what was written.
    pub fn remembered(&self, after: u64, limit: usize) -> Result<Vec<Remembered>, JournalError> {
        const SQL: &str = "SELECT r.position, r.line, r.user_id, r.extra,
                   (SELECT count(*) FROM attempts n
                    WHERE n.position = r.position AND n.number <= coalesce(o.number, n.number)),
                   coalesce(o.outcome, c.outcome), coalesce(a.request_id, c.request_id),
                   coalesce(a.started_at_us, c.started_at_us), coalesce(a.elapsed_ms, c.elapsed_ms),
                   coalesce(a.status, c.status), coalesce(o.content_type, c.content_type),
                   coalesce(o.body_lz4, c.body_lz4), coalesce(o.body_sha256, c.body_sha256),
                   c.run_id
            FROM roster r
            LEFT JOIN outcomes o USING (position)
            LEFT JOIN attempts a ON a.position = o.position AND a.number = o.number
            LEFT JOIN carried c ON c.position = r.position AND o.position IS NULL
            WHERE r.position > ?1 ORDER BY r.position LIMIT ?2";
        self.page(SQL, after, limit, |row| {
            let extra: &str = row.get_ref(3)?.as_str()?;
            Ok(Remembered {
                position: row.get(0)?,
                line: row.get(1)?,
                user_id: user_id(row, 2)?,
                extra: serde_json::from_str(extra).map_err(|e| unreadable(3, e))?,
                attempts: row.get(4)?,
                settled: settled(row)?,
            })
        })
    }

    /// The hashes of the numbers in at most `limit` answers behind `after`, each with its place among those that this run got.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn identities(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Identity)>, JournalError> {
        const SQL: &str = "SELECT rowid, document_hash, tax_id_hash FROM outcomes
            WHERE rowid > ?1 AND outcome = 'answered' ORDER BY rowid LIMIT ?2";
        self.page(SQL, after, limit, |row| {
            let hash = |bits: Option<i64>| bits.map(i64::cast_unsigned);
            Ok((row.get(0)?, Identity { document: hash(row.get(1)?), tax_id: hash(row.get(2)?) }))
        })
    }

    /// The bodies of at most `limit` answers of earlier runs that hold for want of an outcome in this one, each with the
    /// position of its user, behind `after`.
    ///
    /// # Errors
    /// When the journal cannot be read, or a body cannot be unpacked. Whether it is what was written, [`Self::remembered`]
    /// says.
    pub fn carried_answers(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, JournalError> {
        const SQL: &str = "SELECT c.position, c.body_lz4
            FROM carried c LEFT JOIN outcomes o USING (position)
            WHERE c.position > ?1 AND c.outcome = 'answered' AND o.position IS NULL
            ORDER BY c.position LIMIT ?2";
        self.page(SQL, after, limit, |row| Ok((row.get(0)?, body(row, 1)?.unwrap_or_default())))
    }

    /// At most `limit` attempts after the given place (position, number), in that order.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn attempts(
        &self,
        after: (u64, u32),
        limit: usize,
    ) -> Result<Vec<(u64, RememberedAttempt)>, JournalError> {
        const SQL: &str =
            "SELECT a.position, r.user_id, a.number, a.request_id, a.started_at_us, a.elapsed_ms,
                   a.status, a.fault, a.reason, a.body_bytes, a.asked_wait_ms,
                   coalesce(a.number > o.number, 0)
            FROM attempts a JOIN roster r USING (position) LEFT JOIN outcomes o USING (position)
            WHERE (a.position, a.number) > (?1, ?2) ORDER BY a.position, a.number LIMIT ?3";
        let read = || -> rusqlite::Result<Vec<_>> {
            let mut statement = self.connection.prepare_cached(SQL)?;
            let rows = statement.query_map((after.0, after.1, limit), |row| {
                let attempt = RememberedAttempt {
                    user_id: user_id(row, 1)?,
                    number: row.get(2)?,
                    request_id: row.get(3)?,
                    started_at: timestamp(row, 4)?,
                    elapsed_ms: row.get(5)?,
                    status: row.get(6)?,
                    fault: row.get(7)?,
                    reason: row.get(8)?,
                    body_bytes: row.get(9)?,
                    asked_wait_ms: row.get(10)?,
                    is_reread: row.get(11)?,
                };
                Ok((row.get(0)?, attempt))
            })?;
            rows.collect()
        };
        read().map_err(|source| self.unread(source))
    }

    /// The roster lines that could not be used, in file order.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn rejects(&self) -> Result<Vec<RememberedReject>, JournalError> {
        self.page(
            "SELECT line, reason, detail FROM rejects WHERE line > ?1 ORDER BY line LIMIT ?2",
            0,
            usize::MAX >> 1,
            |row| {
                Ok(RememberedReject { line: row.get(0)?, reason: row.get(1)?, detail: row.get(2)? })
            },
        )
    }

    pub(super) fn page<T>(
        &self,
        sql: &str,
        after: u64,
        limit: usize,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map((after, limit), read)?.collect()
        };
        rows().map_err(|source| self.unread(source))
    }
}

fn settled(row: &Row<'_>) -> rusqlite::Result<Option<Settled>> {
    let Some(word) = row.get_ref(5)?.as_str_or_null()? else { return Ok(None) };
    let outcome = Outcome::parse(word).ok_or_else(|| unreadable(5, "not an outcome"))?;
    let body = body(row, 11)?;
    let body_sha256 = row.get(12)?;
    if body_sha256 != body.as_deref().map(|body| *Digest::of(body).as_bytes()) {
        return Err(unreadable(12, "not the SHA-256 of the body"));
    }
    let carried_from: Option<String> = row.get(13)?;
    let carried_from = carried_from.map(|run| RunId::parse(&run)).transpose();
    Ok(Some(Settled {
        outcome,
        carried_from: carried_from.map_err(|error| unreadable(13, error))?,
        request_id: row.get(6)?,
        started_at: timestamp(row, 7)?,
        elapsed_ms: row.get(8)?,
        status: row.get(9)?,
        content_type: row.get(10)?,
        body,
        body_sha256,
    }))
}

pub(super) fn body(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Vec<u8>>> {
    let packed = row.get_ref(column)?.as_blob_or_null()?;
    packed.map(unpack).transpose().map_err(|error| unreadable(column, error))
}

pub(super) fn user_id(row: &Row<'_>, column: usize) -> rusqlite::Result<UserId> {
    UserId::parse(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, error))
}

pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|error| unreadable(column, error))
}

/// A cell that this program cannot have written.
pub(super) fn unreadable(
    column: usize,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn hashes_come_back_bit_for_bit_and_only_of_the_answered() -> Result<(), Box<dyn Error>> {
        let journal = Journal::open(":memory:".as_ref())?;
        journal.load(|loading| -> Result<_, Box<dyn Error>> {
            for user in ["ana", "bob", "eve"] {
                loading.user(2, &UserId::parse(user)?, &[])?;
            }
            Ok(Vec::new())
        })?;
        let outcomes = "INSERT INTO attempts
                SELECT position, 1, 'r', 0, 1, 200, NULL, 'answered', 0, NULL FROM roster;
            INSERT INTO outcomes (position, outcome, reason, number, document_hash, tax_id_hash) VALUES
                (3, 'answered', '', 1, -1, NULL), (2, 'unreadable', '', 1, 7, 7),
                (1, 'answered', '', 1, NULL, -9223372036854775808)";
        journal.connection.execute_batch(outcomes)?;
        let all = Identity { document: Some(u64::MAX), tax_id: None };
        let top = Identity { document: None, tax_id: Some(1 << 63) };
        assert_eq!(journal.identities(0, 9)?, [(1, all), (3, top)]);
        assert_eq!(journal.identities(1, 1)?, [(3, top)]);
        Ok(())
    }
}
