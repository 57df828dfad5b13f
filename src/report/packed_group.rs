//! What the footer of a Parquet file says of one row group, packed as it will stand there: a hundred bytes a column.

use std::io::{Seek, Write};

use polars_parquet::parquet::{
    PARQUET_MAGIC,
    error::{ParquetError, ParquetResult},
};
use polars_parquet_format::{
    ColumnChunk, FileMetaData, OffsetIndex, RowGroup,
    thrift::{
        self,
        protocol::{TCompactInputProtocol, TCompactOutputProtocol},
    },
};

/// Behind the footer: its length, and the magic bytes.
const TAIL: usize = 4 + PARQUET_MAGIC.len();

/// A row group whose pages stand in a file.
pub(super) struct PackedGroup {
    /// As the footer lists it, but for the places of the indexes.
    entry: Vec<u8>,
    pub(super) rows: i64,
    /// What the pages hold, column by column; nothing in a file without statistics.
    pub(super) column_indexes: Vec<u8>,
    /// Where the pages are, column by column.
    pub(super) offset_indexes: Vec<u8>,
}

impl PackedGroup {
    /// Writes the only group of one file into another, where it gets this number.
    pub(super) fn moved(
        alone: &[u8],
        number: usize,
        file: &mut (impl Write + Seek),
    ) -> ParquetResult<Self> {
        let groups = <[_; 1]>::try_from(footer(alone)?.row_groups);
        let [mut group] = groups.map_err(|_| missing("row group, and no other one"))?;
        let (mut column_indexes, mut offset_indexes) = (Vec::new(), Vec::new());
        group.file_offset = Some(i64::try_from(file.stream_position()?)?);
        group.ordinal = i16::try_from(number).ok();
        for column in &mut group.columns {
            let values = stored(alone, column.column_index_offset, column.column_index_length)?;
            column_indexes.extend_from_slice(values);
            let places = stored(alone, column.offset_index_offset, column.offset_index_length)?;
            let way = move_column(alone, column, file)?;
            let places = moved_places(places, way)?;
            column.offset_index_length = Some(i32::try_from(places.len())?);
            offset_indexes.extend_from_slice(&places);
        }
        let mut entry = Vec::new();
        group.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut entry))?;
        entry.shrink_to_fit();
        Ok(Self { entry, rows: group.num_rows, column_indexes, offset_indexes })
    }

    /// The group as the footer lists it, its indexes behind so many bytes.
    pub(super) fn entry(
        &self,
        column_indexes: u64,
        offset_indexes: u64,
    ) -> thrift::Result<RowGroup> {
        let mut packed = TCompactInputProtocol::new(self.entry.as_slice(), usize::MAX);
        let mut group = RowGroup::read_from_in_protocol(&mut packed)?;
        let (mut held, mut places) =
            (i64::try_from(column_indexes)?, i64::try_from(offset_indexes)?);
        for column in &mut group.columns {
            if let Some(length) = column.column_index_length {
                column.column_index_offset = Some(held);
                held += i64::from(length);
            }
            if let Some(length) = column.offset_index_length {
                column.offset_index_offset = Some(places);
                places += i64::from(length);
            }
        }
        Ok(group)
    }
}

/// The footer of a file.
pub(super) fn footer(file: &[u8]) -> ParquetResult<FileMetaData> {
    let (rest, tail) = file.split_last_chunk::<TAIL>().ok_or_else(|| missing("tail"))?;
    let [a, b, c, d, ..] = *tail;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d]))?;
    let start = rest.len().checked_sub(length).ok_or_else(|| missing("footer"))?;
    let mut packed = TCompactInputProtocol::new(&rest[start..], usize::MAX);
    Ok(FileMetaData::read_from_in_protocol(&mut packed)?)
}

/// The length of a footer, as it stands behind it.
pub(super) fn length(footer: u64) -> ParquetResult<[u8; 4]> {
    Ok(u32::try_from(footer)?.to_le_bytes())
}

/// Writes the pages of a column, and behind them what the footer says too; gives the way that they went.
fn move_column(
    alone: &[u8],
    column: &mut ColumnChunk,
    file: &mut (impl Write + Seek),
) -> ParquetResult<i64> {
    let about = column.meta_data.as_mut().ok_or_else(|| missing("column"))?;
    let start = about.dictionary_page_offset.unwrap_or(about.data_page_offset);
    let pages = usize::try_from(start)?..usize::try_from(start + about.total_compressed_size)?;
    let way = i64::try_from(file.stream_position()?)? - start;
    file.write_all(alone.get(pages).ok_or_else(|| missing("page"))?)?;
    about.data_page_offset += way;
    about.dictionary_page_offset = about.dictionary_page_offset.map(|place| place + way);
    about.write_to_out_protocol(&mut TCompactOutputProtocol::new(file))?;
    column.file_offset += way;
    (column.column_index_offset, column.offset_index_offset) = (None, None);
    Ok(way)
}

/// What stands there, if something does.
fn stored(file: &[u8], place: Option<i64>, length: Option<i32>) -> ParquetResult<&[u8]> {
    let (Some(place), Some(length)) = (place, length) else { return Ok(&[]) };
    let start = usize::try_from(place)?;
    file.get(start..start + usize::try_from(length)?).ok_or_else(|| missing("index"))
}

fn moved_places(index: &[u8], way: i64) -> ParquetResult<Vec<u8>> {
    let mut packed = TCompactInputProtocol::new(index, usize::MAX);
    let mut index = OffsetIndex::read_from_in_protocol(&mut packed)?;
    for page in &mut index.page_locations {
        page.offset += way;
    }
    let mut moved = Vec::new();
    index.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut moved))?;
    Ok(moved)
}

fn missing(what: &str) -> ParquetError {
    ParquetError::OutOfSpec(format!("a file of one row group without its {what}"))
}
