//! Published Parquet files, read back: in batches, so that memory does not grow with the run, or one user's rows.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use polars::{
    io::{SerReader as _, parquet::metadata::FileMetadataRef},
    prelude::{DataFrame, ParquetReader, PlSmallStr, PolarsError, PolarsResult},
};
use serde_json::{Map, Value};

use crate::{
    disk,
    model::ids::UserId,
    report::{cells::Cells, error::ReportError},
};

/// Rows to a batch: in the archive some 12 MB of documents.
pub const BATCH: usize = 4_096;

/// A published Parquet file, and what its footer says.
pub struct PublishedTable {
    path: PathBuf,
    metadata: FileMetadataRef,
    columns: Vec<String>,
}

impl PublishedTable {
    /// Reads the footer of a file.
    ///
    /// # Errors
    /// When the file cannot be read, or is no Parquet file.
    pub fn open(path: &Path) -> Result<Self, ReportError> {
        let mut reader = ParquetReader::new(disk::open(path)?);
        let metadata = reader.get_metadata().map_err(unreadable(path))?.clone();
        let schema = reader.schema().map_err(unreadable(path))?;
        let columns = schema.iter_names().map(PlSmallStr::to_string).collect();
        Ok(Self { path: path.to_owned(), metadata, columns })
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.metadata.num_rows
    }

    /// Names of the columns, in their order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The batches of the file, from the first row to the last, with these columns or all.
    pub fn batches<'a>(
        &'a self,
        columns: Option<&'a [&'a str]>,
    ) -> impl Iterator<Item = Result<DataFrame, ReportError>> + 'a {
        let starts = (0..self.rows()).step_by(BATCH);
        starts.map(move |start| self.read(start..start + BATCH, columns))
    }

    /// The rows of one user, which stand together in every table.
    ///
    /// # Errors
    /// When the file cannot be read, or has no column `user_id`.
    pub fn rows_of(&self, user: &UserId) -> Result<DataFrame, ReportError> {
        let mut own = 0..0;
        for (start, batch) in (0..).step_by(BATCH).zip(self.batches(Some(&["user_id"]))) {
            let places = places(&batch?, user).map_err(unreadable(&self.path))?;
            match (places, own.is_empty()) {
                (Some(places), true) => own = start + places.start..start + places.end,
                (Some(places), false) => own.end = start + places.end,
                (None, false) => break,
                (None, true) => {}
            }
        }
        self.read(own, None)
    }

    /// Whether another file has the same columns and rows, whatever else differs.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn has_the_rows_of(&self, other: &Self) -> Result<bool, ReportError> {
        if self.columns != other.columns || self.rows() != other.rows() {
            return Ok(false);
        }
        for (one, other) in self.batches(None).zip(other.batches(None)) {
            if !one?.equals_missing(&other?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// These rows, or those of them that there are, with these columns or all.
    ///
    /// # Errors
    /// When the file cannot be read, or has no such column.
    pub fn read(
        &self,
        rows: Range<usize>,
        columns: Option<&[&str]>,
    ) -> Result<DataFrame, ReportError> {
        let mut reader = ParquetReader::new(disk::open(&self.path)?);
        reader.set_metadata(self.metadata.clone());
        reader
            .with_slice(Some((rows.start, rows.len())))
            .with_columns(columns.map(|names| names.iter().map(|&name| name.to_owned()).collect()))
            .set_rechunk(true)
            .finish()
            .map_err(unreadable(&self.path))
    }
}

/// A row as names and values: numbers, `true`, `false`, `null`, and text for everything else.
///
/// # Errors
/// When a column has a type that has no text.
pub fn record(rows: &DataFrame, row: usize) -> Result<Map<String, Value>, ReportError> {
    let cell = |column| Ok((Cells::of(column)?, column.name().to_string()));
    let cells = rows.columns().iter().map(cell).collect::<Result<Vec<_>, ReportError>>()?;
    Ok(cells.into_iter().map(|(cells, name)| (name, cells.json(row))).collect())
}

/// From the first to the last row of a user in a batch.
fn places(batch: &DataFrame, user: &UserId) -> PolarsResult<Option<Range<usize>>> {
    let ids = batch.column("user_id")?.str()?;
    let is_own = |id: Option<&str>| id == Some(user.as_str());
    let first = ids.iter().position(is_own);
    let last = ids.iter().rposition(is_own);
    Ok(first.zip(last).map(|(first, last)| first..last + 1))
}

fn unreadable(path: &Path) -> impl FnOnce(PolarsError) -> ReportError {
    move |source| ReportError::Table { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::{
        disk,
        kyc::catalogue,
        model::ids::RunId,
        report::{
            environment::Environment,
            parquet::{FileFacts, TableWriter},
        },
    };
    use polars::prelude::{DataType, IntoColumn, NamedFrom, Series};

    /// A table of warnings in which user `n` has `n % 3` rows.
    fn written(path: &Path, users: usize) -> Result<(), Box<dyn Error>> {
        let table = catalogue::table("rule_hits").ok_or("no table")?;
        let run_id = RunId::parse("night")?;
        let facts = FileFacts {
            run_id: &run_id,
            table: table.name,
            environment: Environment::Sandbox,
            policy_sha256: "5e",
            tool_version: "0",
        };
        let mut writer = TableWriter::create(path, table, facts)?;
        let ids: Vec<_> = (0..users).flat_map(|n| vec![format!("user-{n}"); n % 3]).collect();
        for ids in ids.chunks(1_000) {
            let columns = table.columns.iter().map(|column| {
                let cells = if column.name == "user_id" {
                    Series::new(column.name.as_str().into(), ids)
                } else {
                    Series::full_null(column.name.as_str().into(), ids.len(), &DataType::String)
                };
                cells.into_column()
            });
            writer.append(&DataFrame::new(ids.len(), columns.collect())?)?;
        }
        writer.finish()?;
        Ok(())
    }

    #[test]
    fn the_rows_of_one_user_are_found_wherever_they_stand() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("rule_hits.parquet");
        written(&path, 9_000)?;
        let table = PublishedTable::open(&path)?;
        assert_eq!(table.rows(), 9_000);
        for (user, rows) in [("user-0", 0), ("user-1", 1), ("user-4097", 2), ("user-8999", 2)] {
            let found = table.rows_of(&UserId::parse(user)?)?;
            assert_eq!(found.height(), rows, "{user}");
            assert!(found.column("user_id")?.str()?.iter().all(|id| id == Some(user)));
            assert_eq!(found.width(), table.columns().len());
        }
        Ok(())
    }

    #[test]
    fn the_batches_are_the_whole_table() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("rule_hits.parquet");
        written(&path, 9_000)?;
        let table = PublishedTable::open(&path)?;
        let heights: Vec<_> =
            table.batches(None).map(|batch| batch.map(|b| b.height())).collect::<Result<_, _>>()?;
        assert_eq!(heights, [4_096, 4_096, 808]);
        Ok(())
    }

    #[test]
    fn what_is_no_parquet_is_said_to_be_unreadable() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("users.parquet");
        for bytes in [&b""[..], b"PAR1", b"no parquet at all, and long enough to have a footer"] {
            disk::write_private(&path, bytes)?;
            assert!(matches!(PublishedTable::open(&path), Err(ReportError::Table { .. })));
        }
        Ok(())
    }
}
