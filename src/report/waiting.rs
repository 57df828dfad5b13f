//! Rows that wait until they fill a row group.

use polars::{
    frame::builder::DataFrameBuilder,
    prelude::{DataFrame, PolarsResult, SchemaRef},
};
use polars_arrow::array::builder::ShareStrategy;

/// Rows of one table, put together as they come. Kept as the batches they came in, a table of few rows would hold thousands
/// of small buffers, each mostly empty, until it has a group.
pub(super) struct Waiting {
    schema: SchemaRef,
    /// Rows to a group.
    group: usize,
    rows: DataFrameBuilder,
}

impl Waiting {
    pub(super) fn new(schema: SchemaRef, group: usize) -> Self {
        Self { rows: DataFrameBuilder::new(schema.clone()), schema, group }
    }

    /// Puts a batch with columns of the schema behind the rows that wait, and gives away as many whole groups as there are.
    pub(super) fn take_in(
        &mut self,
        batch: &DataFrame,
        mut give: impl FnMut(&DataFrame) -> PolarsResult<()>,
    ) -> PolarsResult<()> {
        if self.rows.is_empty() && batch.height() == self.group {
            // Nothing waits and nothing will: a page of the archive is a group.
            return give(batch.clone().rechunk_mut());
        }
        let mut taken = 0;
        while taken < batch.height() {
            if self.rows.is_empty() {
                self.rows.reserve(self.group);
            }
            let lacking = self.group - self.rows.len();
            let taking = lacking.min(batch.height() - taken);
            self.rows.subslice_extend(batch, taken, taking, ShareStrategy::Never);
            taken += taking;
            if taking == lacking {
                give(&self.take())?;
            }
        }
        Ok(())
    }

    /// The rows that wait, in one piece each column; nothing waits any more.
    pub(super) fn take(&mut self) -> DataFrame {
        let none = DataFrameBuilder::new(self.schema.clone());
        std::mem::replace(&mut self.rows, none).freeze()
    }
}
