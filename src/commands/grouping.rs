//! The columns of the roster by which verdicts are counted, found before anybody is asked.

use super::roster::RosterFacts;
use crate::{
    error::Error,
    kyc::catalogue::naming,
    settings::Settings,
    tally::grouping::{Grouping, NotAGrouping},
};

/// Finds the columns that `--by` names; the same one twice is one.
pub(super) fn groupings<P>(
    settings: &Settings<P>,
    facts: &RosterFacts,
) -> Result<Vec<Grouping>, Error> {
    let mut groupings = Vec::new();
    for called in &settings.by {
        let grouping = grouping(called, &facts.columns)?;
        if !groupings.contains(&grouping) {
            groupings.push(grouping);
        }
    }
    Ok(groupings)
}

fn grouping(called: &str, headers: &[String]) -> Result<Grouping, Error> {
    let unusable = |source: NotAGrouping| Error::Ungroupable { column: called.to_owned(), source };
    match naming::roster_column(headers, called) {
        Some(column) => Grouping::by(&column).map_err(unusable),
        None => Err(Error::NoSuchColumn { column: called.to_owned(), known: headers.join(", ") }),
    }
}
