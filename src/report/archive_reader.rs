//! The archive of a published run, read back: the same users with the same evidence, or nothing.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use polars::prelude::PlSmallStr;

use crate::{
    model::{
        digest::Digest,
        evidence::{Remembered, Settled},
        ids::{RunId, UserId},
        outcome::Outcome,
    },
    report::{
        archive::{self, PAGE},
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

    /// The users in roster order, in pages. The bodies of a page are held in memory together.
    ///
    /// A page is an error when a body is not the one whose digest stands beside it, or something else in it is not
    /// what this program writes.
    pub fn users(&self) -> impl Iterator<Item = Result<Vec<Remembered>, ReportError>> + '_ {
        let starts = (0..self.table.rows()).step_by(PAGE);
        starts.map(|before| self.read(before..before + PAGE))
    }

    /// The bodies of the answered, in pages: nothing else of the file is read, nor whether they are those whose digests
    /// stand beside them.
    pub fn answers(&self) -> impl Iterator<Item = Result<Vec<Vec<u8>>, ReportError>> + '_ {
        let starts = (0..self.table.rows()).step_by(PAGE);
        starts.map(|before| {
            let batch = self.table.read(before..before + PAGE, Some(&["outcome", "body"]))?;
            let rows = row::rows(&self.path, before, &batch);
            rows.filter_map(|row| answer(row).transpose()).collect()
        })
    }

    /// Line of the roster and id of every user, in pages: nothing else of the file is read.
    pub fn lines(&self) -> impl Iterator<Item = Result<Vec<(u64, UserId)>, ReportError>> + '_ {
        let line = |row: Row<'_>| Ok((row.needed("roster_line", Row::number)?, row.user_id()?));
        let starts = (0..).step_by(BATCH);
        starts
            .zip(self.table.batches(Some(&["user_id", "roster_line"])))
            .map(move |(before, batch)| row::rows(&self.path, before, &batch?).map(line).collect())
    }

    /// One batch: that of the users behind so many others.
    ///
    /// # Errors
    /// As in [`Self::users`].
    pub fn users_behind(&self, before: usize) -> Result<Vec<Remembered>, ReportError> {
        self.read(before..before + BATCH)
    }

    fn read(&self, users: Range<usize>) -> Result<Vec<Remembered>, ReportError> {
        let before = users.start;
        let batch = self.table.read(users, None)?;
        let positions = before as u64 + 1..;
        let rows = row::rows(&self.path, before, &batch);
        positions.zip(rows).map(|(position, row)| self.user(position, row)).collect()
    }

    fn user(&self, position: u64, row: Row<'_>) -> Result<Remembered, ReportError> {
        if row.text("run_id")? != Some(self.run_id.as_str()) {
            return Err(row.damaged("run_id"));
        }
        if row.number("position")? != Some(position) {
            return Err(row.damaged("position"));
        }
        remembered(row, &self.extra)
    }
}

/// The user of a row of an archive whose roster had these other columns.
pub(super) fn remembered(row: Row<'_>, extra: &RosterExtra) -> Result<Remembered, ReportError> {
    let text = row.needed("roster_extra", Row::text)?;
    Ok(Remembered {
        position: row.needed("position", Row::number)?,
        line: row.needed("roster_line", Row::number)?,
        user_id: row.user_id()?,
        extra: extra.values(text).ok_or_else(|| row.damaged("roster_extra"))?,
        attempts: row.needed("attempts", Row::number)?,
        settled: settled(row)?,
    })
}

fn settled(row: Row<'_>) -> Result<Option<Settled>, ReportError> {
    let word = row.needed("outcome", Row::text)?;
    let outcome = Outcome::parse(word).ok_or_else(|| row.damaged("outcome"))?;
    if outcome == Outcome::NotAttempted {
        return Ok(None);
    }
    let (body, body_sha256) = body(row)?.unzip();
    Ok(Some(Settled {
        outcome,
        carried_from: carried_from(row)?,
        request_id: row.needed("request_id", Row::text)?.to_owned(),
        started_at: row.needed("fetched_at", Row::instant)?,
        elapsed_ms: row.needed("elapsed_ms", Row::number)?,
        status: row.number("http_status")?,
        content_type: row.text("content_type")?.map(str::to_owned),
        body,
        body_sha256,
    }))
}

fn answer(row: Row<'_>) -> Result<Option<Vec<u8>>, ReportError> {
    let is_answer = row.text("outcome")? == Some(Outcome::Answered.as_str());
    Ok(row.bytes("body")?.filter(|_| is_answer).map(<[u8]>::to_vec))
}

fn carried_from(row: Row<'_>) -> Result<Option<RunId>, ReportError> {
    let run = row.text("carried_from")?.map(RunId::parse).transpose();
    run.map_err(|_| row.damaged("carried_from"))
}

/// A body and its SHA-256.
type Body = (Vec<u8>, [u8; 32]);

