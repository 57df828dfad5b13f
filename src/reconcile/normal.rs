//! Two spellings of one value: case, accents and spaces say nothing about a person.

use jiff::civil::Date;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::kyc::times;

/// The text in upper case, without accents, and with single spaces: `  José  Pérez` is `JOSE PEREZ`.
///
/// `None` for a text of nothing but spaces: that is no value.
#[must_use]
pub fn text(text: &str) -> Option<String> {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let words: Vec<_> = bare.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" ").to_uppercase())
}

/// The letters and digits of a number, in upper case: `12.345-k` is `12345K`.
#[must_use]
pub fn number(number: &str) -> Option<String> {
    let folded = text(number)?;
    let kept: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    // A number of nothing but signs is at least itself.
    Some(if kept.is_empty() { folded } else { kept })
}

/// A date as people write it into books: as ISO has it, or day, month, year, as is usual where the partner works.
///
/// What is neither is compared as the text it is.
#[must_use]
pub fn date(date: &str) -> Option<String> {
    let folded = text(date)?;
    let read = times::date(&folded).or_else(|| day_month_year(&folded));
    Some(read.map_or(folded, |date| date.to_string()))
}

fn day_month_year(text: &str) -> Option<Date> {
    let mut parts = text.split(['/', '-', '.']).map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_full = parts.next().is_none() && year.len() == 4;
    let date = || Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    is_full.then(date).flatten()
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
    fn a_number_is_its_letters_and_digits() {
        assert_eq!(number("12.345.678-k"), number("12345678K"));
        assert_eq!(number("AB 123"), number("ab123"));
        assert_ne!(number("AB123"), number("AB124"));
        assert_eq!(number("---").as_deref(), Some("---"));
    }

    #[test]
    fn a_date_is_read_in_both_usual_orders() {
        for text in ["1990-02-01", "19900201", "01/02/1990", "1.2.1990", "1990-02-01T00:00:00Z"] {
            assert_eq!(date(text).as_deref(), Some("1990-02-01"), "{text}");
        }
        assert_eq!(date("02/31/1990").as_deref(), Some("02/31/1990"));
    }

    #[test]
    fn no_value_is_like_no_value_only() {
        assert!(alike(None, None, text));
        assert!(alike(Some(" "), None, text));
        assert!(!alike(Some("x"), None, text));
    }
}
