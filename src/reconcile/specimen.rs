//! Made-up people and nights for tests.

use std::error::Error;

use jiff::{Timestamp, ToSpan as _};
use polars::prelude::DataFrame;

use super::{
    bound::BoundBooks,
    breaks::{Break, Night},
    chunk::Chunk,
    figures::Figures,
    frame,
    person::Person,
    seen::Seen,
};
use crate::model::{ids::RunId, outcome::Outcome};

/// A user who passes, and of whom everything is known.
pub(super) fn clean(user: &str) -> Person {
    let text = |text: &str| Some(text.to_owned());
    let mut person = Person {
        user_id: user.to_owned(),
        position: 1,
        outcome: Some(Outcome::Answered),
        decision: text("approved"),
        verdict: text("pass"),
        session: text("session-1"),
        open_hits: text("0"),
        ..Person::default()
    };
    person.identity.full_name = text("Ana Pérez");
    person.identity.birth_date = text("1990-01-31");
    person.identity.id_number = text("AB-12");
    person
}

/// The same user with another verdict.
pub(super) fn with_verdict(verdict: &str, person: Person) -> Person {
    Person { verdict: Some(verdict.to_owned()), ..person }
}

/// A user of whom nothing is known but the outcome.
pub(super) fn unknown(user: &str, outcome: Outcome) -> Person {
    let verdict = if outcome == Outcome::NoVerification { "pending" } else { "unreached" };
    Person {
        user_id: user.to_owned(),
        position: 1,
        outcome: Some(outcome),
        verdict: Some(verdict.to_owned()),
        ..Person::default()
    }
}

/// The breaks between two rosters, cut into chunks of this many users.
pub(super) fn reconcile(
    night: &Night<'_>,
    base: &[Person],
    head: &[Person],
    earlier: &DataFrame,
    users: usize,
) -> Result<(Vec<Break>, Figures), Box<dyn Error>> {
    let (mut breaks, mut figures, mut seen) = (Vec::new(), Figures::default(), Seen::default());
    for people in head.chunks(users) {
        let mut chunk = Chunk::of(people.to_vec());
        chunk.meet(base.to_vec(), &mut seen);
        chunk.remember(earlier)?;
        breaks.extend(chunk.compare(night, &mut figures));
    }
    let gone = base.iter().filter(|person| !seen.holds(person)).cloned();
    let mut chunk = Chunk::of(gone.collect());
    chunk.remember(earlier)?;
    breaks.extend(chunk.depart(night, &mut figures));
    Ok((breaks, figures))
}

/// The breaks between two rosters, without an earlier night.
pub(super) fn compare(
    base: &[Person],
    head: &[Person],
) -> Result<(Vec<Break>, Figures), Box<dyn Error>> {
    let (run, baseline) = (RunId::parse("head")?, RunId::parse("base")?);
    let night = Night {
        run_id: &run,
        started_at: Timestamp::UNIX_EPOCH,
        baseline: Some(&baseline),
        books: &BoundBooks::default(),
    };
    reconcile(&night, base, head, &frame::frame(&night, &[])?, usize::MAX)
}

/// Nights that follow one another, each with the breaks it published.
#[derive(Default)]
pub(super) struct Nights {
    rosters: Vec<Vec<Person>>,
    breaks: Option<DataFrame>,
    pub(super) books: BoundBooks,
}

impl Nights {
    /// Reconciles one more night with the one before it, and tells its breaks.
    pub(super) fn add(&mut self, head: Vec<Person>) -> Result<Vec<String>, Box<dyn Error>> {
        let baseline = self.rosters.len();
        self.add_against(baseline, head)
    }

    /// Reconciles one more night with the given one, counted from 1; 0 for none.
    pub(super) fn add_against(
        &mut self,
        baseline: usize,
        head: Vec<Person>,
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let number = self.rosters.len() + 1;
        let run = RunId::parse(&format!("night-{number}"))?;
        let base = RunId::parse(&format!("night-{baseline}"))?;
        let night = Night {
            run_id: &run,
            started_at: Timestamp::UNIX_EPOCH + (24 * i64::try_from(number)?).hours(),
            baseline: (baseline > 0).then_some(&base),
            books: &self.books,
        };
        let nobody = Vec::new();
        let before = self.rosters.get(baseline.wrapping_sub(1)).unwrap_or(&nobody);
        let none = frame::frame(&night, &[])?;
        let earlier = self.breaks.as_ref().unwrap_or(&none);
        let (breaks, _) = reconcile(&night, before, &head, earlier, 2)?;
        self.breaks = Some(frame::frame(&night, &breaks)?);
        self.rosters.push(head);
        Ok(breaks.iter().map(told).collect())
    }
}

/// A break in a line: user, kind, what became what, since when.
fn told(one: &Break) -> String {
    let found = &one.finding;
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{} {} {}>{} {} {}",
        one.user_id,
        found.kind.as_str(),
        shown(&found.before),
        shown(&found.after),
        one.first_seen.run_id,
        one.age_days
    )
}
