//! `manifest-sha256.txt`: the digest of every other file, checkable with `sha256sum -c`.

use std::{fmt::Write as _, path::Path};

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

        disk::write_private(&place.path().join("tables/users.parquet"), b"altered")?;
        assert!(!check(place.path())?);
        Ok(())
    }
}
