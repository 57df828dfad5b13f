//! One cell on its way into a column.

use std::borrow::Cow;

use crate::kyc::{catalogue::Kind, times, values};
use jiff::{Timestamp, civil::Date};

/// A typed value, borrowed from the document where it can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'d> {
    /// Nothing was sent, or nothing that fits the column; in the latter case the value is kept elsewhere.
    Null,
    Text(Cow<'d, str>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Date(Date),
    Timestamp(Timestamp),
}

impl<'d> Cell<'d> {
    /// Reads the text of a scalar as a value of this kind; none if it does not fit.
    pub(super) fn read(kind: Kind, text: Cow<'d, str>) -> Option<Self> {
        match kind {
            Kind::Text => Some(Self::Text(text)),
            Kind::Int => values::int(&text).map(Self::Int),
            Kind::Float => values::float(&text).map(Self::Float),
            Kind::Bool => values::boolean(&text).map(Self::Bool),
            Kind::Date => times::date(&text).map(Self::Date),
            Kind::Timestamp => times::timestamp(&text).map(Self::Timestamp),
        }
    }

    pub(super) fn count(number: usize) -> Self {
        i64::try_from(number).map_or(Self::Null, Self::Int)
    }

    pub(super) fn word(word: &'static str) -> Self {
        Self::Text(Cow::Borrowed(word))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn float(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }

    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Timestamp(time) => Some(*time),
            _ => None,
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<bool> for Cell<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Cell<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Cell<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Timestamp> for Cell<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Timestamp(value)
    }
}

impl From<String> for Cell<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'d> From<&'d str> for Cell<'d> {
    fn from(value: &'d str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}
