//! What `merge` obeys.

use std::path::PathBuf;

use super::{
    Output, baseline::Choice, error::SettingsError, file::File, pseudonym, publish, reports,
};
use crate::{
    bucket::address::Address,
    cli::{LogFormat, MergeArgs},
    model::{ids::RunId, secret::PseudonymKey},
};

/// Everything `merge` obeys; the rest is what the shards obeyed.
#[derive(Debug)]
pub struct MergeSettings {
    /// Run ids, or paths.
    pub runs: Vec<PathBuf>,
    pub reports: PathBuf,
    /// None: the name of the job.
    pub run_id: Option<RunId>,
    /// The run to compare with.
    pub baseline: Choice,
    /// Whether `latest` stays where it is.
    pub keeps_latest: bool,
    /// Where the report is brought to once it is published here.
    pub publish: Option<Address>,
    /// The key of the pseudonyms in the exports, if there is one.
    pub pseudonym_key: Option<PseudonymKey>,
    pub output: Output,
}

impl MergeSettings {
    /// Merges what was typed, exported and written down.
    ///
    /// # Errors
    /// When the settings file cannot be used.
    pub fn gather(args: MergeArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.place.config.as_deref())?;
        Ok(Self {
            runs: args.runs,
            reports: reports(args.place.reports, file.reports),
            run_id: args.run_id,
            baseline: Choice::of(args.baseline.or(file.baseline)),
            keeps_latest: args.no_latest || file.no_latest,
            publish: publish(args.publish.or(file.publish).as_deref())?,
            pseudonym_key: pseudonym::key()?,
            output: Output {
                json: args.place.json || file.json,
                quiet: args.quiet || file.quiet,
                log_format: args.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
            },
        })
    }
}
