//! The document as a whole: its sections side by side.

use crate::sandbox::{
    case::{Case, Decision, Progress},
    chance::Chance,
    dialect::{Dialect, Nulls},
    document::{aml, checks, identity, media, oddity, pen::Pen},
    json::{Json, object},
    life::Life,
};

/// Writes the document of a case as it stands, in a dialect and without its envelope.
#[must_use]
pub fn write(seed: u64, life: &Life, dialect: &Dialect) -> Json {
    let pen = &mut Pen::new(seed, life, dialect);
    let case = pen.case();
    let mut document = object! {
        "aipriseSummary": pen.part(summary),
        "verificationSessionId": case.session.clone(),
        "clientReferenceId": case.subject.clone(),
        "createdAt": dialect.time(case.created),
        "clientReferenceData": media::reference_data(pen),
        "idInfo": identity::id_info(pen),
        "faceMatchInfo": checks::face_match(pen),
        "faceLivenessInfo": checks::liveness(pen),
        "fraudInsights": checks::fraud(pen),
        "amlInfo": aml::aml_info(pen),
        "media": pen.part(media::media),
    };
    if !case.tidy {
        oddity::strike(&mut document, pen.leftover());
    }
    if dialect.nulls == Nulls::Omitted {
        document.omit_nulls();
    }
    document
}

fn summary(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Json {
    let silent = case.decision == Decision::Undecided && case.progress == Progress::NotStarted;
    if silent && chance.happens(300) {
        return Json::Null;
    }
    object! { "verificationResult": dialect.decision(case.decision, chance) }
}
