//! `explain`: everything about one user of a published run, from the request to the verdict. Reads only.

mod cells;
mod evidence;
mod judgement;

use std::path::PathBuf;

use polars::prelude::DataFrame;

use self::evidence::Evidence;
use super::published::Published;
use crate::{
    console::explained::{self, Page, Record},
    error::{Error, ExitStatus},
    kyc::catalogue::Table,
    model::ids::UserId,
    report::{
        certificate::Certificate,
        error::ReportError,
        reading::{self, PublishedTable},
    },
    settings::published::PublishedSettings,
};

/// The child tables, in the order of the page.
const CHILDREN: [&str; 4] = ["aml_entities", "aml_hits", "warnings", "status_reasons"];

/// The evidence.
const ARCHIVE: &str = "archive/responses.parquet";

/// Prints the page about one user. It names the person: to standard output, and nowhere else.
pub(super) fn explain(
    settings: &PublishedSettings,
    user: &UserId,
    all: bool,
) -> Result<ExitStatus, Error> {
    let run = Published::find(settings)?;
    let page = page(&run, user).map_err(|error| match error {
        said @ (Error::UserMissing { .. } | Error::Unreadable(_)) => said,
        Error::Report(error) => Error::unreadable(error),
        other => Error::Inexplicable(Box::new(other)),
    });
    let page = page.map_err(|error| run.error(error))?;
    explained::show(&page, settings.json, all);
    Ok(ExitStatus::Complete)
}

fn page(run: &Published, user: &UserId) -> Result<Page, Error> {
    let certificate = Certificate::read(&run.file("certificate.json"))?;
    let users = rows_of(run, "tables/users.parquet", user)?;
    if users.height() == 0 {
        let users = certificate.population.unique_users;
        return Err(Error::UserMissing { run: certificate.run_id, users });
    }
    let policy = run.policy()?;
    let row = reading::record(&users, 0)?;
    let evidence = Evidence::read(&rows_of(run, ARCHIVE, user)?)
        .map_err(|error| altered(run.file(ARCHIVE), error))?;
    Ok(Page {
        environment: certificate.environment,
        user_id: user.as_str().to_owned(),
        roster: evidence.roster(),
        attempts: records(&rows_of(run, "tables/attempts.parquet", user)?)?,
        answer: evidence.answer(&row),
        tables: tables(run, user, &users, &evidence)?,
        drift: evidence.drift(&certificate.run_id, user, &policy)?,
        judgement: judgement::judgement(&policy, &users, &row)?,
        run_id: certificate.run_id,
    })
}

/// The user's rows, each cell with its place in the document.
fn tables(
    run: &Published,
    user: &UserId,
    users: &DataFrame,
    evidence: &Evidence,
) -> Result<Vec<explained::Table>, Error> {
    let published = run.tables()?;
    let document = evidence.document();
    let rows = |table: &Table| match table.name {
        "users" => Ok(users.clone()),
        name => rows_of(run, &format!("tables/{name}.parquet"), user),
    };
    published
        .iter()
        .filter(|table| table.name == "users" || CHILDREN.contains(&table.name))
        .map(|table| Ok(cells::table(table, &records(&rows(table)?)?, document.as_ref())))
        .collect()
}

/// A file that can be read and does not hold what was published: nothing is built here, so nothing else can be wrong.
fn altered(path: PathBuf, error: Error) -> Error {
    match error {
        Error::Flatten(source) => Error::unreadable(ReportError::Table { path, source }),
        other => other,
    }
}

fn rows_of(run: &Published, file: &str, user: &UserId) -> Result<DataFrame, Error> {
    Ok(PublishedTable::open(&run.file(file))?.rows_of(user)?)
}

fn records(rows: &DataFrame) -> Result<Vec<Record>, Error> {
    (0..rows.height()).map(|row| Ok(reading::record(rows, row)?)).collect()
}
