//! What is odd about a document: gaps, other types, other forms, fields nobody announced.

use serde_json::{Value, json};

use crate::sandbox::chance::Chance;

/// Something that befalls a document.
type Oddity = fn(&mut Value, &mut Chance);

/// What befalls how many of 1,000 documents. Each line stands for something a client must bear.
const ODDITIES: &[(u32, Oddity)] = &[
    // Sections and fields that are not there.
    (15, |document, chance| gap(document, "amlInfo", chance)),
    (30, |document, chance| gap(document, "fraudInsights", chance)),
    (50, |document, chance| gap(document, "media", chance)),
    (8, |document, chance| gap(document, "faceMatchInfo", chance)),
    (10, |document, chance| gap(document, "createdAt", chance)),
    (20, |document, chance| gap(document, "clientReferenceId", chance)),
    (10, |document, chance| gap(document, "verificationSessionId", chance)),
    (10, |document, _| set(document, "/faceMatchInfo/faceMatchScore", |_| Value::Null)),
    (15, |document, _| set(document, "/faceLivenessInfo/section_id", |_| Value::Null)),
    (20, |document, _| set(document, "/fraudInsights/warnings", |_| Value::Null)),
    (25, only_full_name),
    // The same in another type.
    (20, |document, _| set(document, "/faceMatchInfo/faceMatchScore", as_text)),
    (20, |document, _| set(document, "/amlInfo/numHits", as_text)),
    (20, |document, _| set(document, "/amlInfo/searchCriteria/exactMatch", yes_or_no)),
    (20, |document, _| set(document, "/amlInfo/searchCriteria/fuzzinessScore", as_text)),
    // The same in another form.
    (40, capitals),
    (20, |document, _| set(document, "/idInfo/birthDate", day_first)),
    (15, |document, _| set(document, "/idInfo/idExpiryDate", |_| json!(""))),
    (10, |document, _| set(document, "/aipriseSummary/verificationResult", mixed_case)),
    (15, double_warning),
    // What no schema announces.
    (60, |document, _| document["environment"] = json!("PRODUCTION")),
    (30, |document, _| document["riskInfo"] = json!({ "risk_level": "LOW", "risk_score": 12 })),
    (40, |document, chance| extra(document, "idInfo", "personalNumber", json!(chance.digits(9)))),
    (40, |document, _| extra(document, "faceLivenessInfo", "source", json!("VIDEO_SELFIE"))),
    (40, |document, chance| extra(document, "amlInfo", "section_id", json!(chance.uuid()))),
    (30, large_block),
];

/// Lets chance strike a document, as often as not in no way at all.
pub(super) fn strike(document: &mut Value, chance: &mut Chance) {
    for (per_mille, oddity) in ODDITIES {
        if chance.happens(*per_mille) {
            oddity(document, chance);
        }
    }
}

fn gap(document: &mut Value, field: &str, chance: &mut Chance) {
    let Some(fields) = document.as_object_mut() else { return };
    let of_fields = fields.get(field).is_some_and(Value::is_object);
    match chance.below(3) {
        0 if of_fields => fields.insert(field.to_owned(), json!({})),
        1 => fields.insert(field.to_owned(), Value::Null),
        _ => fields.remove(field),
    };
}

/// Changes the value at a pointer, where there is one.
fn set(document: &mut Value, pointer: &str, change: fn(&Value) -> Value) {
    if let Some(value) = document.pointer_mut(pointer).filter(|value| !value.is_null()) {
        *value = change(value);
    }
}

fn extra(document: &mut Value, section: &str, field: &str, value: Value) {
    if let Some(fields) = document.get_mut(section).and_then(Value::as_object_mut) {
        fields.insert(field.to_owned(), value);
    }
}

fn only_full_name(document: &mut Value, _: &mut Chance) {
    for field in ["firstName", "middleName", "lastName", "secondLastName"] {
        set(document, &format!("/idInfo/{field}"), |_| Value::Null);
    }
}

fn capitals(document: &mut Value, _: &mut Chance) {
    let upper = |value: &Value| json!(value.as_str().unwrap_or_default().to_uppercase());
    for field in ["firstName", "middleName", "lastName", "secondLastName", "fullName"] {
        set(document, &format!("/idInfo/{field}"), upper);
    }
}

fn double_warning(document: &mut Value, _: &mut Chance) {
    if let Some(list) = document.pointer_mut("/idInfo/warnings").and_then(Value::as_array_mut) {
        list.extend(list.first().cloned());
    }
}

/// A registry's answer, passed on whole: what makes a body large.
fn large_block(document: &mut Value, chance: &mut Chance) {
    let lookups: Vec<Value> = (0..chance.between(4, 16))
        .map(|n| {
            json!({
                "lookup_id": chance.uuid(),
                "source": format!("SAMPLE_REGISTRY_{n}"),
                "found": chance.happens(600),
                "digest": chance.hex(64),
                "fields": { "NAME": { "matched": true }, "BIRTH_DATE": { "matched": chance.happens(900) } },
            })
        })
        .collect();
    document["lookupInfo"] = Value::Array(lookups);
}

fn as_text(value: &Value) -> Value {
    json!(value.to_string())
}

fn yes_or_no(value: &Value) -> Value {
    json!(if value == &json!(true) { "YES" } else { "NO" })
}

/// `1990-12-31` as `31/12/1990`.
fn day_first(value: &Value) -> Value {
    let day = value.as_str().unwrap_or_default();
    let mut parts: Vec<&str> = day.split('-').collect();
    parts.reverse();
    json!(parts.join("/"))
}

/// `APPROVED` as ` Approved`.
fn mixed_case(value: &Value) -> Value {
    let word = value.as_str().unwrap_or_default();
    let (initial, rest) = word.split_at(word.len().min(1));
    json!(format!(" {initial}{}", rest.to_lowercase()))
}
