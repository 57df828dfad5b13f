//! A published run, found by its id, by `latest` or by its path; what it says about its own tables.

mod copy;

use std::path::{Path, PathBuf};

use self::copy::Copy;

use crate::{
    assess::policy::Policy,
    bucket::address::Address,
    disk,
    error::Error,
    kyc::catalogue::{self, Table},
    model::ids::RunId,
    report::{certificate::Certificate, error::ReportError, reading::PublishedTable},
    settings::{error::SettingsError, published::PublishedSettings},
};

/// What people may put into a published run: a file or directory of this name keeps it from being pruned, and is no part of
/// the report.
const HOLD: &str = "hold";

/// The directory of a published run. Names the places in it that commands read.
pub(super) struct Published {
    dir: PathBuf,
    /// As it was named: that of a bucket is a copy.
    shown: String,
    /// What is removed when nobody looks any more.
    copy: Option<Box<Copy>>,
}

impl Published {
    /// Finds the run in the reports directory; what is no run there may be a path, or an address of a bucket.
    pub(super) fn find(settings: &PublishedSettings) -> Result<Self, Error> {
        Self::anywhere(&settings.reports, &settings.run)
    }

    /// The run of this name in a reports directory, at this path or in a bucket.
    pub(super) fn anywhere(reports: &Path, run: &Path) -> Result<Self, Error> {
        match run.to_str().filter(|text| Address::is_meant(text)) {
            Some(address) => {
                let copy = Copy::of(address)?;
                let (dir, shown) = (copy.dir().to_owned(), address.to_owned());
                Ok(Self { dir, shown, copy: Some(Box::new(copy)) })
            }
            None => Self::named(reports, run),
        }
    }

    /// The run of this name in a reports directory, or at this path.
    pub(super) fn named(reports: &Path, run: &Path) -> Result<Self, Error> {
        let named = run.to_str().and_then(|name| match name {
            "latest" => disk::publishing::latest(reports),
            name => RunId::parse(name).ok().map(|run_id| run_id.to_string()),
        });
        let named = named.map(|name| reports.join(name));
        let dir = named.into_iter().chain([run.to_owned()]).find(|dir| dir.is_dir());
        dir.map(Self::here).ok_or_else(|| Error::RunMissing { run: run.to_owned() })
    }

    /// The run in this directory, and nowhere else.
    pub(super) fn at(dir: &Path) -> Result<Self, Error> {
        if dir.is_dir() {
            return Ok(Self::here(dir.to_owned()));
        }
        Err(Error::RunMissing { run: dir.to_owned() })
    }

    fn here(dir: PathBuf) -> Self {
        Self { shown: dir.display().to_string(), dir, copy: None }
    }

    /// Where it is, for people.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A text about it, for people.
    pub(super) fn told(&self, text: String) -> String {
        self.copy.as_ref().map(|copy| copy.told(&text)).unwrap_or(text)
    }

    /// What went wrong with it, for people.
    pub(super) fn error(&self, error: Error) -> Error {
        match &self.copy {
            Some(copy) => copy.error(error),
            None => error,
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.join(name)
    }

    /// The files of the report, by their paths in it.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, Error> {
        Ok(of_the_report(disk::listing::files_below(&self.dir)?))
    }

    /// What no report has: links, devices, directories with nothing in them.
    pub(super) fn strange(&self) -> Result<Vec<PathBuf>, Error> {
        Ok(of_the_report(disk::listing::strange_below(&self.dir)?))
    }

    /// Whether somebody wants it kept.
    pub(super) fn is_held(&self) -> bool {
        self.file(HOLD).symlink_metadata().is_ok()
    }

    /// The policy by which the run was judged, which is not always the one that is built in.
    pub(super) fn policy(&self) -> Result<Policy, Error> {
        let path = self.file("policy.toml");
        let text = disk::read(&path).map_err(|error| Error::unreadable(error.into()))?;
        let text = String::from_utf8_lossy(&text);
        Ok(Policy::parse(&text, &path.display().to_string()).map_err(SettingsError::Policy)?)
    }

    /// The policy by which the run was judged, if it is the one that the certificate names.
    pub(super) fn own_policy(&self, certificate: &Certificate) -> Result<Policy, Error> {
        let policy = self.policy()?;
        if policy.digest() != certificate.policy.sha256 {
            let path = self.file("policy.toml");
            let what = "its SHA-256 is not the one in the certificate".to_owned();
            return Err(Error::unreadable(ReportError::Damaged { path, what }));
        }
        Ok(policy)
    }

    /// Every table there is to be, `users` with the columns that the run's roster added.
    pub(super) fn tables(&self) -> Result<Vec<Table>, Error> {
        let users = PublishedTable::open(&self.file("tables/users.parquet"))?;
        let headers: Vec<_> =
            users.columns().iter().filter_map(|name| roster_header(name)).collect();
        let users = catalogue::users_table(&headers);
        let others = catalogue::tables().iter().filter(|table| table.name != users.name);
        Ok(std::iter::once(users.clone()).chain(others.cloned()).collect())
    }
}

fn of_the_report(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.retain(|path| !path.starts_with(HOLD));
    paths
}

/// A header of the roster that gives this column its name, if the column is the roster's.
fn roster_header(column: &str) -> Option<String> {
    let is_ours = catalogue::table("users").is_some_and(|users| users.column(column).is_some());
    column.strip_prefix("roster_").filter(|_| !is_ours).map(str::to_owned)
}
