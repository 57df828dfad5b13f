//! Cells as text and as JSON, column by column.

use std::{borrow::Cow, fmt::Write as _};

use jiff::{Span, Timestamp, civil};
use polars::prelude::{
    BooleanChunked, Column, DataType, Float64Chunked, Int32Chunked, Int64Chunked, StringChunked,
    TimeUnit,
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

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// The cell as text: ISO dates, floats that read back to the same number; none for null.
    pub(super) fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(cells) => cells.get(row).map(Cow::Borrowed),
            Self::Int(cells) => cells.get(row).map(|n| n.to_string().into()),
            Self::Float(cells) => cells.get(row).map(|x| format!("{x:?}").into()),
            Self::Bool(cells) => cells.get(row).map(|b| if b { "true" } else { "false" }.into()),
            Self::Date(cells) => cells.get(row).map(|days| date(days).into()),
            Self::Timestamp(cells) => cells.get(row).map(|us| timestamp(us).into()),
        }
    }

    /// The cell as JSON: a number, `true`, `false`, `null`, or its text.
    pub(super) fn json(&self, row: usize) -> Value {
        match self {
            Self::Int(cells) => cells.get(row).into(),
            Self::Float(cells) => cells.get(row).into(),
            Self::Bool(cells) => cells.get(row).into(),
            Self::Text(_) | Self::Date(_) | Self::Timestamp(_) => {
                self.text(row).map_or(Value::Null, |text| text.into_owned().into())
            }
        }
    }
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
fn date(days: i32) -> String {
    let day = Span::new().try_days(days).and_then(|days| civil::date(1970, 1, 1).checked_add(days));
    day.map_or_else(|_| days.to_string(), |day| day.to_string())
}

/// `YYYY-MM-DDTHH:MM:SS.ffffffZ`, with the same care for what no calendar holds.
fn timestamp(micros: i64) -> String {
    let Ok(instant) = Timestamp::from_microsecond(micros) else { return micros.to_string() };
    let mut text = String::with_capacity(27);
    let _ = write!(text, "{instant:.6}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_iso() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(i32::MAX), "2147483647");
        assert_eq!(timestamp(1_700_000_000_000_001), "2023-11-14T22:13:20.000001Z");
        assert_eq!(timestamp(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(timestamp(i64::MAX), i64::MAX.to_string());
    }
}
