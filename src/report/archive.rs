//! The evidence: the bytes of every answer, with digest, status and times. What a run can be derived from again.

use std::path::Path;

use jiff::Timestamp;
use polars::prelude::{
    BinaryChunked, ChunkFull, Column, DataFrame, DataType, Field, Int64Chunked, IntoColumn,
    NewChunkedArray, PolarsResult, Schema, StringChunked, TimeUnit, TimeZone,
};

use crate::{
    model::{
        digest::Digest,
        ids::{RunId, UserId},
        outcome::Outcome,
    },
    report::{
        error::ReportError,
        parquet::{FileFacts, FooterStatistics, TableWriter},
    },
};

/// One user of the roster, and the answer that settled the asking.
#[derive(Debug, Clone)]
pub struct Response<'a> {
    pub user_id: &'a UserId,
    /// Position among the users of the roster, from 1.
    pub position: u64,
    pub roster_line: u64,
    /// The roster's other columns, as the text of a JSON object by the names they have in `users`.
    pub roster_extra: Option<&'a str>,
    pub outcome: Outcome,
    /// The earlier run that asked, when the answer was carried from there.
    pub carried_from: Option<&'a RunId>,
    pub http_status: Option<u16>,
    pub content_type: Option<&'a str>,
    /// When the settling attempt started.
    pub fetched_at: Option<Timestamp>,
    pub elapsed_ms: Option<u64>,
    /// How many attempts this run made for the user.
    pub attempts: u64,
    /// The `x-request-id` of the settling attempt.
    pub request_id: Option<&'a str>,
    /// The body, byte for byte; none when no answer came.
    pub body: Option<&'a [u8]>,
    pub body_sha256: Option<Digest>,
}

/// Users to a row group, which is also a page of evidence: some 1.5 MB of documents, of which several copies are in memory
/// while they are compressed, and little to read when one user is looked up.
pub const PAGE: usize = 512;

/// Writes `archive/responses.parquet`.
pub struct ArchiveWriter {
    run_id: String,
    writer: TableWriter,
}

impl ArchiveWriter {
    /// Creates the file.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, facts: FileFacts) -> Result<Self, ReportError> {
        let withheld = FooterStatistics::Withheld;
        let writer = TableWriter::with_schema(path, schema(), PAGE, withheld, facts)?;
        Ok(Self { run_id: facts.run_id.to_string(), writer })
    }

    /// Takes a batch. The bodies of a row group are held in memory together.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn append(&mut self, batch: &[Response]) -> Result<(), ReportError> {
        self.writer.append_built(frame(&self.run_id, batch))
    }

    /// Writes the footer and gives the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<u64, ReportError> {
        self.writer.finish()
    }
}

/// The columns of the archive.
#[must_use]
pub fn schema() -> Schema {
    let fetched_at = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    [
        ("run_id", DataType::String),
        ("user_id", DataType::String),
        ("position", DataType::Int64),
        ("roster_line", DataType::Int64),
        ("roster_extra", DataType::String),
        ("outcome", DataType::String),
        ("carried_from", DataType::String),
        ("http_status", DataType::Int64),
        ("content_type", DataType::String),
        ("fetched_at", fetched_at),
        ("elapsed_ms", DataType::Int64),
        ("attempts", DataType::Int64),
        ("request_id", DataType::String),
        ("body", DataType::Binary),
        ("body_sha256", DataType::String),
        ("body_bytes", DataType::Int64),
    ]
    .into_iter()
    .map(|(name, data_type)| Field::new(name.into(), data_type))
    .collect()
}

