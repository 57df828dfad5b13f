//! What stops a report, or the reading of one.

use std::{io, path::PathBuf};

use arrow_schema::ArrowError;
use polars::error::PolarsError;

use crate::{
    disk::DiskError,
    report::{charts::picture::ChartError, equation::OpenEquation},
};

/// What stops a report, or the reading of a published one. Nothing has been published when one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot write {}", path.display())]
    Frame { path: PathBuf, source: PolarsError },
    #[error("cannot read {}", path.display())]
    Table { path: PathBuf, source: PolarsError },
    #[error("{} is not as it was published: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{} was declared with other columns than it was given: {detail}", path.display())]
    Shape { path: PathBuf, detail: String },
    #[error("column {column} holds a value that cannot be written as text")]
    Cell { column: String },
    #[error("the report's numbers do not add up, so it is not published")]
    Certificate(#[from] OpenEquation),
    #[error("cannot write {} as JSON", path.display())]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("cannot understand {}", path.display())]
    Unreadable { path: PathBuf, source: serde_json::Error },
    #[error(
        "{} is a {what} of version {found}, and this kyc-recon understands version {understood}",
        path.display()
    )]
    Version { path: PathBuf, what: &'static str, found: u32, understood: u32 },
    #[error("the Arrow stream on {name} broke")]
    Stream { name: &'static str, source: ArrowError },
    #[error("the template of the report page does not work")]
    Page(#[from] minijinja::Error),
    #[error(transparent)]
    Chart(#[from] ChartError),
}
