//! What became of an AML match or a warning. The partner publishes no list of these words.

use super::words;

/// Words that close a match, because they say that it is not this person or was dismissed.
///
/// A confirmed match (`true_positive…`) is not closed, whatever was decided about it.
const CLOSED: [&str; 6] =
    ["FALSE_POSITIVE", "NO_MATCH", "NOT_A_MATCH", "NOT_MATCHED", "DISMISSED", "DISCARDED"];

/// Words known to leave a match open; the list only keeps them out of the drift.
///
/// `RESOLVED`, `CLOSED`, `CLEARED` and `CLEAR` say that somebody was done with the match, not what he found: a case is
/// also closed by confirming it.
const OPEN: [&str; 15] = [
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
    "RESOLVED",
    "CLOSED",
    "CLEARED",
    "CLEAR",
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
        for word in ["false_positive", "FALSE_POSITIVE", "No match", " dismissed "] {
            assert!(!is_open(Some(word)), "{word}");
        }
        for word in
            [None, Some(""), Some("true_positive_approve"), Some("resuelto"), Some("NOT_RESOLVED")]
        {
            assert!(is_open(word), "{word:?}");
        }
    }

    #[test]
    fn a_word_that_does_not_say_what_was_found_leaves_the_match_open() {
        for word in ["RESOLVED", "closed", "Cleared", "CLEAR"] {
            assert!(is_open(Some(word)), "{word}");
        }
    }
}
