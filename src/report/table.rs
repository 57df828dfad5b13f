//! One table in every format it is published in.

use polars::prelude::DataFrame;

use crate::{
    kyc::catalogue::Table,
    report::{
        csv::{ByteOrderMark, CsvTableWriter},
        error::ReportError,
        parquet::{FileFacts, TableWriter},
        publish::Staging,
    },
};

/// Writes a table as Parquet, and as CSV too where that is wanted.
pub struct TableFiles {
    parquet: TableWriter,
    csv: Option<CsvTableWriter>,
}

impl TableFiles {
    /// Creates the files of a table; the CSV one if it is told how to begin.
    ///
    /// # Errors
    /// When one of them cannot be created.
    pub fn create(
        staging: &Staging,
        table: &Table,
        facts: FileFacts,
        csv: Option<ByteOrderMark>,
    ) -> Result<Self, ReportError> {
        let headers = || table.columns.iter().map(|column| column.name.as_str());
        let csv = csv
            .map(|mark| CsvTableWriter::create(&staging.csv(table.name), mark, headers()))
            .transpose()?;
        Ok(Self { parquet: TableWriter::create(&staging.table(table.name), table, facts)?, csv })
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// When the batch is not of this table, or the disk refuses.
    pub fn append(&mut self, batch: &DataFrame) -> Result<(), ReportError> {
        self.parquet.append(batch)?;
        self.csv.as_mut().map_or(Ok(()), |csv| csv.append(batch))
    }

    /// Completes the files and gives the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<u64, ReportError> {
        if let Some(csv) = self.csv {
            csv.finish()?;
        }
        self.parquet.finish()
    }
}
