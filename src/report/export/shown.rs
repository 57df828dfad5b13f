//! A column of `users` as a file for others shows it.

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom as _, Series};

use super::{bound::BoundColumn, entry::Showing, pseudonym::Pseudonyms};
use crate::{
    kyc::catalogue::Kind,
    report::{cells::Cells, error::ReportError, parquet},
};

/// The end of a text that stays readable, in characters; of a text of less than twice as many nothing does.
const READABLE: usize = 4;
/// What stands for everything that is masked.
const MASK: &str = "****";

/// A column of the file, ready to be filled.
pub(super) struct ShownColumn {
    source: String,
    kind: Kind,
    pub(super) name: String,
    how: How,
}

enum How {
    AsIs,
    Masked,
    Pseudonym(Pseudonyms),
}

impl ShownColumn {
    /// None where a pseudonym is asked for and there is no key.
    pub(super) fn of(bound: &BoundColumn, pseudonyms: Option<&Pseudonyms>) -> Option<Self> {
        let how = match bound.showing {
            Showing::AsIs => How::AsIs,
            Showing::Masked => How::Masked,
            Showing::Pseudonym => How::Pseudonym(pseudonyms?.clone()),
        };
        let (source, kind) = (bound.column.name.clone(), bound.column.kind);
        Some(Self { source, kind, name: bound.shown_as.clone(), how })
    }

    pub(super) fn data_type(&self) -> DataType {
        match self.how {
            How::AsIs => parquet::data_type(self.kind),
            How::Masked | How::Pseudonym(_) => DataType::String,
        }
    }

    /// The cells of these users. Missing stays missing.
    pub(super) fn show(&self, users: &DataFrame) -> Result<Column, ReportError> {
        let missing = || ReportError::Cell { column: self.source.clone() };
        let column = users.column(&self.source).map_err(|_| missing())?;
        let name = self.name.as_str().into();
        let text = |show: &dyn Fn(&str) -> String| -> Result<Column, ReportError> {
            let cells = Cells::of(column)?;
            let shown = (0..column.len()).map(|row| Some(show(&cells.text(row)?)));
            Ok(Series::new(self.name.as_str().into(), shown.collect::<Vec<_>>()).into_column())
        };
        match &self.how {
            How::AsIs => Ok(column.clone().with_name(name)),
            How::Masked => text(&|text| masked(self.kind, text)),
            How::Pseudonym(pseudonyms) => text(&|text| pseudonyms.pseudonym(text)),
        }
    }
}

/// The last characters of a text that is long enough to hide behind, the year of a day, and of anything else nothing.
fn masked(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Date | Kind::Timestamp => text.split('-').next().unwrap_or_default().to_owned(),
        Kind::Text => MASK.to_owned() + readable_end(text),
        Kind::Int | Kind::Float | Kind::Bool => MASK.to_owned(),
    }
}

fn readable_end(text: &str) -> &str {
    if text.chars().count() < 2 * READABLE {
        return "";
    }
    let start = text.char_indices().rev().nth(READABLE - 1).map_or(0, |(at, _)| at);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_the_end_of_a_number_and_the_year_of_a_day() {
        for (kind, text, shown) in [
            (Kind::Text, "AAAA900101HDFRRN09", "****RN09"),
            (Kind::Text, "12345678", "****5678"),
            (Kind::Text, "1234567", "****"),
            (Kind::Text, "José Ñandú", "****andú"),
            (Kind::Text, "", "****"),
            (Kind::Date, "1990-02-28", "1990"),
            (Kind::Timestamp, "2026-11-23T04:05:00.000000Z", "2026"),
            (Kind::Float, "0.97", "****"),
            (Kind::Bool, "true", "****"),
        ] {
            assert_eq!(masked(kind, text), shown, "{text}");
        }
    }
}
