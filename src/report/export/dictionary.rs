//! `dictionary.md` beside the file of an export: for whoever gets the file and nothing else.

use std::{fmt::Write as _, path::Path};

use jiff::{civil, tz::TimeZone};

use super::{
    bound::{BoundColumn, BoundExport, Sorting},
    entry::Showing,
    form::{self, CsvForm},
};
use crate::{
    disk,
    kyc::catalogue::Kind,
    report::{dictionary::kind_word, error::ReportError},
};

/// The dictionary's name.
pub const NAME: &str = "dictionary.md";

/// Writes the dictionary of an export.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, export: &BoundExport) -> Result<(), ReportError> {
    Ok(disk::write_private(path, markdown(export).as_bytes())?)
}

fn markdown(export: &BoundExport) -> String {
    let form = export.csv();
    let mut text = format!("# Export `{}`\n\n", export.profile().name());
    let rows = export.profile().rows().map_or("every user of the roster".to_owned(), |sql| {
        format!("users for whom `{}` is true", sql.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    let _ = writeln!(text, "- rows: {rows}\n- order: {}", order(export.order()));
    let _ = writeln!(text, "- file: {}", form.as_ref().map_or("Parquet".to_owned(), described));
    text.push_str(
        "\n| column | type | written as | meaning | shown | column of `users` | words |\n",
    );
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    export.columns.iter().for_each(|column| text.push_str(&row(column, form.as_ref())));
    text
}

fn order(order: &[Sorting]) -> String {
    let one = |by: &Sorting| {
        let way = if by.descending { "descending" } else { "ascending" };
        format!("`{}` {way}, missing ones last", by.column)
    };
    let by: Vec<_> = order.iter().map(one).collect();
    if by.is_empty() { "as in the roster".to_owned() } else { by.join(", ") }
}

fn described(form: &CsvForm) -> String {
    let delimiter = match form.delimiter {
        '\t' => "tab".to_owned(),
        other => format!("`{other}`"),
    };
    let mark = if form.bom { "with" } else { "without" };
    let guard = if form.formula_guard {
        "; a text that a spreadsheet would take for a formula has `'` in front"
    } else {
        ""
    };
    format!(
        "CSV in UTF-8 {mark} byte order mark, lines end with CR LF, delimiter {delimiter}, decimal mark `{}`, missing values empty{guard}",
        form.decimal_mark
    )
}

fn row(bound: &BoundColumn, form: Option<&CsvForm>) -> String {
    let BoundColumn { column, shown_as, showing } = bound;
    // A word that is masked or a pseudonym is none of those.
    let words = if *showing == Showing::AsIs { column.words.join(", ") } else { String::new() };
    let kind = if *showing == Showing::AsIs { column.kind } else { Kind::Text };
    format!(
        "| `{shown_as}` | {} | {} | {} | {} | `{}` | {words} |\n",
        kind_word(kind),
        form.map_or(String::new(), |form| written(kind, form)),
        column.meaning,
        showing.in_words(),
        column.name,
    )
}

/// How a CSV file writes a value of this type: by an example, where there is more than one way.
fn written(kind: Kind, form: &CsvForm) -> String {
    let day = civil::date(2026, 12, 31);
    match kind {
        Kind::Date => form.dates.as_deref().and_then(|dates| form::date(dates, day).ok()),
        Kind::Timestamp => {
            let instant = day.at(23, 59, 0, 0).to_zoned(TimeZone::UTC).map(|at| at.timestamp());
            let formed = |times| instant.ok().and_then(|instant| form::time(times, instant).ok());
            form.times.as_deref().and_then(formed)
        }
        Kind::Bool | Kind::Text | Kind::Int | Kind::Float => None,
    }
    .unwrap_or_else(|| usual(kind).to_owned())
}

/// How all our CSV files write it.
const fn usual(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "2026-12-31",
        Kind::Timestamp => "2026-12-31T23:59:00.000000Z",
        Kind::Bool => "true or false",
        Kind::Text | Kind::Int | Kind::Float => "",
    }
}
