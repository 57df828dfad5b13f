//! Two spellings of one value: case, accents and spaces say nothing about a person.

use jiff::civil::Date;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::dates;

/// The text in upper case, without accents, and with single spaces: `  José  Pérez` is `JOSE PEREZ`.
///
/// `None` for a text of nothing but spaces: that is no value.
#[must_use]
pub fn text(text: &str) -> Option<String> {
    let bare: String =
        text.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).collect();
    let words: Vec<_> = bare.split_whitespace().collect();
    (!words.is_empty()).then(|| bare_letters(&words.join(" ").to_uppercase()))
}

/// The words of a name in the order of the alphabet, of letters and digits alone: which part stands first, a hyphen, a
/// comma or an apostrophe make no other person. `Pérez-Díaz, Ana` is `ANA DIAZ PEREZ`.
#[must_use]
pub fn name(name: &str) -> Option<String> {
    let joined: String = name.chars().filter(|c| !is_apostrophe(*c)).collect();
    let folded = text(&joined)?;
    let mut words: Vec<_> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    // A name of nothing but signs is at least itself.
    Some(if words.is_empty() { folded.clone() } else { words.join(" ") })
}

/// Letters whose stroke is no accent in Unicode, and those that passports write as two.
fn bare_letters(upper: &str) -> String {
    let mut bare = String::with_capacity(upper.len());
    for letter in upper.chars() {
        match letter {
            'Ł' => bare.push('L'),
            'Ø' => bare.push('O'),
            'Đ' | 'Ð' => bare.push('D'),
            'Ħ' => bare.push('H'),
            'Ŧ' => bare.push('T'),
            'ẞ' => bare.push_str("SS"),
            'Æ' => bare.push_str("AE"),
            'Œ' => bare.push_str("OE"),
            'Þ' => bare.push_str("TH"),
            other => bare.push(other),
        }
    }
    bare
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | 'ʼ' | '′')
}

/// The letters and digits of a number, in upper case: `12.345-k` is `12345K`.
#[must_use]
pub fn number(number: &str) -> Option<String> {
    let folded = text(number)?;
    let kept: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    // A number of nothing but signs is at least itself.
    Some(if kept.is_empty() { folded } else { kept })
}

/// A date as people write it into books, as ISO has it. Where day and month could be each other, the day comes first, as is
/// usual where the partner works.
///
/// What is no date, or of an uncertain century, is compared as the text it is.
#[must_use]
pub fn date(date: &str) -> Option<String> {
    let folded = text(date)?;
    let readings = dates::readings(date);
    let first = readings.first().filter(|day| readings.iter().all(|o| o.year() == day.year()));
    Some(first.map_or(folded, Date::to_string))
}

/// Whether two values are one in two spellings; no value is like no value only.
#[must_use]
pub fn alike(
    one: Option<&str>,
    other: Option<&str>,
    spelling: impl Fn(&str) -> Option<String>,
) -> bool {
    one == other || one.and_then(&spelling) == other.and_then(&spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spaces_make_no_other_name() {
        for name in ["ANA PÉREZ", "Ana Perez", "  ana\u{a0} pe\u{301}rez "] {
            assert_eq!(text(name).as_deref(), Some("ANA PEREZ"));
        }
        assert_eq!(text("Straße"), text("STRASSE"));
        assert_eq!(text("Muñoz"), text("MUNOZ"));
        assert_ne!(text("Ana Perez"), text("Anaperez"));
        assert_eq!(text(" \t"), None);
    }

    #[test]
    fn order_and_signs_make_no_other_name() {
        for other in [
            "Pérez, Ana Łucja",
            "ana-lucja perez",
            "Ana\u{200b} Lucja Pe\u{301}rez",
            "A'na Lucja Pérez",
        ] {
            assert_eq!(name(other).as_deref(), Some("ANA LUCJA PEREZ"), "{other}");
        }
        assert_eq!(name("O’Brien Sørensen"), name("OBRIEN SORENSEN"));
        assert_ne!(name("Ana Ana Perez"), name("Ana Perez"));
        assert_eq!(name("--").as_deref(), Some("--"));
    }

    #[test]
    fn a_number_is_its_letters_and_digits() {
        assert_eq!(number("12.345.678-k"), number("12345678K"));
        assert_eq!(number("AB 123"), number("ab123"));
        assert_ne!(number("AB123"), number("AB124"));
        assert_eq!(number("---").as_deref(), Some("---"));
    }

    #[test]
    fn a_date_is_read_in_both_usual_orders() {
        for text in [
            "1990-02-01",
            "19900201",
            "01/02/1990",
            "1.2.1990",
            "1990-02-01T00:00:00Z",
            "1990-2-1",
            "01 02 1990",
            "1 Feb 1990",
        ] {
            assert_eq!(date(text).as_deref(), Some("1990-02-01"), "{text}");
        }
        assert_eq!(date("01/31/1990").as_deref(), Some("1990-01-31"));
        for text in ["02/31/1990", "31/01/90"] {
            assert_eq!(date(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn no_value_is_like_no_value_only() {
        assert!(alike(None, None, text));
        assert!(alike(Some(" "), None, text));
        assert!(!alike(Some("x"), None, text));
    }
}
