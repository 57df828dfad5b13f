//! The chain from the evidence to the tables: `users` has the archive's users, in the same order, with the same facts.

use polars::prelude::{ChunkCompareEq as _, DataFrame};

use super::{archive::ARCHIVE, careful::careful};
use crate::{
    commands::published::Published,
    console::verified::Step,
    error::Error,
    report::{
        figures::grouped,
        reading::{BATCH, PublishedTable},
    },
};

pub(super) const USERS: &str = "tables/users.parquet";
/// A column of `users`, and the column of the archive that says the same.
const SAME: [(&str, &str); 9] = [
    ("run_id", "run_id"),
    ("user_id", "user_id"),
    ("position", "position"),
    ("roster_line", "roster_line"),
    ("outcome", "outcome"),
    ("http_status", "http_status"),
    ("fetched_at", "fetched_at"),
    ("document_sha256", "body_sha256"),
    ("document_bytes", "body_bytes"),
];

pub(super) fn check(run: &Published) -> Step {
    let mut step = Step::new("chain");
    let archive = careful(&mut step, ARCHIVE, |_| Ok(PublishedTable::open(&run.file(ARCHIVE))?));
    let users = careful(&mut step, USERS, |_| Ok(PublishedTable::open(&run.file(USERS))?));
    if let Some((archive, users)) = archive.zip(users) {
        careful(&mut step, USERS, |step| follow(&archive, &users, step));
        step.checked = format!("{} users back to their evidence", grouped(users.rows() as u64));
    }
    step
}

fn follow(archive: &PublishedTable, users: &PublishedTable, step: &mut Step) -> Result<(), Error> {
    if archive.rows() != users.rows() {
        let (users, archive) = (users.rows(), archive.rows());
        step.find(USERS, format!("has {users} rows, and the archive has {archive}"));
    }
    let (ours, theirs) = (SAME.map(|(ours, _)| ours), SAME.map(|(_, theirs)| theirs));
    for start in (0..users.rows().min(archive.rows())).step_by(BATCH) {
        let rows = start..start + BATCH;
        let (users, archive) =
            (users.read(rows.clone(), Some(&ours))?, archive.read(rows, Some(&theirs))?);
        compare(start, &users, &archive, step)?;
    }
    Ok(())
}

fn compare(
    start: usize,
    users: &DataFrame,
    archive: &DataFrame,
    step: &mut Step,
) -> Result<(), Error> {
    let height = users.height().min(archive.height());
    for (ours, theirs) in SAME {
        let (one, other) = (users.column(ours)?, archive.column(theirs)?);
        let differs = one.slice(0, height).not_equal_missing(&other.slice(0, height))?;
        if let Some(row) = differs.iter().position(|differs| differs == Some(true)) {
            let row = start + row + 1;
            step.find(USERS, format!("row {row}: `{ours}` is not `{theirs}` of the archive"));
        }
    }
    Ok(())
}
