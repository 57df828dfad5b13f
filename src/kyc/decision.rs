//! The partner's word about the person.

use super::words;

/// The partner's word about the person, normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    Approved,
    Rejected,
    Review,
    /// Not decided yet, or not said.
    Undecided,
    /// A word we do not know. Never a pass.
    Unrecognized,
}

use Decision::{Approved, Rejected, Review, Undecided, Unrecognized};

/// Both vocabularies: the provider's own (`APPROVED`, `DECLINED`, …) and the partner's (`VERIFIED`, `REJECTED`, …).
const KNOWN: [(&str, Decision); 12] = [
    ("APPROVED", Approved),
    ("VERIFIED", Approved),
    ("DECLINED", Rejected),
    ("REJECTED", Rejected),
    ("REVIEW", Review),
    ("REVIEW_NEEDED", Review),
    ("MANUAL_REVIEW", Review),
    ("UPDATE_REQUIRED", Review),
    ("UNKNOWN", Undecided),
    ("NOT_STARTED", Undecided),
    ("IN_PROGRESS", Undecided),
    ("PENDING", Undecided),
];

/// The words of the partner we know, folded.
pub fn known_words() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(word, _)| *word)
}

impl Decision {
    pub const ALL: [Self; 5] = [Approved, Rejected, Review, Undecided, Unrecognized];

    /// Reads the partner's word; a missing or blank one is [`Decision::Undecided`].
    #[must_use]
    pub fn of(word: Option<&str>) -> Self {
        match word.map(str::trim) {
            None | Some("") => Undecided,
            Some(word) => Self::known(word).unwrap_or(Unrecognized),
        }
    }

    /// The decision of a word we know.
    #[must_use]
    pub fn known(word: &str) -> Option<Self> {
        words::meaning_of(word, &KNOWN)
    }

    /// The decision of our own name, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == word)
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Approved => "approved",
            Rejected => "rejected",
            Review => "review",
            Undecided => "undecided",
            Unrecognized => "unrecognized",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_vocabularies_are_read_whatever_their_case() {
        for (word, decision) in [
            ("VERIFIED", Approved),
            (" approved ", Approved),
            ("Declined", Rejected),
            ("rejected", Rejected),
            ("REVIEW_NEEDED", Review),
            ("Manual review", Review),
            ("UPDATE_REQUIRED", Review),
            ("UNKNOWN", Undecided),
            ("in_progress", Undecided),
        ] {
            assert_eq!(Decision::of(Some(word)), decision, "{word}");
        }
    }

    #[test]
    fn a_missing_word_is_undecided() {
        for word in [None, Some(""), Some(" ")] {
            assert_eq!(Decision::of(word), Undecided);
        }
    }

    #[test]
    fn a_word_nobody_knows_is_never_a_pass() {
        for word in [
            "APROBADO",
            "APPROVED!",
            "NOT_APPROVED",
            "APPROVED_BY_BOT",
            "true",
            "FAILED",
            "ＡPPROVED",
        ] {
            assert_eq!(Decision::of(Some(word)), Unrecognized, "{word}");
        }
    }
}
