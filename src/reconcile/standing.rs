//! What the baseline made of each user: decision and verdict, found by the id while the new roster passes by.
//!
//! Ten bytes a user, so 50 MB for five million. The key is eight bytes of the id's SHA-256: of five million users two share
//! one with a probability of less than one in a million.

use polars::prelude::{DataFrame, PolarsResult};

use crate::{
    kyc::decision::Decision,
    model::{digest::Digest, verdict::Verdict},
};

/// The columns of the baseline's `users` that are read.
pub const STANDING_COLUMNS: [&str; 3] = ["user_id", "decision", "verdict"];

/// What one run made of a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// None: the partner said nothing about the user.
    pub decision: Option<Decision>,
    pub verdict: Option<Verdict>,
}

/// What a run made of every user, closed for looking up.
#[derive(Debug, Default)]
pub struct Standings {
    users: Vec<Entry>,
}

/// Aligned to a byte, or a third of the memory would be padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: [u8; 8],
    decision: Option<Decision>,
    verdict: Option<Verdict>,
}

impl Standings {
    /// Room for this many users.
    #[must_use]
    pub fn of(users: usize) -> Self {
        Self { users: Vec::with_capacity(users) }
    }

    /// Takes in rows of the baseline's `users`.
    ///
    /// # Errors
    /// When the frame lacks one of [`STANDING_COLUMNS`].
    pub fn note(&mut self, users: &DataFrame) -> PolarsResult<()> {
        let [ids, decisions, verdicts] = STANDING_COLUMNS.map(|name| users.column(name));
        let (ids, decisions, verdicts) = (ids?.str()?, decisions?.str()?, verdicts?.str()?);
        for ((id, decision), verdict) in ids.iter().zip(decisions.iter()).zip(verdicts.iter()) {
            let Some(id) = id else { continue };
            self.users.push(Entry {
                key: key(id),
                decision: decision.and_then(Decision::parse),
                verdict: verdict.and_then(Verdict::parse),
            });
        }
        Ok(())
    }

    /// Sorts what was taken in, after which users can be found.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.users.sort_unstable();
        self
    }

    /// What the run made of this user, if it had him.
    #[must_use]
    pub fn find(&self, user_id: &str) -> Option<Standing> {
        let key = key(user_id);
        let at = self.users.binary_search_by(|entry| entry.key.cmp(&key)).ok()?;
        let Entry { decision, verdict, .. } = *self.users.get(at)?;
        Some(Standing { decision, verdict })
    }
}

fn key(user_id: &str) -> [u8; 8] {
    let digest = Digest::of(user_id.as_bytes());
    digest.as_bytes().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::df;

    use super::*;

    #[test]
    fn a_user_is_found_whatever_the_order() -> Result<(), Box<dyn Error>> {
        let mut standings = Standings::of(3);
        standings.note(&df!(
            "user_id" => ["c", "a", "b"],
            "decision" => [Some("approved"), None, Some("a word of tomorrow")],
            "verdict" => ["pass", "unreached", "review"],
        )?)?;
        let standings = standings.close();
        let found = |user| standings.find(user).map(|found| (found.decision, found.verdict));
        assert_eq!(found("c"), Some((Some(Decision::Approved), Some(Verdict::Pass))));
        assert_eq!(found("a"), Some((None, Some(Verdict::Unreached))));
        assert_eq!(found("b"), Some((None, Some(Verdict::Review))));
        assert_eq!(found("d"), None);
        Ok(())
    }

    #[test]
    fn a_user_takes_ten_bytes() {
        assert_eq!(size_of::<Entry>(), 10);
    }
}
