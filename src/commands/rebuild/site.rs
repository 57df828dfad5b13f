//! The place of a rebuilt report: found free before the work, and filled by one rename after it.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::{
    commands::{published::Published, workplace},
    disk,
    error::Error,
    model::ids::RunId,
    settings::rebuild::RebuildSettings,
};

/// Where rebuilt reports go by default: beside the reports directory, not in it, or whoever reads all runs at once
/// would read this one twice.
const DEFAULT: &str = "rebuilt";

/// Where the report will be, and where it is made until then.
pub(super) struct Site {
    out: PathBuf,
    work: PathBuf,
    /// Held, not read.
    _lock: File,
}

impl Site {
    /// Finds the place free, and takes the one beside it where the report is made.
    pub(super) fn prepare(
        settings: &RebuildSettings,
        published: &Published,
        run_id: &RunId,
    ) -> Result<Self, Error> {
        let usual = || Path::new(DEFAULT).join(run_id.as_str());
        let out = settings.out.clone().unwrap_or_else(usual);
        let taken = |why| Error::OutTaken { path: out.clone(), why };
        let name = out.file_name().ok_or_else(|| taken("it has no name of its own"))?;
        // Also a link that points nowhere stands in the way.
        if out.symlink_metadata().is_ok() {
            return Err(taken("something stands there"));
        }
        if [published.dir(), &settings.published.reports].iter().any(|dir| is_within(&out, dir)) {
            return Err(taken("it is among the published reports"));
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".unfinished");
        let work = out.with_file_name(hidden);
        disk::private_dir(&work)?;
        let mut lock = workplace::lock(&work.join("lock"))?;
        workplace::sign(&mut lock, &format!("run {run_id}"));
        Ok(Self { out, work, _lock: lock })
    }

    pub(super) fn work(&self) -> &Path {
        &self.work
    }

    pub(super) fn out(&self) -> &Path {
        &self.out
    }
}

/// What could not be finished holds personal data, so it does not stay.
impl Drop for Site {
    fn drop(&mut self) {
        let _ = disk::remove_dir(&self.work);
    }
}

/// Whether a path that is not there yet would be inside a directory, whatever links lead to it.
fn is_within(path: &Path, dir: &Path) -> bool {
    let Ok(dir) = dir.canonicalize() else { return false };
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|place| place.canonicalize().ok());
    there.is_some_and(|there| there.starts_with(dir))
}
