//! What a break looks like over several nights: which goes on, which ends, and how old it is.

use std::error::Error;

use super::{
    books::Books,
    person::Person,
    specimen::{Nights, clean, unknown, with_verdict},
};
use crate::model::outcome::Outcome;

type Tested = Result<(), Box<dyn Error>>;

#[test]
fn a_regression_has_an_age_until_the_user_passes_again() -> Tested {
    let fail = || with_verdict("fail", clean("a"));
    let review = with_verdict("review", clean("a"));
    let mut nights = Nights::default();
    assert!(nights.add_against(0, vec![clean("a")])?.is_empty());
    assert_eq!(nights.add(vec![fail()])?, ["a regression pass>fail night-2 0"]);
    assert_eq!(nights.add(vec![fail()])?, ["a regression pass>fail night-2 1"]);
    assert_eq!(
        nights.add(vec![review])?,
        ["a regression pass>review night-2 2", "a verdict_changed fail>review night-4 0"]
    );
    assert_eq!(nights.add(vec![clean("a")])?, ["a recovery review>pass night-5 0"]);
    assert!(nights.add(vec![clean("a")])?.is_empty());
    Ok(())
}

#[test]
fn a_change_is_told_once_and_a_state_until_it_ends() -> Tested {
    let mut hit = clean("a");
    hit.hits.insert("aml_entities/e1".to_owned(), true);
    hit.open_hits = Some("1".to_owned());
    hit.session = Some("session-2".to_owned());
    let mut closed = hit.clone();
    closed.hits.insert("aml_entities/e1".to_owned(), false);
    let mut nights = Nights::default();
    nights.add_against(0, vec![clean("a")])?;
    assert_eq!(
        nights.add(vec![hit.clone()])?,
        ["a new_aml_hit ->open night-2 0", "a new_session session-1>session-2 night-2 0"]
    );
    assert_eq!(nights.add(vec![hit.clone()])?, ["a new_aml_hit ->open night-2 1"]);
    let unlisted = Person { open_hits: None, hits: [].into(), ..hit.clone() };
    assert_eq!(
        nights.add(vec![unlisted])?,
        ["a new_aml_hit open>- night-2 2", "a screening_lost 1>- night-4 0"]
    );
    assert_eq!(
        nights.add(vec![hit])?,
        ["a new_aml_hit ->open night-2 3", "a screening_regained ->1 night-5 0"]
    );
    assert_eq!(nights.add(vec![closed])?, ["a hit_closed open>closed night-6 0"]);
    Ok(())
}

/// Of one user, night after night, the lines that speak of these kinds.
fn told_of(
    kinds: &[&str],
    roster: Vec<Person>,
    nights: &mut Nights,
) -> Result<Vec<String>, Box<dyn Error>> {
    let lines = nights.add(roster)?;
    Ok(lines.into_iter().filter(|line| kinds.iter().any(|kind| line.contains(kind))).collect())
}

#[test]
fn a_hit_older_than_the_baseline_is_told_when_its_user_disappears_or_loses_the_screening() -> Tested
{
    let mut hit = clean("a");
    hit.hits.insert("aml_entities/e1".to_owned(), true);
    hit.open_hits = Some("1".to_owned());
    let unscreened = Person { open_hits: None, hits: [].into(), ..hit.clone() };
    for gone in [unknown("a", Outcome::NoVerification), unscreened] {
        let mut nights = Nights::default();
        nights.add_against(0, vec![hit.clone()])?;
        let mut told = |person: &Person| told_of(&["aml_hit"], vec![person.clone()], &mut nights);
        assert_eq!(told(&gone)?, ["a new_aml_hit open>- night-2 0"]);
        assert_eq!(told(&gone)?, ["a new_aml_hit open>- night-2 1"]);
        assert_eq!(told(&hit)?, ["a new_aml_hit ->open night-2 2"]);
    }
    Ok(())
}

#[test]
fn a_new_listing_of_an_entity_that_was_dismissed_is_a_new_hit() -> Tested {
    let listed = |listings: &[&str]| {
        let mut person = clean("a");
        let entity = "aml_entities/e1".to_owned();
        person.hits.insert(entity.clone(), false);
        person.listings = listings.iter().map(|one| (entity.clone(), (*one).to_owned())).collect();
        person
    };
    let mut nights = Nights::default();
    nights.add_against(0, vec![listed(&["PEP/s1"])])?;
    let sanctioned = || listed(&["PEP/s1", "SANCTION/s2"]);
    assert_eq!(nights.add(vec![sanctioned()])?, ["a new_aml_hit ->closed night-2 0"]);
    assert!(nights.add(vec![sanctioned()])?.is_empty());
    Ok(())
}

