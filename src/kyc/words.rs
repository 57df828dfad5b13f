//! How a word of the partner is compared: folded, never corrected.

use std::borrow::Cow;

/// The word without white space around it, in upper case (ASCII), with `_` for spaces and hyphens inside.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    let word = word.trim();
    if word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.to_ascii_uppercase().replace([' ', '-'], "_"))
}

/// The meaning of the word in a list of folded words, if it is there.
#[must_use]
pub fn meaning_of<M: Copy>(word: &str, list: &[(&str, M)]) -> Option<M> {
    let word = fold(word);
    list.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// Whether the word, folded, is in the list.
#[must_use]
pub fn is_among(word: &str, list: &[&str]) -> bool {
    list.contains(&fold(word).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_to_one_spelling() {
        for word in ["REVIEW_NEEDED", " review_needed\n", "Review Needed", "review-needed"] {
            assert_eq!(fold(word), "REVIEW_NEEDED");
        }
        assert_ne!(fold("APPROVED\u{200b}"), "APPROVED");
    }
}
