//! The error object, which comes in several shapes and under any HTTP status.

use std::fmt;

use super::{
    json::{self, Shape, Value},
    values,
};

/// What a server says went wrong. The message may quote a user's data: a value, never for a log.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ErrorObject {
    pub code: Option<String>,
    pub message: Option<String>,
}

impl ErrorObject {
    /// Reads code and message wherever senders put them; none if there is neither.
    ///
    /// Seen or to be expected: `message` a string or an array of strings, `error` a string or an object,
    /// `code`, `errorCode`, and `{statusCode, message, error}`, where `error` is the name of the status.
    #[must_use]
    pub fn read(object: Value<'_>) -> Option<Self> {
        let mut inner = ["error", "message"].into_iter().filter_map(|key| json::find(object, key));
        let inner = inner.find(|value| json::shape(*value) == Shape::Object);
        let text_inside = |key| inner.and_then(|inner| text_at(inner, key));
        let word = text_at(object, "error");
        let message = text_at(object, "message").or_else(|| text_inside("message"));
        let code = ["code", "errorCode"]
            .into_iter()
            .find_map(|key| text_at(object, key).or_else(|| text_inside(key)));
        let read = match message {
            Some(message) => Self { code: code.or(word), message: Some(message) },
            None => Self { code, message: word },
        };
        (read != Self::default()).then_some(read)
    }
}

impl fmt::Debug for ErrorObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorObject").finish_non_exhaustive()
    }
}

fn text_at(object: Value<'_>, key: &str) -> Option<String> {
    json::find(object, key).and_then(text_of).filter(|text| !text.trim().is_empty())
}

/// The text of a scalar, or of an array of them; not deeper, or whoever sends enough brackets decides when we stop.
fn text_of(value: Value<'_>) -> Option<String> {
    let scalar = |value: Value<'_>| values::scalar(value).text().map(str::to_owned);
    match json::elements(value) {
        Some(items) => Some(items.filter_map(scalar).collect::<Vec<_>>().join("; ")),
        None => scalar(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(Option<String>, Option<String>)> {
        let body = json::parse(body)?;
        ErrorObject::read(body.value()).map(|error| (error.code, error.message))
    }

    #[test]
    fn code_and_message_are_found_wherever_they_stand() {
        for body in [
            r#"{"code":"C","message":"m"}"#,
            r#"{"errorCode":"C","error":"m"}"#,
            r#"{"error_code":"C","message":["m"]}"#,
            r#"{"error":{"code":"C","message":"m"}}"#,
            r#"{"statusCode":401,"message":"m","error":"C"}"#,
            r#"{"statusCode":401,"message":{"code":"C","message":"m"}}"#,
        ] {
            assert_eq!(read(body), Some((Some("C".into()), Some("m".into()))), "{body}");
        }
    }

    #[test]
    fn a_message_of_several_lines_is_joined() {
        let message = read(r#"{"message":["userId must be a UUID","x"]}"#).and_then(|(_, m)| m);
        assert_eq!(message.as_deref(), Some("userId must be a UUID; x"));
    }

    #[test]
    fn what_says_nothing_is_no_error_object() {
        for body in ["{}", r#"{"error":null}"#, r#"{"message":""}"#, r#"{"data":{"message":"m"}}"#]
        {
            assert_eq!(read(body), None, "{body}");
        }
    }

    #[test]
    fn an_error_object_does_not_show_itself_in_debug_output() {
        let error = ErrorObject { code: None, message: Some("canary".into()) };
        assert!(!format!("{error:?}").contains("canary"));
    }
}
