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
    /// Where it is a copy from, without the name of the run.
    original: String,
    /// Held, not read: it removes the copy when a signal ends the process.
    _clearing: Clearing,
    place: PassingDir,
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
        let original = address.to_string().trim_end_matches('/').to_owned();
        Ok(Self { dir, original, _clearing: clearing, place })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A text in which what is copied is named by its address: nobody finds the copy later.
    pub(super) fn told(&self, text: &str) -> String {
        text.replace(&self.path(), &self.original)
    }

    /// The error, told in the same way.
    pub(super) fn error(&self, error: Error) -> Error {
        let (copy, original) = (self.path(), self.original.clone());
        Error::OfCopy { copy, original, error: Box::new(error) }
    }

    fn path(&self) -> String {
        self.place.path().display().to_string()
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
