//! JSON as the sandbox writes it, once per request: nothing is copied that the program or the case already holds.

use std::borrow::Cow;

use serde::Serialize;

/// Room for most documents: it is asked for once rather than piece by piece.
const LARGE: usize = 4096;

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

/// The fields of an object, each name once, in any order until they are written. No name has anything to escape.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(pub(super) Vec<(&'static str, Json)>);

/// An object written as JSON: names are literals, or expressions in parentheses; values are expressions.
macro_rules! object {
    ($($name:tt: $value:expr),* $(,)?) => {
        $crate::sandbox::json::Json::Object($crate::sandbox::json::Fields(vec![
            $(($name, $crate::sandbox::json::Json::from($value))),*
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
    pub fn with(mut self, more: Self) -> Self {
        if let (Self::Object(Fields(fields)), Self::Object(Fields(more))) = (&mut self, more) {
            fields.extend(more);
        }
        self
    }

    /// The value in bytes, the fields of each object in the order of their names.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LARGE);
        self.write(&mut bytes);
        bytes
    }

    fn write(&mut self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null => bytes.extend_from_slice(b"null"),
            Self::Bool(truth) => plain(truth, bytes),
            Self::Whole(number) => plain(number, bytes),
            Self::Real(number) => plain(number, bytes),
            Self::Text(text) => quoted(text, bytes),
            Self::List(items) => {
                list(*b"[]", items, bytes, Self::write);
            }
            Self::Object(Fields(fields)) => {
                fields.sort_unstable_by_key(|(name, _)| *name);
                list(*b"{}", fields, bytes, |(name, value), bytes| {
                    between_quotes(name, bytes);
                    bytes.push(b':');
                    value.write(bytes);
                });
            }
        }
    }

    /// Takes out, at every depth, the fields that are null.
    pub fn omit_nulls(&mut self) {
        match self {
            Self::Object(Fields(fields)) => {
                fields.retain(|(_, value)| !value.is_null());
                for (_, value) in fields {
                    value.omit_nulls();
                }
            }
            Self::List(items) => items.iter_mut().for_each(Self::omit_nulls),
            _ => {}
        }
    }
}

/// Writes what follows one another, with commas, between two brackets.
fn list<T>(
    [open, close]: [u8; 2],
    items: &mut [T],
    bytes: &mut Vec<u8>,
    write: impl Fn(&mut T, &mut Vec<u8>),
) {
    bytes.push(open);
    for (place, item) in items.iter_mut().enumerate() {
        if place > 0 {
            bytes.push(b',');
        }
        write(item, bytes);
    }
    bytes.push(close);
}

/// Writes a text, which mostly has nothing to escape.
fn quoted(text: &str, bytes: &mut Vec<u8>) {
    let escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // Without a way out of the loop, many bytes are looked at together.
    if text.bytes().fold(false, |found, byte| found | escaped(byte)) {
        return plain(&text, bytes);
    }
    between_quotes(text, bytes);
}

/// Writes the name of a field, or a text that has nothing to escape.
fn between_quotes(text: &str, bytes: &mut Vec<u8>) {
    bytes.push(b'"');
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'"');
}

fn plain(value: &impl Serialize, bytes: &mut Vec<u8>) {
    // Numbers and texts have a form, and a vector has room.
    drop(serde_json::to_writer(bytes, value));
}

impl Fields {
    pub fn get(&mut self, name: &str) -> Option<&mut Json> {
        self.0.iter_mut().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Adds a field, or gives it another value.
    pub fn insert(&mut self, name: &'static str, value: Json) {
        match self.get(name) {
            Some(place) => *place = value,
            None => self.0.push((name, value)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(found, _)| *found != name);
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_written_reads_the_same_and_its_fields_are_in_order() {
        let text = "a \"quote\", a \\, a\ttab, \u{1} and ñ";
        let written = object! {
            "b": vec![1_u32, 2],
            "a": text,
            "d": object! { "z": 0.5, "y": -3_i64 },
            "c": None::<bool>,
        };
        let bytes = written.into_bytes();
        assert!(bytes.starts_with(b"{\"a\":"));
        let read: Option<Value> = serde_json::from_slice(&bytes).ok();
        let meant = json!({ "a": text, "b": [1, 2], "c": null, "d": { "y": -3, "z": 0.5 } });
        assert_eq!(read, Some(meant));
    }

    #[test]
    fn nulls_are_left_out_at_every_depth_but_not_from_lists() {
        let mut value = object! {
            "a": Json::Null,
            "b": vec![object! { "c": Json::Null }, Json::Null],
            "d": object! { "e": Json::Null, "f": true },
        };
        value.omit_nulls();
        assert_eq!(value.into_bytes(), br#"{"b":[{},null],"d":{"f":true}}"#);
    }
}
