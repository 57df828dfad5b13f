//! Typed column builders, made from the catalogue and filled row by row.

use super::cell::Cell;
use crate::kyc::catalogue::{self, Kind, Table};
use jiff::{Timestamp, civil::Date};
use polars::prelude::{
    BooleanChunkedBuilder, ChunkedBuilder, Column, DataFrame, DataType, Float64Type, Int32Type,
    Int64Type, IntoSeries, PolarsResult, PrimitiveChunkedBuilder, Series, StringChunkedBuilder,
    TimeUnit,
};

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The rows of one table so far.
pub struct TableBuilder {
    columns: Vec<ColumnBuilder>,
    height: usize,
}

impl TableBuilder {
    pub fn new<'t>(table: impl Into<Option<&'t Table>>) -> Self {
        let declared = table.into().map(|table| table.columns.as_slice()).unwrap_or_default();
        Self { columns: declared.iter().map(ColumnBuilder::new).collect(), height: 0 }
    }

    /// Adds a row; a cell of another kind than its column's is null.
    pub fn push(&mut self, row: &[Cell<'_>]) {
        debug_assert_eq!(row.len(), self.columns.len());
        let cells = row.iter().chain(std::iter::repeat(&Cell::Null));
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.values.push(cell);
        }
        self.height += 1;
    }

    /// The rows so far as a frame with every column of the catalogue; the builders are empty again.
    ///
    /// # Errors
    /// When polars cannot make a frame of them.
    pub fn take(&mut self) -> PolarsResult<DataFrame> {
        let height = std::mem::take(&mut self.height);
        let columns = self.columns.iter_mut().map(|column| column.take(height));
        let columns = columns.collect::<PolarsResult<_>>()?;
        DataFrame::new(height, columns)
    }
}

struct ColumnBuilder {
    name: String,
    kind: Kind,
    values: Values,
}

enum Values {
    Text(StringChunkedBuilder),
    Int(PrimitiveChunkedBuilder<Int64Type>),
    Float(PrimitiveChunkedBuilder<Float64Type>),
    Bool(BooleanChunkedBuilder),
    /// Days since 1970-01-01.
    Date(PrimitiveChunkedBuilder<Int32Type>),
    /// Microseconds since 1970-01-01, UTC.
    Timestamp(PrimitiveChunkedBuilder<Int64Type>),
}

impl ColumnBuilder {
    fn new(column: &catalogue::Column) -> Self {
        let values = Values::new(&column.name, column.kind, 0);
        Self { name: column.name.clone(), kind: column.kind, values }
    }

    /// The rows so far; the next ones are expected to be as many.
    fn take(&mut self, height: usize) -> PolarsResult<Column> {
        let full = std::mem::replace(&mut self.values, Values::new(&self.name, self.kind, height));
        Ok(full.finish().cast(&dtype(self.kind))?.into())
    }
}

impl Values {
    fn new(name: &str, kind: Kind, height: usize) -> Self {
        let name = name.into();
        match kind {
            Kind::Text => Self::Text(StringChunkedBuilder::new(name, height)),
            Kind::Int => Self::Int(PrimitiveChunkedBuilder::new(name, height)),
            Kind::Float => Self::Float(PrimitiveChunkedBuilder::new(name, height)),
            Kind::Bool => Self::Bool(BooleanChunkedBuilder::new(name, height)),
            Kind::Date => Self::Date(PrimitiveChunkedBuilder::new(name, height)),
            Kind::Timestamp => Self::Timestamp(PrimitiveChunkedBuilder::new(name, height)),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match self {
            Self::Text(values) => values.append_option(cell.text()),
            Self::Int(values) => values.append_option(cell.int()),
            Self::Float(values) => values.append_option(cell.float()),
            Self::Bool(values) => values.append_option(cell.boolean()),
            Self::Date(values) => values.append_option(cell.date().and_then(days)),
            Self::Timestamp(values) => {
                values.append_option(cell.timestamp().map(Timestamp::as_microsecond));
            }
        }
    }

    fn finish(self) -> Series {
        match self {
            Self::Text(values) => values.finish().into_series(),
            Self::Int(values) | Self::Timestamp(values) => values.finish().into_series(),
            Self::Float(values) => values.finish().into_series(),
            Self::Bool(values) => values.finish().into_series(),
            Self::Date(values) => values.finish().into_series(),
        }
    }
}

/// The type of a published column in a frame.
fn dtype(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Date => DataType::Date,
        Kind::Timestamp => {
            DataType::Datetime(TimeUnit::Microseconds, Some(polars::prelude::TimeZone::UTC))
        }
    }
}

/// Counted without a time zone: the last day of the calendar has no midnight among the instants.
fn days(date: Date) -> Option<i32> {
    let since = EPOCH.duration_until(date).as_hours() / 24;
    i32::try_from(since).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_declared_types_also_without_rows() -> PolarsResult<()> {
        for table in catalogue::tables() {
            let frame = TableBuilder::new(table).take()?;
            assert_eq!(frame.height(), 0);
            let types: Vec<_> =
                frame.columns().iter().map(|c| (c.name().as_str(), c.dtype().clone())).collect();
            let declared: Vec<_> =
                table.columns.iter().map(|c| (c.name.as_str(), dtype(c.kind))).collect();
            assert_eq!(types, declared);
        }
        Ok(())
    }

    #[test]
    fn days_are_counted_from_1970_in_both_directions() {
        let days_of = |y, m, d| Date::new(y, m, d).ok().and_then(days);
        assert_eq!(days_of(1970, 1, 1), Some(0));
        assert_eq!(days_of(1969, 12, 31), Some(-1));
        assert_eq!(days_of(1990, 1, 1), Some(7305));
        assert_eq!(days_of(9999, 12, 31), Some(2_932_896));
        assert_eq!(days_of(-9999, 1, 1), Some(-4_371_587));
    }
}
