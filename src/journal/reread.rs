//! The sample that is asked once more: drawn once, when everybody has been asked, and kept like everything else.

use std::collections::BinaryHeap;

use sha2::{Digest as _, Sha256};

use super::{
    error::JournalError,
    reader::{body, timestamp, unreadable, user_id},
    records::{Pending, Reread},
    store::Journal,
};
use crate::model::outcome::Outcome;

/// How many users are looked at in one go.
const PAGE: usize = 10_000;
/// The fact whose presence says that the sample was drawn.
const DRAWN: &str = "rereads";

/// A user's lot, and its place in the roster.
type Lot = ([u8; 32], u64);

impl Journal {
    /// Draws a sample among those whom this run has answers about, unless that was done. The lot of a user is a digest of
    /// seed and id, and the lowest lots are drawn: so the same seed draws the same users, whatever the order of answers.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub fn draw_rereads(&self, seed: &str, size: usize) -> Result<(), JournalError> {
        if self.fact(DRAWN)?.is_some() {
            return Ok(());
        }
        let lots = self.lowest_lots(seed, size)?;
        let transaction = self.connection.unchecked_transaction().map_err(|e| self.unwritten(e))?;
        for (_, position) in lots {
            self.connection
                .execute("INSERT INTO rereads (position) VALUES (?1)", [position])
                .map_err(|e| self.unwritten(e))?;
        }
        self.note(DRAWN, seed)?;
        transaction.commit().map_err(|e| self.unwritten(e))
    }

    fn lowest_lots(&self, seed: &str, size: usize) -> Result<BinaryHeap<Lot>, JournalError> {
        const SQL: &str = "SELECT position, user_id FROM outcomes JOIN roster USING (position)
            WHERE outcome = 'answered' AND position > ?1 ORDER BY position LIMIT ?2";
        let mut lots = BinaryHeap::new();
        let mut after = 0;
        loop {
            let page = self.page(SQL, after, PAGE, |row| Ok((row.get(0)?, user_id(row, 1)?)))?;
            let Some((last, _)) = page.last() else { return Ok(lots) };
            after = *last;
            for (position, user_id) in page {
                lots.push((lot(seed, user_id.as_str()), position));
                if lots.len() > size {
                    lots.pop();
                }
            }
        }
    }

    /// Those of the sample who are still to be asked again.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn pending_rereads(&self) -> Result<Vec<Pending>, JournalError> {
        const SQL: &str = "SELECT s.position, r.user_id,
                   (SELECT coalesce(max(number), 0) FROM attempts a WHERE a.position = s.position)
            FROM rereads s JOIN roster r USING (position)
            WHERE s.number IS NULL AND s.position > ?1 ORDER BY s.position LIMIT ?2";
        self.page(SQL, 0, usize::MAX >> 1, |row| {
            let (position, attempts_before) = (row.get(0)?, row.get(2)?);
            Ok(Pending { turn: position, position, user_id: user_id(row, 1)?, attempts_before })
        })
    }

    /// At most `limit` users of the sample whose position is above `after`, with both answers.
    ///
    /// # Errors
    /// When the journal cannot be read, or a body in it is not what was written.
    pub fn rereads(&self, after: u64, limit: usize) -> Result<Vec<Reread>, JournalError> {
        const SQL: &str =
            "SELECT s.position, r.user_id, o.body_lz4, s.outcome, a.started_at_us, a.status,
                   s.body_lz4
            FROM rereads s
            JOIN roster r USING (position)
            JOIN outcomes o USING (position)
            LEFT JOIN attempts a ON a.position = s.position AND a.number = s.number
            WHERE s.position > ?1 ORDER BY s.position LIMIT ?2";
        self.page(SQL, after, limit, |row| {
            let outcome: Option<String> = row.get(3)?;
            let asked = outcome.is_some();
            Ok(Reread {
                position: row.get(0)?,
                user_id: user_id(row, 1)?,
                body_before: body(row, 2)?,
                outcome: match outcome {
                    None => Outcome::NotAttempted,
                    Some(word) => {
                        Outcome::parse(&word).ok_or_else(|| unreadable(3, "not an outcome"))?
                    }
                },
                reread_at: asked.then(|| timestamp(row, 4)).transpose()?,
                status: row.get(5)?,
                body_after: body(row, 6)?,
            })
        })
    }
}

fn lot(seed: &str, user_id: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update([0]).chain_update(user_id).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::model::ids::UserId;

    /// A journal in which every second of so many users was answered.
    fn answered(users: u64) -> Result<Journal, Box<dyn Error>> {
        let journal = Journal::open(":memory:".as_ref())?;
        journal.load(|loading| -> Result<_, Box<dyn Error>> {
            for user in 1..=users {
                loading.user(user, &UserId::parse(&format!("user-{user}"))?, &[])?;
            }
            Ok(Vec::new())
        })?;
        let outcomes = "INSERT INTO attempts
                SELECT position, 1, 'r', 0, 1, 200, NULL, 'answered', 0, NULL FROM roster;
            INSERT INTO outcomes (position, outcome, reason, number)
                SELECT position, iif(position % 2, 'answered', 'no_verification'), '', 1 FROM roster";
        journal.connection.execute_batch(outcomes)?;
        Ok(journal)
    }

    fn sample(seed: &str, users: u64, size: usize) -> Result<Vec<u64>, Box<dyn Error>> {
        let journal = answered(users)?;
        journal.draw_rereads(seed, size)?;
        journal.draw_rereads("another seed, too late", size)?;
        Ok(journal.pending_rereads()?.into_iter().map(|pending| pending.position).collect())
    }

    #[test]
    fn the_seed_draws_the_same_users_and_only_answered_ones() -> Result<(), Box<dyn Error>> {
        let drawn = sample("night", 400, 20)?;
        assert_eq!(drawn.len(), 20);
        assert!(drawn.iter().all(|position| position % 2 == 1));
        assert_eq!(drawn, sample("night", 400, 20)?);
        assert_ne!(drawn, sample("dawn", 400, 20)?);
        assert!(drawn.iter().any(|position| *position > 200), "from all of the roster");
        assert!(drawn.iter().any(|position| *position < 200));
        Ok(())
    }

    #[test]
    fn a_sample_larger_than_the_answered_is_all_of_them() -> Result<(), Box<dyn Error>> {
        assert_eq!(sample("night", 7, 20)?, [1, 3, 5, 7]);
        assert!(sample("night", 7, 0)?.is_empty());
        Ok(())
    }
}
