//! The named constants of a policy: numbers and lists of words, each as the SQL it stands for.

use std::collections::{BTreeMap, btree_map::Entry};

use super::error::{ConditionFlaw, ConstantFlaw};
use crate::model::likeness::nearest;

/// The constants of `[thresholds]` and `[words]`, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Constants(BTreeMap<String, Constant>);

/// One constant, as SQL literals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Constant {
    /// A number.
    Threshold(String),
    /// Texts, with commas between them: what stands in the parentheses of an `IN`.
    Words(String),
}

impl Constant {
    pub(super) fn threshold(value: &toml::Value) -> Result<Self, ConstantFlaw> {
        number(value).map(Self::Threshold)
    }

    pub(super) fn words(value: &toml::Value) -> Result<Self, ConstantFlaw> {
        let toml::Value::Array(items) = value else {
            return Err(ConstantFlaw::NotAList { found: value.type_str() });
        };
        if items.is_empty() {
            return Err(ConstantFlaw::Empty);
        }
        let texts: Result<Vec<_>, _> =
            items.iter().enumerate().map(|(at, item)| text(at + 1, item)).collect();
        Ok(Self::Words(texts?.join(", ")))
    }

    pub(super) fn sql(&self) -> &str {
        match self {
            Self::Threshold(sql) | Self::Words(sql) => sql,
        }
    }
}

impl Constants {
    /// Adds one constant under a name that is still free.
    pub(super) fn add(&mut self, name: &str, constant: Constant) -> Result<(), ConstantFlaw> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            return Err(ConstantFlaw::Name);
        }
        match self.0.entry(name.to_owned()) {
            Entry::Occupied(_) => Err(ConstantFlaw::Taken),
            Entry::Vacant(free) => {
                free.insert(constant);
                Ok(())
            }
        }
    }

    pub(super) fn named(&self, name: &str) -> Result<&Constant, ConditionFlaw> {
        self.0.get(name).ok_or_else(|| ConditionFlaw::UnknownConstant {
            name: name.to_owned(),
            nearest: nearest(name, self.0.keys().map(String::as_str)),
        })
    }

    /// Every name with its SQL, in the order of the names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, constant)| (name.as_str(), constant.sql()))
    }
}

/// A number as every SQL engine reads it: no exponent, and in parentheses when negative.
fn number(value: &toml::Value) -> Result<String, ConstantFlaw> {
    let digits = match value {
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) if number.is_finite() => number.to_string(),
        other => return Err(ConstantFlaw::NotANumber { found: other.type_str() }),
    };
    Ok(if digits.starts_with('-') { format!("({digits})") } else { digits })
}

/// A text as every SQL engine reads it. A backslash or a line break is one thing to one engine and another to the next.
fn text(item: usize, value: &toml::Value) -> Result<String, ConstantFlaw> {
    let toml::Value::String(word) = value else {
        return Err(ConstantFlaw::NotAText { item, found: value.type_str() });
    };
    if word.contains(|c: char| c == '\\' || c.is_control()) {
        return Err(ConstantFlaw::NotPortable { item });
    }
    Ok(format!("'{}'", word.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(items: &[&str]) -> Result<Constant, ConstantFlaw> {
        Constant::words(&toml::Value::from(items.to_vec()))
    }

    #[test]
    fn only_finite_numbers_are_thresholds() {
        for value in [toml::Value::Float(f64::NAN), toml::Value::String("1".into())] {
            assert!(Constant::threshold(&value).is_err(), "{value}");
        }
        for (value, sql) in [(toml::Value::Integer(-3), "(-3)"), (toml::Value::Float(0.8), "0.8")] {
            assert_eq!(Constant::threshold(&value).ok(), Some(Constant::Threshold(sql.to_owned())));
        }
    }

    #[test]
    fn words_become_texts_with_their_quotes_doubled() {
        let list = words(&["IR", "Côte d'Ivoire", "--"]).map(|list| list.sql().to_owned());
        assert_eq!(list.ok().as_deref(), Some("'IR', 'Côte d''Ivoire', '--'"));
    }

    #[test]
    fn a_word_that_engines_read_differently_is_refused() {
        for word in ["a\\b", "a\nb", "a\0b"] {
            assert!(words(&["x", word]).is_err_and(|flaw| flaw.to_string().contains("item 2")));
        }
    }

    #[test]
    fn a_name_belongs_to_one_constant() -> Result<(), ConstantFlaw> {
        let mut constants = Constants::default();
        constants.add("limit", Constant::Threshold("1".to_owned()))?;
        assert!(constants.add("limit", words(&["IR"])?).is_err());
        assert!(constants.add("Limit", words(&["IR"])?).is_err());
        assert_eq!(constants.iter().collect::<Vec<_>>(), [("limit", "1")]);
        Ok(())
    }
}
