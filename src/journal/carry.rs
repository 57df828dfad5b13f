//! Taking the answers of earlier runs into the journal: once, whole, in one transaction, before anybody is asked.

use rusqlite::{Statement, params};

use super::{
    body::Packer,
    error::JournalError,
    records::{EarlierAnswer, Validity},
    store::Journal,
};

/// The fact whose presence says that this run carries answers, and has taken them all.
const CARRIES: &str = "carries";

/// Takes earlier answers into an open transaction; nothing is kept unless all were taken.
pub struct Carrying<'a> {
    journal: &'a Journal,
    wanted: Statement<'a>,
    insert: Statement<'a>,
    in_vain: Statement<'a>,
    packer: Packer,
}

impl Journal {
    /// Carries earlier answers into this run, unless that is done: `read` gives them to [`Carrying`], the newest runs
    /// first, and says in words where they came from, for [`Journal::sources`]. Afterwards the turns are fixed: who was
    /// never asked, then who is not decided, then who was asked longest ago.
    ///
    /// # Errors
    /// What `read` returns, or when the journal cannot be written.
    pub fn carry<E: From<JournalError>>(
        &self,
        read: impl FnOnce(&mut Carrying<'_>) -> Result<String, E>,
    ) -> Result<(), E> {
        if self.carries()? {
            return Ok(());
        }
        let transaction = self.connection.unchecked_transaction().map_err(|e| self.unwritten(e))?;
        let sources = read(&mut self.carrying()?)?;
        self.fix_turns()?;
        self.note(CARRIES, &sources)?;
        transaction.commit().map_err(|e| self.unwritten(e))?;
        Ok(())
    }

    /// Whether this run carries answers of earlier ones, and has taken them.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn carries(&self) -> Result<bool, JournalError> {
        Ok(self.fact(CARRIES)?.is_some())
    }

    /// Where the carried answers came from, as it was noted with them; none if this run has not carried.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn sources(&self) -> Result<Option<String>, JournalError> {
        self.fact(CARRIES)
    }

    fn carrying(&self) -> Result<Carrying<'_>, JournalError> {
        const IN_VAIN: &str =
            "CREATE TEMP TABLE IF NOT EXISTS in_vain (position INTEGER PRIMARY KEY)";
        const WANTED: &str = "SELECT 1 FROM roster r WHERE user_id = ?1
            AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.position = r.position)";
        const INSERT: &str = "INSERT OR IGNORE INTO carried
            SELECT position, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                   ?11 AND position NOT IN (SELECT position FROM in_vain),
                   ?12 AND position NOT IN (SELECT position FROM in_vain)
            FROM roster WHERE user_id = ?1";
        const ASKED_IN_VAIN: &str =
            "INSERT OR IGNORE INTO in_vain SELECT position FROM roster WHERE user_id = ?1";
        self.connection.execute_batch(IN_VAIN).map_err(|e| self.unwritten(e))?;
        let prepare = |sql| self.connection.prepare(sql).map_err(|e| self.unwritten(e));
        let (wanted, insert, in_vain) =
            (prepare(WANTED)?, prepare(INSERT)?, prepare(ASKED_IN_VAIN)?);
        Ok(Carrying { journal: self, wanted, insert, in_vain, packer: Packer::default() })
    }

    fn fix_turns(&self) -> Result<(), JournalError> {
        const SQL: &str = "INSERT INTO turns
            SELECT row_number() OVER (
                ORDER BY c.position IS NOT NULL, c.is_final, c.started_at_us, r.position), r.position
            FROM roster r LEFT JOIN carried c USING (position)
            WHERE c.position IS NULL OR NOT c.is_current";
        self.connection.execute(SQL, []).map(drop).map_err(|e| self.unwritten(e))
    }
}

