//! The ledgers of a published run, read back: who was asked when, and which lines of the roster could not be used.

use std::path::{Path, PathBuf};

use crate::{
    model::evidence::{RememberedAttempt, RememberedReject},
    report::{
        error::ReportError,
        reading::{BATCH, PublishedTable},
        row::{self, Row},
    },
};

/// An open ledger: the published table `attempts` or `rejects`.
pub struct LedgerReader {
    path: PathBuf,
    table: PublishedTable,
}

impl LedgerReader {
    /// Opens the table at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> Result<Self, ReportError> {
        Ok(Self { path: path.to_owned(), table: PublishedTable::open(path)? })
    }

    /// The rows of `attempts`, in batches.
    pub fn attempts(&self) -> impl Iterator<Item = Result<Vec<RememberedAttempt>, ReportError>> {
        self.batches(attempt)
    }

    /// The rows of `rejects`, in batches.
    pub fn rejects(&self) -> impl Iterator<Item = Result<Vec<RememberedReject>, ReportError>> {
        self.batches(reject)
    }

    fn batches<T>(
        &self,
        read: fn(Row<'_>) -> Result<T, ReportError>,
    ) -> impl Iterator<Item = Result<Vec<T>, ReportError>> {
        let starts = (0..).step_by(BATCH);
        starts
            .zip(self.table.batches(None))
            .map(move |(before, batch)| row::rows(&self.path, before, &batch?).map(read).collect())
    }
}

fn attempt(row: Row<'_>) -> Result<RememberedAttempt, ReportError> {
    Ok(RememberedAttempt {
        user_id: row.user_id()?,
        number: row.needed("attempt", Row::number)?,
        request_id: row.needed("request_id", Row::text)?.to_owned(),
        started_at: row.needed("started_at", Row::instant)?,
        elapsed_ms: row.needed("elapsed_ms", Row::number)?,
        status: row.number("http_status")?,
        fault: row.text("fault")?.map(str::to_owned),
        reason: row.needed("reason", Row::text)?.to_owned(),
        body_bytes: row.number("body_bytes")?,
        asked_wait_ms: row.number("asked_wait_ms")?,
    })
}

fn reject(row: Row<'_>) -> Result<RememberedReject, ReportError> {
    Ok(RememberedReject {
        line: row.needed("line", Row::number)?,
        reason: row.needed("reason", Row::text)?.to_owned(),
        detail: row.needed("detail", Row::text)?.to_owned(),
    })
}
