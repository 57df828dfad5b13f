//! For tests: a document with every documented field, and what a partner may do to it overnight.

use std::fmt;

use crate::kyc::{
    catalogue,
    json::{self, Value},
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// JSON that may hold what a parsed value could not: keys that occur twice, numbers out of range, half characters.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// A scalar as written.
    Leaf(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: Vec<String>| parts.join(" ,\n");
        match self {
            Self::Leaf(text) => f.write_str(text),
            Self::Array(items) => {
                write!(f, "[ {}]", joined(items.iter().map(ToString::to_string).collect()))
            }
            Self::Object(members) => {
                let member =
                    |(key, value): &(String, Self)| format!("{} : {value}", json::quote(key));
                write!(f, "{{{} }}", joined(members.iter().map(member).collect()))
            }
        }
    }
}

impl Tree {
    fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Array(items) => Self::Array(items.iter().map(Self::of).collect()),
            serde_json::Value::Object(members) => Self::Object(
                members.iter().map(|(key, value)| (key.clone(), Self::of(value))).collect(),
            ),
            scalar => Self::Leaf(scalar.to_string()),
        }
    }

    pub(super) fn leaves(&self) -> Vec<&str> {
        match self {
            Self::Leaf(text) if text == "null" => Vec::new(),
            Self::Leaf(text) => vec![text],
            Self::Array(items) => items.iter().flat_map(Self::leaves).collect(),
            Self::Object(members) => members.iter().flat_map(|(_, value)| value.leaves()).collect(),
        }
    }

    fn children(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Array(items) => items.len(),
            Self::Object(members) => members.len(),
        }
    }

    fn child(&mut self, at: usize) -> Option<&mut Self> {
        match self {
            Self::Leaf(_) => None,
            Self::Array(items) => items.get_mut(at),
            Self::Object(members) => members.get_mut(at).map(|(_, value)| value),
        }
    }

    /// A place some steps down: what it stands in, and its number there. Each step is an index among the children.
    fn descend(&mut self, steps: &[Index]) -> Option<(&mut Self, usize)> {
        let (step, rest) = steps.split_first()?;
        let at = (self.children() > 0).then(|| step.index(self.children()))?;
        let goes_on = !rest.is_empty() && self.child(at)?.children() > 0;
        if goes_on { self.child(at)?.descend(rest) } else { Some((self, at)) }
    }
}

/// Something a partner may do to a document overnight.
#[derive(Debug, Clone, Copy)]
enum Change {
    Drop,
    Replace(&'static str),
    Wrap,
    Unknown,
    Repeat,
    Respell,
    Reverse,
}

const CHANGES: [Change; 20] = [
    Change::Drop,
    Change::Wrap,
    Change::Unknown,
    Change::Repeat,
    Change::Respell,
    Change::Reverse,
    Change::Replace("null"),
    Change::Replace("{}"),
    Change::Replace("[]"),
    Change::Replace("true"),
    Change::Replace("\"\""),
    Change::Replace("\"YES\""),
    Change::Replace("1e400"),
    Change::Replace("0.97"),
    Change::Replace("\"1681751214017\""),
    Change::Replace("\"9999-12-31\""),
    Change::Replace("\"half \\ud83d\""),
    Change::Replace("[\"text\", null, [3]]"),
    Change::Replace("[{\"name\": \"inner\"}, {}, null, {\"amlHits\": [\"flat\"]}]"),
    Change::Replace("{\"code\": \"inner\", \"a/b~\": {\"c\": 1}}"),
];

/// A change at a place; what it does not fit leaves the document as it is.
pub(super) type Edit = (Vec<Index>, usize);

/// Any changes at any places.
pub(super) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    vec((vec(any::<Index>(), 1..8), 0..CHANGES.len()), 0..25)
}

/// The full document after these changes.
pub(super) fn edited(edits: &[Edit]) -> Tree {
    let mut document = full_document();
    for (steps, number) in edits {
        match document.descend(steps) {
            Some((Tree::Object(members), at)) => change_member(members, at, CHANGES[*number]),
            Some((Tree::Array(items), at)) => change_item(items, at, CHANGES[*number]),
            Some((Tree::Leaf(_), _)) | None => {}
        }
    }
    // Whatever became of the sections' names, it is a document that is looked at here.
    if let Tree::Object(members) = &mut document {
        members.push(("media".to_owned(), Tree::Leaf("null".to_owned())));
    }
    document
}

fn change_member(members: &mut Vec<(String, Tree)>, at: usize, change: Change) {
    let (key, value) = members[at].clone();
    match change {
        Change::Drop => drop(members.remove(at)),
        Change::Replace(text) => members[at].1 = tree(text),
        Change::Wrap => members[at].1 = Tree::Array(vec![value]),
        Change::Unknown => members.push((format!("novelty of {key}"), value)),
        Change::Repeat => members.push((key, value)),
        Change::Respell => members[at].0 = catalogue::naming::snake_case(&key),
        Change::Reverse => members.reverse(),
    }
}

