//! What became of an AML match or a warning. The partner publishes no list of these words.

use super::words;

/// Words that close a match: it is not this person, or it was looked at and put aside.
///
/// A confirmed match (`true_positive…`) is not closed, whatever was decided about it.
const CLOSED: [&str; 10] = [
    "FALSE_POSITIVE",
    "NO_MATCH",
    "NOT_A_MATCH",
    "NOT_MATCHED",
    "RESOLVED",
    "CLEARED",
    "CLEAR",
    "CLOSED",
    "DISMISSED",
    "DISCARDED",
];

/// Words known to leave a match open; the list only keeps them out of the drift.
const OPEN: [&str; 11] = [
    "OPEN",
    "UNRESOLVED",
    "PENDING",
    "REVIEW",
    "IN_REVIEW",
    "UNKNOWN",
    "POTENTIAL_MATCH",
    "CONFIRMED",
    "TRUE_POSITIVE",
    "TRUE_POSITIVE_APPROVE",
    "TRUE_POSITIVE_REJECT",
];

/// Whether a resolution leaves the match open: so does a missing word, and one we do not know.
#[must_use]
pub fn is_open(word: Option<&str>) -> bool {
    !word.is_some_and(|word| words::is_among(word, &CLOSED))
}

/// All words we know, folded.
pub fn known_words() -> impl Iterator<Item = &'static str> {
    CLOSED.into_iter().chain(OPEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_word_closes_a_match() {
        for word in ["false_positive", "FALSE_POSITIVE", "No match", " resolved "] {
            assert!(!is_open(Some(word)), "{word}");
        }
        for word in
            [None, Some(""), Some("true_positive_approve"), Some("resuelto"), Some("NOT_RESOLVED")]
        {
            assert!(is_open(word), "{word:?}");
        }
    }
}
