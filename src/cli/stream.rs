//! What `derive-stream` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Flags of `derive-stream`.
#[derive(Debug, Args)]
pub struct DeriveStreamArgs {
    /// Table whose rows are wanted
    pub table: StreamedTable,

    /// Directory with `certificate.json` and `policy.toml` of the run: its report, or copies of the two
    #[arg(long, value_name = "DIR")]
    pub run: PathBuf,

    /// Judge by this policy [default: the one by which the run was judged]
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// The numbers that several users of the whole run have: CSV with the columns kind, hash, users
    #[arg(long, value_name = "FILE", required_if_eq_any = [("table", "users"), ("table", "rule_hits")])]
    pub census: Option<PathBuf>,
}

/// A table that is derived from documents alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum StreamedTable {
    Users,
    RuleHits,
    AmlEntities,
    AmlHits,
    Warnings,
    StatusReasons,
    Drift,
    /// The numbers of documents and tax ids, as hashes
    Census,
}

impl StreamedTable {
    /// The name of the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::RuleHits => "rule_hits",
            Self::AmlEntities => "aml_entities",
            Self::AmlHits => "aml_hits",
            Self::Warnings => "warnings",
            Self::StatusReasons => "status_reasons",
            Self::Drift => "drift",
            Self::Census => "census",
        }
    }
}