fn frame(run_id: &str, batch: &[Response]) -> PolarsResult<DataFrame> {
    let texts = |name: &str, of: for<'a> fn(&'a Response<'a>) -> Option<&'a str>| {
        StringChunked::from_iter_options(name.into(), batch.iter().map(of)).into_column()
    };
    let ints = |name: &str, of: fn(&Response) -> Option<u64>| {
        let cells = batch.iter().map(|row| of(row).and_then(|n| i64::try_from(n).ok()));
        Int64Chunked::from_iter_options(name.into(), cells).into_column()
    };
    let bodies = batch.iter().map(|row| row.body);
    let digests = batch.iter().map(|row| row.body_sha256.map(|digest| digest.to_string()));
    DataFrame::new(
        batch.len(),
        vec![
            StringChunked::full("run_id".into(), run_id, batch.len()).into_column(),
            texts("user_id", |row| Some(row.user_id.as_str())),
            ints("position", |row| Some(row.position)),
            ints("roster_line", |row| Some(row.roster_line)),
            texts("roster_extra", |row| row.roster_extra),
            texts("outcome", |row| Some(row.outcome.as_str())),
            texts("carried_from", |row| row.carried_from.map(RunId::as_str)),
            ints("http_status", |row| row.http_status.map(u64::from)),
            texts("content_type", |row| row.content_type),
            fetched_at(batch)?,
            ints("elapsed_ms", |row| row.elapsed_ms),
            ints("attempts", |row| Some(row.attempts)),
            texts("request_id", |row| row.request_id),
            BinaryChunked::from_iter_options("body".into(), bodies).into_column(),
            StringChunked::from_iter_options("body_sha256".into(), digests).into_column(),
            ints("body_bytes", |row| row.body.map(|body| body.len() as u64)),
        ],
    )
}

fn fetched_at(batch: &[Response]) -> PolarsResult<Column> {
    let micros = batch.iter().map(|row| row.fetched_at.map(Timestamp::as_microsecond));
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    Int64Chunked::from_iter_options("fetched_at".into(), micros).into_column().cast(&utc)
}

#[cfg(test)]
mod tests {
    use std::{error::Error, fs::File};

    use ::parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::Field as Cell,
    };

    use super::*;
    use crate::report::environment::Environment;

    #[test]
    fn the_bytes_of_an_answer_come_back_as_they_were() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("responses.parquet");
        let run_id = RunId::parse("night-1")?;
        let facts = FileFacts {
            run_id: &run_id,
            table: "responses",
            environment: Environment::Live,
            policy_sha256: "ab",
            tool_version: "0.1.0",
        };
        let (ana, bob) = (UserId::parse("ana")?, UserId::parse("bob")?);
        let body: &[u8] = b"{\"not utf-8\": \xff\x00}";
        let answered = Response {
            user_id: &ana,
            position: 1,
            roster_line: 2,
            roster_extra: Some("{\"country\":\"MX\"}"),
            outcome: Outcome::Answered,
            carried_from: None,
            http_status: Some(200),
            content_type: Some("application/json"),
            fetched_at: Some(Timestamp::from_microsecond(1_700_000_000_000_001)?),
            elapsed_ms: Some(42),
            attempts: 1,
            request_id: Some("r-1"),
            body: Some(body),
            body_sha256: Some(Digest::of(body)),
        };
        let pending = Response {
            user_id: &bob,
            position: 2,
            outcome: Outcome::NotAttempted,
            body: None,
            body_sha256: None,
            fetched_at: None,
            ..answered.clone()
        };

        let mut writer = ArchiveWriter::create(&path, facts)?;
        writer.append(&[answered])?;
        writer.append(&[])?;
        writer.append(&[pending])?;
        assert_eq!(writer.finish()?, 2);

        let reader = SerializedFileReader::new(File::open(&path)?)?;
        let rows = reader.get_row_iter(None)?.collect::<Result<Vec<_>, _>>()?;
        let cell = |row: usize, name: &str| {
            rows[row].get_column_iter().find(|(n, _)| *n == name).map(|(_, cell)| cell.clone())
        };
        assert_eq!(cell(0, "body"), Some(Cell::Bytes(body.to_vec().into())));
        assert_eq!(cell(0, "body_bytes"), Some(Cell::Long(i64::try_from(body.len())?)));
        assert_eq!(cell(0, "body_sha256"), Some(Cell::Str(Digest::of(body).to_string())));
        assert_eq!(cell(0, "fetched_at"), Some(Cell::TimestampMicros(1_700_000_000_000_001)));
        assert_eq!(cell(1, "body"), Some(Cell::Null));
        assert_eq!(cell(1, "outcome"), Some(Cell::Str("not_attempted".to_owned())));
        Ok(())
    }
}
