//! `faceMatchInfo`, `faceLivenessInfo`, `fraudInsights`: what camera and session showed.

use crate::sandbox::{
    case::{Case, Flow, Progress},
    chance::Chance,
    dialect::{Dialect, Mark, Vocabulary},
    document::{pen::Pen, section},
    grounds::Part,
    json::{Json, object},
};

/// The name of a check in snake case and in camel case.
type Check = (&'static str, &'static str);

pub(super) fn face_match(pen: &mut Pen) -> Json {
    let base = section::base(Part::FaceMatch, pen);
    let more = object! {
        "faceMatchScore": pen.case().likeness.map(|likeness| pen.dialect().score(likeness)),
        "checkSummary": summary(Part::FaceMatch, ("face_comparison", "faceComparison"), pen),
    };
    base.with(more)
}

/// Nobody's liveness was checked who sent files.
pub(super) fn liveness(pen: &mut Pen) -> Json {
    if pen.case().flow == Flow::Uploaded {
        return Json::Null;
    }
    let base = section::base(Part::Liveness, pen);
    let summary = summary(Part::Liveness, ("liveness_check", "livenessCheck"), pen);
    base.with(object! { "checkSummary": summary })
}

pub(super) fn fraud(pen: &mut Pen) -> Json {
    if pen.part(|case, _, chance| case.flow == Flow::Uploaded && chance.happens(600)) {
        return Json::Null;
    }
    let mut base = section::base(Part::Fraud, pen);
    let clear = section::mark(pen.case(), Part::Fraud) == Mark::Clear;
    if clear && pen.dialect().vocabulary == Vocabulary::Capa {
        base.insert("result", "CLEAN".into());
    }
    base.with(object! { "relatedSessionInsights": pen.part(related_sessions) })
}

/// Whether the same person came in another session: a finding, not a decision.
fn related_sessions(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Json {
    if case.progress != Progress::Finished || chance.happens(150) {
        return Json::Null;
    }
    let (_, status) = dialect.section(Mark::Clear);
    let seen = chance.happens(80);
    let result = match dialect.vocabulary {
        Vocabulary::AiPrise if seen => "FOUND",
        Vocabulary::AiPrise => "NOT_FOUND",
        Vocabulary::Capa => "CLEAN",
    };
    let warning = seen.then(|| {
        object! {
            "code": "BROWSER_PREVIOUSLY_SEEN",
            "message": "The browser was used in another session",
            "warningId": chance.uuid(),
            "resolutionStatus": "NOT_REQUIRED",
        }
    });
    object! {
        "result": result,
        "status": status,
        "section_id": chance.uuid(),
        "statusReasons": Json::List(Vec::new()),
        "warnings": warning.into_iter().collect::<Vec<_>>(),
    }
}

fn summary(part: Part, check: Check, pen: &mut Pen) -> Json {
    pen.part(|case, dialect, chance| summary_of(section::mark(case, part), check, dialect, chance))
}

fn summary_of(mark: Mark, (snake, camel): Check, dialect: &Dialect, chance: &mut Chance) -> Json {
    let word = match mark {
        Mark::Clear => "PASSED",
        Mark::Refused => "FAILED",
        Mark::Doubtful => "REVIEW",
        Mark::Waiting(_) => return Json::Null,
    };
    match chance.below(3) {
        0 => object! {},
        1 => object! { (dialect.key(snake, camel)): word },
        _ => object! {
            (dialect.key(snake, camel)): word,
            (dialect.key("frames_seen", "framesSeen")): chance.between(3, 48),
            (dialect.key("glasses_worn", "glassesWorn")): chance.happens(250),
        },
    }
}
