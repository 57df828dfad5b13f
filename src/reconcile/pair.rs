//! One user in two runs: what changed, as far as both know.

use std::collections::BTreeSet;

use super::{
    breaks::Finding,
    person::{Person, Sight},
};
use crate::model::{disagreement::Kind, outcome::Outcome};

/// What changed about a user from one run to the other, in the order of the kinds.
///
/// A run in which the user was not reached knows nothing: then only this is told, and no null counts as a change. The
/// same holds for AML hits that are not listed. But what is open now and was not known before is told, whatever the reason
/// why it was not known.
pub(super) fn changes(before: &Person, after: &Person) -> Vec<Finding> {
    let mut found = match (before.sight(), after.sight()) {
        (Sight::Unreached, Sight::Unreached) => verdict(before, after).into_iter().collect(),
        (_, Sight::Unreached) => vec![of_verdicts(Kind::BecameUnreached, before, after)],
        (Sight::Unreached, _) => reached_again(before, after),
        (Sight::Document, Sight::Document) => documents(before, after),
        (Sight::NoVerification, Sight::NoVerification) => {
            verdict(before, after).into_iter().collect()
        }
        (Sight::Document, Sight::NoVerification) => outcome(Kind::Disappeared, before, after),
        (Sight::NoVerification, Sight::Document) => outcome(Kind::AppearedAtPartner, before, after),
    };
    found.sort_by(|a, b| (a.kind, &a.field).cmp(&(b.kind, &b.field)));
    found
}

/// What is told of a user who is not in the roster of the run before.
pub(super) fn appeared(after: &Person) -> Vec<Finding> {
    let mut found = vec![Finding::change(Kind::Appeared, None, None, after.verdict.as_deref())];
    found.extend(suspicions(&Person::default(), after));
    found
}

/// That the user is seen again, and the open hits that only this run knows of: the other way round there is nothing to
/// mirror, for who is not seen has shown nothing.
fn reached_again(before: &Person, after: &Person) -> Vec<Finding> {
    let mut found = vec![of_verdicts(Kind::ReachedAgain, before, after)];
    found.extend(suspicions(before, after));
    found
}

fn documents(before: &Person, after: &Person) -> Vec<Finding> {
    let mut found = before.identity.changes(&after.identity);
    found.extend(verdict(before, after));
    found.extend(word(
        Kind::DecisionChanged,
        "decision",
        before.decision.as_deref(),
        after.decision.as_deref(),
    ));
    found.extend(word(
        Kind::NewSession,
        "verification_session_id",
        before.session.as_deref(),
        after.session.as_deref(),
    ));
    found.extend(flag(
        [Kind::ReferenceMismatch, Kind::ReferenceMismatchGone],
        "reference_mismatch",
        [before.reference_mismatch, after.reference_mismatch],
    ));
    found.extend(flag(
        [Kind::DocumentExpired, Kind::DocumentRenewed],
        "document_expired",
        [before.document_expired, after.document_expired],
    ));
    found.extend(hits(before, after));
    found
}

fn verdict(before: &Person, after: &Person) -> Option<Finding> {
    let kind = match (before.passes(), after.passes()) {
        (true, false) => Kind::Regression,
        (false, true) => Kind::Recovery,
        _ => Kind::VerdictChanged,
    };
    (before.verdict != after.verdict).then(|| of_verdicts(kind, before, after))
}

fn of_verdicts(kind: Kind, before: &Person, after: &Person) -> Finding {
    let verdict = Some("verdict");
    Finding::change(kind, verdict, before.verdict.as_deref(), after.verdict.as_deref())
}

/// What a document said is gone with it, or new with it; so only the document is told, what we make of it, and the
/// open hits, which nobody has closed.
fn outcome(kind: Kind, before: &Person, after: &Person) -> Vec<Finding> {
    let word = |person: &Person| person.outcome.map(Outcome::as_str);
    let change = Finding::change(kind, Some("outcome"), word(before), word(after));
    verdict(before, after).into_iter().chain([change]).chain(suspicions(before, after)).collect()
}

