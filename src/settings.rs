//! What the run obeys: flags, environment and file, merged and checked once, typed.

pub mod error;
pub mod partner;
pub mod published;
pub mod baseline;
mod file;
pub mod log;
pub mod merge;
pub mod pseudonym;
pub mod rebuild;
mod secret;
mod shard;
pub mod watch;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use self::{
    baseline::Choice,
    error::SettingsError,
    file::File,
    partner::{Address, Partner},
    watch::Watch,
};
use crate::{
    assess::policy::Policy,
    bucket::address::Address as BucketAddress,
    cli::{Format, LogFormat, Privacy, run::RunArgs, sandbox::SandboxBehaviour},
    fetch::{http::Transport, ping},
    kyc::decision::Decision,
    model::{
        deadline::Deadline,
        ids::RunId,
        media::Media,
        quota::Quota,
        secret::{PingUrl, PseudonymKey, SecretBytes},
        shard::Part,
    },
    reconcile::{books::Books, gates::Gates},
    report::export::profiles::Exports,
    roster::header::Dialect,
};

/// Everything `run` obeys.
pub type RunSettings = Settings<Partner>;

/// Everything `plan` obeys: the same, but nobody is asked, so it needs no key, and the partner may be left open.
pub type PlanSettings = Settings<Option<Address>>;

/// The settings of a run; `P` says how much is known of the partner.
#[derive(Debug)]
pub struct Settings<P> {
    pub roster: Source,
    pub dialect: Dialect,
    pub reports: PathBuf,
    pub run_id: Option<RunId>,
    /// The part of the roster to ask about; none: all of it.
    pub part: Option<Part>,
    pub partner: P,
    pub quotas: Vec<Quota>,
    pub max_in_flight: usize,
    pub attempts: u32,
    pub transport: Transport,
    pub max_wait: Duration,
    /// How much of the quota that the partner announces is left to others.
    pub reserve: u64,
    pub deadline: Option<Deadline>,
    pub max_requests: Option<u64>,
    pub grace: Duration,
    /// Answers younger than this are carried, if they are final; none: everybody is asked.
    pub max_age: Option<Duration>,
    /// The decisions after which nobody asks again before `max_age`.
    pub final_decisions: Vec<Decision>,
    /// How many of the answered are asked once more at the end.
    pub reread: usize,
    /// By which they are drawn; none: by the name of the run.
    pub reread_seed: Option<u64>,
    /// The run to compare with.
    pub baseline: Choice,
    /// Whether `latest` stays where it is.
    pub keeps_latest: bool,
    pub policy: Policy,
    /// What our own books say, by columns of the roster.
    pub books: Books,
    pub gates: Gates,
    /// Files for others, beside the report.
    pub exports: Exports,
    /// Where the report is brought to once it is published here.
    pub publish: Option<BucketAddress>,
    /// The key of the pseudonyms in them; none where there are none, and for planning.
    pub pseudonym_key: Option<PseudonymKey>,
    /// Whether the tables are published as CSV too.
    pub csv: bool,
    /// Whether CSV files begin with a byte order mark.
    pub csv_bom: bool,
    /// What the tables show of media addresses.
    pub media: Media,
    /// Columns of the roster by which verdicts are counted, as the operator called them.
    pub by: Vec<String>,
    /// What page and mail say about single users.
    pub privacy: Privacy,
    pub output: Output,
    pub watch: Watch,
}

/// How the operator wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The summary on standard output is JSON.
    pub json: bool,
    /// Nothing is said but errors.
    pub quiet: bool,
    pub log_format: LogFormat,
}

/// Where the roster comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    File(PathBuf),
    StandardInput,
}

impl RunSettings {
    /// Merges what was typed, exported and written down, and checks it all.
    ///
    /// # Errors
    /// The first thing that cannot be obeyed.
    pub fn gather(args: RunArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.config.as_deref())?;
        let address = partner::address(&args, &file)?.ok_or(SettingsError::NoBaseUrl)?;
        let careful = partner::careful(Some(&address));
        let key_file = args.api_key_file.as_deref().or(file.api_key_file.as_deref());
        let partner = Partner::at(address, key_file)?;
        let settings = Self::merge(args, file, partner, &careful)?;
        Ok(Self { pseudonym_key: pseudonym::needed_by(&settings.exports)?, ..settings })
    }
}

impl PlanSettings {
    /// Merges and checks the same for planning. Looks for no key.
    ///
    /// # Errors
    /// The first thing that cannot be obeyed.
    pub fn gather(args: RunArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.config.as_deref())?;
        let partner = partner::address(&args, &file)?;
        let careful = partner::careful(partner.as_ref());
        Self::merge(args, file, partner, &careful)
    }
}

