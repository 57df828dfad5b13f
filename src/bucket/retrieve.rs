//! From the bucket to a directory of ours: a report, to be read like any other.

use std::{io::Write as _, path::Path};

use futures::StreamExt as _;

use super::{error::BucketError, store::Bucket};
use crate::disk;

impl Bucket {
    /// Copies a whole report into a directory, file by file.
    ///
    /// # Errors
    /// When there is none of this name, or only a part of one; when something cannot be read or written.
    pub fn retrieve(&self, run: &str, manifest: &str, into: &Path) -> Result<(), BucketError> {
        self.wait_for(async {
            let found = self.list(run).await?;
            if !found.iter().any(|(name, _)| name == manifest) {
                return Err(BucketError::Missing { place: self.address().of_run(run) });
            }
            for (name, _) in found {
                self.copy(&format!("{run}/{name}"), &into.join(&name)).await?;
            }
            Ok(())
        })
    }

    async fn copy(&self, name: &str, to: &Path) -> Result<(), BucketError> {
        if let Some(dir) = to.parent() {
            disk::private_dir(dir)?;
        }
        let mut file = disk::private_file(to)?;
        let Some(found) = self.get(name).await? else {
            return Err(BucketError::Missing { place: self.address().of_run(name) });
        };
        let mut bytes = found.into_stream();
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(|source| self.unreadable(name, source.into()))?;
            let written = file.write_all(&piece);
            written.map_err(|source| disk::DiskError::Write { path: to.to_owned(), source })?;
        }
        Ok(())
    }
}
