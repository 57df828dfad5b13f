//! One row of a published file, cell by cell. What this program cannot have written is damage, and nothing is derived
//! from damage.

use std::path::Path;

use jiff::Timestamp;
use polars::prelude::{Column, DataFrame, PolarsResult};

use crate::{model::ids::UserId, report::error::ReportError};

/// One row of a batch.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    path: &'a Path,
    batch: &'a DataFrame,
    /// Place in the batch, from 0.
    at: usize,
    /// Place in the file, from 1.
    number: usize,
}

/// The rows of a batch of the file at `path`, before which the file has so many other rows.
pub(super) fn rows<'a>(
    path: &'a Path,
    before: usize,
    batch: &'a DataFrame,
) -> impl Iterator<Item = Row<'a>> {
    (0..batch.height()).map(move |at| Row { path, batch, at, number: before + at + 1 })
}

impl<'a> Row<'a> {
    pub(super) fn text(self, name: &str) -> Result<Option<&'a str>, ReportError> {
        self.cell(name, |column, at| Ok(column.str()?.get(at)))
    }

    pub(super) fn bytes(self, name: &str) -> Result<Option<&'a [u8]>, ReportError> {
        self.cell(name, |column, at| Ok(column.binary()?.get(at)))
    }

    pub(super) fn number<N: TryFrom<i64>>(self, name: &str) -> Result<Option<N>, ReportError> {
        let number = self.cell(name, |column, at| Ok(column.i64()?.get(at)))?;
        let fits = number.map(|number| N::try_from(number).map_err(|_| self.damaged(name)));
        fits.transpose()
    }

    pub(super) fn truth(self, name: &str) -> Result<Option<bool>, ReportError> {
        self.cell(name, |column, at| Ok(column.bool()?.get(at)))
    }

    pub(super) fn instant(self, name: &str) -> Result<Option<Timestamp>, ReportError> {
        let micros = self.cell(name, |column, at| Ok(column.datetime()?.physical().get(at)))?;
        let instant = |us| Timestamp::from_microsecond(us).map_err(|_| self.damaged(name));
        micros.map(instant).transpose()
    }

    pub(super) fn user_id(self) -> Result<UserId, ReportError> {
        let id = self.needed("user_id", Self::text)?;
        UserId::parse(id).map_err(|_| self.damaged("user_id"))
    }

    /// The cell of a column that is never null.
    pub(super) fn needed<T>(
        self,
        name: &str,
        cell: impl FnOnce(Self, &str) -> Result<Option<T>, ReportError>,
    ) -> Result<T, ReportError> {
        cell(self, name)?.ok_or_else(|| self.damaged(name))
    }

    /// The error for a cell that this program cannot have written. It never shows the cell, which may be personal.
    pub(super) fn damaged(self, name: &str) -> ReportError {
        let what = format!("`{name}` of row {} is not what was written there", self.number);
        ReportError::Damaged { path: self.path.to_owned(), what }
    }

    fn cell<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Column, usize) -> PolarsResult<Option<T>>,
    ) -> Result<Option<T>, ReportError> {
        let cell = self.batch.column(name).and_then(|column| read(column, self.at));
        cell.map_err(|source| ReportError::Table { path: self.path.to_owned(), source })
    }
}
