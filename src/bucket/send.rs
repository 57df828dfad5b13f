//! From a published report to the bucket: every file, and in the end the manifest.

use std::{collections::BTreeMap, path::Path};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};

use super::{error::BucketError, store::Bucket};
use crate::{disk, model::digest::Digest};

/// Files on their way at the same time.
const AT_ONCE: usize = 8;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Files of the report, the manifest too.
    pub files: usize,
    /// How many of them an earlier session had brought there already.
    pub there: usize,
}

impl Bucket {
    /// Brings these files of a report to the bucket, and its manifest, under the name of its run. What an interrupted session
    /// brought is compared, and not sent again; a report that is whole there already is left alone.
    ///
    /// # Errors
    /// When another report of this name is there, or something cannot be sent.
    pub fn send(
        &self,
        report: &Path,
        run: &str,
        names: &[String],
        manifest: &str,
    ) -> Result<Sent, BucketError> {
        let files = names.len() + 1;
        self.make_private(run)?;
        self.wait_for(async {
            match self.read(&format!("{run}/{manifest}")).await? {
                Some(theirs) if theirs == disk::read(&report.join(manifest))? => {
                    return Ok(Sent { files, there: files });
                }
                Some(_) => return Err(BucketError::Taken { place: self.address().of_run(run) }),
                None => {}
            }
            let there = self.send_files(report, run, names).await?;
            self.write_file(&format!("{run}/{manifest}"), &report.join(manifest)).await?;
            Ok(Sent { files, there })
        })
    }

    /// Sends what is not there yet; gives how many files were.
    async fn send_files(
        &self,
        report: &Path,
        run: &str,
        names: &[String],
    ) -> Result<usize, BucketError> {
        let found: BTreeMap<_, _> = self.list(run).await?.into_iter().collect();
        let found = &found;
        let sent = stream::iter(names).map(|name| async move {
            let (from, to) = (report.join(name), format!("{run}/{name}"));
            let is_there = found.get(name) == Some(&disk::length(&from)?)
                && self.sha256(&to).await? == Some(disk::sha256_file(&from)?);
            if !is_there {
                self.write_file(&to, &from).await?;
            }
            Ok::<_, BucketError>(usize::from(is_there))
        });
        let there = sent.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
        Ok(there.iter().sum())
    }

    /// The SHA-256 of an object, read back: what the storage says of itself differs from one to the next.
    async fn sha256(&self, name: &str) -> Result<Option<Digest>, BucketError> {
        let Some(found) = self.get(name).await? else { return Ok(None) };
        let mut bytes = found.into_stream();
        let mut hasher = Sha256::new();
        while let Some(piece) = bytes.next().await {
            hasher.update(piece.map_err(|source| self.unreadable(name, source.into()))?);
        }
        Ok(Some(Digest::finish(hasher)))
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, fs};

    use super::*;

    /// More than a part, so that it goes in several.
    const LARGE: usize = (20 << 20) + 7;

    #[test]
    fn a_large_file_arrives_byte_for_byte_and_is_known_again() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let (here, there) = (place.path().join("here"), place.path().join("the share of ñ"));
        fs::create_dir_all(here.join("archive"))?;
        let bytes: Vec<_> = (0..LARGE).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect();
        fs::write(here.join("archive/large"), &bytes)?;
        fs::write(here.join("manifest"), "digests")?;
        let bucket = Bucket::open(&format!("file://{}", there.display()).parse()?)?;
        let send = || bucket.send(&here, "night", &["archive/large".to_owned()], "manifest");
        assert_eq!(send()?, Sent { files: 2, there: 0 });
        assert!(fs::read(there.join("night/archive/large"))? == bytes);

        fs::remove_file(there.join("night/manifest"))?;
        assert_eq!(send()?, Sent { files: 2, there: 1 });
        assert_eq!(send()?, Sent { files: 2, there: 2 });

        let copy = place.path().join("copy");
        bucket.retrieve("night", "manifest", &copy)?;
        assert!(fs::read(copy.join("archive/large"))? == bytes);
        assert!(matches!(
            bucket.retrieve("other", "manifest", &copy),
            Err(BucketError::Missing { .. })
        ));
        Ok(())
    }
}
