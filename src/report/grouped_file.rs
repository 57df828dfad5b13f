//! A Parquet file that is written row group by row group, byte for byte as polars writes it where a dictionary pays in the
//! first group and later alike.
//!
//! Polars keeps all that it knows of each column of each group until the file ends. So each group is written as a file of its
//! own, in memory; from there the pages go into the file, and of the footer only what is needed for the one footer at the end
//! stays, packed.

use std::io::{Seek, Write};

use polars::{
    io::parquet::write::ParquetWriteOptions,
    prelude::{DataFrame, PolarsResult, SchemaRef},
};
use polars_parquet::parquet::{PARQUET_MAGIC, error::ParquetError};
use polars_parquet_format::{
    FileMetaData,
    thrift::{
        self,
        protocol::{
            TCompactOutputProtocol, TFieldIdentifier, TListIdentifier, TOutputProtocol,
            TStructIdentifier, TType,
        },
    },
};

use super::{
    packed_group::{self, PackedGroup},
    pages::PageMaker,
};

/// A file that grows.
pub(super) struct GroupedFile<W> {
    file: W,
    schema: SchemaRef,
    options: ParquetWriteOptions,
    pages: PageMaker,
    groups: Vec<PackedGroup>,
}

impl<W: Write + Seek> GroupedFile<W> {
    /// Begins a file with these columns.
    pub(super) fn begin(
        mut file: W,
        schema: SchemaRef,
        options: ParquetWriteOptions,
    ) -> PolarsResult<Self> {
        file.write_all(&PARQUET_MAGIC)?;
        let pages = PageMaker::new(&schema, &options)?;
        Ok(Self { file, schema, options, pages, groups: Vec::new() })
    }

    /// Writes the rows as a group; no rows are none.
    pub(super) fn append(&mut self, rows: &DataFrame) -> PolarsResult<()> {
        if rows.height() > 0 {
            let alone = self.pages.written_alone(rows)?;
            self.groups.push(PackedGroup::moved(&alone, self.groups.len(), &mut self.file)?);
        }
        Ok(())
    }

    /// Writes the indexes and the footer.
    pub(super) fn finish(mut self) -> PolarsResult<()> {
        let column_indexes = self.file.stream_position()?;
        for group in &self.groups {
            self.file.write_all(&group.column_indexes)?;
        }
        let offset_indexes = self.file.stream_position()?;
        for group in &self.groups {
            self.file.write_all(&group.offset_indexes)?;
        }
        let footer = self.file.stream_position()?;
        self.write_footer([column_indexes, offset_indexes])?;
        let length = self.file.stream_position()? - footer;
        self.file.write_all(&packed_group::length(length)?)?;
        self.file.write_all(&PARQUET_MAGIC)?;
        Ok(self.file.flush()?)
    }

    /// The bytes of a file without rows.
    fn written_empty(&self) -> PolarsResult<Vec<u8>> {
        let mut file = Vec::new();
        let writer = self.options.to_writer(&mut file).batched(&self.schema)?;
        writer.finish()?;
        drop(writer);
        Ok(file)
    }

    /// Writes the footer with one group in memory at a time. The indexes of the first one stand in these places.
    fn write_footer(&mut self, indexes: [u64; 2]) -> PolarsResult<()> {
        let about = packed_group::footer(&self.written_empty()?)?;
        let rows = self.groups.iter().map(|group| group.rows).sum();
        let to = &mut TCompactOutputProtocol::new(&mut self.file);
        Ok(write_footer(&about, rows, &self.groups, indexes, to).map_err(ParquetError::from)?)
    }
}

/// Writes what a footer says about a file, and about these groups in it.
fn write_footer(
    about: &FileMetaData,
    rows: i64,
    groups: &[PackedGroup],
    [mut column_indexes, mut offset_indexes]: [u64; 2],
    to: &mut impl TOutputProtocol,
) -> thrift::Result<()> {
    to.write_struct_begin(&TStructIdentifier::new("FileMetaData"))?;
    begin_field(to, TType::I32, 1)?;
    to.write_i32(about.version)?;
    begin_list(to, 2, about.schema.len())?;
    for column in &about.schema {
        column.write_to_out_protocol(to)?;
    }
    begin_field(to, TType::I64, 3)?;
    to.write_i64(rows)?;
    begin_list(to, 4, groups.len())?;
    for group in groups {
        group.entry(column_indexes, offset_indexes)?.write_to_out_protocol(to)?;
        column_indexes += group.column_indexes.len() as u64;
        offset_indexes += group.offset_indexes.len() as u64;
    }
    if let Some(pairs) = &about.key_value_metadata {
        begin_list(to, 5, pairs.len())?;
        for pair in pairs {
            pair.write_to_out_protocol(to)?;
        }
    }
    if let Some(writer) = &about.created_by {
        begin_field(to, TType::String, 6)?;
        to.write_string(writer)?;
    }
    if let Some(orders) = &about.column_orders {
        begin_list(to, 7, orders.len())?;
        for order in orders {
            order.write_to_out_protocol(to)?;
        }
    }
    to.write_field_stop()?;
    to.write_struct_end()?;
    Ok(())
}

fn begin_field(to: &mut impl TOutputProtocol, kind: TType, number: i16) -> thrift::Result<usize> {
    to.write_field_begin(&TFieldIdentifier::new::<Option<&str>, &str, i16>(None, kind, number))
}

