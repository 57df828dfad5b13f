//! The document as a whole: its sections side by side.

use serde_json::{Value, json};

use crate::sandbox::{
    case::{Case, Decision, Progress},
    chance::Chance,
    dialect::{Dialect, Nulls},
    document::{aml, checks, identity, media, oddity, pen::Pen},
    life::Life,
};

/// Writes the document of a case as it stands, in a dialect and without its envelope.
#[must_use]
pub fn write(seed: u64, life: &Life, dialect: &Dialect) -> Value {
    let pen = &mut Pen::new(seed, life, dialect);
    let case = pen.case();
    let mut document = json!({
        "aipriseSummary": pen.part(summary),
        "verificationSessionId": case.session,
        "clientReferenceId": case.subject,
        "createdAt": dialect.time(case.created),
        "clientReferenceData": media::reference_data(pen),
        "idInfo": identity::id_info(pen),
        "faceMatchInfo": checks::face_match(pen),
        "faceLivenessInfo": checks::liveness(pen),
        "fraudInsights": checks::fraud(pen),
        "amlInfo": aml::aml_info(pen),
        "media": pen.part(media::media),
    });
    if !case.tidy {
        oddity::strike(&mut document, pen.leftover());
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
