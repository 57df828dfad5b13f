//! JSON as slices of its own text: nothing is copied, reordered, rounded or refused that the grammar allows.
//!
//! A text is scanned once. Numbers out of range, keys that occur twice, escapes of half a character and nesting of any depth
//! all survive, because a value is only its place in the text until somebody asks for more.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Visitor};

mod scan;

use scan::Node;

/// A text that is JSON to its end, and where in it each value stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Json<'t> {
    text: Cow<'t, str>,
    nodes: Vec<Node>,
}

/// One value in a JSON text.
#[derive(Clone, Copy)]
pub struct Value<'j> {
    text: &'j str,
    nodes: &'j [Node],
    /// Its number among the nodes.
    place: usize,
}

/// One member of an object.
pub type Entry<'j> = (Cow<'j, str>, Value<'j>);

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

impl Json<'_> {
    /// The value that the text is.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        self.at(0)
    }

    /// The value that was at this place when it was looked at before.
    #[must_use]
    pub fn at(&self, place: usize) -> Value<'_> {
        Value { text: &self.text, nodes: &self.nodes, place }
    }
}

impl<'j> Value<'j> {
    /// The text of the value, as it was written.
    #[must_use]
    pub fn text(self) -> &'j str {
        let node = self.node();
        &self.text[node.start as usize..node.end as usize]
    }

    /// Where the value is, for [`Json::at`].
    #[must_use]
    pub fn place(self) -> usize {
        self.place
    }

    /// The text of a string or a key, as [`unquote`] gives it; most have no escape that it would have to look for.
    pub(super) fn string(self) -> (Cow<'j, str>, bool) {
        let quoted = self.text();
        match quoted.get(1..quoted.len().saturating_sub(1)) {
            Some(inner) if !self.node().is_escaped => (Cow::Borrowed(inner), true),
            _ => unquote(quoted),
        }
    }

    fn node(self) -> Node {
        self.nodes[self.place]
    }

    /// The place behind the value and all that is in it.
    fn end(self) -> usize {
        self.place + self.node().size as usize
    }

    /// The values one level down; in an object also the keys.
    fn inside(self) -> impl Iterator<Item = Self> {
        let mut next = self.place + 1;
        std::iter::from_fn(move || {
            let found = (next < self.end()).then_some(Self { place: next, ..self })?;
            next = found.end();
            Some(found)
        })
    }
}

/// The one JSON value the text holds, if it is JSON to its end.
#[must_use]
pub fn parse<'t>(text: impl Into<Cow<'t, str>>) -> Option<Json<'t>> {
    let text = text.into();
    scan::scan(&text).map(|nodes| Json { text, nodes })
}

/// What the value is, told by its first letter.
#[must_use]
pub fn shape(value: Value<'_>) -> Shape {
    match value.text.as_bytes()[value.node().start as usize] {
        b'{' => Shape::Object,
        b'[' => Shape::Array,
        b'"' => Shape::Text,
        b't' | b'f' => Shape::Bool,
        b'n' => Shape::Null,
        _ => Shape::Number,
    }
}

/// Whether the value holds nothing: null, or an object or array without members.
#[must_use]
pub fn is_empty(value: Value<'_>) -> bool {
    match shape(value) {
        Shape::Null => true,
        Shape::Array | Shape::Object => value.node().size == 1,
        Shape::Bool | Shape::Number | Shape::Text => false,
    }
}

/// The members of an object in their order, keys that occur twice included; none if the value is no object.
#[must_use]
pub fn entries(value: Value<'_>) -> Option<impl Iterator<Item = Entry<'_>>> {
    let mut inside = (shape(value) == Shape::Object).then(|| value.inside())?;
    Some(std::iter::from_fn(move || {
        let (key, value) = (inside.next()?, inside.next()?);
        // Half a surrogate pair in a key does not cost the whole object.
        Some((key.string().0, value))
    }))
}

/// The elements of an array; none if the value is no array.
#[must_use]
pub fn elements(value: Value<'_>) -> Option<impl Iterator<Item = Value<'_>>> {
    (shape(value) == Shape::Array).then(|| value.inside())
}

/// The value of an object's first member with this key, in any spelling, unless it is null.
#[must_use]
pub fn find<'j>(object: Value<'j>, key: &str) -> Option<Value<'j>> {
    let mut named = entries(object)?.filter(|(other, _)| is_same_key(other, key));
    named.find(|(_, value)| shape(*value) != Shape::Null).map(|(_, value)| value)
}

/// Whether two keys differ only in spelling: `sectionId`, `section_id`, `SectionID`.
#[must_use]
pub fn is_same_key(a: &str, b: &str) -> bool {
    a == b || letters(a).eq(letters(b))
}

fn letters(key: &str) -> impl Iterator<Item = u8> {
    key.bytes().filter(|b| *b != b'_').map(|b| b.to_ascii_lowercase())
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
    let (mut compact, mut start) = (String::new(), 0);
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            space if !in_string && space.is_ascii_whitespace() => {
                compact.push_str(&json[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start == 0 {
        return Cow::Borrowed(json);
    }
    compact.push_str(&json[start..]);
    Cow::Owned(compact)
}

/// Whether two values are written alike, but for the white space between their tokens.
#[must_use]
pub fn is_same_text(one: Value<'_>, other: Value<'_>) -> bool {
    compact(one.text()) == compact(other.text())
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

    #[test]
    fn members_keep_their_text_their_order_and_their_repetitions() {
        let object = parse(r#" {"b": 1e400, "a": [ 1 ], "b": "\ud800", "\udfffx": null} "#);
        let entries = object.as_ref().and_then(|object| entries(object.value()));
        let texts: Vec<_> = entries
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.into_owned(), value.text()))
            .collect();
        let expected =
            [("b", "1e400"), ("a", "[ 1 ]"), ("b", r#""\ud800""#), ("\u{fffd}x", "null")];
        assert_eq!(texts, expected.map(|(key, text)| (key.to_owned(), text)));
    }

    #[test]
    fn elements_are_one_level_down() {
        let array = parse("[1, [2, {\"a\": 3}], {}]");
        let elements = array.as_ref().and_then(|array| elements(array.value()));
        let texts: Vec<_> = elements.into_iter().flatten().map(Value::text).collect();
        assert_eq!(texts, ["1", "[2, {\"a\": 3}]", "{}"]);
        let scalar = parse("1");
        assert!(scalar.is_some_and(|scalar| super::elements(scalar.value()).is_none()));
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
        let empty = |json| parse(json).is_some_and(|json| is_empty(json.value()));
        assert!(["null", "{}", "[ ]", "{\n}"].into_iter().all(empty));
        assert!(!["0", "\"\"", "[null]", "false"].into_iter().any(empty));
    }
}
