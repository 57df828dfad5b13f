//! What all sections of a document have in common: result, status, reasons, warnings.

use serde_json::{Map, Value, json};

use crate::sandbox::{
    case::{Case, Decision, Progress},
    chance::Chance,
    dialect::{Dialect, Mark},
    document::pen::Pen,
    grounds::{GOOD_NEWS, Ground, NOISE, Part},
};

/// The fields common to all sections, as they stand for one part of the check.
pub(super) fn base(part: Part, pen: &mut Pen) -> Map<String, Value> {
    pen.part(|case, dialect, chance| fields(case, part, dialect, chance))
}

fn fields(case: &Case, part: Part, dialect: &Dialect, chance: &mut Chance) -> Map<String, Value> {
    let mark = mark(case, part);
    let (result, status) = dialect.section(mark);
    let mut fields = Map::new();
    fields.insert("result".into(), result.into());
    fields.insert("status".into(), status.into());
    fields.insert("section_id".into(), chance.uuid().into());
    fields.insert("statusReasons".into(), status_reasons(case, mark, chance));
    fields.insert("warnings".into(), warnings(case, part, chance));
    fields
}

/// Adds the object `more` to a section.
pub(super) fn with(mut fields: Map<String, Value>, more: Value) -> Value {
    if let Value::Object(more) = more {
        fields.extend(more);
    }
    Value::Object(fields)
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

fn status_reasons(case: &Case, mark: Mark, chance: &mut Chance) -> Value {
    let failed = mark == Mark::Waiting(Progress::Running) && !case.tidy && chance.happens(150);
    if mark == Mark::Waiting(Progress::NotStarted) {
        json!([{
            "code": "SESSION_NOT_COMPLETED",
            "message": "The person opened the link of the session and has sent no material for this check so far",
        }])
    } else if failed {
        json!([{
            "code": "API_DATA_REQUIREMENTS_NOT_MET",
            "message": "The data collected is not enough for this check",
        }])
    } else if chance.happens(800) {
        json!([])
    } else {
        Value::Null
    }
}

fn warnings(case: &Case, part: Part, chance: &mut Chance) -> Value {
    let mut list: Vec<Value> =
        case.grounds_of(part).map(|ground| problem(ground, chance)).collect();
    if case.progress == Progress::Finished && part == Part::Identity {
        let quiet = if chance.happens(400) { 0 } else { chance.between(1, 3) };
        list.extend(chance.several(GOOD_NEWS, quiet).into_iter().map(|news| aside(news, chance)));
        let noise = u32::from(chance.happens(250));
        list.extend(chance.several(NOISE, noise).into_iter().map(|noise| aside(noise, chance)));
    }
    Value::Array(list)
}

fn problem(ground: &Ground, chance: &mut Chance) -> Value {
    let words = ["UNRESOLVED", "OPEN", "PENDING"];
    json!({
        "code": ground.code,
        "message": ground.message,
        "warningId": chance.uuid(),
        "resolutionStatus": chance.pick(&words),
    })
}

fn aside((code, message): (&str, &str), chance: &mut Chance) -> Value {
    let words = [Some("RESOLVED"), Some("NOT_REQUIRED"), None];
    json!({
        "code": code,
        "message": (!chance.happens(300)).then_some(message),
        "warningId": chance.uuid(),
        "resolutionStatus": chance.pick(&words),
    })
}
