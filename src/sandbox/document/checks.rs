//! `faceMatchInfo`, `faceLivenessInfo`, `fraudInsights`: what camera and session showed.

use serde_json::{Value, json};

use crate::sandbox::{
    case::{Case, Flow, Progress},
    chance::Chance,
    dialect::{Dialect, Mark, Vocabulary},
    document::section,
    grounds::Part,
};

pub(super) fn face_match(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    let base = section::base(case, Part::FaceMatch, dialect, chance);
    let more = json!({
        "faceMatchScore": case.likeness.map(|likeness| dialect.score(likeness)),
        "checkSummary": summary(case, Part::FaceMatch, "face_comparison", dialect, chance),
    });
    section::with(base, more)
}

/// Nobody's liveness was checked who sent files.
pub(super) fn liveness(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    if case.flow == Flow::Uploaded {
        return Value::Null;
    }
    let base = section::base(case, Part::Liveness, dialect, chance);
    let summary = summary(case, Part::Liveness, "liveness_check", dialect, chance);
    section::with(base, json!({ "checkSummary": summary }))
}

pub(super) fn fraud(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    if case.flow == Flow::Uploaded && chance.happens(600) {
        return Value::Null;
    }
    let mut base = section::base(case, Part::Fraud, dialect, chance);
    let clear = section::mark(case, Part::Fraud) == Mark::Clear;
    if clear && dialect.vocabulary == Vocabulary::Capa {
        base.insert("result".into(), "CLEAN".into());
    }
    section::with(
        base,
        json!({ "relatedSessionInsights": related_sessions(case, dialect, chance) }),
    )
}

/// Whether the same person came in another session: a finding, not a decision.
fn related_sessions(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    if case.progress != Progress::Finished || chance.happens(150) {
        return Value::Null;
    }
    let (_, status) = dialect.section(Mark::Clear);
    let seen = chance.happens(80);
    let result = match dialect.vocabulary {
        Vocabulary::AiPrise if seen => "FOUND",
        Vocabulary::AiPrise => "NOT_FOUND",
        Vocabulary::Capa => "CLEAN",
    };
    let warning = seen.then(|| {
        json!({
            "code": "BROWSER_PREVIOUSLY_SEEN",
            "message": "The browser was used in another session",
            "warningId": chance.uuid(),
            "resolutionStatus": "NOT_REQUIRED",
        })
    });
    json!({
        "result": result,
        "status": status,
        "section_id": chance.uuid(),
        "statusReasons": [],
        "warnings": warning.into_iter().collect::<Vec<_>>(),
    })
}

fn summary(case: &Case, part: Part, check: &str, dialect: &Dialect, chance: &mut Chance) -> Value {
    let word = match section::mark(case, part) {
        Mark::Clear => "PASSED",
        Mark::Refused => "FAILED",
        Mark::Doubtful => "REVIEW",
        Mark::Waiting(_) => return Value::Null,
    };
    match chance.below(3) {
        0 => json!({}),
        1 => json!({ (dialect.key(check)): word }),
        _ => json!({
            (dialect.key(check)): word,
            (dialect.key("frames_seen")): chance.between(3, 48),
            (dialect.key("glasses_worn")): chance.happens(250),
        }),
    }
}
