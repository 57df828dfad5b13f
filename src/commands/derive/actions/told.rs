//! What the breaks tell of each user, read along with the users: both are in roster order.

use std::collections::VecDeque;

use crate::{commands::batches::Table, error::Error, model::disagreement::Kind};

/// The breaks, from the user to whom the reading has come.
pub(super) struct Told {
    breaks: Table,
    batches: Box<dyn Iterator<Item = usize>>,
    ahead: VecDeque<(String, Kind)>,
}

impl Told {
    pub(super) fn of(breaks: Table) -> Self {
        Self { batches: Box::new(breaks.batches()), breaks, ahead: VecDeque::new() }
    }

    /// The kinds of the open breaks of a user. Users are to be asked for in roster order.
    pub(super) fn about(&mut self, user_id: &str) -> Result<Vec<Kind>, Error> {
        let mut kinds = Vec::new();
        loop {
            while let Some((_, kind)) = self.ahead.pop_front_if(|(user, _)| user == user_id) {
                kinds.push(kind);
            }
            // With somebody else ahead, nothing more about this user follows.
            if !self.ahead.is_empty() || !self.read_on()? {
                return Ok(kinds);
            }
        }
    }

    /// Reads the next batch; false after the last one.
    fn read_on(&mut self) -> Result<bool, Error> {
        let Some(batch) = self.batches.next() else { return Ok(false) };
        let rows = self.breaks.read(batch, &["user_id", "kind"].map(str::to_owned))?;
        let (users, kinds) = (rows.column("user_id")?.str()?, rows.column("kind")?.str()?);
        let told = users.iter().zip(kinds.iter());
        self.ahead
            .extend(told.filter_map(|(user, kind)| Some((user?.to_owned(), Kind::parse(kind?)?))));
        Ok(true)
    }
}
