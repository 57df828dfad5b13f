//! Reconciling the tables of two reports, chunk by chunk of the newer roster: memory does not grow with it.

use std::mem;

use polars::prelude::DataFrame;

use super::batches::{ReportTables, Table};
use crate::{
    error::Error,
    reconcile::{
        bound::BoundBooks,
        breaks::{BREAK_COLUMNS, Break, Night},
        chunk::{self, Chunk},
        figures::Figures,
        person::{self, ENTITY_COLUMNS, LISTING_COLUMNS, Person},
        seen::Seen,
    },
};

/// What is reconciled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) head: &'a ReportTables,
    /// Compared with if [`Night::baseline`] names it.
    pub(super) baseline: Option<&'a ReportTables>,
    /// The report whose breaks go on, with their ages.
    pub(super) earlier: Option<&'a ReportTables>,
}

/// Hands over every break, first those of the run's users in roster order, then those who left it; gives the counts.
pub(super) fn reconcile(
    sides: Sides<'_>,
    night: &Night<'_>,
    mut hand_over: impl FnMut(&[Break]) -> Result<(), Error>,
) -> Result<Figures, Error> {
    if sides.baseline.is_none() && sides.earlier.is_none() && night.books.is_empty() {
        // There is nothing to compare with, so nobody is read.
        let users = sides.head.table("users")?.rows() as u64;
        return Ok(Figures { users, ..Figures::default() });
    }
    let mut figures = Figures::default();
    let mut seen = Seen::default();
    for people in Chunks::of(sides.head, person::head_columns(night.books), night.books)? {
        let mut chunk = Chunk::of(people?);
        for entities in all(&sides.head.table("aml_entities")?, &ENTITY_COLUMNS) {
            chunk.list_entities(&entities?)?;
        }
        for listings in all(&sides.head.table("aml_hits")?, &LISTING_COLUMNS) {
            chunk.list_listings(&listings?)?;
        }
        if let Some(baseline) = sides.baseline {
            meet(&mut chunk, baseline, night.books, &mut seen)?;
        }
        remember(&mut chunk, sides.earlier)?;
        hand_over(&chunk.compare(night, &mut figures))?;
    }
    if let Some(baseline) = sides.baseline {
        let columns = person::baseline_columns(night.books);
        for people in Chunks::of(baseline, columns, night.books)? {
            let mut people = people?;
            people.retain(|person| !seen.holds(person));
            let mut chunk = Chunk::of(people);
            remember(&mut chunk, sides.earlier)?;
            hand_over(&chunk.depart(night, &mut figures))?;
        }
    }
    Ok(figures)
}

/// Rosters keep their order from night to night, so most batches have nobody of this chunk, and of these only the ids
/// are read: of all passes together, each row of the baseline is read whole about once.
fn meet(
    chunk: &mut Chunk,
    baseline: &ReportTables,
    books: &BoundBooks,
    seen: &mut Seen,
) -> Result<(), Error> {
    let users = baseline.table("users")?;
    let columns = person::baseline_columns(books);
    for batch in users.batches() {
        if chunk.select(&users.read(batch, &["user_id".to_owned()])?)?.height() > 0 {
            let own = chunk.select(&users.read(batch, &columns)?)?;
            chunk.meet(person::read(&own, books)?, seen);
        }
    }
    for entities in all(&baseline.table("aml_entities")?, &ENTITY_COLUMNS) {
        chunk.list_baseline_entities(&entities?)?;
    }
    for listings in all(&baseline.table("aml_hits")?, &LISTING_COLUMNS) {
        chunk.list_baseline_listings(&listings?)?;
    }
    Ok(())
}

fn remember(chunk: &mut Chunk, earlier: Option<&ReportTables>) -> Result<(), Error> {
    let Some(earlier) = earlier else { return Ok(()) };
    for breaks in all(&earlier.table("breaks")?, &BREAK_COLUMNS) {
        let own = chunk.select(&breaks?)?;
        chunk.remember(&own)?;
    }
    Ok(())
}

/// Every batch of a table.
fn all(table: &Table, columns: &[&str]) -> impl Iterator<Item = Result<DataFrame, Error>> {
    let columns: Vec<_> = columns.iter().map(|&name| name.to_owned()).collect();
    table.batches().map(move |batch| table.read(batch, &columns))
}

/// The users of a report, as many at a time as are compared at once.
struct Chunks<'a> {
    users: Table,
    batches: Box<dyn Iterator<Item = usize>>,
    columns: Vec<String>,
    books: &'a BoundBooks,
    people: Vec<Person>,
}

impl<'a> Chunks<'a> {
    fn of(
        report: &ReportTables,
        columns: Vec<String>,
        books: &'a BoundBooks,
    ) -> Result<Self, Error> {
        let users = report.table("users")?;
        Ok(Self { batches: Box::new(users.batches()), users, columns, books, people: Vec::new() })
    }

    fn read(&self, batch: usize) -> Result<Vec<Person>, Error> {
        Ok(person::read(&self.users.read(batch, &self.columns)?, self.books)?)
    }
}

impl Iterator for Chunks<'_> {
    type Item = Result<Vec<Person>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.people.len() < chunk::USERS {
            let Some(batch) = self.batches.next() else { break };
            match self.read(batch) {
                Ok(people) => self.people.extend(people),
                Err(error) => return Some(Err(error)),
            }
        }
        (!self.people.is_empty()).then(|| Ok(mem::take(&mut self.people)))
    }
}
