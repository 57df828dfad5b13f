//! Nights of the same people, compared leaf by leaf by somebody who knows nothing of how they change.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
    sync::LazyLock,
};

use serde_json::Value;

use super::{
    answer::Answer,
    day::Day,
    fate::SPECIAL,
    history::{Change, Kind, changes},
    options::DEFAULT_SEED,
    population,
    trial::Tested,
};

const PEOPLE: usize = 2_000;

static USERS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..PEOPLE).map(|number| population::user_id(7, number)).collect());

static SECOND: LazyLock<Day> = LazyLock::new(|| 2.try_into().unwrap_or_default());

/// What the sandbox says it changed for the second day.
static TOLD: LazyLock<Vec<Change>> = LazyLock::new(|| changes(7, &USERS, Day::FIRST, *SECOND));

/// Every user with the answers of the first and of the second day.
static NIGHTS: LazyLock<Vec<(&str, Answer, Answer)>> = LazyLock::new(|| {
    let both = |user: &'static String| {
        (user.as_str(), Answer::about(7, user), Answer::on(*SECOND, 7, user))
    };
    USERS.iter().map(both).collect()
});

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
    let value = document.pointer(place).filter(|value| !value.is_null())?;
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
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
    note(Kind::NewSession, "created_at", both("/createdAt"));
    all
}

fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort();
    changes
}

/// Where a document may differ when this has changed.
fn places(change: &Change) -> &'static [&'static str] {
    match (change.kind, change.field.as_str()) {
        (Kind::IdentityChanged, "name") => &["/lastName", "/fullName", "/Full Name", "/searchTerm"],
        (Kind::IdentityChanged, "birth_date") => &["/birthDate", "/Date of Birth", "/Birth Date"],
        (Kind::IdentityChanged, _) => &["/idNumber", "/Document Number", "/Clave de Elector"],
        (Kind::ReferenceMismatch, _) => &["/clientReferenceId"],
        (Kind::DocumentExpired, _) => &["/idExpiryDate"],
        (Kind::NewSession, _) => &["/verificationSessionId", "/createdAt", "ImageUrl", "VideoUrl"],
        (Kind::NewAmlHit, _) => &["/amlInfo/"],
        (Kind::HitClosed, _) => &["/resolutionStatus"],
        // Every section says of itself how it was decided, and tells more once there is more.
        (Kind::Regression | Kind::Recovery | Kind::DecisionChanged, _) => {
            &["/aipriseSummary", "Info", "/fraudInsights", "/media"]
        }
        (Kind::Disappeared | Kind::Appeared, _) => &[],
    }
}

#[test]
fn the_list_is_what_a_reader_of_the_answers_finds() {
    let found = NIGHTS.iter().flat_map(|(user, was, is)| found(user, was, is)).collect();
    assert_eq!(sorted(TOLD.clone()), sorted(found));
}

#[test]
fn so_it_is_between_any_two_days() -> Tested {
    for (from, to) in [(2, 3), (1, 3), (3, 9)] {
        let (from, to): (Day, Day) = (from.try_into()?, to.try_into()?);
        for user in &USERS[..250] {
            let (was, is) = (Answer::on(from, 7, user), Answer::on(to, 7, user));
            let told = changes(7, slice::from_ref(user), from, to);
            assert_eq!(sorted(told), sorted(found(user, &was, &is)), "{from:?} {to:?}");
        }
    }
    Ok(())
}

#[test]
fn a_document_differs_where_something_changed_and_nowhere_else() {
    let mut unchanged = 0;
    for (user, was, is) in NIGHTS.iter() {
        let told: Vec<&Change> = TOLD.iter().filter(|change| change.user_id == *user).collect();
        assert_eq!(told.is_empty(), was == is, "{user}");
        unchanged += usize::from(was == is);
        if let (Some(was), Some(is)) = (document(was), document(is)) {
            let may: Vec<&str> = told.iter().flat_map(|change| places(change)).copied().collect();
            for path in differences(&was, &is) {
                assert!(may.iter().any(|place| path.contains(place)), "{path}: {told:?}");
            }
        }
    }
    assert!((1_700..1_850).contains(&unchanged), "{unchanged}");
}

