//! Each cell of the user's rows, with the place in the document that gave it.

use serde_json::Value;

use crate::{
    console::explained::{self, Cell, Record},
    kyc::{
        catalogue::{Column, Origin, Table},
        envelope::Document,
        json, locate,
    },
};

/// The rows of one table, each cell traced back.
pub(super) fn table(
    table: &Table,
    rows: &[Record],
    document: Option<&Document<'_>>,
) -> explained::Table {
    let document = document.map(Document::value);
    let rows = rows.iter().map(|row| traced(table, row, document)).collect();
    explained::Table { name: table.name, rows }
}

fn traced(table: &Table, row: &Record, document: Option<json::Value<'_>>) -> explained::Row {
    let pointer = pointer(table, row);
    let cell = |column: &Column| {
        let place = document.zip(pointer.as_deref());
        let found = place.and_then(|(document, row)| locate::locate(document, row, column));
        Cell {
            column: column.name.clone(),
            value: row.get(&column.name).cloned().unwrap_or_default(),
            from: from(column),
            pointer: found.as_ref().map(|found| found.pointer.clone()),
            raw: found.map(|found| found.text.to_owned()),
        }
    };
    explained::Row {
        cells: table.columns.iter().map(cell).collect(),
        pointer: pointer.filter(|pointer| !pointer.is_empty()),
    }
}

/// Where the row stands in the document: the document itself, or an element of its list.
fn pointer(table: &Table, row: &Record) -> Option<String> {
    if table.rows.iter().any(String::is_empty) {
        return Some(String::new());
    }
    let counts = table.columns.iter().filter(|column| column.name.ends_with("_index"));
    let places: Vec<_> =
        counts.filter_map(|column| row.get(&column.name).and_then(Value::as_u64)).collect();
    let section = row.get("section").and_then(Value::as_str);
    locate::row_pointer(table, section, &places)
}

/// Where the value comes from, in a word.
fn from(column: &Column) -> &'static str {
    match (&column.origin, column.name.as_str()) {
        (Origin::Document(_), _) => "document",
        (Origin::Json(_), _) => "JSON text of the document",
        (Origin::Raw(_), _) => "text of the document",
        (Origin::Derived, _) => "derived",
        (Origin::Run, name) if name.starts_with("verdict") => "policy",
        (Origin::Run, "user_id" | "position") => "roster",
        (Origin::Run, name) if name.starts_with("roster_") => "roster",
        (
            Origin::Run,
            "outcome" | "fetched_at" | "http_status" | "attempts" | "document_sha256"
            | "document_bytes",
        ) => "asking",
        (Origin::Run, _) => "run",
    }
}
