//! The archive of a published run, read back: the same users with the same evidence, or nothing.

use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, PlSmallStr};

use crate::{
    model::{
        digest::Digest,
        evidence::{Remembered, Settled},
        ids::RunId,
        outcome::Outcome,
    },
    report::{
        archive,
        error::ReportError,
        reading::{BATCH, PublishedTable},
        roster_extra::RosterExtra,
        row::{self, Row},
    },
};

/// An open archive.
pub struct ArchiveReader {
    path: PathBuf,
    run_id: RunId,
    table: PublishedTable,
    extra: RosterExtra,
}

impl ArchiveReader {
    /// Opens the archive of a run whose roster had these other columns.
    ///
    /// # Errors
    /// When it cannot be read, or has other columns than this version writes.
    pub fn open(
        path: &Path,
        run_id: &RunId,
        roster_columns: &[String],
    ) -> Result<Self, ReportError> {
        let table = PublishedTable::open(path)?;
        if !archive::schema().iter_names().map(PlSmallStr::as_str).eq(table.columns()) {
            let what = "its columns are not those of an archive".to_owned();
            return Err(ReportError::Damaged { path: path.to_owned(), what });
        }
        let extra = RosterExtra::new(roster_columns);
        Ok(Self { path: path.to_owned(), run_id: run_id.clone(), table, extra })
    }

    /// The users in roster order, in batches. The bodies of a batch are held in memory together.
    ///
    /// A batch is an error when a body is not the one whose digest stands beside it, or something else in it is not
    /// what this program writes.
    pub fn users(&self) -> impl Iterator<Item = Result<Vec<Remembered>, ReportError>> + '_ {
        let starts = (0..).step_by(BATCH);
        starts.zip(self.table.batches(None)).map(|(before, batch)| self.batch(before, &batch?))
    }

    fn batch(&self, before: usize, batch: &DataFrame) -> Result<Vec<Remembered>, ReportError> {
        let positions = before as u64 + 1..;
        let rows = row::rows(&self.path, before, batch);
        positions.zip(rows).map(|(position, row)| self.user(position, row)).collect()
    }

    fn user(&self, position: u64, row: Row<'_>) -> Result<Remembered, ReportError> {
        if row.text("run_id")? != Some(self.run_id.as_str()) {
            return Err(row.damaged("run_id"));
        }
        if row.number("position")? != Some(position) {
            return Err(row.damaged("position"));
        }
        let extra = row.needed("roster_extra", Row::text)?;
        Ok(Remembered {
            position,
            line: row.needed("roster_line", Row::number)?,
            user_id: row.user_id()?,
            extra: self.extra.values(extra).ok_or_else(|| row.damaged("roster_extra"))?,
            attempts: row.needed("attempts", Row::number)?,
            settled: settled(row)?,
        })
    }
}

fn settled(row: Row<'_>) -> Result<Option<Settled>, ReportError> {
    let word = row.needed("outcome", Row::text)?;
    let outcome = Outcome::parse(word).ok_or_else(|| row.damaged("outcome"))?;
    if outcome == Outcome::NotAttempted {
        return Ok(None);
    }
    let (body, body_sha256) = body(row)?;
    Ok(Some(Settled {
        outcome,
        request_id: row.needed("request_id", Row::text)?.to_owned(),
        started_at: row.needed("fetched_at", Row::instant)?,
        elapsed_ms: row.needed("elapsed_ms", Row::number)?,
        status: row.number("http_status")?,
        content_type: row.text("content_type")?.map(str::to_owned),
        body,
        body_sha256,
    }))
}

/// The body with its digest, computed again.
fn body(row: Row<'_>) -> Result<(Option<Vec<u8>>, Option<[u8; 32]>), ReportError> {
    let body = row.bytes("body")?;
    let digest = body.map(Digest::of);
    if row.text("body_sha256")? != digest.map(|digest| digest.to_string()).as_deref() {
        return Err(row.damaged("body_sha256"));
    }
    if row.number("body_bytes")? != body.map(<[u8]>::len) {
        return Err(row.damaged("body_bytes"));
    }
    Ok((body.map(<[u8]>::to_vec), digest.map(|digest| *digest.as_bytes())))
}