fn change_item(items: &mut Vec<Tree>, at: usize, change: Change) {
    let value = items[at].clone();
    match change {
        Change::Drop => drop(items.remove(at)),
        Change::Replace(text) => items[at] = tree(text),
        Change::Wrap => items[at] = Tree::Array(vec![value]),
        Change::Unknown => items.push(Tree::Leaf("\"novelty\"".to_owned())),
        Change::Repeat => items.push(value),
        Change::Respell => {}
        Change::Reverse => items.reverse(),
    }
}

fn tree(json: &str) -> Tree {
    json::parse(json).map_or(Tree::Leaf(json.to_owned()), |json| raw_tree(json.value()))
}

pub(super) fn raw_tree(value: Value<'_>) -> Tree {
    if let Some(entries) = json::entries(value) {
        return Tree::Object(
            entries.map(|(key, value)| (key.into_owned(), raw_tree(value))).collect(),
        );
    }
    match json::elements(value) {
        Some(items) => Tree::Array(items.map(raw_tree).collect()),
        None => Tree::Leaf(value.text().to_owned()),
    }
}

/// A document with every field of the endpoint's page and of the partner's own schema.
pub(super) fn full_document() -> Tree {
    let warnings = serde_json::json!([
        {"code": "DOCUMENT_EXPIRED", "message": null, "warningId": "w-1", "resolutionStatus": "OPEN"},
        {"code": "GOOD_IMAGE_QUALITY", "message": "fine", "warningId": "w-2", "resolutionStatus": "resolved"},
    ]);
    let section = |name: &str| {
        serde_json::json!({
            "result": "PASSED", "status": "APPROVED", "section_id": format!("{name}-id"),
            "statusReasons": [{"code": "R", "message": format!("reason of {name}")}], "warnings": warnings,
        })
    };
    let with = |mut base: serde_json::Value, more: serde_json::Value| {
        for (key, value) in more.as_object().into_iter().flatten() {
            base[key] = value.clone();
        }
        base
    };
    Tree::of(&serde_json::json!({
        "aipriseSummary": {"verificationResult": "VERIFIED"},
        "clientReferenceId": "user-1", "verificationSessionId": "vs_1", "createdAt": "2024-04-05 13:45:27.063",
        "clientReferenceData": {"personalInfo": {
            "profession": "Employee", "phoneNumber": "+525511112222", "birthCountry": "MX", "taxId": "AAAA900101AAA"}},
        "idInfo": with(section("id"), serde_json::json!({
            "checkSummary": {"a": 1}, "idType": "INE", "idNumber": "X1", "firstName": "Ana", "middleName": "Inés",
            "lastName": "Ñáñez", "secondLastName": "Lux", "fullName": "Ana Inés Ñáñez Lux", "birthDate": "1990-01-31",
            "idIssueDate": "2020-01-01", "idExpiryDate": "2030-01-01", "gender": "F", "nationality": "Mexico",
            "nationalityCode": "MX", "issueCountry": "Mexico", "issueCountryCode": "MX",
            "address": {"fullAddress": "Calle 1"}, "documentDetails": {"ocr_data": {"Date of Birth": "x", "B": true}}})),
        "faceMatchInfo": with(section("match"), serde_json::json!({"faceMatchScore": 98.59, "checkSummary": {"b": 2}})),
        "faceLivenessInfo": with(section("liveness"), serde_json::json!({"checkSummary": {"c": 3}})),
        "fraudInsights": with(section("fraud"), serde_json::json!({"relatedSessionInsights": section("related")})),
        "amlInfo": with(section("aml"), serde_json::json!({
            "numHits": 2, "amlHitSummary": {"PEP": 1, "SANCTION": "0"},
            "searchCriteria": {"searchTerm": "Ana Lux", "fuzzinessScore": 0.6, "exactMatch": false},
            "entityHits": [
                {"id": "e-1", "entityType": "PERSON", "name": "ANA LUX", "nameMatchScore": 87.5,
                 "dateOfBirth": "1970-05-05", "dateOfBirthMatchScore": 50, "resolutionStatus": "false_positive",
                 "alsoKnownAs": ["A. LUX", {"name": "LUX"}],
                 "amlHits": [{"hit_type": "PEP",
                    "source_details": {"name": "List", "source_id": "s", "url": "https://list.example/1",
                        "listing_started": "1420070400", "listing_ended": null, "country_codes": ["MX"], "aml_types": ["pep"]},
                    "fields": [{"name": "f", "value": ["v"]}], "media": [{"title": "t"}]}]},
                {"name": "ANA LUXE", "resolutionStatus": "potential_match", "amlHits": []}]})),
        "media": {"frontIdImageUrl": "https://m.example/f", "backIdImageUrl": "https://m.example/b",
            "selfieImageUrl": "https://m.example/s", "selfieVideoUrl": "https://m.example/v"},
    }))
}
