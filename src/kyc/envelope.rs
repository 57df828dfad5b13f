//! The envelope: where in an answer's body the KYC document is, if there is one.
//!
//! The document comes as `{"status":"ok","data":{…}}`, as `{"success":true,"data":{…}}` or bare; an error object,
//! a gateway's page or nothing at all may stand in its place under any HTTP status.

use std::{borrow::Cow, sync::LazyLock};

use super::{
    catalogue,
    error_object::ErrorObject,
    json::{self, Json, Shape, Value},
    surroundings::{self, Beside, Standing},
    values, words,
};

/// What a body turned out to be.
#[derive(Clone)]
pub enum Opened<'a> {
    Document(Document<'a>),
    Error(ErrorObject),
    Unreadable(Why),
}

/// A KYC document: the exact slice of the body that holds it, always a JSON object.
#[derive(Clone, PartialEq, Eq)]
pub struct Document<'a> {
    body: Json<'a>,
    /// Where in the body the document is.
    place: usize,
    /// Whether the body was no valid UTF-8, so that the text is a copy with U+FFFD in place of the bad bytes.
    pub repaired: bool,
    /// What stands beside the document in its envelope and says more than that all is well.
    pub around: Vec<Beside>,
    /// Whether the envelope contradicts itself or the document in it: such a document is read, and never approves.
    pub is_contested: bool,
}

/// Why a body is neither a document nor an error object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Nothing, or white space.
    Empty,
    /// A page for people, as gateways send it.
    Html,
    /// Not JSON, or JSON cut short.
    NotJson,
    /// An envelope that says all is well and holds no document.
    NoData,
    /// JSON, but nothing we know a KYC document by.
    NotADocument,
}

impl Why {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Html => "html",
            Self::NotJson => "not_json",
            Self::NoData => "no_data",
            Self::NotADocument => "not_a_document",
        }
    }
}

/// Finds the document, the error or the reason for neither in the body of an answer.
#[must_use]
pub fn open(body: &[u8]) -> Opened<'_> {
    // Nearly always it is valid, and that is told faster than what is not.
    let valid = str::from_utf8(body).map(Cow::Borrowed);
    let text = valid.unwrap_or_else(|_| String::from_utf8_lossy(body));
    let repaired = matches!(text, Cow::Owned(_));
    let document = match text {
        Cow::Borrowed(text) => found(trimmed(text).into()),
        Cow::Owned(text) => found(trimmed(&text).to_owned().into()),
    };
    match document {
        Ok(document) => Opened::Document(Document { repaired, ..document }),
        Err(instead) => instead,
    }
}

impl Document<'_> {
    /// The document, always a JSON object.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        self.body.at(self.place)
    }

    /// The key of the envelope under which the document stands; none if it is the whole body.
    #[must_use]
    pub fn key(&self) -> Option<Cow<'_, str>> {
        let mut members = json::entries(self.body.value())?;
        members.find(|(_, value)| value.place() == self.place).map(|(key, _)| key)
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

/// The document in the text, or what is there instead.
fn found(text: Cow<'_, str>) -> Result<Document<'_>, Opened<'static>> {
    let why = match text.chars().next() {
        None => Why::Empty,
        Some('<') => Why::Html,
        Some(_) => Why::NotJson,
    };
    let body = json::parse(text).ok_or(Opened::Unreadable(why))?;
    let top = body.value();
    let members = json::entries(top).ok_or(Opened::Unreadable(Why::NotADocument))?;
    let place = inside(top)?.place();
    let is_bare = place == top.place();
    let others = members.filter(|(_, value)| value.place() != place);
    let claims = others.filter_map(|(key, value)| {
        let standing = surroundings::standing(&key, value, is_bare)?;
        Some((key, value, standing))
    });
    let (mut is_contested, mut around) = (false, Vec::new());
    for (key, value, standing) in claims {
        is_contested |= standing == Standing::Contesting;
        // What stands beside a bare document is part of it, and is walked with it.
        if !is_bare {
            around.push(Beside::new(&key, value, standing));
        }
    }
    Ok(Document { body, place, repaired: false, around, is_contested })
}

fn inside(top: Value<'_>) -> Result<Value<'_>, Opened<'static>> {
    let claim = Claim::of(top);
    if claim == Claim::Failure {
        return Err(Opened::Error(ErrorObject::read(top).unwrap_or_default()));
    }
    if has_section(top) {
        return Ok(top);
    }
    match (json::find(top, "data"), ErrorObject::read(top)) {
        (Some(data), error) => in_data(data, claim, error),
        (None, Some(error)) => Err(Opened::Error(error)),
        (None, None) if has_field(top) => Ok(top),
        (None, None) if claim == Claim::Success => Err(Opened::Unreadable(Why::NoData)),
        (None, None) => Err(Opened::Unreadable(Why::NotADocument)),
    }
}

