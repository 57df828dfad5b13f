//! The columns of `users` that the statistics read, in a file of their own.
//!
//! The published file is wide, so its row groups are of few rows, and whoever maps it to read one column has about every page of
//! it in memory. What the statistics read is therefore read back from it once, batch by batch.

use std::path::Path;

use super::{Inputs, tables::file_facts};
use crate::{
    disk,
    error::Error,
    kyc::catalogue,
    report::{parquet::TableWriter, publish::Staging, reading::PublishedTable},
    tally::statistic::{self, Statistic},
};

/// Copies them from the table in the staged report into a directory of which nothing else is left.
pub(super) fn copy(
    inputs: Inputs<'_>,
    staging: &Staging,
    statistics: &[Statistic],
    dir: &Path,
) -> Result<(), Error> {
    let roster_columns = &inputs.evidence.facts().derivation.roster_columns;
    let users = statistic::narrowed(statistics, &catalogue::users_table(roster_columns));
    let policy_sha256 = inputs.policy.digest();
    let facts = file_facts(inputs, users.name, &policy_sha256);
    disk::empty_dir(dir)?;
    let mut narrow = TableWriter::create(&dir.join("users.parquet"), &users, facts)?;
    let columns: Vec<_> = users.columns.iter().map(|column| column.name.as_str()).collect();
    for batch in PublishedTable::open(&staging.table(users.name))?.batches(Some(&columns)) {
        narrow.append(&batch?)?;
    }
    narrow.finish()?;
    Ok(())
}
