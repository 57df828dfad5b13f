//! One user in our books and at the partner: where the two disagree.

use super::{
    bound::{BoundBelief, BoundBooks},
    breaks::Finding,
    person::{Person, Sight},
};
use crate::model::disagreement::{Kind, Side};

/// What our books say otherwise than the run. Nothing about a user who was not reached: what the partner says is not
/// known; and no fields of one without a document.
pub(super) fn disagreements(
    person: &Person,
    before: Option<&Person>,
    books: &BoundBooks,
) -> Vec<Finding> {
    let is_known = |belief: &BoundBelief| match person.sight() {
        Sight::Document => true,
        Sight::NoVerification => {
            matches!(belief.kind(), Kind::BooksVerdict | Kind::BooksDecision)
        }
        Sight::Unreached => false,
    };
    let beliefs = books.beliefs.iter().enumerate().filter(|(_, belief)| is_known(belief));
    beliefs.filter_map(|(at, belief)| disagreement(belief, at, person, before)).collect()
}

fn disagreement(
    belief: &BoundBelief,
    at: usize,
    person: &Person,
    before: Option<&Person>,
) -> Option<Finding> {
    let (ours, theirs) = (value(&person.ours, at), value(&person.theirs, at));
    let finding = |kind, side| Finding {
        kind,
        field: Some(belief.column().to_owned()),
        side,
        before: None,
        after: None,
        ours: ours.map(str::to_owned),
        theirs: theirs.map(str::to_owned),
    };
    let spelled = |value: Option<&str>| value.and_then(|value| belief.spell(value));
    let meant = match ours.map(|ours| belief.translate(ours)) {
        Some(None) => return Some(finding(Kind::BooksWordUnknown, None)),
        meant => spelled(meant.flatten().as_deref()),
    };
    let earlier = before.and_then(|before| value(&before.theirs, at));
    let side = match (&meant, &spelled(theirs)) {
        (Some(_), None) => Side::OursOnly,
        (None, Some(_)) => Side::TheirsOnly,
        (Some(ours), Some(theirs)) if ours != theirs => {
            if meant == spelled(earlier) {
                Side::Stale
            } else {
                Side::Differs
            }
        }
        _ => return None,
    };
    Some(finding(belief.kind(), Some(side)))
}

/// The value at a place, unless it is blank.
fn value(values: &[Option<String>], at: usize) -> Option<&str> {
    values.get(at)?.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::{model::outcome::Outcome, reconcile::books::Books};

    const SETTINGS: &str = "status = { active = 'pass', blocked = 'fail' }\n\
        born = 'id_info_birth_date'\nnumber = 'id_info_id_number'\nname = 'id_info_full_name'\n";
    /// The roster columns in the order of the settings' names.
    const BORN: usize = 0;
    const NAME: usize = 1;
    const NUMBER: usize = 2;
    const STATUS: usize = 3;

    fn books() -> Result<BoundBooks, Box<dyn Error>> {
        let headers = ["born", "name", "number", "status"].map(str::to_owned);
        Ok(Books::read(toml::from_str(SETTINGS)?)?.bind(&headers)?)
    }

    /// A user in perfect agreement.
    fn user() -> Person {
        let text = |text: &str| Some(text.to_owned());
        Person {
            outcome: Some(Outcome::Answered),
            ours: vec![text("31/01/1990"), text("ana  perez"), text("ab 12"), text("Active")],
            theirs: vec![text("1990-01-31"), text("ANA PÉREZ"), text("AB-12"), text("pass")],
            ..Person::default()
        }
    }

    fn told(person: &Person, before: Option<&Person>) -> Result<Vec<String>, Box<dyn Error>> {
        let found = disagreements(person, before, &books()?);
        let told = found.into_iter().map(|found| {
            let side = found.side.map_or("-", Side::as_str);
            format!("{} {side} {}", found.kind.as_str(), found.field.unwrap_or_default())
        });
        Ok(told.collect())
    }

    fn with(change: impl Fn(&mut Person)) -> Person {
        let mut person = user();
        change(&mut person);
        person
    }

    #[test]
    fn another_spelling_is_no_disagreement() -> Result<(), Box<dyn Error>> {
        assert!(told(&user(), None)?.is_empty());
        Ok(())
    }

    #[test]
    fn each_side_may_know_what_the_other_does_not() -> Result<(), Box<dyn Error>> {
        let ours_only = with(|person| person.theirs[NUMBER] = None);
        assert_eq!(told(&ours_only, None)?, ["books_identity ours_only id_info_id_number"]);
        let theirs_only = with(|person| person.ours[BORN] = Some(" ".to_owned()));
        assert_eq!(told(&theirs_only, None)?, ["books_identity theirs_only id_info_birth_date"]);
        let neither = with(|person| (person.ours[NAME], person.theirs[NAME]) = (None, None));
        assert!(told(&neither, None)?.is_empty());
        Ok(())
    }

    #[test]
    fn what_the_partner_said_before_is_stale_now() -> Result<(), Box<dyn Error>> {
        let failed = with(|person| person.theirs[STATUS] = Some("fail".to_owned()));
        assert_eq!(told(&failed, None)?, ["books_verdict differs verdict"]);
        assert_eq!(told(&failed, Some(&user()))?, ["books_verdict stale verdict"]);
        assert_eq!(told(&failed, Some(&failed))?, ["books_verdict differs verdict"]);
        Ok(())
    }

    #[test]
    fn a_word_that_is_not_in_the_table_is_never_equal() -> Result<(), Box<dyn Error>> {
        let paused = with(|person| person.ours[STATUS] = Some("pass".to_owned()));
        assert_eq!(told(&paused, None)?, ["books_word_unknown - verdict"]);
        Ok(())
    }

    #[test]
    fn what_was_not_asked_or_not_answered_is_no_disagreement() -> Result<(), Box<dyn Error>> {
        let nulls = vec![None, None, None, Some("unreached".to_owned())];
        for outcome in [Outcome::Exhausted, Outcome::NotAttempted, Outcome::Denied] {
            let person = Person { outcome: Some(outcome), theirs: nulls.clone(), ..user() };
            assert!(told(&person, None)?.is_empty());
        }
        let gone = Person { outcome: Some(Outcome::NoVerification), theirs: nulls, ..user() };
        assert_eq!(told(&gone, None)?, ["books_verdict differs verdict"]);
        Ok(())
    }
}
