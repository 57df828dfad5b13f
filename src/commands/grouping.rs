//! The columns of the roster by which verdicts are counted, found before anybody is asked.

use crate::{
    error::Error,
    kyc::catalogue::naming,
    tally::grouping::{Grouping, NotAGrouping},
};

/// Finds the columns that `--by` names among the roster's; the same one twice is one.
pub(super) fn groupings(by: &[String], headers: &[String]) -> Result<Vec<Grouping>, Error> {
    let mut groupings = Vec::new();
    for called in by {
        let grouping = grouping(called, headers)?;
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
