//! A report of a bucket, copied to where only we can read it, and removed when nobody looks any more.

use std::path::{Path, PathBuf};

use crate::{
    bucket::{address::Address, error::BucketError, store::Bucket},
    commands::signals::Clearing,
    disk::passing::PassingDir,
    error::Error,
    model::ids::RunId,
    report::{certificate::Certificate, manifest},
    settings::error::SettingsError,
};

/// Beginning of the name of the directory with the copies.
const PLACE: &str = "kyc-recon-bucket";

/// A copy of one report, and of its baseline beside it where the bucket has that too.
pub(super) struct Copy {
    dir: PathBuf,
    /// Held, not read: they remove the copy.
    _clearing: Clearing,
    _place: PassingDir,
}

impl Copy {
    /// Copies the report at an address, whose last part is a run id or `latest`.
    pub(super) fn of(text: &str) -> Result<Self, Error> {
        let address: Address = text.parse().map_err(SettingsError::Address)?;
        let nothing = || BucketError::Missing { place: text.to_owned() };
        let (address, named) = address.split_run().ok_or_else(nothing)?;
        let bucket = Bucket::open(&address)?;
        let run = match named.as_str() {
            "latest" => bucket.latest()?.ok_or_else(nothing)?.run_id,
            _ => named,
        };
        // It becomes the name of a directory here, and may come from whoever can write the bucket.
        let run = RunId::parse(&run).map_err(|_| nothing())?;
        let place = PassingDir::make(PLACE)?;
        let clearing = Clearing::of(place.path())?;
        let dir = place.path().join(run.as_str());
        bucket.retrieve(run.as_str(), manifest::NAME, &dir)?;
        retrieve_baseline(&bucket, &dir, place.path())?;
        Ok(Self { dir, _clearing: clearing, _place: place })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
}

/// Without it a part of what is asked of the report cannot be answered, which is told where it is asked.
fn retrieve_baseline(bucket: &Bucket, report: &Path, place: &Path) -> Result<(), Error> {
    let certificate = Certificate::read(&report.join("certificate.json")).ok();
    let stated = certificate.and_then(|certificate| certificate.derivation.baseline);
    let Some(run) = stated.and_then(|baseline| RunId::parse(&baseline.run_id).ok()) else {
        return Ok(());
    };
    match bucket.retrieve(run.as_str(), manifest::NAME, &place.join(run.as_str())) {
        Err(BucketError::Missing { .. }) => Ok(()),
        retrieved => Ok(retrieved?),
    }
}
