//! Everything about one user of a run: as JSON for programs, or as a page for whoever has to answer for the verdict.

mod page;

use serde::Serialize;
use serde_json::{Map, Value};

use super::terminal::print;
use crate::report::environment::Environment;

/// A row as names and values.
pub type Record = Map<String, Value>;

/// One user of a published run, from the roster to the verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub run_id: String,
    pub environment: Environment,
    pub user_id: String,
    pub roster: Roster,
    /// The user's rows of `attempts`.
    pub attempts: Vec<Record>,
    pub answer: Answer,
    /// `users` and its child tables, also those without a row.
    pub tables: Vec<Table>,
    pub drift: Vec<Drift>,
    pub judgement: Judgement,
}

/// Where the user stands in the roster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Roster {
    pub position: Option<u64>,
    pub line: Option<u64>,
    /// The roster's other columns by header.
    pub columns: Record,
}

/// The answer that settled the asking, from the archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub outcome: Option<String>,
    pub http_status: Option<u64>,
    pub content_type: Option<String>,
    pub fetched_at: Option<String>,
    pub elapsed_ms: Option<u64>,
    pub request_id: Option<String>,
    pub bytes: Option<u64>,
    /// As the archive states it.
    pub sha256: Option<String>,
    /// As it is now, from the archived bytes.
    pub recomputed_sha256: Option<String>,
    /// Whether both, and the one in `users`, are the same.
    pub digests_agree: bool,
    /// What the body turned out to be.
    pub holds: Option<String>,
}

/// The user's rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    pub name: &'static str,
    pub rows: Vec<Row>,
}

/// One row, and where it stands in the document if it is a part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub pointer: Option<String>,
    pub cells: Vec<Cell>,
}

/// One cell, and where its value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    pub column: String,
    pub value: Value,
    pub from: &'static str,
    /// JSON pointer of the value in the document, with the keys as sent; none if the document holds nothing there.
    pub pointer: Option<String>,
    /// The JSON text there, as sent.
    pub raw: Option<String>,
}

/// One thing in the document that the catalogue did not expect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    pub kind: Value,
    pub column: Value,
    pub pointer: Value,
    pub sample: Value,
    pub occurrences: Value,
}

impl From<&Record> for Drift {
    fn from(row: &Record) -> Self {
        let cell = |column: &str| row.get(column).cloned().unwrap_or_default();
        Self {
            kind: cell("kind"),
            column: cell("column_name"),
            pointer: cell("pointer"),
            sample: cell("sample"),
            occurrences: cell("occurrences"),
        }
    }
}

/// How the policy of the run judges the user's published row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    pub policy: String,
    pub version: String,
    pub sha256: String,
    pub rules: Vec<Ruling>,
    pub pass: Ruling,
    pub verdict: &'static str,
    pub reason: Option<String>,
    pub published_verdict: String,
    pub agrees: bool,
}

/// One condition and what it saw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ruling {
    pub rule: String,
    pub verdict: &'static str,
    /// None is SQL's NULL: not known, so it does not hold.
    pub holds: Option<bool>,
    pub when: String,
    pub says: String,
    pub saw: Vec<Seen>,
}

/// A column that a condition reads, and its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    pub column: String,
    pub value: Value,
}

/// Shows the page: as JSON for programs, or for people, with `all` also its empty cells and long texts.
pub fn show(page: &Page, json: bool, all: bool) {
    if json {
        print(&(serde_json::to_string_pretty(page).unwrap_or_default() + "\n"));
    } else {
        print(&page::text(page, all));
    }
}