#[test]
fn an_entity_whose_id_comes_or_goes_is_no_new_hit() -> Tested {
    let (id, name) = ("aml_entities/e1", "aml_entities/name-1");
    let hit = |field: &str| {
        let mut person = Person { open_hits: Some("1".to_owned()), ..clean("a") };
        person.hits.insert(field.to_owned(), true);
        if field == id {
            person.entity_names.insert(id.to_owned(), name.to_owned());
        }
        person
    };
    let mut nights = Nights::default();
    nights.add_against(0, vec![clean("a")])?;
    for (age, field) in [name, id, id, name, id].into_iter().enumerate() {
        let told = nights.add(vec![hit(field)])?;
        assert_eq!(told, [format!("a new_aml_hit ->open night-2 {age}")]);
    }
    Ok(())
}

#[test]
fn a_first_screening_with_an_open_hit_is_a_new_hit() -> Tested {
    let unscreened = Person { open_hits: None, ..clean("a") };
    let mut hit = clean("a");
    hit.hits.insert("aml_entities/e1".to_owned(), true);
    hit.hits.insert("aml_entities/e2".to_owned(), false);
    hit.open_hits = Some("1".to_owned());
    let mut nights = Nights::default();
    nights.add_against(0, vec![unscreened])?;
    assert_eq!(
        nights.add(vec![hit])?,
        ["a new_aml_hit ->open night-2 0", "a screening_regained ->1 night-2 0"]
    );
    Ok(())
}

#[test]
fn what_nobody_can_tell_is_not_told_as_false_and_ends_no_break() -> Tested {
    let flags = |flag: Option<bool>| Person {
        reference_mismatch: flag,
        document_expired: flag,
        ..clean("a")
    };
    let mut nights = Nights::default();
    nights.add_against(0, vec![flags(Some(false))])?;
    let both = |change: &str, age: u32| {
        ["reference_mismatch", "document_expired"]
            .map(|kind| format!("a {kind} {change} night-2 {age}"))
    };
    assert_eq!(nights.add(vec![flags(Some(true))])?, both("false>true", 0));
    assert_eq!(nights.add(vec![flags(None)])?, both("false>-", 1));
    assert_eq!(nights.add(vec![flags(Some(true))])?.len(), 2);
    assert_eq!(
        nights.add(vec![flags(Some(false))])?,
        [
            "a reference_mismatch_gone true>false night-5 0",
            "a document_renewed true>false night-5 0"
        ]
    );
    assert!(nights.add(vec![flags(None)])?.is_empty());
    assert_eq!(nights.add(vec![flags(Some(true))])?.len(), 2, "null and true is news");
    Ok(())
}

#[test]
fn a_night_without_an_answer_ends_no_break_and_hides_no_regression() -> Tested {
    let lost = || unknown("a", Outcome::Exhausted);
    let mut nights = Nights::default();
    nights.add_against(0, vec![clean("a")])?;
    assert_eq!(nights.add(vec![lost()])?, ["a became_unreached pass>unreached night-2 0"]);
    assert_eq!(nights.add(vec![lost()])?, ["a became_unreached pass>unreached night-2 1"]);
    let fail = || with_verdict("fail", clean("a"));
    assert_eq!(
        nights.add(vec![fail()])?,
        ["a regression pass>fail night-4 0", "a reached_again unreached>fail night-4 0"]
    );
    assert_eq!(
        nights.add(vec![lost()])?,
        ["a regression pass>unreached night-4 1", "a became_unreached fail>unreached night-5 0"]
    );
    assert_eq!(
        nights.add(vec![fail()])?,
        ["a regression pass>fail night-4 2", "a reached_again unreached>fail night-6 0"]
    );
    Ok(())
}

