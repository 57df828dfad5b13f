//! JSON as the sandbox writes it, once per request: nothing is copied that the program or the case already holds.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// A value of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    Real(f64),
    Text(Cow<'static, str>),
    List(Vec<Self>),
    Object(Fields),
}

/// The fields of an object, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Vec<(Cow<'static, str>, Json)>);

/// An object written as JSON: names are literals, or expressions in parentheses; values are expressions.
macro_rules! object {
    ($($name:tt: $value:expr),* $(,)?) => {
        $crate::sandbox::json::Json::Object($crate::sandbox::json::Fields::new(vec![
            $(($name.into(), $crate::sandbox::json::Json::from($value))),*
        ]))
    };
}
pub(super) use object;

impl Json {
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is one, else nothing.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// The fields, if it is an object.
    pub const fn fields(&mut self) -> Option<&mut Fields> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// The value at `path`, the names of fields one inside the other.
    pub fn at(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |value, name| value.fields()?.get(name))
    }

    /// Adds a field to an object, or gives it another value.
    pub fn insert(&mut self, name: &'static str, value: Self) {
        if let Some(fields) = self.fields() {
            fields.insert(name, value);
        }
    }

    /// The fields of this object and of another, which has other names; what is no object adds none.
    #[must_use]
    pub fn with(self, more: Self) -> Self {
        match (self, more) {
            (Self::Object(mut fields), Self::Object(more)) => {
                fields.0.extend(more.0);
                Self::Object(Fields::new(fields.0))
            }
            (alone, _) => alone,
        }
    }

    /// Takes out, at every depth, the fields that are null.
    pub fn omit_nulls(&mut self) {
        match self {
            Self::Object(Fields(fields)) => {
                fields.retain(|(_, value)| !value.is_null());
                fields.iter_mut().for_each(|(_, value)| value.omit_nulls());
            }
            Self::List(items) => items.iter_mut().for_each(Self::omit_nulls),
            _ => {}
        }
    }
}

impl Fields {
    /// Fields in any order, each name once.
    #[must_use]
    pub fn new(mut fields: Vec<(Cow<'static, str>, Json)>) -> Self {
        fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Self(fields)
    }

    pub fn get(&mut self, name: &str) -> Option<&mut Json> {
        self.find(name).ok().map(|place| &mut self.0[place].1)
    }

    /// Adds a field, or gives it another value.
    pub fn insert(&mut self, name: &'static str, value: Json) {
        match self.find(name) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (name.into(), value)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        if let Ok(place) = self.find(name) {
            self.0.remove(place);
        }
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(found, _)| found.as_ref().cmp(name))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Whole(number) => serializer.serialize_i64(*number),
            Self::Real(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(Fields(fields)) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<usize> for Json {
    fn from(count: usize) -> Self {
        Self::Whole(count.try_into().unwrap_or(i64::MAX))
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
