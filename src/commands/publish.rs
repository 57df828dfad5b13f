//! Bringing a published report to the bucket that the settings name.

use super::workplace::Workplace;
use crate::{
    bucket::{address::Address, error::BucketError, pointer::Pointer, store::Bucket},
    console::log::Log,
    disk,
    error::Error,
    report::{
        manifest::{self, Manifest},
        summary::Summary,
    },
};

/// Brings the report to the bucket, if there is one to bring it to; `latest.json` follows `latest`.
pub(super) fn publish(
    place: &Workplace,
    address: Option<&Address>,
    summary: &Summary,
    log: &Log,
) -> Result<(), Error> {
    let Some(address) = address else { return Ok(()) };
    // What the manifest lists and nothing else: somebody may have put a note beside it.
    let manifest = Manifest::read(&place.published()).map_err(Error::unreadable)?;
    let files: Vec<_> = manifest.files.into_keys().collect();
    let unsent = |source| Error::Unsent { run: place.run_id.clone(), source };
    send(place, address, &files, summary, log).map_err(unsent)
}

fn send(
    place: &Workplace,
    address: &Address,
    files: &[String],
    summary: &Summary,
    log: &Log,
) -> Result<(), BucketError> {
    let (run, report) = (place.run_id.as_str(), place.published());
    let bucket = Bucket::open(address)?;
    let sent = bucket.send(&report, run, files, manifest::NAME)?;
    let there = address.of_run(run);
    let told = format!("{} files are at {there}, {} of them were already", sent.files, sent.there);
    log.line("sent", &told, &[]);
    if disk::publishing::latest(place.reports()).as_deref() != Some(run) {
        return Ok(());
    }
    let pointer = Pointer {
        run_id: run.to_owned(),
        environment: summary.environment.as_str().to_owned(),
        started_at: summary.started_at.clone(),
        manifest_sha256: disk::sha256_file(&report.join(manifest::NAME))?.to_string(),
    };
    match bucket.latest()? {
        Some(known) if !summary.may_follow(&known.environment, &known.started_at) => Ok(()),
        _ => bucket.point(&pointer),
    }
}
