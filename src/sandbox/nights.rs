//! Nights of the same people, compared leaf by leaf by somebody who knows nothing of how they change.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde_json::Value;

use super::{
    answer::Answer,
    day::Day,
    history::{Change, Kind, changes},
    population,
    trial::Tested,
};

const PEOPLE: usize = 2_000;

static USERS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..PEOPLE).map(|number| population::user_id(7, number)).collect());

/// The document in an answer, out of its envelope.
fn document(answer: &Answer) -> Option<Value> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    let document = body.get("data").cloned().unwrap_or(body);
    document.get("idInfo").is_some().then_some(document)
}

/// Every leaf of a document, by its path.
fn leaves(document: &Value) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    let mut left = vec![(String::new(), document)];
    while let Some((path, value)) = left.pop() {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                left.extend(fields.iter().map(|(key, field)| (format!("{path}/{key}"), field)));
            }
            Value::Array(items) if !items.is_empty() => {
                left.extend(
                    items.iter().enumerate().map(|(n, item)| (format!("{path}/{n}"), item)),
                );
            }
            leaf => drop(found.insert(path, leaf)),
        }
    }
    found
}

/// The paths at which two documents are not the same.
fn differences(was: &Value, is: &Value) -> BTreeSet<String> {
    let (was, is) = (leaves(was), leaves(is));
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    paths.into_iter().filter(|path| was.get(*path) != is.get(*path)).cloned().collect()
}

fn text(document: &Value, place: &str) -> Option<String> {
    document.pointer(place)?.as_str().map(str::to_owned)
}

fn decision(document: &Value) -> &'static str {
    let word = text(document, "/aipriseSummary/verificationResult").unwrap_or_default();
    match word.trim().to_uppercase().as_str() {
        "APPROVED" | "VERIFIED" => "approved",
        "DECLINED" | "REJECTED" => "rejected",
        "REVIEW" | "REVIEW_NEEDED" | "MANUAL_REVIEW" | "UPDATE_REQUIRED" => "review",
        "" | "UNKNOWN" | "IN_PROGRESS" | "NOT_STARTED" | "PENDING" => "undecided",
        _ => "unrecognized",
    }
}

/// AML entity hits: id and resolution.
fn hits(document: &Value) -> BTreeMap<String, String> {
    let hits = document.pointer("/amlInfo/entityHits").and_then(Value::as_array);
    let hits = hits.into_iter().flatten();
    hits.filter_map(|hit| Some((text(hit, "/id")?, text(hit, "/resolutionStatus")?))).collect()
}

fn is_closed(word: &str) -> bool {
    ["FALSE_POSITIVE", "DISMISSED", "NO_MATCH"].contains(&word.to_uppercase().as_str())
}

/// What a reader of two answers about the same user finds to be otherwise.
fn found(user: &str, was: &Answer, is: &Answer) -> Vec<Change> {
    let change = |kind, field: &str, before: Option<&str>, after: Option<&str>| Change {
        user_id: user.to_owned(),
        kind,
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let (answered, missing) = (Some("answered"), Some("no_verification"));
    match (document(was), document(is)) {
        (Some(was), Some(is)) => {
            let mut all = decided(&was, &is, &change);
            all.extend(screened(&was, &is, &change));
            all.extend(shown(user, &was, &is, &change));
            all
        }
        (Some(_), None) if is.status == 404 => {
            vec![change(Kind::Disappeared, "outcome", answered, missing)]
        }
        (None, Some(_)) if was.status == 404 => {
            vec![change(Kind::Appeared, "outcome", missing, answered)]
        }
        _ => Vec::new(),
    }
}

type Note<'a> = dyn Fn(Kind, &str, Option<&str>, Option<&str>) -> Change + 'a;

fn decided(was: &Value, is: &Value, change: &Note) -> Vec<Change> {
    let (before, after) = (decision(was), decision(is));
    let kind = match (before, after) {
        (before, after) if before == after => return Vec::new(),
        ("approved", _) => Kind::Regression,
        (_, "approved") => Kind::Recovery,
        _ => Kind::DecisionChanged,
    };
    vec![change(kind, "decision", Some(before), Some(after))]
}

fn screened(was: &Value, is: &Value, change: &Note) -> Vec<Change> {
    let (before, after) = (hits(was), hits(is));
    assert!(before.keys().all(|id| after.contains_key(id)), "a hit went away");
    let otherwise = after.iter().filter(|(id, word)| before.get(*id) != Some(word));
    otherwise
        .map(|(id, word)| match before.get(id) {
            None => change(Kind::NewAmlHit, id, None, Some(word)),
            Some(earlier) => {
                assert!(!is_closed(earlier) && is_closed(word), "{earlier} {word}");
                change(Kind::HitClosed, id, Some(earlier), Some(word))
            }
        })
        .collect()
}

fn shown(user: &str, was: &Value, is: &Value, change: &Note) -> Vec<Change> {
    let both = |place| Some((text(was, place)?, text(is, place)?)).filter(|(was, is)| was != is);
    let mut all = Vec::new();
    let mut note = |kind, field, values: Option<(String, String)>| {
        all.extend(values.map(|(was, is)| change(kind, field, Some(&was), Some(&is))));
    };
    note(Kind::IdentityChanged, "name", both("/idInfo/fullName"));
    note(Kind::IdentityChanged, "birth_date", both("/idInfo/birthDate"));
    note(Kind::IdentityChanged, "document_number", both("/idInfo/idNumber"));
    let reference = both("/clientReferenceId");
    assert!(reference.as_ref().is_none_or(|(was, is)| was == user && is != user));
    note(Kind::ReferenceMismatch, "client_reference_id", reference);
    let expiry = both("/idInfo/idExpiryDate");
    assert!(
        expiry.as_ref().is_none_or(|(was, is)| was.as_str() > "2029" && is.as_str() < "2026-11-09")
    );
    note(Kind::DocumentExpired, "id_expiry_date", expiry);
    note(Kind::NewSession, "verification_session_id", both("/verificationSessionId"));
    all
}

fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort();
    changes
}

fn counts(changes: &[Change]) -> BTreeMap<(Kind, &str), usize> {
    let mut counts = BTreeMap::new();
    for change in changes {
        let of_a_hit = matches!(change.kind, Kind::NewAmlHit | Kind::HitClosed);
        let field = if of_a_hit { "" } else { &change.field };
        *counts.entry((change.kind, field)).or_default() += 1;
    }
    counts
}

#[test]
fn the_list_is_what_a_reader_of_the_answers_finds() -> Tested {
    for (from, to) in [(1, 2), (2, 3), (1, 3), (1, 9)] {
        let (from, to): (Day, Day) = (from.try_into()?, to.try_into()?);
        for user in USERS.iter() {
            let (was, is) = (Answer::on(from, 7, user), Answer::on(to, 7, user));
            let told = changes(7, std::slice::from_ref(user), from, to);
            assert_eq!(sorted(told), sorted(found(user, &was, &is)), "{from:?} {to:?}");
        }
    }
    Ok(())
}

#[test]
fn shares() -> Tested {
    eprintln!("{:#?}", counts(&changes(7, &USERS[..500], Day::FIRST, 2.try_into()?)));
    eprintln!("{:#?}", counts(&changes(7, &USERS, Day::FIRST, 2.try_into()?)));
    Ok(())
}
