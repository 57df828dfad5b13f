//! Published Parquet files, read back in batches, so that memory does not grow with the run.

use std::{
    fs::File,
    ops::Range,
    path::{Path, PathBuf},
};

use polars::{
    io::{SerReader as _, parquet::metadata::FileMetadataRef},
    prelude::{DataFrame, ParquetReader, PlSmallStr, PolarsError, PolarsResult},
};

use crate::{disk::DiskError, report::error::ReportError};

/// Rows to a batch: a row group of `users` and of the archive, some 12 MB of documents.
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
        let mut reader = ParquetReader::new(file(path)?);
        let footer = || -> PolarsResult<_> {
            let columns = reader.schema()?.iter_names().map(PlSmallStr::to_string).collect();
            Ok((reader.get_metadata()?.clone(), columns))
        };
        let (metadata, columns) = { footer }().map_err(unreadable(path))?;
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

    /// These rows, or those of them that there are.
    fn read(&self, rows: Range<usize>, columns: Option<&[&str]>) -> Result<DataFrame, ReportError> {
        let mut reader = ParquetReader::new(file(&self.path)?);
        reader.set_metadata(self.metadata.clone());
        reader
            .with_slice(Some((rows.start, rows.len())))
            .with_columns(columns.map(|names| names.iter().map(|&name| name.to_owned()).collect()))
            .set_rechunk(true)
            .finish()
            .map_err(unreadable(&self.path))
    }
}

fn file(path: &Path) -> Result<File, ReportError> {
    let cannot = |source| DiskError::Read { path: path.to_owned(), source };
    Ok(File::open(path).map_err(cannot)?)
}

fn unreadable(path: &Path) -> impl FnOnce(PolarsError) -> ReportError {
    move |source| ReportError::Table { path: path.to_owned(), source }
}