/// Whether `data` holds the document. An empty object under a claim of success is one: nothing decided yet.
fn in_data(
    data: Value<'_>,
    claim: Claim,
    outer: Option<ErrorObject>,
) -> Result<Value<'_>, Opened<'static>> {
    if has_section(data) {
        return Ok(data);
    }
    let is_object = json::shape(data) == Shape::Object;
    match (ErrorObject::read(data), outer) {
        (Some(inner), _) => Err(Opened::Error(inner)),
        (None, _) if is_object && (claim == Claim::Success || has_field(data)) => Ok(data),
        (None, Some(outer)) => Err(Opened::Error(outer)),
        (None, None) => Err(Opened::Unreadable(Why::NotADocument)),
    }
}

/// What an envelope says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Success,
    Failure,
    Nothing,
}

impl Claim {
    fn of(object: Value<'_>) -> Self {
        let scalar = |key| json::find(object, key).map(values::scalar);
        let text = |key| scalar(key).and_then(|value| value.text().map(str::to_owned));
        let success = text("success").and_then(|text| values::boolean(&text));
        let is_status =
            |list: &[&str]| text("status").is_some_and(|word| words::is_among(&word, list));
        let is_refused =
            text("statusCode").and_then(|code| values::int(&code)).is_some_and(|code| code >= 400);
        if success == Some(false) || is_status(&["ERROR", "FAIL", "FAILURE"]) || is_refused {
            return Self::Failure;
        }
        if success == Some(true) || is_status(&surroundings::HEALTHY) {
            return Self::Success;
        }
        match json::find(object, "error").map(json::shape) {
            Some(Shape::Text | Shape::Object) => Self::Failure,
            _ => Self::Nothing,
        }
    }
}

/// Whether this is the name of something at the top of a document.
pub(super) fn is_document_s(key: &str) -> bool {
    SECTIONS.iter().chain(FIELDS.iter()).any(|name| json::is_same_key(key, name))
}

/// Whether one of the document's sections is there, by name.
fn has_section(object: Value<'_>) -> bool {
    has_one_of(object, &SECTIONS)
}

/// Whether one of the document's own scalars is there, by name.
fn has_field(object: Value<'_>) -> bool {
    has_one_of(object, &FIELDS)
}

fn has_one_of(object: Value<'_>, names: &[&str]) -> bool {
    let mut members = json::entries(object).into_iter().flatten();
    members.any(|(key, _)| names.iter().any(|name| json::is_same_key(&key, name)))
}

static SECTIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| top_names(|depth| depth > 1));
static FIELDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| top_names(|depth| depth == 1));

