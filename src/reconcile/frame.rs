//! The rows of `breaks` as a frame.

use polars::prelude::{
    Column, DataFrame, DataType, NamedFrom as _, PolarsResult, Series, TimeUnit, TimeZone,
};

use super::breaks::{Break, Night};
use crate::model::{disagreement::Side, ids::RunId};

/// The rows of these breaks, with the columns of the catalogue's `breaks`.
///
/// # Errors
/// When polars cannot make a frame of them.
pub fn frame(night: &Night<'_>, breaks: &[Break]) -> PolarsResult<DataFrame> {
    let run_id = Some(night.run_id.as_str());
    let baseline = night.baseline.map(RunId::as_str);
    let columns = vec![
        texts("run_id", breaks, |_| run_id),
        texts("baseline_run_id", breaks, |_| baseline),
        texts("against", breaks, |row| Some(row.finding.kind.against().as_str())),
        texts("kind", breaks, |row| Some(row.finding.kind.as_str())),
        texts("user_id", breaks, |row| Some(&row.user_id)),
        texts("field", breaks, |row| row.finding.field.as_deref()),
        texts("side", breaks, |row| row.finding.side.map(Side::as_str)),
        texts("before", breaks, |row| row.finding.before.as_deref()),
        texts("after", breaks, |row| row.finding.after.as_deref()),
        texts("ours", breaks, |row| row.finding.ours.as_deref()),
        texts("theirs", breaks, |row| row.finding.theirs.as_deref()),
        texts("severity", breaks, |row| Some(row.finding.kind.severity().as_str())),
        texts("first_seen_run_id", breaks, |row| Some(&row.first_seen.run_id)),
        first_seen_at(breaks)?,
        ages(breaks),
    ];
    DataFrame::new(breaks.len(), columns)
}

fn texts<'b>(
    name: &str,
    breaks: &'b [Break],
    text: impl Fn(&'b Break) -> Option<&'b str>,
) -> Column {
    let texts: Vec<_> = breaks.iter().map(text).collect();
    Series::new(name.into(), texts).into()
}

fn first_seen_at(breaks: &[Break]) -> PolarsResult<Column> {
    let instants: Vec<_> = breaks.iter().map(|row| row.first_seen.at.as_microsecond()).collect();
    let instants = Series::new("first_seen_at".into(), instants);
    Ok(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)))?.into())
}

fn ages(breaks: &[Break]) -> Column {
    let ages: Vec<_> = breaks.iter().map(|row| row.age_days).collect();
    Series::new("age_days".into(), ages).into()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        kyc::catalogue::{self, Kind},
        model::disagreement,
        reconcile::{
            bound::BoundBooks,
            breaks::{BREAK_COLUMNS, Finding},
        },
    };

    #[test]
    fn the_frame_is_the_breaks_table_of_the_catalogue() -> Result<(), Box<dyn Error>> {
        let run = RunId::parse("night")?;
        let books = BoundBooks::default();
        let night = Night {
            run_id: &run,
            started_at: Timestamp::UNIX_EPOCH,
            baseline: None,
            books: &books,
        };
        let table = catalogue::table("breaks").ok_or("no table")?;
        let declared: Vec<_> =
            table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        let gone = Finding::change(disagreement::Kind::Vanished, None, None, None);
        let row = night.file("a", gone, night.first_seen());
        for rows in [vec![], vec![row]] {
            let frame = frame(&night, &rows)?;
            let kinds = frame.columns().iter().map(|column| match column.dtype() {
                DataType::Int64 => (column.name().as_str(), Kind::Int),
                DataType::Datetime(..) => (column.name().as_str(), Kind::Timestamp),
                _ => (column.name().as_str(), Kind::Text),
            });
            assert_eq!(kinds.collect::<Vec<_>>(), declared);
            assert!(frame.select(BREAK_COLUMNS).is_ok());
        }
        Ok(())
    }
}
