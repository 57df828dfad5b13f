//! Reconciling the tables of two reports, chunk by chunk of the newer roster: memory does not grow with it.

use std::mem;

use super::published::{Batches, Published};
use crate::{
    error::Error,
    reconcile::{
        bound::BoundBooks,
        breaks::{BREAK_COLUMNS, Break, Night},
        chunk::{self, Chunk},
        figures::Figures,
        person::{self, ENTITY_COLUMNS, Person},
        seen::Seen,
    },
};

/// What is reconciled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) head: &'a Published,
    /// Compared with if [`Night::baseline`] names it.
    pub(super) baseline: Option<&'a Published>,
    /// The report whose breaks go on, with their ages.
    pub(super) earlier: Option<&'a Published>,
}

/// Hands over every break, first those of the run's users in roster order, then those who left it; gives the counts.
pub(super) fn reconcile(
    sides: Sides<'_>,
    night: &Night<'_>,
    mut hand_over: impl FnMut(&[Break]) -> Result<(), Error>,
) -> Result<Figures, Error> {
    let mut figures = Figures::default();
    let mut seen = Seen::default();
    for people in chunks(sides.head, &person::head_columns(night.books), night.books)? {
        let mut chunk = Chunk::of(people?);
        for entities in entities(sides.head)? {
            chunk.list_entities(&entities?)?;
        }
        if let Some(baseline) = sides.baseline {
            meet(&mut chunk, baseline, night.books, &mut seen)?;
        }
        remember(&mut chunk, sides.earlier)?;
        hand_over(&chunk.compare(night, &mut figures))?;
    }
    if let Some(baseline) = sides.baseline {
        for people in chunks(baseline, &person::baseline_columns(night.books), night.books)? {
            let mut people = people?;
            people.retain(|person| !seen.holds(person));
            let mut chunk = Chunk::of(people);
            remember(&mut chunk, sides.earlier)?;
            hand_over(&chunk.depart(night, &mut figures))?;
        }
    }
    Ok(figures)
}

fn meet(
    chunk: &mut Chunk,
    baseline: &Published,
    books: &BoundBooks,
    seen: &mut Seen,
) -> Result<(), Error> {
    for users in baseline.batches("users", &person::baseline_columns(books))? {
        chunk.meet(person::read(&users?, books)?, seen);
    }
    for entities in entities(baseline)? {
        chunk.list_baseline_entities(&entities?)?;
    }
    Ok(())
}

fn remember(chunk: &mut Chunk, earlier: Option<&Published>) -> Result<(), Error> {
    let Some(earlier) = earlier else { return Ok(()) };
    for breaks in earlier.batches("breaks", &BREAK_COLUMNS.map(str::to_owned))? {
        chunk.remember(&breaks?)?;
    }
    Ok(())
}

fn entities(report: &Published) -> Result<Batches, Error> {
    report.batches("aml_entities", &ENTITY_COLUMNS.map(str::to_owned))
}

/// The users of a report, as many at a time as are compared at once.
fn chunks<'a>(
    report: &Published,
    columns: &[String],
    books: &'a BoundBooks,
) -> Result<Chunks<'a>, Error> {
    Ok(Chunks { batches: report.batches("users", columns)?, books, people: Vec::new() })
}

struct Chunks<'a> {
    batches: Batches,
    books: &'a BoundBooks,
    people: Vec<Person>,
}

impl Iterator for Chunks<'_> {
    type Item = Result<Vec<Person>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.people.len() < chunk::USERS {
            match self.batches.next() {
                Some(Ok(users)) => match person::read(&users, self.books) {
                    Ok(people) => self.people.extend(people),
                    Err(error) => return Some(Err(error.into())),
                },
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!self.people.is_empty()).then(|| Ok(mem::take(&mut self.people)))
    }
}
