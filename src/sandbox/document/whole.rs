//! The document as a whole: its sections side by side.

use serde_json::{Value, json};

use crate::sandbox::{
    case::{Case, Decision, Progress},
    chance::Chance,
    dialect::{Dialect, Nulls},
    document::{aml, checks, identity, media, oddity},
};

/// Writes the document of a case in a dialect, without its envelope.
#[must_use]
pub fn write(seed: u64, case: &Case, dialect: &Dialect) -> Value {
    let chance = &mut Chance::new(seed, "document", &case.subject);
    let mut document = json!({
        "aipriseSummary": summary(case, dialect, chance),
        "verificationSessionId": case.session,
        "clientReferenceId": case.subject,
        "createdAt": dialect.time(case.created),
        "clientReferenceData": media::reference_data(case, chance),
        "idInfo": identity::id_info(case, dialect, chance),
        "faceMatchInfo": checks::face_match(case, dialect, chance),
        "faceLivenessInfo": checks::liveness(case, dialect, chance),
        "fraudInsights": checks::fraud(case, dialect, chance),
        "amlInfo": aml::aml_info(case, dialect, chance),
        "media": media::media(case, chance),
    });
    if !case.tidy {
        oddity::strike(&mut document, chance);
    }
    if dialect.nulls == Nulls::Omitted {
        omit_nulls(&mut document);
    }
    document
}

fn summary(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    let silent = case.decision == Decision::Undecided && case.progress == Progress::NotStarted;
    if silent && chance.happens(300) {
        return Value::Null;
    }
    json!({ "verificationResult": dialect.decision(case.decision, chance) })
}

fn omit_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(omit_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(omit_nulls),
        _ => {}
    }
}