fn word(kind: Kind, field: &str, before: Option<&str>, after: Option<&str>) -> Option<Finding> {
    (before != after).then(|| Finding::change(kind, Some(field), before, after))
}

/// A flag that is null has shown nothing: it lowers none, and is no `false` that another run could have raised.
fn flag(
    [raised, lowered]: [Kind; 2],
    field: &str,
    [before, after]: [Option<bool>; 2],
) -> Option<Finding> {
    let kind = match (before, after) {
        (None | Some(false), Some(true)) => raised,
        (Some(true), Some(false)) => lowered,
        _ => return None,
    };
    let word = |is_set: Option<bool>| is_set.map(|is_set| if is_set { "true" } else { "false" });
    Some(Finding::change(kind, Some(field), word(before), word(after)))
}

fn hits(before: &Person, after: &Person) -> Vec<Finding> {
    let mut found = screening(before, after);
    let is_listed = [before, after].map(|person| person.open_hits.is_some());
    let entities: BTreeSet<_> = before.hits.keys().chain(after.hits.keys()).collect();
    found.extend(match is_listed {
        [true, true] => {
            let hits = entities.into_iter().filter_map(|one| hit(one, before, after));
            hits.chain(listings(before, after)).collect()
        }
        [false, false] => Vec::new(),
        _ => suspicions(before, after),
    });
    found
}

fn screening(before: &Person, after: &Person) -> Vec<Finding> {
    let [was, is] = [before, after].map(|person| person.open_hits.as_deref());
    let kind = match (was, is) {
        (Some(_), None) => Kind::ScreeningLost,
        (None, Some(_)) => Kind::ScreeningRegained,
        _ => return Vec::new(),
    };
    vec![Finding::change(kind, Some("aml_open_hits"), was, is)]
}

/// What entities of both runs are listed for in one of them only. Whoever closed the entity has not seen what is new.
fn listings(before: &Person, after: &Person) -> Vec<Finding> {
    let differing = before.listings.symmetric_difference(&after.listings);
    let change = |(entity, listing): &(String, String)| {
        let (was, is) = (*before.hits.get(entity)?, *after.hits.get(entity)?);
        let field = format!("{entity}/{listing}");
        let is_new = after.listings.contains(&(entity.clone(), listing.clone()));
        Some(if is_new {
            Finding::change(Kind::NewAmlHit, Some(&field), None, Some(resolution(is)))
        } else {
            Finding::change(Kind::HitClosed, Some(&field), Some(resolution(was)), None)
        })
    };
    differing.filter_map(change).collect()
}

/// The open hits where one of the two runs lists none at all: they are new to it, or nobody has closed them.
fn suspicions(before: &Person, after: &Person) -> Vec<Finding> {
    let open = |person: &Person, entity: &String| {
        person.hits.get(entity).copied().filter(|is_open| *is_open).map(resolution)
    };
    let entities: BTreeSet<_> = before.hits.keys().chain(after.hits.keys()).collect();
    let entities = entities.into_iter().map(|one| (one, open(before, one), open(after, one)));
    entities
        .filter(|(_, was, is)| was.is_some() || is.is_some())
        .map(|(one, was, is)| Finding::change(Kind::NewAmlHit, Some(one), was, is))
        .collect()
}

fn hit(entity: &str, before: &Person, after: &Person) -> Option<Finding> {
    let [was, is] = [before, after].map(|person| person.hits.get(entity).copied());
    let kind = match (was == Some(true), is == Some(true)) {
        (false, true) => Kind::NewAmlHit,
        (true, false) => Kind::HitClosed,
        _ => return None,
    };
    Some(Finding::change(kind, Some(entity), was.map(resolution), is.map(resolution)))
}

/// The state of a listed AML entity in a word.
pub(super) const fn resolution(is_open: bool) -> &'static str {
    if is_open { "open" } else { "closed" }
}
