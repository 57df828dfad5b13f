//! The evidence of a run that was asked for in shards: that of all of them, in the order of the roster.

use super::{
    Evidence, Facts, Numbers, Pages,
    archived::Archived,
    interleave::{Rows, Turn, by_line, by_turn, pages, rows},
};
use crate::{
    error::Error,
    model::{
        evidence::{Remembered, RememberedAttempt, RememberedReject, RememberedReread},
        ids::UserId,
    },
};

/// The evidence of all shards of a job.
pub(in crate::commands) struct Merged {
    facts: Facts,
    shards: Vec<Archived>,
}

impl Merged {
    /// Joins the evidence of these shards, which are all of one job; the facts are those of the whole.
    pub(in crate::commands) fn new(facts: Facts, shards: Vec<Archived>) -> Self {
        Self { facts, shards }
    }

    /// Rows that have no line of their own, in the order of the users' lines.
    fn of_users<'a, T: 'a>(
        &'a self,
        of: for<'s> fn(&'s Archived) -> Pages<'s, T>,
        user_of: fn(&T) -> &UserId,
    ) -> Pages<'a, T> {
        let parts = self.shards.iter().map(move |shard| rows(of(shard)));
        let what = "ledgers of its shards (they hold rows that stand at no place of their users)";
        let left_over = || Error::Unclear { run: self.facts.run_id.clone(), what };
        pages(by_turn(self.turns(), parts, user_of, left_over))
    }

    fn turns(&self) -> impl Iterator<Item = Result<Turn, Error>> + '_ {
        by_line(self.shards.iter().enumerate().map(turns_of), |turn| turn.line)
    }
}

impl Evidence for Merged {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn users(&self) -> Pages<'_, Remembered> {
        let users = by_line(self.shards.iter().map(|shard| rows(shard.users())), |user| user.line);
        let placed = (1..).zip(users);
        pages(placed.map(|(position, user)| Ok(Remembered { position, ..user? })))
    }

    fn numbers(&self) -> Pages<'_, Numbers> {
        Box::new(self.shards.iter().flat_map(Archived::numbers))
    }

    fn attempts(&self) -> Pages<'_, RememberedAttempt> {
        self.of_users(Archived::attempts, |attempt| &attempt.user_id)
    }

    fn rereads(&self) -> Pages<'_, RememberedReread> {
        self.of_users(Archived::rereads, |reread| &reread.user_id)
    }

    fn rejects(&self) -> Pages<'_, RememberedReject> {
        pages(by_line(self.shards.iter().map(|shard| rows(shard.rejects())), |reject| reject.line))
    }
}

/// The turns of one part's users.
fn turns_of((part, shard): (usize, &Archived)) -> Rows<'_, Turn> {
    let turn = move |(line, user_id)| Turn { line, part, user_id };
    Box::new(rows(shard.lines()).map(move |row| row.map(turn)))
}