#[test]
fn whoever_disappeared_stays_so_until_the_partner_has_a_document_again() -> Tested {
    let gone = || unknown("a", Outcome::NoVerification);
    let mut nights = Nights::default();
    nights.add_against(0, vec![clean("a")])?;
    let regression = "a regression pass>pending night-2";
    let disappeared = "a disappeared answered>no_verification night-2";
    let aged = |age| vec![format!("{regression} {age}"), format!("{disappeared} {age}")];
    assert_eq!(nights.add(vec![gone()])?, aged(0));
    assert_eq!(nights.add(vec![gone()])?, aged(1));
    assert_eq!(
        nights.add(vec![clean("a")])?,
        [
            "a recovery pending>pass night-4 0",
            "a appeared_at_partner no_verification>answered night-4 0"
        ]
    );
    Ok(())
}

/// As after a gate that failed: `latest` stays where it was, and tomorrow is compared with the same run as today.
#[test]
fn a_change_keeps_its_age_while_the_baseline_stays_and_another_change_is_new() -> Tested {
    let named = |name: &str| {
        let mut person = clean("a");
        person.identity.full_name = Some(name.to_owned());
        person
    };
    let mut nights = Nights::default();
    nights.add_against(0, vec![named("Ana")])?;
    let first = "a identity_changed Ana>Eva night-2";
    assert_eq!(nights.add_against(1, vec![named("Eva")])?, [format!("{first} 0")]);
    assert_eq!(nights.add_against(1, vec![named("Eva")])?, [format!("{first} 1")]);
    let again = "a identity_changed Ana>Ida night-4 0";
    assert_eq!(nights.add_against(1, vec![named("Ida")])?, [again]);
    assert!(nights.add_against(4, vec![named("Ida")])?.is_empty());
    Ok(())
}

#[test]
fn a_disagreement_with_our_books_grows_old_also_without_a_baseline() -> Tested {
    let books = Books::read(toml::from_str("status = { active = 'pass' }")?)?;
    let mut nights = Nights::default();
    nights.books = books.bind(&["status".to_owned()])?;
    let believed = |person: Person| {
        let theirs = vec![person.verdict.clone()];
        Person { ours: vec![Some("active".to_owned())], theirs, ..person }
    };
    let fail = || believed(with_verdict("fail", clean("a")));
    assert_eq!(nights.add_against(0, vec![fail()])?, ["a books_verdict ->- night-1 0"]);
    assert_eq!(nights.add_against(0, vec![fail()])?, ["a books_verdict ->- night-1 1"]);
    let lost = believed(unknown("a", Outcome::Exhausted));
    assert_eq!(nights.add_against(0, vec![lost])?, ["a books_verdict ->- night-1 2"]);
    assert!(nights.add_against(0, vec![believed(clean("a"))])?.is_empty());
    Ok(())
}

#[test]
fn users_come_and_go_once() -> Tested {
    let second = || Person { position: 2, ..clean("b") };
    let mut nights = Nights::default();
    nights.add_against(0, vec![clean("a")])?;
    assert_eq!(nights.add(vec![clean("a"), second()])?, ["b appeared ->pass night-2 0"]);
    assert_eq!(nights.add(vec![second()])?, ["a vanished pass>- night-3 0"]);
    assert!(nights.add(vec![second()])?.is_empty());
    Ok(())
}

#[test]
fn an_open_hit_of_a_user_whom_the_baseline_did_not_see_is_a_new_hit() -> Tested {
    let mut hit = clean("a");
    hit.hits.insert("aml_entities/e1".to_owned(), true);
    hit.hits.insert("aml_entities/e2".to_owned(), false);
    hit.open_hits = Some("1".to_owned());
    for unseen in
        [vec![unknown("a", Outcome::Exhausted)], vec![unknown("a", Outcome::Denied)], vec![]]
    {
        let mut nights = Nights::default();
        nights.add_against(0, unseen)?;
        let told = told_of(&["aml_hit"], vec![hit.clone()], &mut nights)?;
        assert_eq!(told, ["a new_aml_hit ->open night-2 0"]);
        let told = told_of(&["aml_hit"], vec![unknown("a", Outcome::Exhausted)], &mut nights)?;
        assert_eq!(told, ["a new_aml_hit ->- night-2 1"]);
        let told = told_of(&["aml_hit"], vec![hit.clone()], &mut nights)?;
        assert_eq!(told, ["a new_aml_hit ->open night-2 2"], "one break through all nights");
    }
    Ok(())
}
