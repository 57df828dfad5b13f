//! Rows of an archive, as an Arrow IPC stream. They may be any of them, in any order.

use std::{
    io::{BufReader, Read},
    path::Path,
};

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray as _,
    types::{Int64Type, TimestampMicrosecondType},
};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{ArrowError, DataType as ArrowType, TimeUnit as ArrowUnit};
use polars::prelude::{
    BinaryChunked, Column, DataFrame, DataType, Int64Chunked, IntoColumn as _,
    NewChunkedArray as _, PlSmallStr, PolarsResult, StringChunked, TimeUnit, TimeZone,
};

use crate::{
    kyc::decision::Decision,
    model::{evidence::Remembered, verdict::Verdict},
    report::{
        archive_reader::remembered,
        error::ReportError,
        roster_extra::RosterExtra,
        row::{self, Row},
    },
};

/// The name of the stream in messages.
const NAME: &str = "standard input";

/// A user of the archive, and what the baseline made of him, if the stream has columns for that.
#[derive(Debug, Clone)]
pub struct Received {
    pub user: Remembered,
    pub baseline_decision: Option<Decision>,
    pub baseline_verdict: Option<Verdict>,
}

/// An open stream.
pub struct Incoming<R: Read> {
    batches: StreamReader<BufReader<R>>,
    extra: RosterExtra,
    rows: usize,
}

impl<R: Read> Incoming<R> {
    /// Reads the schema of the stream: rows of the archive of a run whose roster had these other columns.
    ///
    /// # Errors
    /// When it is no Arrow IPC stream.
    pub fn open(source: R, roster_columns: &[String]) -> Result<Self, ReportError> {
        let batches = StreamReader::try_new_buffered(source, None).map_err(unreadable)?;
        Ok(Self { batches, extra: RosterExtra::new(roster_columns), rows: 0 })
    }

    fn read(&mut self, batch: &RecordBatch) -> Result<Vec<Received>, ReportError> {
        let batch = frame(batch)?;
        let before = self.rows;
        self.rows += batch.height();
        let has_baseline = batch.column("baseline_decision").is_ok();
        let rows = row::rows(Path::new(NAME), before, &batch);
        rows.map(|row| self.received(row, has_baseline)).collect()
    }

    fn received(&self, row: Row<'_>, has_baseline: bool) -> Result<Received, ReportError> {
        let word = |name: &str| if has_baseline { row.text(name) } else { Ok(None) };
        Ok(Received {
            user: remembered(row, &self.extra)?,
            baseline_decision: word("baseline_decision")?.and_then(Decision::parse),
            baseline_verdict: word("baseline_verdict")?.and_then(Verdict::parse),
        })
    }
}

impl<R: Read> Iterator for Incoming<R> {
    type Item = Result<Vec<Received>, ReportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?.map_err(unreadable);
        Some(batch.and_then(|batch| self.read(&batch)))
    }
}

fn unreadable(source: ArrowError) -> ReportError {
    ReportError::Stream { name: NAME, source }
}

/// The batch as the reader of archives takes it.
fn frame(batch: &RecordBatch) -> Result<DataFrame, ReportError> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns: Vec<_> =
        columns.map(|(field, cells)| column(field.name(), cells)).collect::<Result<_, _>>()?;
    DataFrame::new(batch.num_rows(), columns).map_err(untaken)
}

fn untaken(source: polars::error::PolarsError) -> ReportError {
    ReportError::Table { path: NAME.into(), source }
}

fn column(name: &str, cells: &dyn Array) -> Result<Column, ReportError> {
    let label = PlSmallStr::from_str(name);
    Ok(match cells.data_type() {
        ArrowType::Utf8 => {
            StringChunked::from_iter_options(label, cells.as_string::<i32>().iter()).into_column()
        }
        ArrowType::LargeUtf8 => {
            StringChunked::from_iter_options(label, cells.as_string::<i64>().iter()).into_column()
        }
        ArrowType::Binary => {
            BinaryChunked::from_iter_options(label, cells.as_binary::<i32>().iter()).into_column()
        }
        ArrowType::LargeBinary => {
            BinaryChunked::from_iter_options(label, cells.as_binary::<i64>().iter()).into_column()
        }
        ArrowType::Int64 => {
            let cells = cells.as_primitive::<Int64Type>().iter();
            Int64Chunked::from_iter_options(label, cells).into_column()
        }
        ArrowType::Timestamp(ArrowUnit::Microsecond, Some(_)) => {
            instants(label, cells).map_err(untaken)?
        }
        other => {
            let what = format!("column `{name}` is of type {other}, which no archive has");
            return Err(ReportError::Damaged { path: NAME.into(), what });
        }
    })
}

fn instants(label: PlSmallStr, cells: &dyn Array) -> PolarsResult<Column> {
    let micros = cells.as_primitive::<TimestampMicrosecondType>().iter();
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    Int64Chunked::from_iter_options(label, micros).into_column().cast(&utc)
}
