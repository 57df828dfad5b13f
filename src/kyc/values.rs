//! Scalars, read tolerantly: numbers may come as strings, strings as numbers, booleans as `YES`.
//!
//! A scalar is its text first; what type the text has is asked afterwards, so every tolerance is written once.

use std::borrow::Cow;

use super::json::{self, Shape, Value};

/// A JSON value where the catalogue expects a scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar<'a> {
    Null,
    /// The text of a string, or a number or boolean as written.
    Text(Cow<'a, str>),
    /// The text of a string that holds half a surrogate pair, replaced by U+FFFD.
    Repaired(Cow<'a, str>),
    /// An object or an array.
    Nested,
}

impl Scalar<'_> {
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Repaired(text) => Some(text),
            Self::Null | Self::Nested => None,
        }
    }
}

/// The value as a scalar.
#[must_use]
pub fn scalar(value: Value<'_>) -> Scalar<'_> {
    match json::shape(value) {
        Shape::Null => Scalar::Null,
        Shape::Array | Shape::Object => Scalar::Nested,
        Shape::Bool | Shape::Number => Scalar::Text(Cow::Borrowed(value.text())),
        Shape::Text => match value.string() {
            (text, true) => Scalar::Text(text),
            (text, false) => Scalar::Repaired(text),
        },
    }
}

/// A whole number: `3`, `3.0` and `3e0` are, `3.5` is not.
#[must_use]
pub fn int(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| float(text).and_then(whole))
}

fn whole(number: f64) -> Option<i64> {
    /// Up to here every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_exact = number.fract() == 0.0 && number.abs() <= EXACT;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough for an i64")]
    is_exact.then_some(number as i64)
}

/// A finite number with a decimal point; `1e400`, `NaN` and `0,97` are none.
#[must_use]
pub fn float(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// A yes or no, in the spellings `true`, `yes`, `y` and `1`, `false`, `no`, `n` and `0`, in any case.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    match () {
        () if is(["true", "yes", "y", "1"]) => Some(true),
        () if is(["false", "no", "n", "0"]) => Some(false),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_strings_and_strings_from_numbers() {
        let text = |json| {
            json::parse(json).and_then(|json| scalar(json.value()).text().map(str::to_owned))
        };
        assert_eq!(text("98.59").as_deref(), Some("98.59"));
        assert_eq!(text(r#""98.59""#).as_deref(), Some("98.59"));
        assert_eq!(text("true").as_deref(), Some("true"));
        assert_eq!(text("null"), None);
        assert_eq!(text(r#"["98.59"]"#), None);
    }

    #[test]
    fn whole_numbers_may_wear_a_decimal_point() {
        for (text, number) in [
            ("3", Some(3)),
            (" 3.0 ", Some(3)),
            ("3e0", Some(3)),
            ("-7", Some(-7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("3.5", None),
            ("", None),
            ("1e400", None),
        ] {
            assert_eq!(int(text), number, "{text}");
        }
    }

    #[test]
    fn only_finite_numbers_are_numbers() {
        assert_eq!(float("0.97"), Some(0.97));
        for text in ["NaN", "inf", "Infinity", "1e400", "0,97", "97%", "", "true"] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn a_yes_is_a_yes_in_any_spelling() {
        assert!(["YES", "true", "1", " Yes "].into_iter().all(|text| boolean(text) == Some(true)));
        assert!(["NO", "False", "0"].into_iter().all(|text| boolean(text) == Some(false)));
        assert!(["", "2", "maybe", "sí"].into_iter().all(|text| boolean(text).is_none()));
    }
}
