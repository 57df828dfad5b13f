//! `dictionary.md`: every table and column, from the catalogue.

use std::{fmt::Write as _, path::Path};

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

fn row(column: &Column) -> String {
    let origin = match &column.origin {
        Origin::Document(pointer) => format!("`{pointer}`"),
        Origin::Json(pointer) => format!("JSON text of `{pointer}`"),
        Origin::Raw(pointer) => format!("text of `{pointer}`"),
        Origin::Derived => "derived".to_owned(),
        Origin::Run => "run".to_owned(),
    };
    let Column { name, kind, privacy, meaning, source, words, .. } = column;
    format!(
        "| `{name}` | {} | {meaning} | {} | {origin} | {source} | {} |\n",
        kind_word(*kind),
        privacy_word(*privacy),
        words.join(", ")
    )
}

const fn kind_word(kind: Kind) -> &'static str {
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
    fn every_column_has_its_line() {
        let text = markdown(catalogue::tables());
        let columns = catalogue::tables().iter().map(|table| table.columns.len()).sum::<usize>();
        assert_eq!(text.lines().filter(|line| line.starts_with("| `")).count(), columns);
        // A stray bar would shift the cells of a row.
        let shifted = |line: &&str| line.starts_with('|') && line.matches('|').count() != 8;
        assert_eq!(text.lines().find(shifted), None);
    }
}
