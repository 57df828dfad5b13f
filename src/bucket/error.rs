//! What goes wrong with object storage.

use std::io;

use crate::disk::DiskError;

/// What goes wrong with object storage.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    #[error("cannot reach {address}")]
    Open { address: String, source: Failure },
    #[error("cannot write {place}")]
    Write { place: String, source: Failure },
    #[error("cannot read {place}")]
    Read { place: String, source: Failure },
    #[error("{place} is another run of this name, and what is published is never changed")]
    Taken { place: String },
    #[error("there is no whole run at {place}")]
    Missing { place: String },
    #[error("{place} is not as kyc-recon writes it")]
    Garbled { place: String },
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("the program cannot start what sends and receives")]
    Runtime(#[source] io::Error),
}

/// What the storage, or the way to it, said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Failure(Box<object_store::Error>);

impl From<object_store::Error> for Failure {
    fn from(error: object_store::Error) -> Self {
        Self(Box::new(error))
    }
}
