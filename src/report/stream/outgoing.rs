//! Rows of a table, as an Arrow IPC stream with the columns and types of the published file.

use std::{io::Write, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType as ArrowType, Field, Schema, SchemaRef, TimeUnit};
use polars::{
    error::{PolarsError, polars_err},
    prelude::{Column, DataFrame, DataType, PolarsResult},
};

use crate::report::error::ReportError;

/// The name of the stream in messages.
const NAME: &str = "standard output";

/// A stream to which rows are written.
pub struct Outgoing<W: Write> {
    writer: StreamWriter<W>,
    schema: SchemaRef,
}

impl<W: Write> Outgoing<W> {
    /// Begins the stream of a table with these columns.
    ///
    /// # Errors
    /// When nobody reads it any more.
    pub fn begin(sink: W, columns: &polars::prelude::Schema) -> Result<Self, ReportError> {
        let fields =
            columns.iter().map(|(name, kind)| Ok(Field::new(name.as_str(), arrow(kind)?, true)));
        let fields = fields.collect::<PolarsResult<Vec<_>>>().map_err(unfit)?;
        let schema = Arc::new(Schema::new(fields));
        let writer = StreamWriter::try_new(sink, &schema).map_err(unwritten)?;
        Ok(Self { writer, schema })
    }

    /// Writes a batch of rows.
    ///
    /// # Errors
    /// When the rows have other columns, or nobody reads them any more.
    pub fn append(&mut self, rows: &DataFrame) -> Result<(), ReportError> {
        let columns = rows.columns().iter().map(cells);
        let columns = columns.collect::<PolarsResult<Vec<_>>>().map_err(unfit)?;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        self.writer.write(&batch.map_err(unwritten)?).map_err(unwritten)
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// When nobody reads it any more.
    pub fn finish(mut self) -> Result<(), ReportError> {
        self.writer.finish().map_err(unwritten)
    }
}

fn unwritten(source: ArrowError) -> ReportError {
    ReportError::Stream { name: NAME, source }
}

fn unfit(source: PolarsError) -> ReportError {
    ReportError::Frame { path: NAME.into(), source }
}

/// The type of a column of the catalogue.
fn arrow(kind: &DataType) -> PolarsResult<ArrowType> {
    Ok(match kind {
        DataType::String => ArrowType::Utf8,
        DataType::Int64 => ArrowType::Int64,
        DataType::Float64 => ArrowType::Float64,
        DataType::Boolean => ArrowType::Boolean,
        DataType::Date => ArrowType::Date32,
        DataType::Datetime(..) => ArrowType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        other => return Err(polars_err!(ComputeError: "no table has a column of type {other}")),
    })
}

fn cells(column: &Column) -> PolarsResult<ArrayRef> {
    Ok(match column.dtype() {
        DataType::String => Arc::new(column.str()?.iter().collect::<StringArray>()),
        DataType::Int64 => Arc::new(column.i64()?.iter().collect::<Int64Array>()),
        DataType::Float64 => Arc::new(column.f64()?.iter().collect::<Float64Array>()),
        DataType::Boolean => Arc::new(column.bool()?.iter().collect::<BooleanArray>()),
        DataType::Date => Arc::new(column.date()?.physical().iter().collect::<Date32Array>()),
        _ => {
            let micros = column.datetime()?.physical().iter();
            Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use arrow_array::{Array as _, cast::AsArray as _};
    use arrow_ipc::reader::StreamReader;
    use polars::prelude::df;

    use super::*;

    #[test]
    fn a_table_comes_out_of_the_stream_as_it_went_in() -> Result<(), Box<dyn Error>> {
        let rows = df!(
            "name" => [Some("ana"), None],
            "hits" => [None, Some(2_i64)],
            "score" => [Some(0.5), None],
            "is_open" => [Some(true), None],
        )?;
        let mut bytes = Vec::new();
        let mut stream = Outgoing::begin(&mut bytes, rows.schema())?;
        stream.append(&rows)?;
        stream.append(&rows.clear())?;
        stream.finish()?;
        let batches = StreamReader::try_new(&bytes[..], None)?.collect::<Result<Vec<_>, _>>()?;
        assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [2, 0]);
        let names = batches[0].column(0).as_string::<i32>();
        assert_eq!((names.value(0), names.is_null(1)), ("ana", true));
        Ok(())
    }
}
