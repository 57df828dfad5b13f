//! What the commands about published runs obey.

use std::{path::PathBuf, time::Duration};

use super::{at_least_one, error::SettingsError, file::File, reports};
use crate::cli::{CompareArgs, PruneArgs, PublishedArgs, ReportsArgs};

/// What `runs` obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSettings {
    pub reports: PathBuf,
    pub json: bool,
}

/// What commands about one published run obey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedSettings {
    /// A run id, `latest`, or a path.
    pub run: PathBuf,
    pub reports: PathBuf,
    pub json: bool,
}

/// What `prune` obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneSettings {
    pub reports: PathBuf,
    /// For how long runs are kept.
    pub keep: Duration,
    /// Whether nothing is deleted.
    pub dry_run: bool,
    pub json: bool,
}

/// What `compare` obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareSettings {
    /// Run ids, `latest`, or paths.
    pub base: PathBuf,
    pub head: PathBuf,
    pub reports: PathBuf,
    pub csv: Option<PathBuf>,
    pub json: bool,
}

impl ListSettings {
    /// Merges where the reports are and how to speak of them.
    ///
    /// # Errors
    /// When the settings file cannot be used.
    pub fn gather(args: ReportsArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.config.as_deref())?;
        Ok(Self { reports: reports(args.reports, file.reports), json: args.json || file.json })
    }
}

impl PublishedSettings {
    /// Merges which run is meant, where the reports are and how to speak of it.
    ///
    /// # Errors
    /// When the settings file cannot be used.
    pub fn gather(args: PublishedArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.place.config.as_deref())?;
        Ok(Self::merge(args, file))
    }

    pub(super) fn merge(args: PublishedArgs, file: File) -> Self {
        let reports = reports(args.place.reports, file.reports);
        Self { run: args.run, reports, json: args.place.json || file.json }
    }
}

impl PruneSettings {
    /// Merges which runs are old, where they are and how to speak of them.
    ///
    /// # Errors
    /// When the settings file cannot be used, or nothing is to be kept.
    pub fn gather(args: PruneArgs) -> Result<Self, SettingsError> {
        let keep = at_least_one("keep", Some(args.keep), Duration::ZERO)?;
        let ListSettings { reports, json } = ListSettings::gather(args.place)?;
        Ok(Self { reports, keep, dry_run: args.dry_run, json })
    }
}

impl CompareSettings {
    /// Merges which runs are compared, where they are and how to speak of them.
    ///
    /// # Errors
    /// When the settings file cannot be used.
    pub fn gather(args: CompareArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.place.config.as_deref())?;
        Ok(Self {
            base: args.base,
            head: args.head,
            reports: reports(args.place.reports, file.reports),
            csv: args.csv,
            json: args.place.json || file.json,
        })
    }
}
