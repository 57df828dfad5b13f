//! What makes a whole roster unusable.

use std::io;

/// What makes a whole roster unusable. One line's trouble is a reject, not an error.
///
/// `path` is the name under which the roster was opened. No variant carries a cell of a line.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("{path} is empty: not even a header")]
    Empty { path: String },
    #[error("{path} has no header: line 1 is blank")]
    NoHeader { path: String },
    #[error("{path} seems to have no header: line 1 looks like data, not like column names")]
    HeaderMissing { path: String },
    #[error("the header of {path} (line 1) cannot be read: {detail}")]
    HeaderBroken { path: String, detail: String },
    #[error("{path} is UTF-16 or UTF-32, and only UTF-8 is read")]
    Utf16 { path: String },
    #[error("the header of {path} (line 1) is not UTF-8")]
    HeaderNotUtf8 { path: String },
    #[error("{path} has no column {wanted}; it has {}", listed(columns))]
    MissingColumn { path: String, wanted: String, columns: Vec<String> },
    #[error("{path} has more than one column named `{column}`")]
    AmbiguousColumn { path: String, column: String },
    #[error("a delimiter cannot be a quote, a letter, a digit or a line end")]
    Delimiter,
    #[error("cannot read {path} after line {line}")]
    Read { path: String, line: u64, source: io::Error },
}

fn listed(columns: &[String]) -> String {
    let quoted: Vec<_> = columns.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
