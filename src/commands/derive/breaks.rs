//! The `breaks` table: the tables just written, held against the baseline's and against our own books.
//!
//! The breaks that go on are the baseline's, and no other run's: one run beside the evidence is enough to derive it all
//! again, and a break is new until a run that shows it has become a baseline. So a gate that closed stays closed until
//! somebody has looked, and does not open by itself because the night before has seen the same.

use super::{Inputs, ledger::Ledger, tables};
use crate::{
    commands::{
        baseline::Baseline,
        batches::ReportTables,
        reconcile::{self, Sides},
    },
    error::Error,
    kyc::catalogue,
    reconcile::{
        bound::BoundBooks,
        breaks::Night,
        frame,
        standing::{STANDING_COLUMNS, Standings},
    },
    report::publish::Staging,
};

/// Writes the table, and counts.
pub(super) fn write(
    inputs: Inputs<'_>,
    books: &BoundBooks,
    staging: &Staging,
    ledger: &mut Ledger,
) -> Result<(), Error> {
    let Some(table) = catalogue::table("breaks") else { return Ok(()) };
    let facts = inputs.evidence.facts();
    let night = Night {
        run_id: &facts.run_id,
        started_at: facts.started_at,
        baseline: inputs.baseline.map(|baseline| &baseline.run_id),
        books,
    };
    let head = ReportTables::tables(&staging.tables());
    let baseline = inputs.baseline.map(Baseline::tables);
    let sides = Sides { head: &head, baseline: baseline.as_ref(), earlier: baseline.as_ref() };
    let mut files = tables::create(inputs, staging, table)?;
    let gravest = &mut ledger.gravest;
    ledger.figures = reconcile::reconcile(sides, &night, |breaks| {
        gravest.note(breaks);
        Ok(files.append(&frame::frame(&night, breaks)?)?)
    })?;
    ledger.rows.insert(table.name.to_owned(), files.finish()?);
    Ok(())
}

/// What the baseline made of every user of its own; nobody without a baseline.
pub(super) fn standings(baseline: Option<&Baseline>) -> Result<Standings, Error> {
    let Some(baseline) = baseline else { return Ok(Standings::default()) };
    let users = baseline.tables().table("users")?;
    let mut standings = Standings::of(users.rows());
    for batch in users.batches() {
        standings.note(&users.read(batch, &STANDING_COLUMNS.map(str::to_owned))?)?;
    }
    Ok(standings.close())
}
