//! JSON as slices of its own text: nothing is copied, reordered, rounded or refused that the grammar allows.
//!
//! Numbers out of range, keys that occur twice, escapes of half a character and nesting of any depth all survive,
//! because a value is only its text until somebody asks for more.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// One member of an object.
pub type Entry<'a> = (Cow<'a, str>, &'a RawValue);

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

impl Shape {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::Text => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// The one JSON value the text holds, if it is JSON to its end.
#[must_use]
pub fn parse(text: &str) -> Option<&RawValue> {
    serde_json::from_str(text).ok()
}

/// What the value is, told by its first letter.
#[must_use]
pub fn shape(value: &RawValue) -> Shape {
    match value.get().as_bytes().first() {
        Some(b'{') => Shape::Object,
        Some(b'[') => Shape::Array,
        Some(b'"') => Shape::Text,
        Some(b't' | b'f') => Shape::Bool,
        Some(b'n') | None => Shape::Null,
        Some(_) => Shape::Number,
    }
}

/// Whether the value holds nothing: null, or an object or array without members.
#[must_use]
pub fn is_empty(value: &RawValue) -> bool {
    let hollow = |open: char, close: char| {
        value.get().strip_prefix(open).is_some_and(|rest| rest.trim_start().starts_with(close))
    };
    shape(value) == Shape::Null || hollow('{', '}') || hollow('[', ']')
}

/// The members of an object in their order, keys that occur twice included; none if the value is no object.
#[must_use]
pub fn entries(value: &RawValue) -> Option<Vec<Entry<'_>>> {
    serde_json::from_str::<Entries<'_>>(value.get()).ok().map(|entries| entries.0)
}

/// The elements of an array; none if the value is no array.
#[must_use]
pub fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str::<Elements<'_>>(value.get()).ok().map(|elements| elements.0)
}

/// The value of the first member with this key, in any spelling, unless it is null.
#[must_use]
pub fn find<'a>(object: &[Entry<'a>], key: &str) -> Option<&'a RawValue> {
    let mut named = object.iter().filter(|(other, _)| is_same_key(other, key));
    named.find(|(_, value)| shape(value) != Shape::Null).map(|(_, value)| *value)
}

/// Whether two keys differ only in spelling: `sectionId`, `section_id`, `SectionID`.
#[must_use]
pub fn is_same_key(a: &str, b: &str) -> bool {
    fn letters(key: &str) -> impl Iterator<Item = u8> {
        key.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase())
    }
    a == b || letters(a).eq(letters(b))
}

/// The text of a JSON string, and whether it is exactly what was written: half a surrogate pair has no text.
#[must_use]
pub fn unquote(quoted: &str) -> (Cow<'_, str>, bool) {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return (Cow::Borrowed(inner), true);
    }
    if let Ok(text) = serde_json::from_str::<String>(quoted) {
        return (Cow::Owned(text), true);
    }
    let bytes = serde_json::from_str::<LooseBytes>(quoted).map(|bytes| bytes.0);
    (Cow::Owned(bytes.map_or_else(|_| inner.to_owned(), without_surrogates)), false)
}

/// The text of bytes in which halves of surrogate pairs are encoded like characters: one U+FFFD for each.
fn without_surrogates(mut bytes: Vec<u8>) -> String {
    // In valid UTF-8 nothing from 0xA0 comes behind 0xED. A half is as long as what replaces it.
    let is_half = |three: &[u8]| three[0] == 0xED && three[1] >= 0xA0;
    let mut at = 0;
    while let Some(next) = bytes[at..].windows(3).position(is_half) {
        at += next + 3;
        bytes[at - 3..at].copy_from_slice("\u{fffd}".as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text as a JSON string.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The JSON text without the white space between its tokens.
#[must_use]
pub fn compact(json: &str) -> Cow<'_, str> {
    if !json.bytes().any(|b| b.is_ascii_whitespace()) {
        return Cow::Borrowed(json);
    }
    let (mut in_string, mut escaped) = (false, false);
    let is_kept = |c: &char| {
        let was_escaped = escaped;
        escaped = in_string && !was_escaped && *c == '\\';
        if *c == '"' && !was_escaped {
            in_string = !in_string;
        }
        in_string || !c.is_ascii_whitespace()
    };
    Cow::Owned(json.chars().filter(is_kept).collect())
}

/// Whether two values are written alike, but for the white space between their tokens.
#[must_use]
pub fn is_same_text(one: &RawValue, other: &RawValue) -> bool {
    compact(one.get()) == compact(other.get())
}

struct Entries<'a>(Vec<Entry<'a>>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                // Keys are taken raw as well: half a surrogate pair in a key must not cost the whole object.
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    entries.push((unquote(key.get()).0, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

struct Elements<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Elements(items))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}

/// The bytes of a string, lone surrogates written as if they were characters.
struct LooseBytes(Vec<u8>);

impl<'de> Deserialize<'de> for LooseBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = LooseBytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(LooseBytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(entries: &'a [Entry<'a>]) -> Vec<(&'a str, &'a str)> {
        entries.iter().map(|(key, value)| (key.as_ref(), value.get())).collect()
    }

    #[test]
    fn members_keep_their_text_their_order_and_their_repetitions() {
        let object = parse(r#" {"b": 1e400, "a": [ 1 ], "b": "\ud800", "\udfffx": null} "#);
        let entries = object.and_then(entries).unwrap_or_default();
        let expected =
            [("b", "1e400"), ("a", "[ 1 ]"), ("b", r#""\ud800""#), ("\u{fffd}x", "null")];
        assert_eq!(texts(&entries), expected);
    }

    #[test]
    fn no_depth_of_nesting_is_too_deep() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(parse(&deep).is_some());
    }

    #[test]
    fn half_a_character_is_replaced_and_said_to_be() {
        assert_eq!(unquote(r#""a\nb""#), (Cow::Borrowed("a\nb"), true));
        assert_eq!(unquote(r#""ñ""#), (Cow::Borrowed("ñ"), true));
        let (text, exact) = unquote(r#""x\ud83dy""#);
        assert!(
            text.starts_with('x') && text.ends_with('y') && text.contains('\u{fffd}') && !exact
        );
    }

    #[test]
    fn compacting_leaves_strings_alone() {
        assert_eq!(compact("{ \"a b\" : [ 1 ,\n\"\\\" c\\\\\" ] }"), r#"{"a b":[1,"\" c\\"]}"#);
    }

    #[test]
    fn keys_are_the_same_in_either_spelling() {
        assert!(is_same_key("section_id", "sectionId"));
        assert!(is_same_key("SECTION_ID", "sectionId"));
        assert!(!is_same_key("sectionId", "sectionIds"));
    }

    #[test]
    fn what_holds_nothing_is_empty() {
        let empty = |json| parse(json).is_some_and(is_empty);
        assert!(["null", "{}", "[ ]", "{\n}"].into_iter().all(empty));
        assert!(!["0", "\"\"", "[null]", "false"].into_iter().any(empty));
    }
}
