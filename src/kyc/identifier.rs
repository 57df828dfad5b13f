//! Numbers of documents and names as people type them: the same in any spelling, and not there when nothing was said.

use unicode_normalization::UnicodeNormalization;

/// What people and forms write where they have nothing to write.
const PLACEHOLDERS: [&str; 13] = [
    "NA",
    "NONE",
    "NULL",
    "NIL",
    "NAN",
    "UNDEFINED",
    "UNKNOWN",
    "NOTAVAILABLE",
    "NOTAPPLICABLE",
    "NINGUNO",
    "NODISPONIBLE",
    "NOAPLICA",
    "DESCONOCIDO",
];

/// No placeholder has more letters and digits.
const LONGEST: usize = 13;

/// A number of a document as it is compared: letters and digits in their plain forms (NFKC) and in upper case, the rest
/// being punctuation. None for a blank, a placeholder such as `N/A`, and one character over and over, as in `0000`.
///
/// `1234.0` is `1234`, as programs write a number that went through a float.
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let number = folded(whole(text.trim()));
    let first = number.chars().next()?;
    let is_one_character = number.chars().all(|c| c == first);
    (!is_one_character && !is_placeholder(&number)).then_some(number)
}

/// Whether the text can be a name: it holds a letter, and is no placeholder.
#[must_use]
pub fn is_name(text: &str) -> bool {
    // Folding loses no plain letter, so what has this many need not be folded.
    let plain = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    if plain > LONGEST && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return true;
    }
    let name = folded(text);
    name.chars().any(char::is_alphabetic) && !is_placeholder(&name)
}

fn whole(text: &str) -> &str {
    let digits =
        text.strip_suffix(".0").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    digits.unwrap_or(text)
}

fn folded(text: &str) -> String {
    if text.is_ascii() {
        let mut plain = text.to_ascii_uppercase();
        plain.retain(|c| c.is_ascii_alphanumeric());
        return plain;
    }
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn is_placeholder(folded: &str) -> bool {
    PLACEHOLDERS.contains(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_one() {
        for text in ["AB1234C", "ab-12 34.c", "ＡＢ１２３４Ｃ", " ab/1234-c "] {
            assert_eq!(number(text).as_deref(), Some("AB1234C"), "{text}");
        }
        assert_eq!(number("1234.0"), number("1234"));
        assert_ne!(number("12340"), number("1234"));
        assert_ne!(number("345.000"), number("345"));
        assert_ne!(number("0AB1234C"), number("AB1234C"));
    }

    #[test]
    fn what_is_longer_than_every_placeholder_is_none() {
        assert_eq!(PLACEHOLDERS.iter().map(|word| word.len()).max(), Some(LONGEST));
        assert!(
            !is_name("not applicable") && is_name("not applicable a") && !is_name("12345678901234")
        );
    }

    #[test]
    fn a_blank_and_a_placeholder_are_no_number_and_no_name() {
        for text in ["", " ", "---", "N/A", "n/a", "NA", "none", "0000", "0", "XXXX", "null"] {
            assert_eq!(number(text), None, "{text}");
            assert!(!is_name(text) || text == "XXXX", "{text}");
        }
        assert!(is_name("Núñez") && is_name("O") && !is_name("123"));
    }
}
