//! The report while it is being written, and its one step into the open.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    disk::{self, DiskError},
    model::digest::Digest,
    report::{error::ReportError, manifest},
};

/// A report directory that nobody sees yet. Names every place in it.
pub struct Staging {
    dir: PathBuf,
    /// Of the files that somebody asked about.
    digests: RefCell<BTreeMap<PathBuf, Digest>>,
}

impl Staging {
    /// Starts an empty report under the work directory of the run; what an interrupted derive left there is removed.
    ///
    /// # Errors
    /// When the old one cannot be removed or the new one not made.
    pub fn begin(work: &Path, csv: bool) -> Result<Self, ReportError> {
        let dir = work.join("report");
        disk::empty_dir(&dir)?;
        let csv = csv.then_some("csv");
        for part in ["tables", "statistics", "archive"].into_iter().chain(csv) {
            disk::private_dir(&dir.join(part))?;
        }
        Ok(Self { dir, digests: RefCell::default() })
    }

    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the Parquet tables are.
    #[must_use]
    pub fn tables(&self) -> PathBuf {
        self.dir.join("tables")
    }

    #[must_use]
    pub fn table(&self, name: &str) -> PathBuf {
        self.dir.join("tables").join(format!("{name}.parquet"))
    }

    #[must_use]
    pub fn csv(&self, name: &str) -> PathBuf {
        self.dir.join("csv").join(format!("{name}.csv"))
    }

    #[must_use]
    pub fn statistics(&self) -> PathBuf {
        self.dir.join("statistics")
    }

    #[must_use]
    pub fn archive(&self) -> PathBuf {
        self.dir.join("archive").join("responses.parquet")
    }

    /// Makes the place of an export.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn export(&self, name: &str) -> Result<PathBuf, ReportError> {
        let place = self.dir.join("exports").join(name);
        disk::private_dir(&place)?;
        Ok(place)
    }

    /// A file at the top of the report: `summary.json`, `report.html`.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The SHA-256 of a file that nothing will be written to any more: it is read once, whoever asks.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sha256(&self, file: &Path) -> Result<Digest, DiskError> {
        if let Some(known) = self.digests.borrow().get(file) {
            return Ok(*known);
        }
        let sha256 = disk::sha256_file(file)?;
        self.digests.borrow_mut().insert(file.to_owned(), sha256);
        Ok(sha256)
    }

    /// Writes the manifest, brings every byte to the disk and renames the report to the place where it will be seen.
    ///
    /// Moving `latest` is a decision about the run and stays with the caller.
    ///
    /// # Errors
    /// When something stands in that place already, or the disk refuses.
    pub fn publish(self, place: &Path) -> Result<(), ReportError> {
        manifest::write(&self.dir, |file| self.sha256(file))?;
        Ok(disk::publishing::publish(&self.dir, place)?)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_report_is_nowhere_to_be_seen_until_it_is_whole() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let work = place.path().join(".work/night-1");
        let published = place.path().join("night-1");
        disk::private_dir(&work.join("report"))?;
        disk::write_private(&work.join("report/left-over"), b"of a killed run")?;

        let staging = Staging::begin(&work, true)?;
        disk::write_private(&staging.table("users"), b"users")?;
        assert!(!published.exists());
        staging.publish(&published)?;
        let files = disk::listing::files_below(&published)?;
        assert_eq!(files, [Path::new(manifest::NAME), Path::new("tables/users.parquet")]);
        assert!(!work.join("report").exists());

        assert!(Staging::begin(&work, true)?.publish(&published).is_err());
        Ok(())
    }
}
