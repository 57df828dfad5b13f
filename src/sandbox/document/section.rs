//! What all sections of a document have in common: result, status, reasons, warnings.

use crate::sandbox::{
    case::{Case, Decision, Progress},
    chance::Chance,
    dialect::{Dialect, Mark},
    document::pen::Pen,
    grounds::{GOOD_NEWS, Ground, NOISE, Part},
    json::{Json, object},
};

/// The fields common to all sections, as they stand for one part of the check.
pub(super) fn base(part: Part, pen: &mut Pen) -> Json {
    pen.part(|case, dialect, chance| fields(case, part, dialect, chance))
}

fn fields(case: &Case, part: Part, dialect: &Dialect, chance: &mut Chance) -> Json {
    let mark = mark(case, part);
    let (result, status) = dialect.section(mark);
    object! {
        "result": result,
        "status": status,
        "section_id": chance.uuid(),
        "statusReasons": status_reasons(case, mark, chance),
        "warnings": warnings(case, part, chance),
    }
}

/// What the section of this part says.
pub(super) fn mark(case: &Case, part: Part) -> Mark {
    let grounded = case.grounds_of(part).next().is_some();
    match (case.progress, case.decision) {
        (Progress::Finished, Decision::Rejected) if grounded => Mark::Refused,
        (Progress::Finished, Decision::Review) if grounded => Mark::Doubtful,
        (Progress::Finished, _) => Mark::Clear,
        (waiting, _) => Mark::Waiting(waiting),
    }
}

fn status_reasons(case: &Case, mark: Mark, chance: &mut Chance) -> Json {
    let failed = mark == Mark::Waiting(Progress::Running) && !case.tidy && chance.happens(150);
    if mark == Mark::Waiting(Progress::NotStarted) {
        Json::List(vec![object! {
            "code": "SESSION_NOT_COMPLETED",
            "message": "The person opened the link of the session and has sent no material for this check so far",
        }])
    } else if failed {
        Json::List(vec![object! {
            "code": "API_DATA_REQUIREMENTS_NOT_MET",
            "message": "The data collected is not enough for this check",
        }])
    } else if chance.happens(800) {
        Json::List(Vec::new())
    } else {
        Json::Null
    }
}

fn warnings(case: &Case, part: Part, chance: &mut Chance) -> Json {
    let mut list: Vec<Json> = case.grounds_of(part).map(|ground| problem(ground, chance)).collect();
    if case.progress == Progress::Finished && part == Part::Identity {
        let quiet = if chance.happens(400) { 0 } else { chance.between(1, 3) };
        list.extend(chance.several(GOOD_NEWS, quiet).into_iter().map(|news| aside(news, chance)));
        let noise = u32::from(chance.happens(250));
        list.extend(chance.several(NOISE, noise).into_iter().map(|noise| aside(noise, chance)));
    }
    Json::List(list)
}

fn problem(ground: &Ground, chance: &mut Chance) -> Json {
    let words = ["UNRESOLVED", "OPEN", "PENDING"];
    object! {
        "code": ground.code,
        "message": ground.message,
        "warningId": chance.uuid(),
        "resolutionStatus": chance.pick(&words),
    }
}

fn aside((code, message): (&'static str, &'static str), chance: &mut Chance) -> Json {
    let words = [Some("RESOLVED"), Some("NOT_REQUIRED"), None];
    object! {
        "code": code,
        "message": (!chance.happens(300)).then_some(message),
        "warningId": chance.uuid(),
        "resolutionStatus": chance.pick(&words),
    }
}
