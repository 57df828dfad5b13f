//! Parquet files in row groups of a fixed size, whatever the batches.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use polars::{
    io::parquet::write::{
        KeyValueMetadata, ParquetCompression, ParquetWriteOptions, StatisticsOptions,
    },
    prelude::{
        CompatLevel, DataFrame, DataType, Field, PolarsResult, Schema, SchemaExt, SchemaRef,
        TimeUnit, TimeZone,
    },
};
use polars_parquet::write::{ZstdLevel, schema_to_metadata_key};

use crate::{
    disk,
    kyc::catalogue::{self, Kind, Privacy, Table},
    model::ids::RunId,
    report::{
        environment::Environment, error::ReportError, grouped_file::GroupedFile, waiting::Waiting,
    },
};

/// What a file says about itself in its footer.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    pub run_id: &'a RunId,
    pub table: &'a str,
    pub environment: Environment,
    /// SHA-256 of the text of the policy by which the run was judged.
    pub policy_sha256: &'a str,
    pub tool_version: &'a str,
}

/// The quickest. Of columns that are encoded already, levels 2 and 3 make no smaller files, in half as much time again.
const ZSTD_LEVEL: i32 = 1;

/// Cells to a row group of a table of the catalogue at most: some 4,500 rows of `users`. A group is held in memory until it
/// is full, and its pages until they are all made; each one costs the footer an entry per column.
const CELLS_TO_A_GROUP: usize = 1 << 19;

/// Rows to a row group at most: tables of few columns have long texts, and all tables wait at the same time.
const ROWS_TO_A_GROUP: usize = 1 << 13;

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

/// Writes one Parquet file. The same rows give the same bytes, however they come in batches.
pub struct TableWriter {
    path: PathBuf,
    schema: SchemaRef,
    file: GroupedFile<BufWriter<File>>,
    /// Rows that do not fill a group yet.
    waiting: Waiting,
    rows: u64,
}

impl TableWriter {
    /// Creates the file of a table of the catalogue.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(path: &Path, table: &Table, facts: FileFacts) -> Result<Self, ReportError> {
        let group = rows_to_a_group(table.columns.len());
        Self::with_schema(path, schema(table), group, footer_statistics(table), facts)
    }

    /// Creates a file with columns of its own and so many rows to a group.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn with_schema(
        path: &Path,
        schema: Schema,
        group: usize,
        statistics: FooterStatistics,
        facts: FileFacts,
    ) -> Result<Self, ReportError> {
        let file = BufWriter::new(disk::private_file(path)?);
        let refused = |source| ReportError::Frame { path: path.to_owned(), source };
        let level = ZstdLevel::try_new(ZSTD_LEVEL).map_err(refused)?;
        let options = ParquetWriteOptions {
            compression: ParquetCompression::Zstd(Some(level)),
            statistics: options(statistics),
            key_value_metadata: Some(metadata(&schema, facts)),
            ..ParquetWriteOptions::default()
        };
        let schema = SchemaRef::from(schema);
        let file = GroupedFile::begin(file, schema.clone(), options).map_err(refused)?;
        let waiting = Waiting::new(schema.clone(), group);
        Ok(Self { path: path.to_owned(), schema, file, waiting, rows: 0 })
    }

    /// Takes the rows of a batch, and writes those that fill a row group.
    ///
    /// # Errors
    /// When the batch has other columns or types than declared, or the disk refuses.
    pub fn append(&mut self, batch: &DataFrame) -> Result<(), ReportError> {
        if batch.schema() != &self.schema {
            let detail = difference(&self.schema, batch.schema());
            return Err(ReportError::Shape { path: self.path.clone(), detail });
        }
        self.rows += batch.height() as u64;
        let path = &self.path;
        self.waiting
            .take_in(batch, |group| self.file.append(group))
            .map_err(|source| ReportError::Frame { path: path.clone(), source })
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
        let Self { path, mut file, mut waiting, rows, .. } = self;
        let ended = file.append(&waiting.take()).and_then(|()| file.finish());
        ended.map_err(|source| ReportError::Frame { path, source })?;
        Ok(rows)
    }
}

/// Rows to a row group of a table with so many columns.
pub(super) fn rows_to_a_group(columns: usize) -> usize {
    (CELLS_TO_A_GROUP / columns.max(1)).clamp(1, ROWS_TO_A_GROUP)
}

/// The published types of a table's columns.
#[must_use]
pub fn schema(table: &Table) -> Schema {
    table.columns.iter().map(|c| Field::new(c.name.as_str().into(), data_type(c.kind))).collect()
}

pub(super) fn data_type(kind: Kind) -> DataType {
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
        ("kyc_recon.catalogue_version".to_owned(), catalogue::VERSION.to_string()),
        ("kyc_recon.policy_sha256".to_owned(), facts.policy_sha256.to_owned()),
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
