//! What holds of every comparison, whoever is compared.

use std::error::Error;

use proptest::prelude::{
    ProptestConfig, Strategy, TestCaseError, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::{
    bound::BoundBooks,
    breaks::{Break, Night},
    figures::Figures,
    frame,
    identity::Identity,
    normal,
    person::{Person, Sight},
    specimen::{compare, reconcile},
};
use crate::model::{disagreement::Kind, ids::RunId, outcome::Outcome, verdict::Verdict};

type Compared = (Vec<Break>, Figures);

fn text(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    let word = proptest::sample::select(words).prop_map(str::to_owned);
    proptest::option::weighted(0.8, word)
}

fn identity() -> impl Strategy<Value = Identity> {
    let names = || text(&["Ana Pérez", "ANA PEREZ", "Eva", " eva "]);
    let numbers = text(&["AB-12", "ab12", "ZZ"]);
    (names(), names(), names(), text(&["1990-01-31", "1991-01-31"]), numbers).prop_map(
        |(full_name, first, last, birth_date, id_number)| Identity {
            full_name,
            name_parts: [first, None, last, None],
            birth_date,
            id_number,
        },
    )
}

fn known() -> impl Strategy<Value = Person> {
    let hit = (proptest::sample::select(&["e1", "e2", "e3"][..]), proptest::bool::ANY);
    let hits = proptest::collection::btree_map(hit.0.prop_map(str::to_owned), hit.1, 0..3);
    let flags = (proptest::bool::ANY, proptest::bool::ANY);
    let words = (text(&["approved", "rejected"]), text(&["s1", "s2"]), text(&["0", "1"]));
    (identity(), hits, flags, words).prop_map(
        |(identity, hits, (reference_mismatch, document_expired), (decision, session, open))| {
            Person {
                outcome: Some(Outcome::Answered),
                decision,
                session,
                reference_mismatch: Some(reference_mismatch),
                document_expired: Some(document_expired),
                open_hits: open,
                identity,
                hits,
                ..Person::default()
            }
        },
    )
}

fn unreached() -> impl Strategy<Value = Person> {
    let others = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Answered);
    proptest::sample::select(others.collect::<Vec<_>>())
        .prop_map(|outcome| Person { outcome: Some(outcome), ..Person::default() })
}

fn person() -> impl Strategy<Value = Person> {
    let verdict = proptest::sample::select(&Verdict::ALL[..]);
    (prop_oneof![4 => known(), 1 => unreached()], verdict).prop_map(|(person, verdict)| Person {
        verdict: Some(verdict.as_str().to_owned()),
        ..person
    })
}

/// Some of twelve users, at the places of this order.
fn roster() -> impl Strategy<Value = Vec<Person>> {
    let names: Vec<_> = (0..12).map(|number| format!("user-{number}")).collect();
    let chosen = proptest::sample::subsequence(names, 0..12).prop_shuffle();
    (chosen, proptest::collection::vec(person(), 12)).prop_map(|(names, people)| {
        let placed = (1..).zip(names).zip(people);
        placed.map(|((position, user_id), person)| Person { user_id, position, ..person }).collect()
    })
}

fn compared(base: &[Person], head: &[Person]) -> Result<Compared, TestCaseError> {
    compare(base, head).map_err(|error| failed(&*error))
}

