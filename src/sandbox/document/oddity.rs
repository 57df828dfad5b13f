//! What is odd about a document: gaps, other types, other forms, fields nobody announced.

use crate::sandbox::{
    chance::Chance,
    json::{Json, object},
};

/// Something that befalls a document.
type Oddity = fn(&mut Json, &mut Chance);

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
    (10, |document, _| set(document, &["faceMatchInfo", "faceMatchScore"], |_| Json::Null)),
    (15, |document, _| set(document, &["faceLivenessInfo", "section_id"], |_| Json::Null)),
    (20, |document, _| set(document, &["fraudInsights", "warnings"], |_| Json::Null)),
    (25, only_full_name),
    // The same in another type.
    (20, |document, _| set(document, &["faceMatchInfo", "faceMatchScore"], as_text)),
    (20, |document, _| set(document, &["amlInfo", "numHits"], as_text)),
    (20, |document, _| set(document, &["amlInfo", "searchCriteria", "exactMatch"], yes_or_no)),
    (20, |document, _| set(document, &["amlInfo", "searchCriteria", "fuzzinessScore"], as_text)),
    // The same in another form.
    (40, capitals),
    (20, |document, _| set(document, &["idInfo", "birthDate"], day_first)),
    (15, |document, _| set(document, &["idInfo", "idExpiryDate"], |_| "".into())),
    (10, |document, _| set(document, &["aipriseSummary", "verificationResult"], mixed_case)),
    (15, double_warning),
    // What no schema announces.
    (60, |document, _| extra(document, &[], "environment", "PRODUCTION".into())),
    (30, |document, _| {
        extra(document, &[], "riskInfo", object! { "risk_level": "LOW", "risk_score": 12_u32 });
    }),
    (40, |document, chance| {
        extra(document, &["idInfo"], "personalNumber", chance.digits(9).into());
    }),
    (40, |document, _| extra(document, &["faceLivenessInfo"], "source", "VIDEO_SELFIE".into())),
    (40, |document, chance| extra(document, &["amlInfo"], "section_id", chance.uuid().into())),
    (30, |document, chance| extra(document, &[], "lookupInfo", lookups(chance))),
];

/// Lets chance strike a document, as often as not in no way at all.
pub(super) fn strike(document: &mut Json, chance: &mut Chance) {
    for (per_mille, oddity) in ODDITIES {
        if chance.happens(*per_mille) {
            oddity(document, chance);
        }
    }
}

fn gap(document: &mut Json, field: &'static str, chance: &mut Chance) {
    let Some(fields) = document.fields() else { return };
    let of_fields = matches!(fields.get(field), Some(Json::Object(_)));
    match chance.below(3) {
        0 if of_fields => fields.insert(field, object! {}),
        1 => fields.insert(field, Json::Null),
        _ => fields.remove(field),
    }
}

/// Changes the value at a path, where there is one.
fn set(document: &mut Json, path: &[&str], change: fn(&Json) -> Json) {
    if let Some(value) = document.at(path).filter(|value| !value.is_null()) {
        *value = change(value);
    }
}

fn extra(document: &mut Json, path: &[&str], field: &'static str, value: Json) {
    if let Some(section) = document.at(path) {
        section.insert(field, value);
    }
}

fn only_full_name(document: &mut Json, _: &mut Chance) {
    for field in ["firstName", "middleName", "lastName", "secondLastName"] {
        set(document, &["idInfo", field], |_| Json::Null);
    }
}

fn capitals(document: &mut Json, _: &mut Chance) {
    for field in ["firstName", "middleName", "lastName", "secondLastName", "fullName"] {
        set(document, &["idInfo", field], |name| name.text().to_uppercase().into());
    }
}

fn double_warning(document: &mut Json, _: &mut Chance) {
    if let Some(Json::List(list)) = document.at(&["idInfo", "warnings"]) {
        list.extend(list.first().cloned());
    }
}

/// A registry's answer, passed on whole: what makes a body large.
fn lookups(chance: &mut Chance) -> Json {
    let count = chance.between(4, 16);
    let lookup = |n: u32| {
        object! {
            "lookup_id": chance.uuid(),
            "source": format!("SAMPLE_REGISTRY_{n}"),
            "found": chance.happens(600),
            "digest": chance.hex(64),
            "fields": object! {
                "NAME": object! { "matched": true },
                "BIRTH_DATE": object! { "matched": chance.happens(900) },
            },
        }
    };
    Json::List((0..count).map(lookup).collect())
}

fn as_text(value: &Json) -> Json {
    String::from_utf8(value.clone().into_bytes()).unwrap_or_default().into()
}

fn yes_or_no(value: &Json) -> Json {
    if *value == Json::Bool(true) { "YES" } else { "NO" }.into()
}

/// `1990-12-31` as `31/12/1990`.
fn day_first(value: &Json) -> Json {
    let mut parts: Vec<&str> = value.text().split('-').collect();
    parts.reverse();
    parts.join("/").into()
}

/// `APPROVED` as ` Approved`.
fn mixed_case(value: &Json) -> Json {
    let (initial, rest) = value.text().split_at(value.text().len().min(1));
    format!(" {initial}{}", rest.to_lowercase()).into()
}
