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
pub(super) struct ReportTables {
    tables: PathBuf,
}

impl ReportTables {
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

    /// Opens a table.
    pub(super) fn table(&self, name: &str) -> Result<Table, Error> {
        let path = self.tables.join(format!("{name}.parquet"));
        Table::open(&path).map_err(unreadable(&path))
    }
}

/// One table, of which a batch of rows is read at a time.
pub(super) struct Table {
    path: PathBuf,
    /// Read once: the footer of a long table is long, too.
    footer: Arc<FileMetadata>,
}

impl Table {
    fn open(path: &Path) -> PolarsResult<Self> {
        let footer = ParquetReader::new(File::open(path)?).get_metadata()?.clone();
        Ok(Self { path: path.to_owned(), footer })
    }

    /// The first row of each batch.
    pub(super) fn batches(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.footer.num_rows).step_by(ROWS)
    }

    /// These columns of the batch that begins with this row.
    pub(super) fn read(&self, first: usize, columns: &[String]) -> Result<DataFrame, Error> {
        let read = || {
            let mut reader = ParquetReader::new(File::open(&self.path)?);
            reader.set_metadata(self.footer.clone());
            reader.with_columns(Some(columns.to_vec())).with_slice(Some((first, ROWS))).finish()
        };
        read().map_err(unreadable(&self.path))
    }
}

fn unreadable(path: &Path) -> impl FnOnce(PolarsError) -> Error {
    let path = path.to_owned();
    move |source| Error::Published { path, source }
}
