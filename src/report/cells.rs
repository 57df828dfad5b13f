//! Cells as text and as JSON, column by column.

use std::fmt::{self, Write as _};

use jiff::{Span, Timestamp, civil};
use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataType, Float64Chunked, Int32Chunked, Int64Chunked,
    PolarsDataType, StaticArray as _, StringChunked, TimeUnit,
};
use serde_json::Value;

use crate::report::error::ReportError;

/// One column, of a type that is known once and for all its rows.
pub(super) enum Cells {
    Text(StringChunked),
    Int(Int64Chunked),
    Float(Float64Chunked),
    Bool(BooleanChunked),
    /// Days since 1970-01-01.
    Date(Int32Chunked),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(Int64Chunked),
}

impl Cells {
    /// Reads a column; the narrower numbers of SQL counts are widened.
    pub(super) fn of(column: &Column) -> Result<Self, ReportError> {
        read(column).ok_or_else(|| ReportError::Cell { column: column.name().to_string() })
    }

    /// The cell of a column of text, empty for null; none in a column of another type.
    pub(super) fn as_text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text(cells) => Some(cell(cells, row).unwrap_or_default()),
            _ => None,
        }
    }

    /// Writes the cell behind a text: ISO dates, floats that read back to the same number; nothing for null.
    pub(super) fn append_to(&self, text: &mut String, row: usize) {
        // Writing to a string does not fail.
        let _ = match self {
            Self::Text(_) => text.write_str(self.as_text(row).unwrap_or_default()),
            Self::Int(cells) => cell(cells, row).map_or(Ok(()), |n| write!(text, "{n}")),
            Self::Float(cells) => cell(cells, row).map_or(Ok(()), |x| write!(text, "{x:?}")),
            Self::Bool(cells) => cell(cells, row).map_or(Ok(()), |b| write!(text, "{b}")),
            Self::Date(cells) => cell(cells, row).map_or(Ok(()), |days| date(text, days)),
            Self::Timestamp(cells) => cell(cells, row).map_or(Ok(()), |us| timestamp(text, us)),
        };
    }

    /// The cell as JSON: a number, `true`, `false`, `null`, or its text.
    pub(super) fn json(&self, row: usize) -> Value {
        match self {
            Self::Int(cells) => cells.get(row).into(),
            Self::Float(cells) => cells.get(row).into(),
            Self::Bool(cells) => cells.get(row).into(),
            Self::Text(cells) => cells.get(row).into(),
            Self::Date(cells) => cells.get(row).map(|_| self.to_text(row)).into(),
            Self::Timestamp(cells) => cells.get(row).map(|_| self.to_text(row)).into(),
        }
    }

    /// The cell as text; none for null.
    pub(super) fn text(&self, row: usize) -> Option<String> {
        (!self.is_null(row)).then(|| self.to_text(row))
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(cells) => cell(cells, row).is_none(),
            Self::Int(cells) | Self::Timestamp(cells) => cell(cells, row).is_none(),
            Self::Float(cells) => cell(cells, row).is_none(),
            Self::Bool(cells) => cell(cells, row).is_none(),
            Self::Date(cells) => cell(cells, row).is_none(),
        }
    }

    fn to_text(&self, row: usize) -> String {
        let mut text = String::new();
        self.append_to(&mut text, row);
        text
    }
}

/// A cell of a column that is in one piece, which spares the search for the right one.
fn cell<T: PolarsDataType>(cells: &ChunkedArray<T>, row: usize) -> Option<T::Physical<'_>> {
    cells.downcast_as_array().get(row)
}

fn read(column: &Column) -> Option<Cells> {
    let column = column.rechunk();
    let cast = |to: &DataType| column.strict_cast(to).ok();
    let int = || cast(&DataType::Int64)?.i64().ok().cloned();
    let micros = DataType::Datetime(TimeUnit::Microseconds, None);
    match column.dtype() {
        DataType::String => column.str().ok().cloned().map(Cells::Text),
        DataType::Boolean => column.bool().ok().cloned().map(Cells::Bool),
        DataType::Float64 | DataType::Float32 => {
            cast(&DataType::Float64)?.f64().ok().cloned().map(Cells::Float)
        }
        DataType::Date => column.to_physical_repr().i32().ok().cloned().map(Cells::Date),
        DataType::Datetime(TimeUnit::Microseconds, _) => {
            column.to_physical_repr().i64().ok().cloned().map(Cells::Timestamp)
        }
        DataType::Datetime(..) => {
            cast(&micros)?.to_physical_repr().i64().ok().cloned().map(Cells::Timestamp)
        }
        DataType::Null => int().map(Cells::Int),
        other if other.is_integer() => int().map(Cells::Int),
        _ => None,
    }
}

/// `YYYY-MM-DD`; a day outside the calendar of years -9999 to 9999 as its number, so that it is seen and not lost.
fn date(text: &mut String, days: i32) -> fmt::Result {
    let day = Span::new().try_days(days).and_then(|days| civil::date(1970, 1, 1).checked_add(days));
    match day {
        Ok(day) => write!(text, "{day}"),
        Err(_) => write!(text, "{days}"),
    }
}

/// `YYYY-MM-DDTHH:MM:SS.ffffffZ`, with the same care for what no calendar holds.
fn timestamp(text: &mut String, micros: i64) -> fmt::Result {
    match Timestamp::from_microsecond(micros) {
        Ok(instant) => write!(text, "{instant:.6}"),
        Err(_) => write!(text, "{micros}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_iso() {
        let shown = |write: &dyn Fn(&mut String) -> fmt::Result| {
            let mut text = String::new();
            write(&mut text).map(|()| text).unwrap_or_default()
        };
        let date = |days| shown(&|text: &mut String| date(text, days));
        let timestamp = |micros| shown(&|text: &mut String| timestamp(text, micros));
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(i32::MAX), "2147483647");
        assert_eq!(timestamp(1_700_000_000_000_001), "2023-11-14T22:13:20.000001Z");
        assert_eq!(timestamp(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(timestamp(i64::MAX), i64::MAX.to_string());
    }
}