impl<P> Settings<P> {
    fn merge(
        args: RunArgs,
        file: File,
        partner: P,
        careful: &[Quota],
    ) -> Result<Self, SettingsError> {
        let watch = watch(&args, file.metrics_file, file.ping_url)?;
        let formats = args.format.or(file.format).unwrap_or(vec![Format::Parquet, Format::Csv]);
        let csv = with_csv(&formats)?;
        if !args.sandbox && args.partner != SandboxBehaviour::default() {
            return Err(SettingsError::SandboxOnly);
        }
        let quotas = args.rate.or(file.rate).unwrap_or_else(|| careful.to_vec());
        if quotas.is_empty() && !careful.is_empty() {
            return Err(SettingsError::NoQuota);
        }
        let settings = Self {
            watch,
            roster: source(args.roster.or(file.roster)),
            dialect: Dialect {
                delimiter: args.delimiter.or(file.delimiter),
                column: args.column.or(file.column),
            },
            reports: reports(args.reports, file.reports),
            run_id: args.run_id.or(file.run_id.map(|text| text.0)),
            part: None,
            partner,
            quotas,
            max_in_flight: at_least_one(
                "max_in_flight",
                args.max_in_flight.or(file.max_in_flight),
                256,
            )?,
            attempts: at_least_one("attempts", args.attempts.or(file.attempts), 5)?,
            transport: Transport {
                timeout: at_least_one(
                    "timeout",
                    args.timeout.or(file.timeout),
                    Duration::from_secs(30),
                )?,
                max_body: at_least_one("max_body", args.max_body.or(file.max_body), 8 << 20)?,
                ca_cert: read_pem(args.ca_cert.or(file.ca_cert).as_deref())?,
                client_cert: read_pem(args.client_cert.or(file.client_cert).as_deref())?
                    .map(SecretBytes::new),
            },
            reserve: args.reserve.or(file.reserve).unwrap_or(0),
            deadline: args.deadline.or(file.deadline),
            max_requests: args.max_requests.or(file.max_requests),
            grace: args.grace.or(file.grace).unwrap_or(Duration::from_secs(10)),
            max_wait: args.max_wait.or(file.max_wait).unwrap_or(Duration::from_mins(5)),
            reread: args.reread.or(file.reread).unwrap_or(0),
            reread_seed: args.reread_seed.or(file.reread_seed),
            max_age: not_zero("max_age", args.max_age.or(file.max_age))?,
            final_decisions: args
                .final_decisions
                .or(file.final_decisions)
                .unwrap_or_else(|| vec![Decision::Approved, Decision::Rejected]),
            baseline: Choice::of(args.baseline.or(file.baseline)),
            keeps_latest: args.no_latest || file.no_latest,
            policy: policy(args.policy.or(file.policy).as_deref())?,
            books: Books::read(file.books)?,
            gates: gates(file.gates)?,
            exports: Exports::read(file.export)?,
            pseudonym_key: None,
            publish: publish(args.publish.or(file.publish).as_deref())?,
            csv,
            csv_bom: args.csv_bom || file.csv_bom,
            media: args.media.or(file.media).unwrap_or_default(),
            by: args.by.or(file.by).unwrap_or_default(),
            privacy: args.privacy.or(file.privacy).unwrap_or_default(),
            output: Output {
                json: args.json || file.json,
                quiet: args.quiet || file.quiet,
                log_format: args.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
            },
        };
        settings.divided(args.shard.or(file.shard))
    }
}

/// Whether CSV is among the formats; Parquet must be.
fn with_csv(formats: &[Format]) -> Result<bool, SettingsError> {
    if !formats.contains(&Format::Parquet) {
        return Err(SettingsError::NoParquet);
    }
    Ok(formats.contains(&Format::Csv))
}

fn source(named: Option<PathBuf>) -> Source {
    match named {
        Some(path) if path.as_os_str() == "-" => Source::StandardInput,
        Some(path) => Source::File(path),
        None => Source::File("input/users.csv".into()),
    }
}

fn reports(chosen: Option<PathBuf>, written: Option<PathBuf>) -> PathBuf {
    chosen.or(written).unwrap_or_else(|| "reports".into())
}

fn read_pem(path: Option<&Path>) -> Result<Option<Vec<u8>>, SettingsError> {
    let read = |path: &Path| {
        fs::read(path).map_err(|source| SettingsError::Pem { path: path.to_owned(), source })
    };
    path.map(read).transpose()
}

fn policy(path: Option<&Path>) -> Result<Policy, SettingsError> {
    path.map_or_else(|| Ok(Policy::built_in()?), read_policy)
}

/// Reads a policy file.
///
/// # Errors
/// When it cannot be read, or is no policy.
pub fn read_policy(path: &Path) -> Result<Policy, SettingsError> {
    let text = fs::read_to_string(path)
        .map_err(|source| SettingsError::PolicyFile { path: path.to_owned(), source })?;
    Ok(Policy::parse(&text, &path.display().to_string())?)
}

fn publish(address: Option<&str>) -> Result<Option<BucketAddress>, SettingsError> {
    address.map(|text| text.parse().map_err(SettingsError::Publish)).transpose()
}

fn watch(
    args: &RunArgs,
    metrics_file: Option<PathBuf>,
    ping_url: Option<PingUrl>,
) -> Result<Watch, SettingsError> {
    let watch = Watch::merge(args, metrics_file, ping_url);
    watch.ping_url.as_ref().map_or(Ok(()), ping::check)?;
    Ok(watch)
}

fn gates(gates: Gates) -> Result<Gates, SettingsError> {
    gates.check()?;
    Ok(gates)
}

fn not_zero<N: Default + PartialEq>(
    setting: &'static str,
    value: Option<N>,
) -> Result<Option<N>, SettingsError> {
    value.map(|value| at_least_one(setting, Some(value), N::default())).transpose()
}

fn at_least_one<N: Default + PartialEq>(
    setting: &'static str,
    value: Option<N>,
    default: N,
) -> Result<N, SettingsError> {
    let value = value.unwrap_or(default);
    if value == N::default() { Err(SettingsError::Zero { setting }) } else { Ok(value) }
}
