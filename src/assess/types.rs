//! Whether the two sides of a comparison are of one kind, and a word is one that its column can hold.

use polars::prelude::{DataType, Schema};

use super::{
    error::{ConditionFlaw, Located},
    syntax::grammar::{Comparison, Operand},
};
use crate::{
    kyc::{catalogue, country},
    model::likeness::nearest,
};

/// What can be compared with its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Text,
    Number,
    Boolean,
    Date,
    Time,
}

/// The kind of a value, in words.
pub(super) fn in_words(dtype: &DataType) -> &'static str {
    match Sort::of(dtype) {
        Some(sort) => sort.in_words(),
        None => "of no kind",
    }
}

/// Checks one comparison over `users` of this schema. What is not certain here is left to the engine.
pub(super) fn check(pair: &Comparison, users: &Schema) -> Result<(), Located> {
    check_sorts(pair, users).and_then(|()| check_word(pair)).map_err(|flaw| flaw.on(pair.line))
}

/// Checks what is added, subtracted or multiplied: to some engines a day is a number, to others it is none.
pub(super) fn check_addend(
    (addend, line): &(Operand, usize),
    users: &Schema,
) -> Result<(), Located> {
    match addend.sort(users) {
        None | Some(Sort::Number) => Ok(()),
        Some(other) => {
            let (operand, found) = (addend.shown(), other.in_words());
            Err(ConditionFlaw::NotANumber { operand, found }.on(*line))
        }
    }
}

fn check_sorts(pair: &Comparison, users: &Schema) -> Result<(), ConditionFlaw> {
    let sorts = (pair.left.sort(users), pair.right.sort(users));
    let (Some(left), Some(right)) = sorts else { return Ok(()) };
    if left == right {
        return Ok(());
    }
    Err(ConditionFlaw::Mismatch {
        left: format!("{} is {}", pair.left.shown(), left.in_words()),
        right: format!("{} is {}", pair.right.shown(), right.in_words()),
        instead: pair
            .right
            .instead_for(left, &pair.left)
            .or_else(|| pair.left.instead_for(right, &pair.right)),
    })
}

/// A word that a column of ours never holds makes a condition that never changes, and is believed to be in force.
fn check_word(pair: &Comparison) -> Result<(), ConditionFlaw> {
    let (Operand::Column(column), Operand::Text(word)) = (&pair.left, &pair.right) else {
        return match (&pair.left, &pair.right) {
            (Operand::Text(_), Operand::Column(_)) => check_word(&pair.turned()),
            _ => Ok(()),
        };
    };
    let known = catalogue::table("users").and_then(|users| users.column(column));
    let words = known.map_or(&[][..], catalogue::Column::closed_words);
    if !pair.is_equality || words.is_empty() || words.contains(&word.as_str()) {
        return Ok(());
    }
    Err(ConditionFlaw::UnknownWord {
        column: column.clone(),
        word: word.clone(),
        nearest: if known.is_some_and(catalogue::Column::is_country) {
            country::alpha2(word).map(str::to_owned)
        } else {
            nearest(word, words.iter().copied())
        },
        words,
    })
}

impl Comparison {
    fn turned(&self) -> Self {
        Self { left: self.right.clone(), right: self.left.clone(), ..*self }
    }
}

impl Operand {
    fn sort(&self, users: &Schema) -> Option<Sort> {
        match self {
            Self::Column(name) => users.get(name).and_then(Sort::of),
            Self::Text(_) => Some(Sort::Text),
            Self::Number(_) => Some(Sort::Number),
            Self::Boolean => Some(Sort::Boolean),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Column(name) => format!("`{name}`"),
            Self::Text(text) => format!("'{text}'"),
            Self::Number(digits) => digits.clone(),
            Self::Boolean => "TRUE or FALSE".to_owned(),
        }
    }

    /// What to write for this literal, beside what is of that sort.
    fn instead_for(&self, sort: Sort, other: &Self) -> Option<String> {
        match (self, sort) {
            (Self::Number(digits), Sort::Text) => Some(format!("'{digits}'")),
            (Self::Text(text), Sort::Number) => text.parse::<f64>().ok().map(|_| text.clone()),
            (Self::Text(_) | Self::Number(_), Sort::Date | Sort::Time) => match other {
                Self::Column(name) => Some(format!("EXTRACT(YEAR FROM {name})")),
                _ => None,
            },
            (Self::Number(_) | Self::Text(_), Sort::Boolean) => Some("TRUE".to_owned()),
            _ => None,
        }
    }
}

impl Sort {
    fn of(dtype: &DataType) -> Option<Self> {
        match dtype {
            DataType::String => Some(Self::Text),
            DataType::Boolean => Some(Self::Boolean),
            DataType::Date => Some(Self::Date),
            DataType::Datetime(..) => Some(Self::Time),
            number if number.is_numeric() => Some(Self::Number),
            _ => None,
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Date => "a date",
            Self::Time => "a time",
        }
    }
}