fn begin_list(to: &mut impl TOutputProtocol, number: i16, length: usize) -> thrift::Result<usize> {
    begin_field(to, TType::List, number)?;
    to.write_list_begin(&TListIdentifier::new(TType::Struct, length.try_into()?))
}

#[cfg(test)]
mod tests {
    use std::{error::Error, io::Cursor};

    use ::parquet::{
        file::reader::{FileReader as _, SerializedFileReader},
        record::RowAccessor as _,
    };
    use polars::{
        io::{
            SerReader as _,
            parquet::write::{KeyValueMetadata, ParquetCompression, StatisticsOptions},
        },
        prelude::{ParquetReader, df},
    };
    use polars_parquet::write::ZstdLevel;
    use polars_parquet_format::ColumnChunk;

    use super::*;

    type Written = Result<Vec<u8>, Box<dyn Error>>;

    fn written_by_polars(
        groups: &[DataFrame],
        options: &ParquetWriteOptions,
        schema: &SchemaRef,
    ) -> Written {
        let mut file = Vec::new();
        let mut writer = options.to_writer(&mut file).batched(schema)?;
        for group in groups {
            writer.write_batch(group)?;
        }
        writer.finish()?;
        drop(writer);
        Ok(file)
    }

    fn written_by_us(
        groups: &[DataFrame],
        options: &ParquetWriteOptions,
        schema: &SchemaRef,
    ) -> Written {
        let mut bytes = Vec::new();
        let mut file =
            GroupedFile::begin(Cursor::new(&mut bytes), schema.clone(), options.clone())?;
        for group in groups {
            file.append(group)?;
        }
        file.finish()?;
        Ok(bytes)
    }

    #[test]
    fn a_dictionary_that_did_not_pay_in_the_first_group_is_not_tried_again()
    -> Result<(), Box<dyn Error>> {
        let many = 10_000;
        let distinct: Vec<_> = (0..many).map(|number| format!("somebody {number}")).collect();
        let groups = [
            df!["first" => distinct, "always" => vec!["the same word"; many]]?,
            df!["first" => vec!["somebody"; many], "always" => vec!["the same word"; many]]?,
        ];
        let (schema, options) = (groups[0].schema(), ParquetWriteOptions::default());
        let bytes = written_by_us(&groups, &options, schema)?;
        let has_dictionary = |column: &ColumnChunk| {
            column.meta_data.as_ref().is_some_and(|about| about.dictionary_page_offset.is_some())
        };
        let footer = packed_group::footer(&bytes)?;
        let found: Vec<Vec<_>> = footer
            .row_groups
            .iter()
            .map(|group| group.columns.iter().map(has_dictionary).collect())
            .collect();
        assert_eq!(found, [[false, true], [false, true]]);
        let whole = groups[0].vstack(&groups[1])?;
        assert!(ParquetReader::new(Cursor::new(bytes.clone())).finish()?.equals(&whole));
        let mut file = tempfile::tempfile()?;
        file.write_all(&bytes)?;
        let by_another = SerializedFileReader::new(file)?;
        let rows = by_another.get_row_iter(None)?.collect::<Result<Vec<_>, _>>()?;
        let first: Vec<_> = rows.iter().map(|row| row.get_string(0).map(String::as_str)).collect();
        let expected = whole.column("first")?.str()?;
        assert!(first.into_iter().map(Result::ok).eq(expected.iter()));
        Ok(())
    }

    #[test]
    fn the_bytes_are_those_that_polars_writes() -> Result<(), Box<dyn Error>> {
        let group = |start: i64, rows: i64| {
            let hits: Vec<_> =
                (start..start + rows).map(|hit| (hit % 7 > 0).then_some(hit)).collect();
            let names: Vec<_> =
                hits.iter().map(|hit| hit.map(|hit| format!("somebody {hit}"))).collect();
            let words = vec!["the same word"; hits.len()];
            df!["name" => names, "hits" => &hits, "word" => words, "none" => vec![None::<f64>; hits.len()]]
        };
        // More than fifteen groups: lists of so many begin differently. More than a megabyte: several pages.
        // Of a few names polars makes a dictionary, of many it does not: so a short group comes before the long ones.
        let lengths = [3, 60_000, 0, 59_000];
        let groups: Vec<_> =
            (0..18).map(|at| group(at * 1_000, at + 1)).collect::<Result<_, _>>()?;
        let large: Vec<_> =
            lengths.map(|rows| group(rows, rows)).into_iter().collect::<Result<_, _>>()?;
        let schema = group(0, 1)?.schema().clone();
        let about = KeyValueMetadata::from_static(vec![("about".to_owned(), "this".to_owned())]);
        let fastest = ParquetCompression::Zstd(Some(ZstdLevel::try_new(1)?));
        for (statistics, compression) in [
            (StatisticsOptions::full(), fastest),
            (StatisticsOptions::empty(), ParquetCompression::Zstd(None)),
        ] {
            for key_value_metadata in [None, Some(about.clone())] {
                let options = ParquetWriteOptions {
                    statistics,
                    compression,
                    key_value_metadata,
                    ..Default::default()
                };
                for groups in [&[], &groups[..1], &groups, &large] {
                    let theirs = written_by_polars(groups, &options, &schema)?;
                    let ours = written_by_us(groups, &options, &schema)?;
                    let apart = ours.iter().zip(&theirs).position(|(a, b)| a != b);
                    assert_eq!(
                        (ours.len(), None),
                        (theirs.len(), apart),
                        "{} groups",
                        groups.len()
                    );
                }
            }
        }
        Ok(())
    }
}
