//! The evidence: every archived body has the digest and the length that stand beside it.

use polars::prelude::DataFrame;

use super::careful::careful;
use crate::{
    commands::published::Published,
    console::verified::Step,
    error::Error,
    model::digest::Digest,
    report::{
        figures::grouped,
        reading::{BATCH, PublishedTable},
    },
};

/// The archive's path in the report.
pub(super) const ARCHIVE: &str = "archive/responses.parquet";
const COLUMNS: [&str; 3] = ["body", "body_sha256", "body_bytes"];

pub(super) fn check(run: &Published) -> Step {
    let mut step = Step::new("archive");
    let bodies = careful(&mut step, ARCHIVE, |step| {
        let archive = PublishedTable::open(&run.file(ARCHIVE))?;
        let mut bodies = 0;
        for (start, batch) in (0..).step_by(BATCH).zip(archive.batches(Some(&COLUMNS))) {
            bodies += compare(start, &batch?, step)?;
        }
        Ok(bodies)
    });
    step.checked = format!("{} bodies against their SHA-256", grouped(bodies.unwrap_or_default()));
    step
}

/// Checks a batch that starts behind this many rows; gives how many bodies it holds.
fn compare(start: usize, batch: &DataFrame, step: &mut Step) -> Result<u64, Error> {
    let (bodies, digests) = (batch.column("body")?.binary()?, batch.column("body_sha256")?.str()?);
    let lengths = batch.column("body_bytes")?.i64()?;
    let mut found = 0;
    for row in 0..batch.height() {
        let body = bodies.get(row);
        let digest = body.map(|body| Digest::of(body).to_string());
        let length = body.and_then(|body| i64::try_from(body.len()).ok());
        if digest.as_deref() != digests.get(row) {
            step.find(ARCHIVE, format!("row {}: the body has another SHA-256", start + row + 1));
        } else if length != lengths.get(row) {
            step.find(ARCHIVE, format!("row {}: the body has another length", start + row + 1));
        }
        found += u64::from(body.is_some());
    }
    Ok(found)
}
