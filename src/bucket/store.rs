//! The storage behind an address: objects are written and read whole, in parts where they are large.

use std::{fs::File, io::Read as _, path::Path as FilePath, sync::Arc, time::Duration};

use futures::TryStreamExt as _;
use object_store::{
    BackoffConfig, GetResult, ObjectStore, RetryConfig, WriteMultipart,
    aws::{AmazonS3Builder, Checksum},
    azure::MicrosoftAzureBuilder,
    gcp::GoogleCloudStorageBuilder,
    local::LocalFileSystem,
    path::Path,
};
use tokio::runtime::{Builder, Runtime};

use super::{
    address::{Address, Kind},
    error::{BucketError, Failure},
};
use crate::disk;

/// Bytes to a part of a large object; smaller ones go in one piece.
const PART: usize = 8 << 20;
/// Parts of one object on their way at the same time.
const PARTS_AT_ONCE: usize = 4;

/// Object storage, from one prefix on.
pub struct Bucket {
    address: Address,
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
}

impl Bucket {
    /// Makes ready what speaks with the storage; keys, region and endpoint come from the environment, as its own tools
    /// take them. Sends nothing yet.
    ///
    /// # Errors
    /// When the environment does not say enough.
    pub fn open(address: &Address) -> Result<Self, BucketError> {
        let store = store(address).map_err(|source| BucketError::Open {
            address: address.to_string(),
            source: source.into(),
        })?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(BucketError::Runtime)?;
        Ok(Self { address: address.clone(), store, runtime })
    }

    pub(super) const fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The names and sizes of the objects below a directory, relative to it.
    pub(super) async fn list(&self, dir: &str) -> Result<Vec<(String, u64)>, BucketError> {
        let prefix = self.path(dir)?;
        let found = self.store.list(Some(&prefix)).try_collect::<Vec<_>>().await;
        let found = found.map_err(|source| self.unreadable(dir, source.into()))?;
        let name = |path: &Path| {
            let below = path.as_ref().strip_prefix(prefix.as_ref())?;
            Some(below.trim_start_matches('/').to_owned())
        };
        Ok(found.iter().filter_map(|one| Some((name(&one.location)?, one.size))).collect())
    }

    /// An object; none where there is none of this name.
    pub(super) async fn get(&self, name: &str) -> Result<Option<GetResult>, BucketError> {
        match self.store.get(&self.path(name)?).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(self.unreadable(name, source.into())),
        }
    }

    /// The bytes of a small object.
    pub(super) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, BucketError> {
        let Some(found) = self.get(name).await? else { return Ok(None) };
        let bytes = found.bytes().await.map_err(|source| self.unreadable(name, source.into()))?;
        Ok(Some(bytes.to_vec()))
    }

    /// Writes an object from a file.
    pub(super) async fn write_file(&self, name: &str, from: &FilePath) -> Result<(), BucketError> {
        if disk::length(from)? <= PART as u64 {
            return self.write(name, disk::read(from)?).await;
        }
        let (path, file) = (self.path(name)?, disk::open(from)?);
        let written = self.write_parts(&path, file).await;
        written.map_err(|source| self.unwritable(name, source))
    }

    /// Writes a small object.
    pub(super) async fn write(&self, name: &str, bytes: Vec<u8>) -> Result<(), BucketError> {
        let written = self.store.put(&self.path(name)?, bytes.into()).await;
        written.map(drop).map_err(|source| self.unwritable(name, source.into()))
    }

    /// Nothing is to be seen of an object before its last part is there; what was sent of one that failed is taken back.
    async fn write_parts(&self, path: &Path, mut file: File) -> Result<(), Failure> {
        let upload = self.store.put_multipart(path).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut part = vec![0; PART];
        loop {
            let read = match file.read(&mut part) {
                Ok(0) => break,
                Ok(read) => upload.wait_for_capacity(PARTS_AT_ONCE).await.map(|()| read),
                Err(source) => {
                    Err(object_store::Error::Generic { store: "disk", source: source.into() })
                }
            };
            match read {
                Ok(read) => upload.write(&part[..read]),
                Err(error) => {
                    let _ = upload.abort().await;
                    return Err(error.into());
                }
            }
        }
        upload.finish().await?;
        Ok(())
    }

    /// A directory of ours is open to nobody else, before the first file is in it.
    pub(super) fn make_private(&self, dir: &str) -> Result<(), BucketError> {
        match self.address.dir() {
            Some(place) => Ok(disk::private_dir(&place.join(dir))?),
            None => Ok(()),
        }
    }

    fn path(&self, name: &str) -> Result<Path, BucketError> {
        // As it stands: a name from a roster's header may be of any script.
        let path = Path::from_url_path(self.address.prefix())
            .and_then(|prefix| Path::parse(format!("{prefix}/{name}")));
        path.map_err(|_| BucketError::Garbled { place: self.address.of_run(name) })
    }

    pub(super) fn unreadable(&self, name: &str, source: Failure) -> BucketError {
        BucketError::Read { place: self.address.of_run(name), source }
    }

    fn unwritable(&self, name: &str, source: Failure) -> BucketError {
        BucketError::Write { place: self.address.of_run(name), source }
    }
}

fn store(address: &Address) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    let url = address.to_string();
    Ok(match address.kind {
        // The storage compares each body with its SHA-256, and refuses one that was cut or altered on the way.
        Kind::S3 => Arc::new(
            AmazonS3Builder::from_env()
                .with_url(url)
                .with_checksum_algorithm(Checksum::SHA256)
                .with_retry(patience())
                .build()?,
        ),
        Kind::Google => Arc::new(
            GoogleCloudStorageBuilder::from_env().with_url(url).with_retry(patience()).build()?,
        ),
        Kind::Azure => Arc::new(
            MicrosoftAzureBuilder::from_env().with_url(url).with_retry(patience()).build()?,
        ),
        Kind::File => Arc::new(LocalFileSystem::new()),
    })
}

/// A minute: a report is safe on this machine, and the same command goes on later.
fn patience() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(200),
        max_backoff: Duration::from_secs(10),
        ..BackoffConfig::default()
    };
    RetryConfig { backoff, max_retries: 30, retry_timeout: Duration::from_mins(1) }
}
