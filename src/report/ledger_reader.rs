//! The ledgers of a published run, read back: who was asked when, and which lines of the roster could not be used.

use std::path::{Path, PathBuf};

use crate::{
    model::{
        evidence::{RememberedAttempt, RememberedReject, RememberedReread},
        outcome::Outcome,
    },
    report::{
        error::ReportError,
        reading::{BATCH, PublishedTable},
        row::{self, Row},
    },
};

/// An open ledger: the published table `attempts`, `rejects` or `rereads`.
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

    /// The rows of `rereads`, in batches.
    pub fn rereads(&self) -> impl Iterator<Item = Result<Vec<RememberedReread>, ReportError>> {
        self.batches(reread)
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
        is_reread: row.needed("reread", Row::truth)?,
    })
}

fn reread(row: Row<'_>) -> Result<RememberedReread, ReportError> {
    let outcome = row.needed("outcome", Row::text)?;
    let text = |name| Ok::<_, ReportError>(row.text(name)?.map(str::to_owned));
    Ok(RememberedReread {
        user_id: row.user_id()?,
        reread_at: row.instant("reread_at")?,
        status: row.number("http_status")?,
        outcome: Outcome::parse(outcome).ok_or_else(|| row.damaged("outcome"))?,
        document_sha256: text("document_sha256")?,
        changed: row.truth("changed")?,
        decision_before: text("decision_before")?,
        decision_after: text("decision_after")?,
        decision_changed: row.truth("decision_changed")?,
    })
}

fn reject(row: Row<'_>) -> Result<RememberedReject, ReportError> {
    Ok(RememberedReject {
        line: row.needed("line", Row::number)?,
        reason: row.needed("reason", Row::text)?.to_owned(),
        detail: row.needed("detail", Row::text)?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::{DataFrame, IntoColumn, Series, df};

    use super::*;
    use crate::{
        kyc::catalogue,
        model::ids::RunId,
        report::{
            environment::Environment,
            parquet::{self, FileFacts, TableWriter},
        },
    };

    /// Writes a table of the catalogue with these columns, the others being null, and opens it.
    fn ledger(place: &Path, name: &str, given: &DataFrame) -> Result<LedgerReader, Box<dyn Error>> {
        let table = catalogue::table(name).ok_or("no such table")?;
        let schema = parquet::schema(table);
        let columns = schema.iter().map(|(name, kind)| match given.column(name) {
            Ok(cells) => cells.cast(kind),
            Err(_) => Ok(Series::full_null(name.clone(), given.height(), kind).into_column()),
        });
        let rows = DataFrame::new(given.height(), columns.collect::<Result<_, _>>()?)?;
        let run_id = RunId::parse("night")?;
        let facts = FileFacts {
            run_id: &run_id,
            table: table.name,
            environment: Environment::Live,
            policy_sha256: "5e",
            tool_version: "0",
        };
        let path = place.join(name);
        let mut writer = TableWriter::create(&path, table, facts)?;
        writer.append(&rows)?;
        writer.finish()?;
        Ok(LedgerReader::open(&path)?)
    }

    #[test]
    fn what_asking_once_more_showed_comes_back_as_it_was() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let rows = df![
            "user_id" => ["ana", "bob"],
            "reread_at" => [Some(1_700_000_000_000_001_i64), None],
            "http_status" => [Some(200_i64), None],
            "outcome" => ["answered", "not_attempted"],
            "changed" => [Some(true), None],
            "decision_before" => ["approved", "approved"],
            "decision_after" => [Some("rejected"), None],
            "decision_changed" => [Some(true), None],
        ]?;
        let ledger = ledger(place.path(), "rereads", &rows)?;
        let pages = ledger.rereads().collect::<Result<Vec<_>, _>>()?;
        let rereads: Vec<_> = pages.iter().flatten().collect();
        let [asked, left] = rereads.as_slice() else { return Err("not two".into()) };
        assert_eq!(
            (asked.changed, asked.decision_after.as_deref()),
            (Some(true), Some("rejected"))
        );
        assert_eq!((left.outcome, left.reread_at), (Outcome::NotAttempted, None));
        Ok(())
    }

    #[test]
    fn an_answer_and_a_fault_come_back_as_they_were() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let rows = df![
            "user_id" => ["ana", "ana"],
            "attempt" => [1_i64, 2],
            "request_id" => ["r-1", "r-2"],
            "started_at" => [1_700_000_000_000_001_i64, 1_700_000_000_000_002],
            "elapsed_ms" => [30_000_i64, 42],
            "http_status" => [None, Some(200_i64)],
            "fault" => [Some("timeout"), None],
            "reason" => ["timeout", "answered"],
            "body_bytes" => [None, Some(7_i64)],
            "reread" => [false, true],
        ]?;
        let ledger = ledger(place.path(), "attempts", &rows)?;
        let pages = ledger.attempts().collect::<Result<Vec<_>, _>>()?;
        let attempts: Vec<_> = pages.iter().flatten().collect();
        let [fault, answer] = attempts.as_slice() else { return Err("not two".into()) };
        assert_eq!(
            (fault.status, fault.fault.as_deref(), fault.body_bytes),
            (None, Some("timeout"), None)
        );
        assert_eq!((answer.status, &answer.fault, answer.body_bytes), (Some(200), &None, Some(7)));
        assert_eq!((answer.number, answer.started_at.as_microsecond()), (2, 1_700_000_000_000_002));
        Ok(())
    }

    #[test]
    fn a_row_without_its_line_is_refused() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let rows =
            df!["line" => [Some(7_i64), None], "reason" => ["r", "r"], "detail" => ["d", "d"]]?;
        let ledger = ledger(place.path(), "rejects", &rows)?;
        let said = ledger.rejects().next().ok_or("no page")?.map(drop);
        let said = said.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains("`line` of row 2"), "{said}");
        Ok(())
    }
}