/// The names at the top of a document whose pointers in the catalogue go this deep.
fn top_names(is_wanted: impl Fn(usize) -> bool) -> Vec<&'static str> {
    let pointers = catalogue::table("users").into_iter().flat_map(|table| &table.columns);
    let mut names: Vec<_> = pointers
        .filter_map(|column| column.origin.pointer())
        .filter(|pointer| is_wanted(pointer.matches('/').count()))
        .filter_map(|pointer| pointer.split('/').nth(1))
        .collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(body: impl AsRef<[u8]>) -> String {
        match open(body.as_ref()) {
            Opened::Document(document) => document.value().text().to_owned(),
            Opened::Error(error) => format!("error {}", error.message.unwrap_or_default()),
            Opened::Unreadable(why) => why.as_str().to_owned(),
        }
    }

    #[test]
    fn a_document_is_found_in_every_envelope_byte_for_byte() {
        let document = r#"{ "idInfo": {"fullName":"Ana"},  "media":null }"#;
        for body in [
            format!(r#"{{"status":"ok","data":{document}}}"#),
            format!(r#"{{"success":true,"data":{document}}}"#),
            format!(r#"{{"data":{document}, "status": "OK", "message":"fine"}}"#),
            format!(r#"{{"success":true,"error":null,"data":{document}}}"#),
            format!("\u{feff} {document}\n"),
        ] {
            assert_eq!(opened(&body), document, "{body}");
        }
    }

    #[test]
    fn a_document_is_known_by_its_names_in_either_spelling() {
        for body in [r#"{"id_info":{}}"#, r#"{"amlInfo":null}"#, r#"{"createdAt":"x"}"#] {
            assert_eq!(opened(body), body);
        }
    }

    #[test]
    fn an_empty_document_is_a_document_and_a_missing_one_is_not() {
        assert_eq!(opened(r#"{"status":"ok","data":{}}"#), "{}");
        assert_eq!(opened(r#"{"status":"ok","data":{"novelty":1}}"#), r#"{"novelty":1}"#);
        assert_eq!(opened(r#"{"status":"ok","data":null}"#), "no_data");
        assert_eq!(opened(r#"{"success":true}"#), "no_data");
        assert_eq!(opened(r#"{"status":"ok","data":[]}"#), "not_a_document");
        assert_eq!(opened(r#"{"data":{}}"#), "not_a_document");
    }

    #[test]
    fn an_error_is_an_error_under_any_status() {
        for body in [
            r#"{"statusCode":404,"message":"m","error":"Not Found"}"#,
            r#"{"success":false,"message":"m","data":{"idInfo":{}}}"#,
            r#"{"status":"error","error":{"message":"m"}}"#,
            r#"{"status":"ok","data":{"code":"X","message":"m"}}"#,
            r#"{"code":"X","message":"m","createdAt":"2025-01-01"}"#,
            r#"{"error":"m"}"#,
            r#"{"message":["m"]}"#,
            r#"{"status":"ok","data":null,"message":"m"}"#,
        ] {
            assert_eq!(opened(body), "error m", "{body}");
        }
        assert_eq!(opened(r#"{"success":false}"#), "error ");
    }

    #[test]
    fn what_is_neither_is_unreadable_and_says_why() {
        for (body, why) in [
            ("", "empty"),
            (" \n", "empty"),
            ("\u{feff}", "empty"),
            ("<!doctype html><h1>502</h1>", "html"),
            ("upstream timed out", "not_json"),
            (r#"{"status":"ok","data":{"idInfo":{"#, "not_json"),
            (r#"{"idInfo":{}} trailing"#, "not_json"),
            ("[]", "not_a_document"),
            ("null", "not_a_document"),
            ("\"ok\"", "not_a_document"),
            ("{}", "not_a_document"),
            (r#"{"hello":"world"}"#, "not_a_document"),
        ] {
            assert_eq!(opened(body), why, "{body}");
        }
    }

    /// Whether the document in the body is contested, and what is kept beside it.
    fn contest(body: &str) -> (bool, Vec<String>) {
        match open(body.as_bytes()) {
            Opened::Document(document) => (
                document.is_contested,
                document.around.into_iter().map(|beside| beside.key).collect(),
            ),
            Opened::Error(_) | Opened::Unreadable(_) => (false, vec!["no document".to_owned()]),
        }
    }

    #[test]
    fn a_second_document_is_kept_and_contests_the_first() {
        for (body, kept) in [
            (r#"{"data":{"idInfo":{"a":1}},"DATA":{"idInfo":{"a":2}}}"#, &["DATA"][..]),
            (r#"{"status":"ok","data":{},"data":{"idInfo":{"a":2}}}"#, &["data"]),
            (r#"{"data":{"idInfo":{}},"clientReferenceId":"x"}"#, &["clientReferenceId"]),
            (r#"{"idInfo":{},"data":{"idInfo":{"a":2}}}"#, &[]),
        ] {
            assert_eq!(
                contest(body),
                (true, kept.iter().map(ToString::to_string).collect()),
                "{body}"
            );
        }
    }

    #[test]
    fn an_envelope_that_contradicts_its_document_contests_it() {
        for claims in [
            r#""status":"FAILED""#,
            r#""status":"PENDING","message":"still running""#,
            r#""status":"ok","status":"error""#,
            r#""success":true,"success":"no""#,
            r#""success":true,"error":"not found""#,
            r#""status":"ok","errorCode":"X""#,
            r#""status":"ok","warnings":["hold"]"#,
            r#""status":"ok","statusCode":302"#,
            r#""status":"ok","result":"DECLINED""#,
        ] {
            let body = format!(r#"{{{claims},"data":{{"idInfo":{{}}}}}}"#);
            assert!(contest(&body).0, "{body}");
        }
    }

    #[test]
    fn an_envelope_that_says_all_is_well_contests_nothing() {
        for (claims, kept) in [
            (r#""status":"ok""#, 0),
            (r#""success":true,"statusCode":200,"error":null"#, 0),
            (r#""status":"OK","error":false,"errors":[],"errorCode":"","code":"200""#, 0),
            (r#""status":"success","message":"fine","requestId":"r-1""#, 2),
        ] {
            let body = format!(r#"{{{claims},"data":{{"idInfo":{{}}}}}}"#);
            let (is_contested, around) = contest(&body);
            assert_eq!((is_contested, around.len()), (false, kept), "{body}");
            assert!(!contest(&format!(r#"{{{claims},"idInfo":{{}}}}"#)).0, "{claims}");
        }
    }

    #[test]
    fn no_depth_of_nesting_is_too_deep() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(opened(&deep), "not_a_document");
        for body in [
            format!(r#"{{"message":{deep},"error":{deep},"code":"X"}}"#),
            format!(r#"{{"status":"ok","data":{{"message":{deep},"code":"X"}}}}"#),
        ] {
            assert_eq!(opened(&body), "error ");
        }
        let document = format!(r#"{{"idInfo":{deep},"message":{deep}}}"#);
        assert_eq!(opened(&document), document);
        assert_eq!(opened(format!(r#"{{"status":"ok","data":{deep}}}"#)), "not_a_document");
    }

    #[test]
    fn bytes_that_are_no_text_cost_only_themselves() {
        let body = b"{\"idInfo\":{\"fullName\":\"Mu\xf1oz\"}}";
        let repaired = matches!(open(body), Opened::Document(document) if document.repaired
            && document.value().text() == "{\"idInfo\":{\"fullName\":\"Mu\u{fffd}oz\"}}");
        assert!(repaired);
        assert_eq!(opened(b"\xff\xfe{}"), "not_json");
    }
}
