//! Why an export cannot be made.

use super::form::FormFlaw;

/// An `[export.NAME]` that cannot be obeyed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[export.{name}]: {flaw}")]
pub struct ExportFlaw {
    pub name: String,
    pub flaw: Flaw,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error(
        "the name of an export is lower-case letters, digits, `-` and `_`, and starts with a letter"
    )]
    Name,
    #[error("it has no columns")]
    NoColumns,
    #[error("two columns of the file would be named `{shown_as}`")]
    Twice { shown_as: String },
    #[error("`users` has no column `{column}`{}", suggested(nearest.as_deref()))]
    UnknownColumn { column: String, nearest: Option<String> },
    #[error(
        "`{column}` is personal: say by `privacy` whether it is shown \"as_is\", \"masked\" or as \"pseudonym\""
    )]
    Unsaid { column: String },
    #[error(
        "`order` is a list of columns, each with ASC or DESC behind it if at all, and not `{order}`"
    )]
    Order { order: String },
    #[error(
        "`{file}` is no name of a file: letters, digits, `-`, `_`, `.`, and {{date}}, {{yyyymmdd}}, {{run_id}}, {{name}}; `.md` is the dictionary's"
    )]
    File { file: String },
    #[error("`csv` says how a CSV file is written, and this is a Parquet file")]
    CsvOfParquet,
    #[error("csv: {0}")]
    Form(#[from] FormFlaw),
}

fn suggested(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
