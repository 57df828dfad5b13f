//! Parquet files, one row group per batch.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use polars::{
    io::parquet::write::{
        BatchedWriter, KeyValueMetadata, ParquetCompression, ParquetWriter, StatisticsOptions,
    },
    prelude::{
        CompatLevel, DataFrame, DataType, Field, PolarsResult, Schema, SchemaExt, SchemaRef,
        TimeUnit, TimeZone,
    },
};
use polars_parquet::write::schema_to_metadata_key;

use crate::{
    disk,
    kyc::catalogue::{Kind, Privacy, Table},
    model::ids::RunId,
    report::{environment::Environment, error::ReportError},
};

/// What a file says about itself in its footer.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    pub run_id: &'a RunId,
    pub table: &'a str,
    pub environment: Environment,
    pub tool_version: &'a str,
}

/// What the footer may say about the values of the columns.
///
/// Polars sets this per file, so one personal column keeps the extremes of all columns out of the footer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FooterStatistics {
    /// Null counts, least and greatest values.
    Full,
    /// Nothing: the least and the greatest value of a column are two people's data. Null counts would do no harm, but
    /// polars then writes a column index without extremes that declares every page to hold nothing but nulls, and
    /// readers that trust it (Spark does) skip the pages.
    Withheld,
}

/// Writes one Parquet file. The same batches give the same bytes.
pub struct TableWriter<W: Write = BufWriter<File>> {
    path: PathBuf,
    schema: SchemaRef,
    writer: BatchedWriter<W>,
    rows: u64,
}

impl TableWriter {
    /// Creates the file of a table of the catalogue.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(path: &Path, table: &Table, facts: FileFacts) -> Result<Self, ReportError> {
        Self::with_schema(path, schema(table), footer_statistics(table), facts)
    }

    /// Creates a file with columns of its own.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn with_schema(
        path: &Path,
        schema: Schema,
        statistics: FooterStatistics,
        facts: FileFacts,
    ) -> Result<Self, ReportError> {
        let file = BufWriter::new(disk::private_file(path)?);
        Self::onto(file, path, schema, statistics, facts)
    }
}

impl<W: Write> TableWriter<W> {
    /// Writes what the file at `path` would hold somewhere else.
    ///
    /// # Errors
    /// When it refuses the first bytes.
    pub fn onto(
        sink: W,
        path: &Path,
        schema: Schema,
        statistics: FooterStatistics,
        facts: FileFacts,
    ) -> Result<Self, ReportError> {
        let writer = ParquetWriter::new(sink)
            .with_compression(ParquetCompression::Zstd(None))
            .with_statistics(options(statistics))
            .with_key_value_metadata(Some(metadata(&schema, facts)))
            .batched(&schema)
            .map_err(|source| ReportError::Frame { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), schema: schema.into(), writer, rows: 0 })
    }

    /// Writes a batch as one row group; one without rows writes nothing.
    ///
    /// # Errors
    /// When the batch has other columns or types than declared, or the disk refuses.
    pub fn append(&mut self, batch: &DataFrame) -> Result<(), ReportError> {
        if batch.schema() != &self.schema {
            let detail = difference(&self.schema, batch.schema());
            return Err(ReportError::Shape { path: self.path.clone(), detail });
        }
        let mut batch = batch.clone();
        let written = self.writer.write_batch(batch.rechunk_mut());
        written.map_err(|source| ReportError::Frame { path: self.path.clone(), source })?;
        self.rows += batch.height() as u64;
        Ok(())
    }

    /// Writes a batch that was built for this file, if building it went well.
    pub(super) fn append_built(
        &mut self,
        batch: PolarsResult<DataFrame>,
    ) -> Result<(), ReportError> {
        let path = || self.path.clone();
        let batch = batch.map_err(|source| ReportError::Frame { path: path(), source })?;
        self.append(&batch)
    }

    /// Writes the footer and gives the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<u64, ReportError> {
        let Self { path, writer, rows, .. } = self;
        writer.finish().map_err(|source| ReportError::Frame { path, source })?;
        Ok(rows)
    }
}

/// The published types of a table's columns.
#[must_use]
pub fn schema(table: &Table) -> Schema {
    table.columns.iter().map(|c| Field::new(c.name.as_str().into(), data_type(c.kind))).collect()
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Date => DataType::Date,
        Kind::Timestamp => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
    }
}

/// What the footer of a table may say: nothing where one column is personal.
#[must_use]
pub fn footer_statistics(table: &Table) -> FooterStatistics {
    if table.columns.iter().any(|column| column.privacy >= Privacy::Personal) {
        FooterStatistics::Withheld
    } else {
        FooterStatistics::Full
    }
}

fn options(statistics: FooterStatistics) -> StatisticsOptions {
    match statistics {
        FooterStatistics::Full => StatisticsOptions {
            min_value: true,
            max_value: true,
            distinct_count: false,
            null_count: true,
            ..StatisticsOptions::default()
        },
        FooterStatistics::Withheld => StatisticsOptions::empty(),
    }
}

fn metadata(schema: &Schema, facts: FileFacts) -> KeyValueMetadata {
    // Left to itself polars notes its own string views here, which other readers then hand to their users, some
    // not at all. Plain strings are what the dictionary promises.
    let arrow = schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()));
    KeyValueMetadata::from_static(vec![
        (arrow.key, arrow.value.unwrap_or_default()),
        ("kyc_recon.run_id".to_owned(), facts.run_id.to_string()),
        ("kyc_recon.table".to_owned(), facts.table.to_owned()),
        ("kyc_recon.environment".to_owned(), facts.environment.as_str().to_owned()),
        ("kyc_recon.tool_version".to_owned(), facts.tool_version.to_owned()),
    ])
}

/// The first column in which two schemas differ.
fn difference(declared: &Schema, given: &Schema) -> String {
    let text = |field: Option<(&_, &DataType)>| match field {
        Some((name, data_type)) => format!("{name} {data_type}"),
        None => "nothing".to_owned(),
    };
    let columns = declared.len().max(given.len());
    (0..columns)
        .map(|at| (text(declared.get_at_index(at)), text(given.get_at_index(at))))
        .find(|(declared, given)| declared != given)
        .map_or_else(String::new, |(declared, given)| format!("{declared} became {given}"))
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
mod tests;
