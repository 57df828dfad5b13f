//! The tables of a report, read batch by batch, a few columns at a time.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use polars::{
    io::{
        SerReader as _,
        parquet::{metadata::FileMetadata, read::ParquetReader},
    },
    prelude::{DataFrame, PolarsError, PolarsResult},
};

use crate::{error::Error, report::summary::Summary};

/// Rows to a batch: some row groups of the writer.
const ROWS: usize = 65_536;

/// The tables of one report, published or about to be.
#[derive(Debug, Clone)]
pub(super) struct Published {
    tables: PathBuf,
}

impl Published {
    /// The tables in this directory.
    pub(super) fn tables(dir: &Path) -> Self {
        Self { tables: dir.to_owned() }
    }

    /// A run by its id in the reports directory, or by the path of its directory; with its summary.
    pub(super) fn find(reports: &Path, name: &str) -> Result<(Self, Summary), Error> {
        let is_run = |dir: &PathBuf| dir.join("summary.json").is_file();
        let places = [reports.join(name), PathBuf::from(name)];
        let Some(dir) = places.into_iter().find(is_run) else {
            let (run, reports) = (name.to_owned(), reports.to_owned());
            return Err(Error::NotPublished { run, reports });
        };
        let summary = Summary::read(&dir.join("summary.json"))?;
        Ok((Self::tables(&dir.join("tables")), summary))
    }

    /// These columns of a table, from the first row to the last.
    pub(super) fn batches(&self, table: &str, columns: &[String]) -> Result<Batches, Error> {
        let path = self.tables.join(format!("{table}.parquet"));
        Batches::open(&path, columns).map_err(unreadable(&path))
    }
}

/// The batches of one table.
pub(super) struct Batches {
    path: PathBuf,
    columns: Vec<String>,
    /// Read once: the footer of a long table is long, too.
    footer: Arc<FileMetadata>,
    next: usize,
}

impl Batches {
    fn open(path: &Path, columns: &[String]) -> PolarsResult<Self> {
        let footer = ParquetReader::new(File::open(path)?).get_metadata()?.clone();
        Ok(Self { path: path.to_owned(), columns: columns.to_vec(), footer, next: 0 })
    }

    fn read(&self) -> PolarsResult<DataFrame> {
        let mut reader = ParquetReader::new(File::open(&self.path)?);
        reader.set_metadata(self.footer.clone());
        reader.with_columns(Some(self.columns.clone())).with_slice(Some((self.next, ROWS))).finish()
    }
}

impl Iterator for Batches {
    type Item = Result<DataFrame, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.footer.num_rows {
            return None;
        }
        let batch = self.read().map_err(unreadable(&self.path));
        self.next += ROWS;
        Some(batch)
    }
}

fn unreadable(path: &Path) -> impl FnOnce(PolarsError) -> Error {
    let path = path.to_owned();
    move |source| Error::Published { path, source }
}
