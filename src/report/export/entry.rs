//! One `[export.NAME]` as it is written down.

use serde::{Deserialize, Serialize};

use super::form::CsvForm;

/// An export as the settings file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Columns of `users`, in the order of the file.
    pub(super) columns: Vec<ColumnEntry>,
    /// Which users: a condition as of a policy, which may also read the verdict. None: everybody.
    pub(super) rows: Option<String>,
    /// By which columns: `"created_at DESC"`. Empty: as in the roster.
    #[serde(default)]
    pub(super) order: Vec<String>,
    #[serde(default)]
    pub(super) format: FileFormat,
    /// Name of the file; `{date}`, `{yyyymmdd}`, `{run_id}` and `{name}` stand for those of the run.
    pub(super) file: Option<String>,
    /// How columns are shown that are about a person, if they do not say it themselves.
    pub(super) privacy: Option<Showing>,
    pub(super) csv: Option<CsvForm>,
}

/// `"verdict"`, or `{ column = "verdict", as = "RESULT", privacy = "as_is" }`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a column of `users`, or { column = …, as = …, privacy = \"as_is\", \"masked\" or \"pseudonym\" }"
)]
pub(super) enum ColumnEntry {
    Name(String),
    Explicit(ExplicitColumn),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExplicitColumn {
    pub(super) column: String,
    #[serde(rename = "as")]
    pub(super) shown_as: Option<String>,
    pub(super) privacy: Option<Showing>,
}

impl ColumnEntry {
    /// The column of `users`.
    pub(super) fn column(&self) -> &str {
        match self {
            Self::Name(column) | Self::Explicit(ExplicitColumn { column, .. }) => column,
        }
    }

    /// The column of the file.
    pub(super) fn shown_as(&self) -> &str {
        match self {
            Self::Name(_) => None,
            Self::Explicit(explicit) => explicit.shown_as.as_deref(),
        }
        .unwrap_or_else(|| self.column())
    }

    pub(super) const fn privacy(&self) -> Option<Showing> {
        match self {
            Self::Name(_) => None,
            Self::Explicit(explicit) => explicit.privacy,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileFormat {
    #[default]
    Csv,
    Parquet,
}

impl FileFormat {
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// How much of a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Showing {
    AsIs,
    /// The end of a long text, the year of a date, and of anything else that there is something.
    Masked,
    /// The HMAC-SHA-256 of the value's text.
    Pseudonym,
}

impl Showing {
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::AsIs => "as is",
            Self::Masked => "masked",
            Self::Pseudonym => "HMAC-SHA-256 of the value",
        }
    }
}