impl Carrying<'_> {
    /// How many users have no answer yet.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn missing(&self) -> Result<u64, JournalError> {
        const SQL: &str = "SELECT (SELECT count(*) FROM roster) - (SELECT count(*) FROM carried)";
        let journal = self.journal;
        journal.connection.query_row(SQL, [], |row| row.get(0)).map_err(|e| journal.unread(e))
    }

    /// Whether an answer about this user is wanted: he is in the roster, and no newer run had one.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn wants(&mut self, user_id: &str) -> Result<bool, JournalError> {
        self.wanted.exists([user_id]).map_err(|error| self.journal.unread(error))
    }

    /// Notes that a run asked about this user in vain. An older answer does not settle that: he is asked again, early.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn asked_in_vain(&mut self, user_id: &str) -> Result<(), JournalError> {
        self.in_vain.execute([user_id]).map(drop).map_err(|error| self.journal.unwritten(error))
    }

    /// Takes an earlier answer; that of a user who is not in this roster is left, and so is an older one than he has.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn take(&mut self, answer: EarlierAnswer<'_>) -> Result<(), JournalError> {
        let unwritten = |error| self.journal.unwritten(error);
        let settled = answer.settled;
        let body = settled.body.as_deref().map(|body| self.packer.pack(body)).transpose();
        self.insert
            .execute(params![
                answer.user_id.as_str(),
                answer.asked_by.as_str(),
                settled.outcome.as_str(),
                settled.request_id,
                settled.started_at.as_microsecond(),
                settled.elapsed_ms,
                settled.status,
                settled.content_type,
                body.map_err(unwritten)?,
                settled.body_sha256,
                answer.validity != Validity::Open,
                answer.validity == Validity::Current,
            ])
            .map(drop)
            .map_err(unwritten)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use jiff::Timestamp;

    use super::*;
    use crate::model::{
        digest::Digest,
        evidence::Settled,
        ids::{RunId, UserId},
        outcome::Outcome,
    };

    const BODY: &[u8] = b"{\"idInfo\":{}}";

    fn settled(second: i64) -> Result<Settled, jiff::Error> {
        Ok(Settled {
            outcome: Outcome::Answered,
            carried_from: None,
            request_id: format!("r-{second}"),
            started_at: Timestamp::from_second(second)?,
            elapsed_ms: 7,
            status: Some(200),
            content_type: Some("application/json".to_owned()),
            body: Some(BODY.to_vec()),
            body_sha256: Some(*Digest::of(BODY).as_bytes()),
        })
    }

    /// A journal whose roster is `users`, and into which these answers were carried: who, when, how they stand.
    fn carried(
        users: &[&str],
        answers: &[(&str, i64, Validity)],
    ) -> Result<Journal, Box<dyn Error>> {
        let journal = Journal::open(":memory:".as_ref())?;
        journal.load(|loading| -> Result<_, Box<dyn Error>> {
            for user in users {
                loading.user(2, &UserId::parse(user)?, &[])?;
            }
            Ok(Vec::new())
        })?;
        let asked_by = &RunId::parse("monday")?;
        journal.carry(|carrying| -> Result<_, Box<dyn Error>> {
            for (user, second, validity) in answers {
                let (user_id, settled) = (&UserId::parse(user)?, &settled(*second)?);
                carrying.take(EarlierAnswer { user_id, asked_by, settled, validity: *validity })?;
            }
            Ok("monday".to_owned())
        })?;
        Ok(journal)
    }

    #[test]
    fn the_never_asked_come_first_then_the_undecided_then_the_stalest() -> Result<(), Box<dyn Error>>
    {
        let answers = [
            ("stale", 50, Validity::Stale),
            ("open", 90, Validity::Open),
            ("staler", 40, Validity::Stale),
            ("older-open", 80, Validity::Open),
            ("current", 99, Validity::Current),
            ("left-the-roster", 1, Validity::Open),
        ];
        let users = ["stale", "new", "open", "staler", "current", "older-open", "newer"];
        let journal = carried(&users, &answers)?;
        let mut order = Vec::new();
        let mut after = 0;
        while let [next] = &journal.pending(after, 1)?[..] {
            after = next.turn;
            order.push(next.user_id.as_str().to_owned());
        }
        assert_eq!(order, ["new", "newer", "older-open", "open", "staler", "stale"]);
        let count = journal.count()?;
        assert_eq!((count.roster, count.to_ask(), count.left()), (7, 6, 6));
        Ok(())
    }

    #[test]
    fn an_earlier_answer_holds_until_there_is_one_of_this_run() -> Result<(), Box<dyn Error>> {
        let journal = carried(&["ana", "new"], &[("ana", 50, Validity::Stale)])?;
        let from = |journal: &Journal| -> Result<Vec<_>, JournalError> {
            let users = journal.remembered(0, 9)?;
            Ok(users
                .into_iter()
                .map(|user| user.settled.map(|s| (s.carried_from, s.request_id)))
                .collect())
        };
        let monday = Some(RunId::parse("monday")?);
        assert_eq!(from(&journal)?, [Some((monday, "r-50".to_owned())), None]);
        let asked = "INSERT INTO attempts VALUES (1, 1, 'now', 60000000, 5, NULL, 'timeout', 'timeout', NULL, NULL);
            INSERT INTO outcomes (position, outcome, reason, number) VALUES (1, 'exhausted', 'timeout', 1)";
        journal.connection.execute_batch(asked)?;
        let users = journal.remembered(0, 9)?;
        let ana = users[0].settled.as_ref().ok_or("no outcome")?;
        assert_eq!(
            (ana.outcome, ana.body.as_ref()),
            (Outcome::Exhausted, None),
            "asked in vain is not carried"
        );
        assert_eq!(from(&journal)?, [Some((None, "now".to_owned())), None]);
        Ok(())
    }

    #[test]
    fn answers_are_carried_once_and_whole_or_not_at_all() -> Result<(), Box<dyn Error>> {
        let journal = carried(&["ana"], &[])?;
        let again = journal.carry(|_| Err("never asked for".into()));
        again.map_err(|error: Box<dyn Error>| error)?;
        let other = Journal::open(":memory:".as_ref())?;
        let failed = other.carry(|_| Err::<_, Box<dyn Error>>("the archive is damaged".into()));
        assert!(failed.is_err() && !other.carries()?);
        Ok(())
    }
}
