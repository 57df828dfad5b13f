//! The pages of row groups: each column encoded as polars encodes it, and compressed by one state for the whole group.
//!
//! Polars makes a state of zstd for every page, and asks of every column of every group whether a dictionary would pay. Here a
//! column for which it did not pay in the first group is not asked again: it holds ids, names or addresses, as a rule. Where
//! that is not so, later groups are larger than they need be, and nothing else.

use polars::{
    io::parquet::write::{ParquetCompression, ParquetWriteOptions, get_encodings},
    prelude::{
        Column, CompatLevel, DataFrame, PolarsError, PolarsResult, SchemaExt as _, SchemaRef,
    },
};
use polars_parquet::{
    parquet::{
        CowBuffer, FallibleStreamingIterator,
        compression::Compression,
        error::ParquetError,
        metadata::SchemaDescriptor,
        page::{CompressedDataPage, CompressedDictPage, CompressedPage, DataPageHeader, Page},
        schema::types::ParquetType,
        write::{DynIter, DynStreamingIterator, FileWriter, WriteOptions as FileOptions},
    },
    write::{
        CompressionOptions, Encoding, StatisticsOptions, Version, WriteOptions, array_to_columns,
        to_parquet_schema,
    },
};
use zstd::{bulk::Compressor, zstd_safe::compress_bound};

/// Makes the pages of one file, group after group.
pub(super) struct PageMaker {
    schema: SchemaDescriptor,
    statistics: StatisticsOptions,
    data_page_size: Option<usize>,
    /// How each column is encoded, if that pays.
    encodings: Vec<Encoding>,
    level: i32,
    is_first: bool,
}

impl PageMaker {
    /// For files with these columns, of which the options say how they are compressed: by zstd.
    pub(super) fn new(schema: &SchemaRef, options: &ParquetWriteOptions) -> PolarsResult<Self> {
        let ParquetCompression::Zstd(level) = options.compression else {
            return Err(unasked("another compression than zstd").into());
        };
        // Zero is the level that zstd takes by itself.
        let level = level.map_or(0, |level| level.compression_level());
        let schema = schema.to_arrow(CompatLevel::newest());
        Ok(Self {
            // One for each column, as none of ours is nested.
            encodings: get_encodings(&schema).iter().flatten().copied().collect(),
            schema: to_parquet_schema(&schema)?,
            statistics: options.statistics,
            data_page_size: options.data_page_size,
            level,
            is_first: true,
        })
    }

    /// The bytes of a file whose only group these rows are. Its footer says nothing of the file but where the pages are.
    pub(super) fn written_alone(&mut self, rows: &DataFrame) -> PolarsResult<Vec<u8>> {
        let options =
            FileOptions { write_statistics: !self.statistics.is_empty(), version: Version::V1 };
        let mut file = Vec::new();
        let mut writer = FileWriter::new(&mut file, self.schema.clone(), options, None);
        let columns = self.schema.fields().iter().zip(&mut self.encodings).zip(rows.columns());
        // Not kept until the next group: many files grow at the same time.
        let mut packer = Packer {
            zstd: Compressor::new(self.level)?,
            statistics: self.statistics,
            data_page_size: self.data_page_size,
        };
        let is_first = std::mem::take(&mut self.is_first);
        let pages = columns.map(|((field, encoding), column)| {
            let pages = packer.pages(field, *encoding, column)?;
            if is_first && !pages.iter().any(|page| matches!(page, CompressedPage::Dict(_))) {
                *encoding = plain(*encoding);
            }
            Ok(DynStreamingIterator::new(Ready { left: pages.into_iter(), page: None }))
        });
        writer.write(rows.height() as u64, DynIter::new(pages))?;
        writer.end(Some(Vec::new()))?;
        drop(writer);
        Ok(file)
    }
}

/// What is left of an encoding when a dictionary does not pay.
const fn plain(encoding: Encoding) -> Encoding {
    match encoding {
        Encoding::RleDictionary => Encoding::Plain,
        other => other,
    }
}

/// Compresses page after page.
struct Packer {
    zstd: Compressor<'static>,
    statistics: StatisticsOptions,
    data_page_size: Option<usize>,
}

impl Packer {
    fn pages(
        &mut self,
        field: &ParquetType,
        encoding: Encoding,
        column: &Column,
    ) -> PolarsResult<Vec<CompressedPage>> {
        let cells = column.as_materialized_series().rechunk().to_arrow(0, CompatLevel::newest());
        let options = WriteOptions {
            statistics: self.statistics,
            version: Version::V1,
            compression: CompressionOptions::Uncompressed,
            data_page_size: self.data_page_size,
        };
        let columns = array_to_columns(&cells, field.clone(), options, &[encoding])?;
        columns.into_iter().flatten().map(|page| self.pack(page?)).collect()
    }

    fn pack(&mut self, page: Page) -> PolarsResult<CompressedPage> {
        match page {
            Page::Dict(page) => Ok(CompressedPage::Dict(CompressedDictPage::new(
                self.compress(&page.buffer)?,
                Compression::Zstd,
                page.buffer.len(),
                page.num_values,
                page.is_sorted,
            ))),
            Page::Data(page) if matches!(page.header(), DataPageHeader::V1(_)) => {
                let rows = page.num_rows().ok_or_else(|| unasked("a page without its rows"))?;
                Ok(CompressedPage::Data(CompressedDataPage::new(
                    page.header().clone(),
                    self.compress(page.buffer())?,
                    Compression::Zstd,
                    page.buffer().len(),
                    page.descriptor,
                    rows,
                )))
            }
            Page::Data(_) => Err(unasked("a page of version 2").into()),
        }
    }

    fn compress(&mut self, page: &[u8]) -> PolarsResult<CowBuffer> {
        let mut packed = Vec::with_capacity(compress_bound(page.len()));
        self.zstd.compress_to_buffer(page, &mut packed)?;
        packed.shrink_to_fit();
        Ok(CowBuffer::Owned(packed))
    }
}

/// The pages of a column, handed over one by one.
struct Ready {
    left: std::vec::IntoIter<CompressedPage>,
    page: Option<CompressedPage>,
}

impl FallibleStreamingIterator for Ready {
    type Item = CompressedPage;
    type Error = PolarsError;

    fn advance(&mut self) -> PolarsResult<()> {
        self.page = self.left.next();
        Ok(())
    }

    fn get(&self) -> Option<&CompressedPage> {
        self.page.as_ref()
    }
}

fn unasked(what: &str) -> ParquetError {
    ParquetError::OutOfSpec(format!("{what}, which nobody asked for"))
}
