//! A place of its own for one test: a temporary directory that holds the roster and will hold the reports.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::support::{job::Job, report::Report};

/// What a test that meets something unexpected returns.
pub(crate) type Tested = Result<(), Box<dyn std::error::Error>>;

/// A temporary directory, removed at the end of the test.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::tempdir().map(Self)
    }

    /// A place with `roster.csv` naming these users.
    pub(crate) fn with_roster<I: AsRef<str>>(ids: impl IntoIterator<Item = I>) -> io::Result<Self> {
        let place = Self::new()?;
        let mut roster = "user_id\n".to_owned();
        for id in ids {
            roster.extend([id.as_ref(), "\n"]);
        }
        place.write("roster.csv", roster)?;
        Ok(place)
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> io::Result<()> {
        fs::write(self.path(name), text)
    }

    /// The command that works here, with an empty environment.
    pub(crate) fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Job {
        Job::new(self.0.path(), arguments)
    }

    /// `run roster.csv` under this run id.
    pub(crate) fn run(&self, run_id: &str) -> Job {
        self.command(["run", "roster.csv", "--run-id", run_id])
    }

    pub(crate) fn reports(&self) -> PathBuf {
        self.path("reports")
    }

    /// The published report of this run.
    pub(crate) fn report(&self, run_id: &str) -> Report {
        Report::at(self.reports().join(run_id))
    }

    /// The run that `latest` points to, if there is one.
    pub(crate) fn latest(&self) -> Option<PathBuf> {
        fs::read_link(self.reports().join("latest")).ok()
    }

    /// Names of what is visible in the reports directory beside the ledger; nothing is where nobody made one yet.
    pub(crate) fn published(&self) -> io::Result<Vec<String>> {
        if !self.reports().exists() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(self.reports())?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<_> = names.collect::<io::Result<_>>()?;
        names.retain(|name| !name.starts_with('.') && name != "ledger.jsonl");
        names.sort();
        Ok(names)
    }
}