fn failed(error: &dyn Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// A break without its run, as it looks from the other side if `is_mirrored`; to be sorted.
fn image(one: &Break, is_mirrored: bool) -> (String, Kind, Option<String>, [Option<String>; 2]) {
    let found = &one.finding;
    let (user, field) = (one.user_id.clone(), found.field.clone());
    let (before, after) = (found.before.clone(), found.after.clone());
    // Where one run lists no hits, those that the other lists stay open, whichever of the two comes first.
    let kind = match found.kind {
        Kind::NewAmlHit | Kind::HitClosed => Kind::NewAmlHit,
        kind if is_mirrored => kind.mirrored(),
        kind => kind,
    };
    if is_mirrored {
        (user, kind, field, [after, before])
    } else {
        (user, kind, field, [before, after])
    }
}

fn is_hit(one: &Break) -> bool {
    matches!(one.finding.kind, Kind::NewAmlHit | Kind::HitClosed)
}

/// Whether a run has seen the user of a break. Of the hits of one whom only the other run has seen, that run alone tells.
fn seen_by(roster: &[Person], one: &Break) -> bool {
    let person = roster.iter().find(|person| person.user_id == one.user_id);
    person.is_some_and(|person| person.sight() != Sight::Unreached)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_run_compared_with_itself_has_no_breaks(roster in roster()) {
        let (breaks, figures) = compared(&roster, &roster)?;
        prop_assert_eq!(breaks, []);
        prop_assert_eq!(figures.unchanged, roster.len() as u64);
        prop_assert!(figures.verdicts.keys().all(|(before, after)| before == after));
    }

    #[test]
    fn the_other_way_round_everything_is_mirrored(base in roster(), head in roster()) {
        let (there, counted_there) = compared(&base, &head)?;
        let (back, counted_back) = compared(&head, &base)?;
        let known = |one: &&Break| seen_by(&base, one) && seen_by(&head, one) || !is_hit(one);
        let mut there: Vec<_> = there.iter().filter(known).map(|one| image(one, false)).collect();
        let mut back: Vec<_> = back.iter().filter(known).map(|one| image(one, true)).collect();
        there.sort();
        back.sort();
        prop_assert_eq!(there, back);
        prop_assert_eq!(counted_there.appeared, counted_back.vanished);
        prop_assert_eq!(counted_there.changed, counted_back.changed);
        let turned = counted_back.verdicts.into_iter().map(|((b, a), users)| ((a, b), users));
        prop_assert_eq!(counted_there.verdicts, turned.collect());
    }

    #[test]
    fn neither_order_of_rows_nor_size_of_chunks_matters(
        base in roster(), head in roster(), at in 0_usize..12, users in 1_usize..5
    ) {
        let expected = compared(&base, &head)?;
        let (mut turned_base, mut turned_head) = (base.clone(), head.clone());
        turned_base.rotate_left(at.min(base.len()));
        turned_head.reverse();
        prop_assert_eq!(&compared(&turned_base, &turned_head)?, &expected);
        let names = RunId::parse("head").and_then(|run| Ok((run, RunId::parse("base")?)));
        let (run, baseline) = names.map_err(|error| failed(&error))?;
        let night = Night {
            run_id: &run,
            started_at: jiff::Timestamp::UNIX_EPOCH,
            baseline: Some(&baseline),
            books: &BoundBooks::default(),
        };
        let nothing = frame::frame(&night, &[]).map_err(|error| failed(&error))?;
        let chunked = reconcile(&night, &turned_base, &head, &nothing, users);
        let chunked = chunked.map_err(|error| failed(&*error))?;
        prop_assert_eq!(chunked, expected);
    }

    #[test]
    fn every_user_is_counted_once(base in roster(), head in roster()) {
        let (breaks, figures) = compared(&base, &head)?;
        prop_assert_eq!(figures.users, head.len() as u64);
        prop_assert_eq!(figures.appeared + figures.changed + figures.unchanged, figures.users);
        let met: u64 = figures.decisions.values().sum();
        prop_assert_eq!(met, figures.changed + figures.unchanged);
        prop_assert_eq!(met + figures.vanished, base.len() as u64);
        let open: u64 = figures.breaks.values().map(|count| count.open).sum();
        prop_assert_eq!(open, breaks.len() as u64);
    }

    #[test]
    fn what_was_not_asked_is_no_change_and_no_verdict_changes_in_silence(
        before in person(), after in person()
    ) {
        let name = |person: Person| Person { user_id: "a".to_owned(), position: 1, ..person };
        let (before, after) = (name(before), name(after));
        let unreached = |person: &Person| {
            !matches!(person.outcome, Some(Outcome::Answered | Outcome::NoVerification))
        };
        let (breaks, _) = compared(std::slice::from_ref(&before), std::slice::from_ref(&after))?;
        let fields: Vec<_> = breaks.iter().filter_map(|one| one.finding.field.as_deref()).collect();
        let is_news = |field: &&str| after.hits.get(*field) == Some(&true) && !unreached(&after);
        if unreached(&before) || unreached(&after) {
            let (news, rest): (Vec<_>, Vec<_>) = fields.iter().copied().partition(is_news);
            prop_assert!(rest.iter().all(|field| *field == "verdict"), "{rest:?}");
            let open = after.hits.values().filter(|is_open| **is_open).count();
            prop_assert_eq!(news.len(), open, "every open hit is told");
        }
        if before.verdict != after.verdict {
            prop_assert!(fields.contains(&"verdict"));
        }
    }

    #[test]
    fn folding_a_text_twice_changes_nothing(value in "\\PC{0,12}") {
        if let Some(folded) = normal::text(&value) {
            prop_assert_eq!(normal::text(&folded), Some(folded.clone()));
            prop_assert!(normal::alike(Some(&value), Some(&folded), normal::text));
        }
    }
}
