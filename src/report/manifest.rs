//! `manifest-sha256.txt`: the digest of every other file, checkable with `sha256sum -c`.

use std::{collections::BTreeMap, path::Path};

use crate::{
    disk::{self, DiskError},
    model::digest::Digest,
    report::error::ReportError,
};

/// The manifest's name; it cannot hold its own digest.
pub const NAME: &str = "manifest-sha256.txt";

/// Writes the manifest of a report directory, sorted by path, with what `sha256` says of each file. It must be the last file
/// written.
///
/// # Errors
/// When a file cannot be read or the manifest not written.
pub fn write(
    report: &Path,
    sha256: impl Fn(&Path) -> Result<Digest, DiskError>,
) -> Result<(), ReportError> {
    let text = text(report, sha256)?;
    Ok(disk::write_private(&report.join(NAME), text.as_bytes())?)
}

fn text(
    report: &Path,
    sha256: impl Fn(&Path) -> Result<Digest, DiskError>,
) -> Result<String, DiskError> {
    let mut text = String::new();
    for path in disk::listing::files_below(report)?.iter().filter(|path| *path != Path::new(NAME)) {
        let sha256 = sha256(&report.join(path))?;
        text.push_str(&line(&sha256.to_string(), &path.display().to_string()));
    }
    Ok(text)
}

fn line(sha256: &str, path: &str) -> String {
    format!("{sha256}  {path}\n")
}

/// What a published manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// SHA-256 in hex by path.
    pub files: BTreeMap<String, String>,
    /// Whether it is as kyc-recon writes it: each path once, in order, nothing else in it.
    pub well_formed: bool,
}

impl Manifest {
    /// Reads the manifest of a report.
    ///
    /// # Errors
    /// When it cannot be read, or is not as kyc-recon writes it.
    pub fn read(report: &Path) -> Result<Self, ReportError> {
        let path = report.join(NAME);
        let manifest = Self::parse(&String::from_utf8_lossy(&disk::read(&path)?));
        if manifest.well_formed {
            return Ok(manifest);
        }
        Err(ReportError::Damaged { path, what: "it is no list of SHA-256 and paths".to_owned() })
    }

    /// Checks that a file of the report is the one that the manifest names.
    ///
    /// # Errors
    /// When it is another, is not named, or cannot be read.
    pub fn check(&self, report: &Path, name: &str) -> Result<(), ReportError> {
        let path = report.join(name);
        let damaged =
            |what: &str| ReportError::Damaged { path: path.clone(), what: what.to_owned() };
        let published =
            self.files.get(name).ok_or_else(|| damaged("the manifest does not name it"))?;
        if disk::sha256_file(&path)?.to_string() == *published {
            Ok(())
        } else {
            Err(damaged("its SHA-256 is not the one in the manifest"))
        }
    }

    /// Reads what can be read of a manifest.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let entry = |line: &str| {
            let (sha256, path) = line.split_once("  ")?;
            Some((path.to_owned(), sha256.to_owned()))
        };
        let files: BTreeMap<_, _> = text.lines().filter_map(entry).collect();
        // By path, as `files_below` sorts them: `a/b` before `a.b`.
        let mut sorted: Vec<_> = files.iter().collect();
        sorted.sort_by_key(|(path, _)| Path::new(path.as_str()));
        let written: String = sorted.iter().map(|(path, sha256)| line(sha256, path)).collect();
        Self { files, well_formed: written == text }
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, process::Command};

    use super::*;

    fn check(report: &Path) -> std::io::Result<bool> {
        let mut sha256sum = Command::new("sha256sum");
        Ok(sha256sum.args(["--strict", "-c", NAME]).current_dir(report).output()?.status.success())
    }

    #[test]
    fn sha256sum_finds_what_was_altered() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        disk::private_dir(&place.path().join("tables"))?;
        for name in ["tables/users.parquet", "certificate.json", NAME] {
            disk::write_private(&place.path().join(name), name.as_bytes())?;
        }
        write(place.path(), disk::sha256_file)?;
        let manifest = std::fs::read_to_string(place.path().join(NAME))?;
        let names: Vec<_> = manifest.lines().filter_map(|line| line.split("  ").nth(1)).collect();
        assert_eq!(names, ["certificate.json", "tables/users.parquet"]);
        assert!(check(place.path())?);
        let parsed = Manifest::parse(&manifest);
        assert!(parsed.well_formed && parsed.files.len() == 2);
        assert_eq!(Manifest::read(place.path())?, parsed);
        for garbled in
            [manifest.replace("  ", " "), manifest.repeat(2), manifest.to_uppercase() + "x"]
        {
            assert!(!Manifest::parse(&garbled).well_formed, "{garbled}");
        }

        disk::write_private(&place.path().join("tables/users.parquet"), b"altered")?;
        assert!(!check(place.path())?);
        Ok(())
    }

    #[test]
    fn what_is_no_manifest_is_refused() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        disk::write_private(&place.path().join(NAME), b"no digest")?;
        assert!(matches!(Manifest::read(place.path()), Err(ReportError::Damaged { .. })));
        Ok(())
    }
}
