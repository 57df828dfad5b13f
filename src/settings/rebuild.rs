//! What `rebuild` obeys.

use std::path::PathBuf;

use super::{
    Output, error::SettingsError, file::File, pseudonym, published::PublishedSettings, read_policy,
    with_csv,
};
use crate::{
    assess::policy::Policy,
    cli::{LogFormat, RebuildArgs},
    model::secret::PseudonymKey,
};

/// Everything `rebuild` obeys.
#[derive(Debug)]
pub struct RebuildSettings {
    pub published: PublishedSettings,
    /// None: the policy by which the run was judged.
    pub policy: Option<Policy>,
    /// Whether the tables are published as CSV too; none: as they were.
    pub csv: Option<bool>,
    /// Where the run's baseline is; none: beside the run.
    pub baseline: Option<PathBuf>,
    /// None: exports with pseudonyms are not made again.
    pub pseudonym_key: Option<PseudonymKey>,
    /// None: a directory named after the run.
    pub out: Option<PathBuf>,
    pub output: Output,
}

impl RebuildSettings {
    /// Merges and checks. Policy and formats come from flags alone: the settings file is about the next run, and by
    /// default a run is rebuilt as it was.
    ///
    /// # Errors
    /// The first thing that cannot be obeyed.
    pub fn gather(args: RebuildArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.published.place.config.as_deref())?;
        let quiet = args.quiet || file.quiet;
        let log_format = args.log_format.or(file.log_format).unwrap_or(LogFormat::Text);
        let published = PublishedSettings::merge(args.published, file);
        Ok(Self {
            policy: args.policy.as_deref().map(read_policy).transpose()?,
            csv: args.format.as_deref().map(with_csv).transpose()?,
            baseline: args.baseline,
            pseudonym_key: pseudonym::key()?,
            out: args.out,
            output: Output { json: published.json, quiet, log_format },
            published,
        })
    }
}
