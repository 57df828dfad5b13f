//! The file of an export, filled batch by batch.

use std::path::Path;

use polars::prelude::{DataFrame, Field, Schema};

use super::{
    bound::BoundExport, delimited::DelimitedWriter, pseudonym::Pseudonyms, shown::ShownColumn,
};
use crate::report::{
    error::ReportError,
    parquet::{FileFacts, FooterStatistics, TableWriter, rows_to_a_group},
};

/// Writes the file of one export.
pub struct ExportWriter {
    columns: Vec<ShownColumn>,
    file: ExportFile,
}

enum ExportFile {
    Csv(DelimitedWriter),
    Parquet(Box<TableWriter>),
}

impl ExportWriter {
    /// Creates the file; none where it is to show pseudonyms and there is no key to them.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(
        path: &Path,
        export: &BoundExport,
        pseudonyms: Option<&Pseudonyms>,
        facts: FileFacts,
    ) -> Result<Option<Self>, ReportError> {
        let columns = export.columns.iter().map(|column| ShownColumn::of(column, pseudonyms));
        let Some(columns) = columns.collect::<Option<Vec<_>>>() else { return Ok(None) };
        let file = match export.csv() {
            Some(form) => {
                let names = columns.iter().map(|column| column.name.as_str());
                ExportFile::Csv(DelimitedWriter::create(path, form, names)?)
            }
            None => ExportFile::Parquet(Box::new(parquet(path, &columns, facts)?)),
        };
        Ok(Some(Self { columns, file }))
    }

    /// Writes the rows of these users.
    ///
    /// # Errors
    /// When a column is missing, or the disk refuses.
    pub fn append(&mut self, users: &DataFrame) -> Result<(), ReportError> {
        let shown = self.columns.iter().map(|column| column.show(users));
        let shown = DataFrame::new(users.height(), shown.collect::<Result<_, _>>()?);
        let shown = shown.map_err(|_| ReportError::Cell { column: "of an export".to_owned() })?;
        match &mut self.file {
            ExportFile::Csv(file) => file.append(&shown),
            ExportFile::Parquet(file) => file.append(&shown),
        }
    }

    /// Completes the file and gives the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<u64, ReportError> {
        match self.file {
            ExportFile::Csv(file) => file.finish(),
            ExportFile::Parquet(file) => file.finish(),
        }
    }
}

/// Extremes are withheld from the footer: what others get is for them to count.
fn parquet(
    path: &Path,
    columns: &[ShownColumn],
    facts: FileFacts,
) -> Result<TableWriter, ReportError> {
    let field = |column: &ShownColumn| Field::new(column.name.as_str().into(), column.data_type());
    let schema: Schema = columns.iter().map(field).collect();
    let group = rows_to_a_group(columns.len());
    TableWriter::with_schema(path, schema, group, FooterStatistics::Withheld, facts)
}
