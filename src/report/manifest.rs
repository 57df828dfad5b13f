//! `manifest-sha256.txt`: the digest of every other file, checkable with `sha256sum -c`.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use crate::{
    disk::{self, DiskError},
    report::error::ReportError,
};

/// The manifest's name; it cannot hold its own digest.
pub const NAME: &str = "manifest-sha256.txt";

/// Writes the manifest of a report directory, sorted by path. It must be the last file written.
///
/// # Errors
/// When a file cannot be read or the manifest not written.
pub fn write(report: &Path) -> Result<(), ReportError> {
    let text = text(report)?;
    Ok(disk::write_private(&report.join(NAME), text.as_bytes())?)
}

/// A manifest, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    digests: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the manifest of a report directory.
    ///
    /// # Errors
    /// When it cannot be read, or is no manifest.
    pub fn read(report: &Path) -> Result<Self, ReportError> {
        let path = report.join(NAME);
        let bytes = disk::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        let digests = text.lines().map(entry).collect::<Option<_>>();
        let what = || "it is not a list of SHA-256 and names".to_owned();
        let digests = digests.ok_or_else(|| ReportError::Damaged { path, what: what() })?;
        Ok(Self { digests })
    }

    /// The SHA-256 of a file, by its path in the report, in hex.
    #[must_use]
    pub fn digest(&self, name: &str) -> Option<&str> {
        self.digests.get(name).map(String::as_str)
    }

    /// The paths in the report, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.digests.keys().map(String::as_str)
    }
}

/// A line, as name and digest.
fn entry(line: &str) -> Option<(String, String)> {
    let (digest, name) = line.split_once("  ")?;
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_digest && !name.is_empty()).then(|| (name.to_owned(), digest.to_owned()))
}

fn text(report: &Path) -> Result<String, DiskError> {
    let mut text = String::new();
    for path in disk::files_below(report)?.iter().filter(|path| *path != Path::new(NAME)) {
        let sha256 = disk::sha256_file(&report.join(path))?;
        let _ = writeln!(text, "{sha256}  {}", path.display());
    }
    Ok(text)
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
        write(place.path())?;
        let manifest = std::fs::read_to_string(place.path().join(NAME))?;
        let names: Vec<_> = manifest.lines().filter_map(|line| line.split("  ").nth(1)).collect();
        assert_eq!(names, ["certificate.json", "tables/users.parquet"]);
        assert!(check(place.path())?);
        let read = Manifest::read(place.path())?;
        assert!(read.names().eq(["certificate.json", "tables/users.parquet"]));
        let digest = disk::sha256_file(&place.path().join("certificate.json"))?.to_string();
        assert_eq!(read.digest("certificate.json"), Some(digest.as_str()));

        disk::write_private(&place.path().join("tables/users.parquet"), b"altered")?;
        assert!(!check(place.path())?);
        Ok(())
    }

    #[test]
    fn what_is_no_manifest_is_refused() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        for text in ["no digest", "ab  a", &format!("{}  ", "a".repeat(64)), "\u{fffd}"] {
            disk::write_private(&place.path().join(NAME), text.as_bytes())?;
            assert!(matches!(Manifest::read(place.path()), Err(ReportError::Damaged { .. })));
        }
        Ok(())
    }
}
