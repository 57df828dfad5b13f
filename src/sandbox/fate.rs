//! How asking about a user ends: by the user's lot, or by the first word of a special id.

use crate::sandbox::{chance::Chance, names::HOSTILE};

/// How asking about a user ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    Approved,
    Rejected,
    Review,
    /// Not finished: no decision yet.
    Undecided,
    /// A decision in a word that no list knows.
    UnknownWord,
    /// A document about somebody else.
    WrongPerson,
    /// 404: no verification.
    Missing,
    /// 401: another partner's user.
    Foreign,
    /// A page of HTML under 200.
    HtmlPage,
    /// An error object under 200.
    ErrorObject,
    /// 502, whenever asked.
    BadGateway,
}

/// How many of 1,000 users meet each fate. Nobody draws [`Fate::BadGateway`].
const LOTS: [(u32, Fate); 10] = [
    (780, Fate::Approved),
    (70, Fate::Rejected),
    (60, Fate::Review),
    (40, Fate::Undecided),
    (30, Fate::Missing),
    (5, Fate::Foreign),
    (3, Fate::WrongPerson),
    (4, Fate::UnknownWord),
    (6, Fate::ErrorObject),
    (2, Fate::HtmlPage),
];

/// Ids that begin so are approved with an open AML hit.
pub const OPEN_HIT: &str = "aml-";

/// Ids that begin so are approved, in an answer without an envelope.
pub const BARE: &str = "bare-";

/// Beginnings of ids that force a fate, for tests.
///
/// Documents of special ids are complete and tidy: every section is there, nothing is missing, retyped or unknown,
/// nobody has an AML hit (but [`OPEN_HIT`]) or an expired card (but some who are rejected for it). They are the same on
/// every day. People with [`HOSTILE`] names are approved.
pub const SPECIAL: [(&str, Fate); 15] = [
    ("approved-", Fate::Approved),
    ("rejected-", Fate::Rejected),
    ("review-", Fate::Review),
    ("undecided-", Fate::Undecided),
    ("unknownword-", Fate::UnknownWord),
    ("mismatch-", Fate::WrongPerson),
    ("missing-", Fate::Missing),
    ("foreign-", Fate::Foreign),
    ("html-", Fate::HtmlPage),
    ("error200-", Fate::ErrorObject),
    ("badgateway-", Fate::BadGateway),
    (OPEN_HIT, Fate::Approved),
    (BARE, Fate::Approved),
    (HOSTILE[0].0, Fate::Approved),
    (HOSTILE[1].0, Fate::Approved),
];

impl Fate {
    /// What asking about this user brings.
    #[must_use]
    pub fn of(seed: u64, id: &str) -> Self {
        Self::forced(id).unwrap_or_else(|| Chance::new(seed, "fate", id).weigh(&LOTS))
    }

    /// True where one answer says all; false where a client is right to ask again: after a gateway's word, which is never
    /// about the user, and after what cannot be read.
    #[must_use]
    pub const fn is_told_at_once(self) -> bool {
        !matches!(self, Self::HtmlPage | Self::ErrorObject | Self::BadGateway)
    }

    /// The fate that the id itself asks for, if it is a special one.
    #[must_use]
    pub fn forced(id: &str) -> Option<Self> {
        SPECIAL.iter().find(|(beginning, _)| id.starts_with(beginning)).map(|&(_, fate)| fate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lots_are_a_thousand() {
        assert_eq!(LOTS.iter().map(|(share, _)| share).sum::<u32>(), 1000);
    }

    #[test]
    fn a_special_id_has_its_fate_under_every_seed() {
        for seed in 0..50 {
            assert_eq!(Fate::of(seed, "missing-1"), Fate::Missing);
            assert_eq!(Fate::of(seed, "aml-1"), Fate::Approved);
        }
    }
}
