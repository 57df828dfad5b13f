//! `dictionary.md`: every table and column, from the catalogue.

use std::{fmt::Write as _, path::Path};

use serde_json::{Value, json};

use crate::{
    disk,
    kyc::catalogue::{Column, Kind, Origin, Privacy, Table, VERSION},
    report::error::ReportError,
};

/// Writes the dictionary of the published tables.
///
/// # Errors
/// When the disk refuses.
pub fn write<'a>(
    path: &Path,
    tables: impl IntoIterator<Item = &'a Table>,
) -> Result<(), ReportError> {
    Ok(disk::write_private(path, markdown(tables).as_bytes())?)
}

/// The dictionary as Markdown.
#[must_use]
pub fn markdown<'a>(tables: impl IntoIterator<Item = &'a Table>) -> String {
    let mut text =
        format!("# Dictionary of the published tables\n\nCatalogue version {VERSION}.\n");
    for table in tables {
        let _ = write!(
            text,
            "\n## {}\n\n{}\n\n| column | type | meaning | privacy | origin | source | words |\n\
             | --- | --- | --- | --- | --- | --- | --- |\n",
            table.name, table.meaning
        );
        table.columns.iter().for_each(|column| text.push_str(&row(column)));
    }
    text
}

/// The dictionary as JSON, with all that the catalogue says.
#[must_use]
pub fn json<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Value {
    let table = |table: &'a Table| {
        json!({
            "name": table.name,
            "meaning": table.meaning,
            "rows": table.rows,
            "columns": table.columns.iter().map(json_column).collect::<Vec<_>>(),
        })
    };
    json!({ "catalogue": VERSION, "tables": tables.into_iter().map(table).collect::<Vec<_>>() })
}

fn json_column(column: &Column) -> Value {
    json!({
        "name": column.name,
        "type": kind_word(column.kind),
        "meaning": column.meaning,
        "privacy": privacy_word(column.privacy),
        "origin": origin_word(&column.origin),
        "pointer": column.origin.pointer(),
        "source": column.source,
        "words": column.words,
    })
}

/// How the value came from its origin, in a word.
const fn origin_word(origin: &Origin) -> &'static str {
    match origin {
        Origin::Document(_) => "document",
        Origin::Json(_) => "json",
        Origin::Raw(_) => "raw",
        Origin::Derived => "derived",
        Origin::Run => "run",
    }
}

fn row(column: &Column) -> String {
    let origin = match &column.origin {
        Origin::Document(pointer) => format!("`{pointer}`"),
        Origin::Json(pointer) => format!("JSON text of `{pointer}`"),
        Origin::Raw(pointer) => format!("text of `{pointer}`"),
        Origin::Derived | Origin::Run => origin_word(&column.origin).to_owned(),
    };
    let Column { name, kind, privacy, meaning, source, words, .. } = column;
    format!(
        "| `{name}` | {} | {meaning} | {} | {origin} | {source} | {} |\n",
        kind_word(*kind),
        privacy_word(*privacy),
        words.join(", ")
    )
}

pub(super) const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "int64",
        Kind::Float => "float64",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Timestamp => "timestamp (UTC, µs)",
    }
}

const fn privacy_word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::None => "none",
        Privacy::Pseudonym => "pseudonym",
        Privacy::Personal => "personal",
        Privacy::Sensitive => "sensitive",
        Privacy::Secret => "secret",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kyc::catalogue;

    #[test]
    fn the_json_tells_where_each_column_comes_from() {
        let json = json(catalogue::table("users"));
        assert_eq!(json["catalogue"], VERSION);
        let columns = json["tables"][0]["columns"].as_array().into_iter().flatten();
        let of = |name: &str| columns.clone().find(|column| column["name"] == name).cloned();
        let birth = of("id_info_birth_date_raw").unwrap_or_default();
        assert_eq!(
            (&birth["origin"], &birth["pointer"]),
            (&"raw".into(), &"/idInfo/birthDate".into())
        );
        let decision = of("decision").unwrap_or_default();
        assert_eq!(decision["source"], "API notes F.1");
        assert_eq!((&decision["origin"], &decision["pointer"]), (&"derived".into(), &Value::Null));
        assert!(
            decision["words"].as_array().is_some_and(|words| words.contains(&"approved".into()))
        );
    }

    #[test]
    fn every_column_has_its_line() {
        let text = markdown(catalogue::tables());
        let columns = catalogue::tables().iter().map(|table| table.columns.len()).sum::<usize>();
        assert_eq!(text.lines().filter(|line| line.starts_with("| `")).count(), columns);
        // A stray bar would shift the cells of a row.
        let shifted = |line: &&str| line.starts_with('|') && line.matches('|').count() != 8;
        assert_eq!(text.lines().find(shifted), None);
    }
}