#[test]
fn one_change_comes_alone_but_for_what_belongs_together() {
    let mut by_user: BTreeMap<&str, BTreeSet<(Kind, &str)>> = BTreeMap::new();
    for Change { user_id, kind, field, .. } in TOLD.iter() {
        let field = if *kind == Kind::IdentityChanged { field } else { "" };
        by_user.entry(user_id).or_default().insert((*kind, field));
    }
    for (user, kinds) in by_user {
        let kinds: Vec<Kind> = kinds.into_iter().map(|(kind, _)| kind).collect();
        let together = [[Kind::Regression, Kind::NewAmlHit], [Kind::Recovery, Kind::HitClosed]];
        assert!(kinds.len() == 1 || together.iter().any(|pair| pair[..] == kinds), "{user}");
    }
}

#[test]
fn every_kind_comes_in_its_share() {
    let users = |kind, field: &str| {
        let hit = matches!(kind, Kind::NewAmlHit | Kind::HitClosed);
        let these = TOLD.iter().filter(|change| change.kind == kind);
        let these = these.filter(|change| hit || change.field == field);
        these.map(|change| &change.user_id).collect::<BTreeSet<_>>().len()
    };
    for (kind, field, expected) in [
        // Of 2,000: 78 % approved, 7 % rejected, 6 % in review, 4 % undecided, 3 % without a verification.
        (Kind::Regression, "decision", 26),
        (Kind::Recovery, "decision", 68),
        (Kind::DecisionChanged, "decision", 25),
        (Kind::NewAmlHit, "", 34),
        (Kind::HitClosed, "", 16),
        (Kind::IdentityChanged, "name", 16),
        (Kind::IdentityChanged, "birth_date", 16),
        (Kind::IdentityChanged, "document_number", 19),
        (Kind::ReferenceMismatch, "client_reference_id", 9),
        (Kind::DocumentExpired, "id_expiry_date", 15),
        (Kind::NewSession, "verification_session_id", 19),
        (Kind::Disappeared, "outcome", 17),
        (Kind::Appeared, "outcome", 9),
    ] {
        let count = users(kind, field);
        assert!((expected / 2..=expected * 2).contains(&count), "{kind:?} {field}: {count}");
    }
}

#[test]
fn every_kind_is_met_in_the_roster_of_the_repository_on_its_second_day() {
    let roster = include_str!("../../input/users.csv");
    let ids = roster.lines().filter_map(|line| line.split(',').next());
    let users: BTreeSet<String> = ids.filter(|id| id.len() == 36).map(str::to_owned).collect();
    let users: Vec<String> = users.into_iter().collect();
    let changes = changes(DEFAULT_SEED, &users, Day::FIRST, *SECOND);
    let kinds: BTreeSet<Kind> = changes.iter().map(|change| change.kind).collect();
    let fields: BTreeSet<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(kinds.len(), 11, "{kinds:?}");
    assert!(["name", "birth_date", "document_number"].iter().all(|field| fields.contains(field)));
}

#[test]
fn the_same_seed_changes_the_same_and_another_does_not() {
    let night = |seed| changes(seed, &USERS[..100], Day::FIRST, *SECOND);
    assert_eq!(night(7), night(7));
    assert_ne!(night(7), night(8));
}

#[test]
fn nothing_happens_backwards_or_to_special_ids() {
    let later = Day::LAST;
    assert!(changes(7, &USERS[..50], later, Day::FIRST).is_empty());
    for (beginning, _) in SPECIAL {
        let id = format!("{beginning}1");
        assert_eq!(Answer::on(later, 7, &id), Answer::about(7, &id));
    }
}
