//! What of an unexpected text may be shown: a word, and of anything else only how long it is.
//!
//! A word that a program chose is written as one; what people write has blanks and punctuation, or is a number.

/// The longest word that is shown, in characters.
const LONGEST: usize = 40;

/// The text, if it is written like a word, else its length.
pub(super) fn shown(text: &str) -> String {
    if is_word(text) {
        text.to_owned()
    } else {
        format!("(text of {} characters)", text.chars().count())
    }
}

/// Letters of English, digits, `_`, `-` and `.`, with no four digits in a row, as ids and dates have.
fn is_word(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let holds_number = text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_part) && !holds_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_like_a_word_is_shown() {
        for word in ["ESCALATED", "review-later", "v2", "1e400", "0.97", "object"] {
            assert_eq!(shown(word), word);
        }
        assert_eq!(shown("closed by Ana Lux"), "(text of 17 characters)");
        for text in ["Ana Lux", "ana@lux.example", "1990-01-31", "Núñez", "", &"A".repeat(41)] {
            assert!(shown(text).starts_with("(text of "), "{text}");
        }
    }
}
