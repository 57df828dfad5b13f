//! The `actions` table, and the same rows as `actions.csv` at the top of the report: who needs something, and what.

mod told;
mod users;

use polars::prelude::DataFrame;

use self::{told::Told, users::Users};
use super::{Inputs, ledger::Ledger, tables};
use crate::{
    assess::document_rules::DocumentRules,
    commands::batches::ReportTables,
    error::Error,
    flatten::{cell::Cell, columns::TableBuilder},
    kyc::catalogue::{self, Table},
    model::{action::Action, evidence::RememberedReject},
    report::{csv::CsvTableWriter, publish::Staging, table::TableFiles},
};

/// Writes the rows of the users in roster order, then those of the lines that could not be used.
pub(super) fn write(
    inputs: Inputs<'_>,
    staging: &Staging,
    ledger: &mut Ledger,
) -> Result<(), Error> {
    let Some(table) = catalogue::table("actions") else { return Ok(()) };
    let run_id = inputs.evidence.facts().run_id.as_str();
    let mut list = List::create(inputs, staging, table)?;
    let published = ReportTables::tables(&staging.tables());
    let users = published.table("users")?;
    let mut told = Told::of(published.table("breaks")?);
    let document_rules = DocumentRules::of(inputs.policy);
    for batch in users.batches() {
        let users = users.read(batch, &Users::columns())?;
        list.append(&of_users(&Users::of(&users)?, &mut told, &document_rules, run_id, table)?)?;
    }
    for rejects in inputs.evidence.rejects() {
        list.append(&of_rejects(&rejects?, run_id, table)?)?;
    }
    ledger.rows.insert(table.name.to_owned(), list.finish()?);
    Ok(())
}

fn of_users(
    users: &Users,
    told: &mut Told,
    document_rules: &DocumentRules<'_>,
    run_id: &str,
    table: &Table,
) -> Result<DataFrame, Error> {
    let mut builder = TableBuilder::new(table);
    for row in 0..users.len() {
        let breaks = told.about(users.user_id(row))?;
        let checks = users.other_checks(row);
        let situation = users.situation(row, &checks, &breaks, document_rules);
        let Some((verdict, due)) = situation.and_then(|known| Some((known.verdict, known.due()?)))
        else {
            continue;
        };
        builder.push(&[
            run_id.into(),
            users.user_id(row).into(),
            users.line(row).into(),
            due.action.as_str().into(),
            due.why.as_ref().into(),
            verdict.as_str().into(),
            due.severity.as_str().into(),
        ]);
    }
    Ok(builder.take()?)
}

fn of_rejects(
    rejects: &[RememberedReject],
    run_id: &str,
    table: &Table,
) -> Result<DataFrame, Error> {
    let action = Action::FixRoster;
    let mut builder = TableBuilder::new(table);
    for reject in rejects {
        builder.push(&[
            run_id.into(),
            Cell::Null,
            i64::try_from(reject.line).ok().into(),
            action.as_str().into(),
            // The word alone: the sentence may quote the line.
            reject.reason.as_str().into(),
            Cell::Null,
            action.severity().as_str().into(),
        ]);
    }
    Ok(builder.take()?)
}

/// The places where the rows are published.
struct List {
    files: TableFiles,
    csv: CsvTableWriter,
}

impl List {
    fn create(inputs: Inputs<'_>, staging: &Staging, table: &Table) -> Result<Self, Error> {
        let names = table.columns.iter().map(|column| column.name.as_str());
        let mark = inputs.evidence.facts().derivation.mark();
        Ok(Self {
            files: tables::create(inputs, staging, table)?,
            csv: CsvTableWriter::create(&staging.file("actions.csv"), mark, names)?,
        })
    }

    fn append(&mut self, rows: &DataFrame) -> Result<(), Error> {
        self.files.append(rows)?;
        Ok(self.csv.append(rows)?)
    }

    fn finish(self) -> Result<u64, Error> {
        self.csv.finish()?;
        Ok(self.files.finish()?)
    }
}
