//! What stands beside a document in its envelope: whether it says that all is well, more than that, or the contrary.
//!
//! Only a known good word is good. A field nobody expected is kept and listed; it contests the document only if its name
//! or its word says that something is wrong, or not ended, or decided otherwise.

use super::{
    envelope,
    json::{self, Shape, Value},
    values, verdict_words, words,
};

/// The words of an envelope that say that all is well.
pub const HEALTHY: [&str; 2] = ["OK", "SUCCESS"];

/// A member of the envelope that is not the document.
#[derive(Clone, PartialEq, Eq)]
pub struct Beside {
    /// The key as sent.
    pub key: String,
    /// The value as JSON text.
    pub json: String,
    pub shape: Shape,
    pub standing: Standing,
}

/// What a member of the envelope means for the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It contradicts the document, or that all is well.
    Contesting,
    /// Unknown, and nothing against the document.
    Unknown,
}

impl Beside {
    pub(super) fn new(key: &str, value: Value<'_>, standing: Standing) -> Self {
        let (key, json) = (key.to_owned(), value.text().to_owned());
        Self { key, json, shape: json::shape(value), standing }
    }
}

/// What a member of the envelope means; none if it says nothing, or no more than that all is well.
pub(super) fn standing(key: &str, value: Value<'_>, is_bare: bool) -> Option<Standing> {
    let is = |names: &[&str]| names.iter().any(|name| json::is_same_key(key, name));
    let scalar = values::scalar(value);
    let text = scalar.text().unwrap_or_default();
    let (is_healthy, otherwise) = match () {
        () if json::is_empty(value) => (true, Standing::Unknown),
        () if is(&["status"]) => (words::is_among(text, &HEALTHY), Standing::Contesting),
        () if is(&["success"]) => (values::boolean(text) == Some(true), Standing::Contesting),
        () if is(&["statusCode", "code"]) => (is_good_code(text), Standing::Contesting),
        () if is(&["error", "errors", "errorCode", "warning", "warnings"]) => {
            (is_no_error(value, text), Standing::Contesting)
        }
        () if is(&["data"]) || (!is_bare && envelope::is_document_s(key)) => {
            (false, Standing::Contesting)
        }
        () if !is_bare && verdict_words::contest(key, value) => (false, Standing::Contesting),
        () => (false, Standing::Unknown),
    };
    (!is_healthy).then_some(otherwise)
}

fn is_good_code(text: &str) -> bool {
    values::int(text).is_some_and(|code| (200..300).contains(&code))
        || words::is_among(text, &HEALTHY)
}

/// Whether the place of an error holds none: `false`, `0` or an empty text.
fn is_no_error(value: Value<'_>, text: &str) -> bool {
    let is_scalar = !matches!(json::shape(value), Shape::Array | Shape::Object);
    is_scalar && (text.trim().is_empty() || values::boolean(text) == Some(false))
}
