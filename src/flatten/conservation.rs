//! Tests of the promise that nothing is lost: every leaf of every document ends in a cell, in a child row or in `unmapped`.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::fmt;

use super::flattened::{Flattened, TABLES};
use crate::kyc::{
    catalogue::{self, Origin, Table},
    json, values,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::value::RawValue;

/// JSON that may hold what a parsed value could not: keys that occur twice, numbers out of range, half characters.
#[derive(Debug, Clone)]
enum Tree {
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

    fn leaves(&self) -> Vec<&str> {
        match self {
            Self::Leaf(text) if text == "null" => Vec::new(),
            Self::Leaf(text) => vec![text],
            Self::Array(items) => items.iter().flat_map(Self::leaves).collect(),
            Self::Object(members) => members.iter().flat_map(|(_, value)| value.leaves()).collect(),
        }
    }

    /// The value some steps down, each step an index among the children there; never the document itself.
    fn descend(&mut self, steps: &[Index]) -> Option<(&mut Vec<(String, Tree)>, usize)> {
        match self {
            Self::Leaf(_) => None,
            Self::Array(items) if items.is_empty() => None,
            Self::Array(items) => {
                let (step, rest) = steps.split_first()?;
                let at = step.index(items.len());
                items[at].descend(rest)
            }
            Self::Object(members) => {
                let (step, rest) = steps.split_first()?;
                let at = (!members.is_empty()).then(|| step.index(members.len()))?;
                let goes_on = members[at].1.clone().descend(rest).is_some();
                if goes_on { members[at].1.descend(rest) } else { Some((members, at)) }
            }
        }
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

const CHANGES: [Change; 19] = [
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
    Change::Replace("\"half \\ud83d\""),
    Change::Replace("[\"text\", null, [3]]"),
    Change::Replace("[{\"name\": \"inner\"}, {}, null, {\"amlHits\": [\"flat\"]}]"),
    Change::Replace("{\"code\": \"inner\", \"a/b~\": {\"c\": 1}}"),
];

fn change(document: &mut Tree, steps: &[Index], change: Change) {
    let Some((members, at)) = document.descend(steps) else { return };
    let (key, value) = members[at].clone();
    match change {
        Change::Drop => drop(members.remove(at)),
        Change::Replace(text) => {
            members[at].1 = json::parse(text).map_or(Tree::Leaf(text.to_owned()), raw_tree);
        }
        Change::Wrap => members[at].1 = Tree::Array(vec![value]),
        Change::Unknown => members.push((format!("novelty of {key}"), value)),
        Change::Repeat => members.push((key, value)),
        Change::Respell => members[at].0 = catalogue::naming::snake_case(&key),
        Change::Reverse => members.reverse(),
    }
}

fn raw_tree(value: &RawValue) -> Tree {
    if let Some(entries) = json::entries(value) {
        return Tree::Object(
            entries.into_iter().map(|(key, value)| (key.into_owned(), raw_tree(value))).collect(),
        );
    }
    match json::elements(value) {
        Some(items) => Tree::Array(items.into_iter().map(raw_tree).collect()),
        None => Tree::Leaf(value.get().to_owned()),
    }
}

/// A document with every field of the endpoint's page and of the partner's own schema.
fn full_document() -> Tree {
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
        "amlInfo": {
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
                {"name": "ANA LUXE", "resolutionStatus": "potential_match", "amlHits": []}]},
        "media": {"frontIdImageUrl": "https://m.example/f", "backIdImageUrl": "https://m.example/b",
            "selfieImageUrl": "https://m.example/s", "selfieVideoUrl": "https://m.example/v"},
    }))
}

/// The leaves that arrived, and all text that arrived.
fn arrived(flat: &Flattened) -> (usize, String) {
    let mut texts = String::new();
    let leaves = TABLES.map(|name| {
        let table = catalogue::table(name).expect("a table");
        (0..flat.height(name)).map(|row| leaves_of_row(table, flat, row, &mut texts)).sum::<usize>()
    });
    (leaves.iter().sum(), texts)
}

fn leaves_of_row(table: &Table, flat: &Flattened, row: usize, texts: &mut String) -> usize {
    let mut leaves = 0;
    for column in &table.columns {
        let own = flat.cell(table.name, row, &column.name);
        texts.extend(own.as_deref().map(|text| format!("{text}\n")));
        leaves += match &column.origin {
            Origin::Json(_) => own.map_or(0, |json| leaves_of_json(&json)),
            _ if column.name == "unmapped" => own.map_or(0, |json| leaves_of_json(&json)),
            Origin::Document(_) => {
                let raw = table.column(&format!("{}_raw", column.name));
                let raw = raw.and_then(|raw| flat.cell(table.name, row, &raw.name));
                usize::from(own.or(raw).is_some())
            }
            Origin::Raw(_) | Origin::Derived | Origin::Run => 0,
        };
    }
    leaves
}

fn leaves_of_json(json: &str) -> usize {
    raw_tree(json::parse(json).expect("JSON text")).leaves().len()
}

#[test]
fn the_full_document_leaves_nothing_unmapped() {
    let flat = Flattened::from(full_document().to_string());
    assert_eq!(arrived(&flat).0, full_document().leaves().len());
    for table in TABLES {
        let unmapped = (0..flat.height(table)).filter_map(|row| flat.cell(table, row, "unmapped"));
        assert_eq!(unmapped.count(), 0, "{table}");
    }
    assert_eq!(TABLES.map(|table| flat.height(table)), [1, 2, 1, 10, 5]);
    assert_eq!(flat.drift(), Vec::<String>::new());
}

/// Whether a leaf can be found in the text that arrived; what may have become a number or a boolean is only counted.
fn is_in(texts: &str, leaf: &str) -> bool {
    let (text, _) = if leaf.starts_with('"') { json::unquote(leaf) } else { (leaf.into(), true) };
    let is_typed = values::float(&text).is_some() || values::boolean(&text).is_some();
    is_typed || texts.contains(text.as_ref()) || texts.contains(leaf)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_leaf_is_lost_whatever_the_partner_changes(
        changes in vec((vec(any::<Index>(), 1..7), 0..CHANGES.len()), 0..25),
        enveloped in any::<bool>(),
    ) {
        let mut document = full_document();
        for (steps, number) in &changes {
            change(&mut document, steps, CHANGES[*number]);
        }
        // Whatever became of the sections' names, it is a document that is looked at here.
        let Tree::Object(members) = &mut document else { unreachable!() };
        members.push(("media".to_owned(), Tree::Leaf("null".to_owned())));
        let body = if enveloped { format!("{{\"success\":true,\"data\":{document}}}") } else { document.to_string() };
        let (leaves, texts) = arrived(&Flattened::from(body.clone()));
        prop_assert_eq!(leaves, document.leaves().len(), "{}", body);
        for leaf in document.leaves() {
            prop_assert!(is_in(&texts, leaf), "{leaf} of {body}");
        }
    }

    #[test]
    fn no_body_is_ever_a_crash(cut in any::<Index>(), noise in vec(any::<u8>(), 0..40)) {
        let mut body = full_document().to_string().into_bytes();
        let at = cut.index(body.len());
        body.splice(at..(at + noise.len() / 2).min(body.len()), noise.iter().copied());
        prop_assert_eq!(Flattened::from(&body).height("users"), 1);
        body.truncate(at);
        prop_assert_eq!(Flattened::from(&body).height("users"), 1);
        prop_assert_eq!(Flattened::from(&noise).height("users"), 1);
    }
}
