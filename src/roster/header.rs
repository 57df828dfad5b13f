//! The header: how the file is delimited, which column holds the id, what the others are called.

use std::collections::BTreeSet;

use crate::roster::{error::RosterError, split::Field};

/// How the roster is written, where that is not to be detected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialect {
    /// Detected from the header (`,` `;` or tab) when none.
    pub delimiter: Option<u8>,
    /// The id column. When none: `user_id`, `userId` or `id`, in this order, else the only column.
    pub column: Option<String>,
}

const ID_COLUMNS: [&str; 3] = ["user_id", "userId", "id"];

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Number of columns.
    pub(super) width: usize,
    /// Position of the id column, from 0.
    pub(super) id_at: usize,
    /// Names of the other columns, in order, each different from the others.
    pub(super) others: Vec<String>,
}

impl Header {
    /// Reads the header from its fields.
    pub(super) fn read(
        fields: &[Field],
        column: Option<&str>,
        path: &str,
    ) -> Result<Self, RosterError> {
        let names = names(fields, path)?;
        let id_at = find(&names, column, path)?;
        let width = names.len();
        Ok(Self { width, id_at, others: others(&names, id_at) })
    }
}

/// The delimiter of the header line: the one of `,` `;` tab that occurs most outside quotes, else `,`.
pub(super) fn detect_delimiter(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut in_quotes = false;
    for byte in line {
        in_quotes ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += usize::from(!in_quotes && byte == delimiter);
        }
    }
    // `max_by_key` keeps the last of equals, so the most usual one stands last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

fn names(fields: &[Field], path: &str) -> Result<Vec<String>, RosterError> {
    let name = |field: &Field| {
        let text = std::str::from_utf8(&field.bytes).ok()?;
        Some(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned())
    };
    fields
        .iter()
        .map(|field| {
            name(field).ok_or_else(|| RosterError::HeaderNotUtf8 { path: path.to_owned() })
        })
        .collect()
}

fn find(names: &[String], column: Option<&str>, path: &str) -> Result<usize, RosterError> {
    let wanted: &[&str] = column.as_ref().map_or(&ID_COLUMNS, std::slice::from_ref);
    for column in wanted {
        if let Some(at) = position(names, column, path)? {
            return Ok(at);
        }
    }
    // Said before the columns are listed: these names may be somebody's data.
    if names.iter().any(|name| looks_like_data(name)) {
        return Err(RosterError::HeaderMissing { path: path.to_owned() });
    }
    if let ([only], None) = (names, column)
        && looks_like_a_name(only)
    {
        return Ok(0);
    }
    let wanted: Vec<_> = wanted.iter().map(|name| format!("`{name}`")).collect();
    Err(RosterError::MissingColumn {
        path: path.to_owned(),
        wanted: wanted.join(" or "),
        columns: names.to_vec(),
    })
}

/// Where the column of this name is: written exactly so, else in another case.
fn position(names: &[String], column: &str, path: &str) -> Result<Option<usize>, RosterError> {
    let column = column.trim();
    let all = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        names.iter().enumerate().filter(|(_, name)| same(name)).map(|(at, _)| at).collect()
    };
    let exact = all(&|name| name == column);
    let found = if exact.is_empty() {
        all(&|name| name.to_lowercase() == column.to_lowercase())
    } else {
        exact
    };
    match found.as_slice() {
        [] => Ok(None),
        [at] => Ok(Some(*at)),
        _ => Err(RosterError::AmbiguousColumn { path: path.to_owned(), column: column.to_owned() }),
    }
}

/// Whether a text is rather an id, a number or an address than the name of a column.
///
/// A file of bare ids without header would else lose its first user without a word.
fn looks_like_data(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let uuid = name.len() == 36 && name.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    uuid || digits >= 4 || name.contains('@') || (digits > 0 && letters == 0)
}

/// Whether a text could be the name of a column, and not the first line of a file of another kind.
fn looks_like_a_name(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(plain)
        && text.split(' ').count() <= 3
}

/// The other columns' names: a nameless one gets its position, a repeated one gets it appended.
fn others(names: &[String], id_at: usize) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut others = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate().filter(|(at, _)| *at != id_at) {
        let mut name =
            if folded(name).is_empty() { format!("column {}", at + 1) } else { name.clone() };
        while !taken.insert(folded(&name)) {
            name = format!("{name} {}", at + 1);
        }
        others.push(name);
    }
    others
}

/// What is left of a name in any spelling, so that `Our Status` and `our_status` count as one name.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str, column: Option<&str>) -> Result<Header, RosterError> {
        let fields: Vec<_> = line
            .split(',')
            .map(|text| Field { bytes: text.as_bytes().to_vec(), stray_quote: false })
            .collect();
        Header::read(&fields, column, "users.csv")
    }

    #[test]
    fn the_id_column_is_found_by_name() -> Result<(), RosterError> {
        for (line, column, id_at) in [
            ("user_id", None, 0),
            ("country,userId", None, 1),
            ("id, USER_ID ,x", None, 1),
            ("x,ID", None, 1),
            ("person", None, 0),
            ("a,Person No,id", Some("person no"), 1),
            ("KEY,key", Some("key"), 1),
        ] {
            assert_eq!(header(line, column)?.id_at, id_at, "{line}");
        }
        Ok(())
    }

    #[test]
    fn a_missing_column_is_said_with_those_there_are() {
        for (line, column, message) in [
            (
                "email,country",
                None,
                "users.csv has no column `user_id` or `userId` or `id`; it has `email`, `country`",
            ),
            ("id", Some("uid"), "users.csv has no column `uid`; it has `id`"),
            ("id,ID,Id", Some("iD"), "users.csv has more than one column named `iD`"),
        ] {
            let said = header(line, column).map_err(|error| error.to_string());
            assert_eq!(said, Err(message.to_owned()), "{line}");
        }
    }

    #[test]
    fn a_first_line_that_looks_like_data_is_not_taken_for_a_header() {
        for line in [
            "7d4c0f6e-5a9a-4d8e-9d0c-1f7a2b3c4d5e",
            "7d4c0f6e-5a9a-4d8e-9d0c-1f7a2b3c4d5e,MX,active",
            "12",
            "usr_000123",
            "ana@example.org,MX",
        ] {
            let error = header(line, None).map_err(|error| error.to_string());
            let said = error.err().unwrap_or_default();
            assert!(said.contains("no header") && !said.contains(line), "{line}: {said}");
        }
    }

    #[test]
    fn every_other_column_has_a_name_of_its_own() -> Result<(), RosterError> {
        let others = header("Our Status,,id,our_status,,OUR-STATUS", None)?.others;
        assert_eq!(others, ["Our Status", "column 2", "our_status 4", "column 5", "OUR-STATUS 6"]);
        Ok(())
    }

    #[test]
    fn the_delimiter_is_the_one_the_header_uses_most() {
        for (line, delimiter) in [
            ("user_id", b','),
            ("a,b;c", b','),
            ("a;b", b';'),
            ("a\tb\tc,d", b'\t'),
            ("\"a,b,c\";d", b';'),
        ] {
            assert_eq!(detect_delimiter(line.as_bytes()), delimiter, "{line}");
        }
    }
}