/// The body with its digest, computed again.
fn body(row: Row<'_>) -> Result<Option<Body>, ReportError> {
    let body = row.bytes("body")?;
    let digest = body.map(Digest::of);
    if row.text("body_sha256")? != digest.map(|digest| digest.to_string()).as_deref() {
        return Err(row.damaged("body_sha256"));
    }
    if row.number("body_bytes")? != body.map(<[u8]>::len) {
        return Err(row.damaged("body_bytes"));
    }
    Ok(body.map(<[u8]>::to_vec).zip(digest.map(|digest| *digest.as_bytes())))
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        model::ids::UserId,
        report::{
            archive::{ArchiveWriter, Response},
            environment::Environment,
            parquet::FileFacts,
        },
    };

    const BODY: &[u8] = b"{\"not utf-8\": \xff\x00}";

    fn answered(user_id: &UserId, position: u64) -> Response<'_> {
        Response {
            user_id,
            position,
            roster_line: position + 1,
            roster_extra: Some(r#"{"roster_a":null}"#),
            outcome: Outcome::Answered,
            carried_from: None,
            http_status: Some(200),
            content_type: None,
            fetched_at: Some(Timestamp::UNIX_EPOCH),
            elapsed_ms: Some(42),
            attempts: 2,
            request_id: Some("r-1"),
            body: Some(BODY),
            body_sha256: Some(Digest::of(BODY)),
        }
    }

    fn pending(user_id: &UserId, position: u64) -> Response<'_> {
        Response {
            outcome: Outcome::NotAttempted,
            http_status: None,
            fetched_at: None,
            elapsed_ms: None,
            request_id: None,
            attempts: 0,
            body: None,
            body_sha256: None,
            ..answered(user_id, position)
        }
    }

    /// Writes an archive and reads it back.
    fn read(responses: &[Response]) -> Result<Vec<Remembered>, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("responses.parquet");
        let run_id = RunId::parse("night")?;
        let facts = FileFacts {
            run_id: &run_id,
            table: "responses",
            environment: Environment::Sandbox,
            policy_sha256: "5e",
            tool_version: "0",
        };
        let mut writer = ArchiveWriter::create(&path, facts)?;
        for batch in responses.chunks(3_000) {
            writer.append(batch)?;
        }
        writer.finish()?;
        let reader = ArchiveReader::open(&path, &run_id, &["a".to_owned()])?;
        let twice = [reader.users(), reader.users()].map(Iterator::collect);
        let [first, second]: [Result<Vec<_>, _>; 2] = twice;
        assert_eq!(first.is_ok(), second.is_ok(), "it can be read again from the start");
        Ok(first?.concat())
    }

    #[test]
    fn users_come_back_as_they_were_written_whatever_the_row_groups() -> Result<(), Box<dyn Error>>
    {
        let user = UserId::parse("ana")?;
        let responses: Vec<_> = (1..=9_000)
            .map(|position| match position % 4 {
                0 => pending(&user, position),
                _ => answered(&user, position),
            })
            .collect();
        let users = read(&responses)?;
        assert_eq!(users.len(), 9_000);
        for (user, position) in users.iter().zip(1..) {
            assert_eq!((user.position, user.line), (position, position + 1));
            assert_eq!((&user.extra, user.settled.is_some()), (&vec![None], position % 4 != 0));
            assert!(user.settled.iter().all(|settled| settled.body.as_deref() == Some(BODY)));
        }
        Ok(())
    }

    #[test]
    fn what_was_altered_is_refused_and_named_without_its_value() -> Result<(), Box<dyn Error>> {
        type Change = fn(&mut Response);
        let user = UserId::parse("ana")?;
        let changes: [(&str, Change); 8] = [
            ("body_sha256", |r| r.body = Some(b"{}")),
            ("body_sha256", |r| r.body_sha256 = None),
            ("body_sha256", |r| r.body = None),
            ("position", |r| r.position = 1),
            ("roster_extra", |r| r.roster_extra = Some(r#"{"b":"ana"}"#)),
            ("roster_extra", |r| r.roster_extra = None),
            ("fetched_at", |r| r.fetched_at = None),
            ("request_id", |r| r.request_id = None),
        ];
        for (column, change) in changes {
            let mut altered = answered(&user, 2);
            change(&mut altered);
            let error = read(&[answered(&user, 1), altered]).map(drop);
            let said = error.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains(&format!("`{column}` of row 2")), "{column}: {said}");
            assert!(!said.contains("ana"), "{said}");
        }
        Ok(())
    }

    #[test]
    fn the_archive_of_another_run_is_refused() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("responses.parquet");
        let (night, dawn) = (RunId::parse("night")?, RunId::parse("dawn")?);
        let facts = FileFacts {
            run_id: &night,
            table: "responses",
            environment: Environment::Live,
            policy_sha256: "5e",
            tool_version: "0",
        };
        let user = UserId::parse("ana")?;
        let mut writer = ArchiveWriter::create(&path, facts)?;
        writer.append(&[pending(&user, 1)])?;
        writer.finish()?;
        let reader = ArchiveReader::open(&path, &dawn, &["a".to_owned()])?;
        let first = reader.users().next();
        assert!(matches!(first, Some(Err(ReportError::Damaged { .. }))));
        Ok(())
    }
}
