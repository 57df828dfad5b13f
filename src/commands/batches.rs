//! The tables of a report, published or about to be, read batch by batch and a few columns at a time.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use crate::{error::Error, report::reading::PublishedTable};

/// Rows to a batch: some row groups of the writer.
const ROWS: usize = 32_768;

/// The tables of one report.
#[derive(Debug, Clone)]
pub(super) struct ReportTables {
    tables: PathBuf,
}

impl ReportTables {
    /// The tables in this directory.
    pub(super) fn tables(dir: &Path) -> Self {
        Self { tables: dir.to_owned() }
    }

    /// Opens a table.
    pub(super) fn table(&self, name: &str) -> Result<Table, Error> {
        let path = self.tables.join(format!("{name}.parquet"));
        Ok(Table(PublishedTable::open(&path).map_err(Error::unreadable)?))
    }
}

/// One table, of which a batch of rows is read at a time.
pub(super) struct Table(PublishedTable);

impl Table {
    pub(super) fn rows(&self) -> usize {
        self.0.rows()
    }

    /// The first row of each batch.
    pub(super) fn batches(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.0.rows()).step_by(ROWS)
    }

    /// These columns of the batch that begins with this row.
    pub(super) fn read(&self, first: usize, columns: &[String]) -> Result<DataFrame, Error> {
        let columns: Vec<_> = columns.iter().map(String::as_str).collect();
        self.0.read(first..first + ROWS, Some(&columns)).map_err(Error::unreadable)
    }
}
