//! The named constants of a policy, and their way into the text of a condition.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    condition::nearest,
    error::{ConditionFlaw, ThresholdFlaw},
};

/// The constants of `[thresholds]`, each as the SQL literal it stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct Thresholds(BTreeMap<String, String>);

impl Thresholds {
    /// Adds one constant.
    pub(super) fn add(&mut self, name: &str, value: &toml::Value) -> Result<(), ThresholdFlaw> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            return Err(ThresholdFlaw::Name);
        }
        self.0.insert(name.to_owned(), literal(value)?);
        Ok(())
    }

    /// Puts the numbers in the place of their `:name`, so that the text runs as it is in any SQL engine.
    ///
    /// Text in quotes and `::` are left alone. The names used are added to `used`.
    pub(super) fn render(
        &self,
        text: &str,
        used: &mut BTreeSet<String>,
    ) -> Result<String, ConditionFlaw> {
        let mut rendered = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find([':', '\'', '"']) {
            let (before, from) = rest.split_at(at);
            rendered.push_str(before);
            let length = verbatim_length(from);
            rest = &from[length..];
            if length > 0 {
                rendered.push_str(&from[..length]);
                continue;
            }
            let name = name_after_colon(from);
            rendered.push_str(self.literal_of(name)?);
            used.insert(name.to_owned());
            rest = &from[1 + name.len()..];
        }
        rendered.push_str(rest);
        Ok(rendered)
    }

    fn literal_of(&self, name: &str) -> Result<&str, ConditionFlaw> {
        self.0.get(name).map(String::as_str).ok_or_else(|| ConditionFlaw::UnknownThreshold {
            name: name.to_owned(),
            nearest: nearest(name, self.0.keys().map(String::as_str)),
        })
    }
}

/// The name of a `:name` at the start of the text; empty when it is no such thing.
fn name_after_colon(text: &str) -> &str {
    let name = text.strip_prefix(':').unwrap_or_default();
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
    &name[..end]
}

/// How much at the start of the text is copied as it is: a quoted text, a `::`, a lone colon; 0 for a `:name`.
fn verbatim_length(text: &str) -> usize {
    match text.as_bytes() {
        [quote @ (b'\'' | b'"'), tail @ ..] => {
            tail.iter().position(|byte| byte == quote).map_or(text.len(), |end| end + 2)
        }
        [b':', b':', ..] => 2,
        _ if name_after_colon(text).is_empty() => 1,
        _ => 0,
    }
}

/// A number as every SQL engine reads it: no exponent, and in parentheses when negative.
fn literal(value: &toml::Value) -> Result<String, ThresholdFlaw> {
    let digits = match value {
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) if number.is_finite() => number.to_string(),
        other => return Err(ThresholdFlaw::NotANumber { found: other.type_str() }),
    };
    Ok(if digits.starts_with('-') { format!("({digits})") } else { digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String, ConditionFlaw> {
        let thresholds = Thresholds(
            [("min_score", "0.8"), ("floor", "(-1)")]
                .map(|(name, literal)| (name.to_owned(), literal.to_owned()))
                .into(),
        );
        thresholds.render(text, &mut BTreeSet::new())
    }

    #[test]
    fn a_name_after_a_colon_becomes_its_number() -> Result<(), ConditionFlaw> {
        assert_eq!(render("a<:min_score AND b>=:floor")?, "a<0.8 AND b>=(-1)");
        assert_eq!(render("no name at all")?, "no name at all");
        Ok(())
    }

    #[test]
    fn quoted_text_and_casts_are_left_alone() -> Result<(), ConditionFlaw> {
        for text in
            ["a = ':min_score'", "a = 'it''s :floor'", "\":floor\" > 1", "a::int > 1", "a : b"]
        {
            assert_eq!(render(text)?, text);
        }
        Ok(())
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_one() {
        let refused = render("a < :min_scor").map_err(|flaw| flaw.to_string());
        assert_eq!(
            refused,
            Err("there is no threshold `:min_scor`; did you mean `min_score`?".to_owned())
        );
    }

    #[test]
    fn only_finite_numbers_are_thresholds() {
        for value in [toml::Value::Float(f64::NAN), toml::Value::String("1".into())] {
            assert!(literal(&value).is_err(), "{value}");
        }
        assert_eq!(literal(&toml::Value::Integer(-3)).ok().as_deref(), Some("(-3)"));
        assert_eq!(literal(&toml::Value::Float(0.8)).ok().as_deref(), Some("0.8"));
    }
}
