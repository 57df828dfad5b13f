//! What the run obeys: flags, environment and file, merged and checked once, typed.

pub mod baseline;
mod file;
pub mod log;
pub mod merge;
pub mod pseudonym;
pub mod rebuild;
mod shard;
pub mod watch;

use std::{
    fmt, fs, io,
    num::{NonZeroU16, NonZeroU32},
    path::{Path, PathBuf},
    time::Duration,
};

use self::{baseline::Choice, file::File, watch::Watch};
use crate::{
    assess::{
        error::{ConditionFlaw, PolicyError},
        policy::Policy,
    },
    bucket::address::{Address as BucketAddress, NotAnAddress},
    cli::{
        CompareArgs, Format, LogFormat, Privacy, PruneArgs, PublishedArgs, ReportsArgs, RunArgs,
        SandboxBehaviour,
    },
    fetch::{
        http::{self, DoorError, Transport},
        ping::{self, Unheard},
    },
    kyc::decision::Decision,
    model::{
        deadline::Deadline,
        ids::{NotARunId, RunId},
        media::Media,
        quota::Quota,
        secret::{ApiKey, NotAKey, PingUrl, PseudonymKey, SecretBytes, TooShort},
        shard::{Part, Shard},
    },
    reconcile::{
        books::{Books, BooksFlaw},
        gates::{GateFlaw, Gates},
    },
    report::export::{flaw::ExportFlaw, profiles::Exports},
    roster::header::Dialect,
    sandbox::{
        day::Day,
        options::{Options, SANDBOX_KEY},
    },
};

/// Environment variable that holds the key itself.
const KEY_VARIABLE: &str = "KYC_RECON_API_KEY";
/// Name of the key among systemd's credentials (`LoadCredential=`).
const CREDENTIAL: &str = "kyc-recon-api-key";
/// The quota of a run against the real partner, who publishes none (API notes A3): one that hurts nobody.
const CAREFUL: Quota =
    Quota { requests: NonZeroU32::new(300).unwrap(), per: Duration::from_mins(1) };

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

/// Whom we ask.
#[derive(Debug, Clone)]
pub enum Partner {
    /// The pretend partner, started by the run itself.
    Sandbox(Options),
    Live {
        base_url: http::Url,
        key: ApiKey,
    },
}

/// Where the partner answers: enough to plan, not to ask.
#[derive(Debug, Clone)]
pub enum Address {
    Sandbox(Options),
    Live(http::Url),
}

/// How the name of a pretend partner of our own begins.
const BUILT_IN: &str = "built-in sandbox";

impl Address {
    /// Whether this is the name of a pretend partner of our own, as a journal keeps it.
    #[must_use]
    pub fn names_the_sandbox(name: &str) -> bool {
        name.starts_with(BUILT_IN)
    }

    /// Whether two names are of one partner, who knows the same people: of the pretend one also on another day.
    #[must_use]
    pub fn are_of_one_partner(one: &str, other: &str) -> bool {
        family(one) == family(other)
    }
}

/// The name of a partner without the day on which the pretend one is asked.
fn family(name: &str) -> &str {
    if !Address::names_the_sandbox(name) {
        return name;
    }
    name.split_once(", day ").map_or(name, |(family, _)| family)
}

impl Partner {
    fn address(&self) -> Address {
        match self {
            Self::Sandbox(options) => Address::Sandbox(options.clone()),
            Self::Live { base_url, .. } => Address::Live(base_url.clone()),
        }
    }
}

impl fmt::Display for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address().fmt(f)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox(Options { seed, day: Day::FIRST, .. }) => {
                write!(f, "{BUILT_IN}, seed {seed}")
            }
            Self::Sandbox(Options { seed, day, .. }) => {
                write!(f, "{BUILT_IN}, seed {seed}, day {}", day.number())
            }
            Self::Live(base_url) => write!(f, "{base_url}"),
        }
    }
}

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

/// Why the settings cannot be obeyed. Nothing was sent or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings file {} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the settings file {} is not valid", path.display())]
    Invalid { path: PathBuf, source: toml::de::Error },
    #[error("no base URL is set")]
    NoBaseUrl,
    #[error(transparent)]
    BaseUrl(#[from] DoorError),
    #[error("no API key is set")]
    NoKey,
    #[error("the API key file {} cannot be read", path.display())]
    KeyFile { path: PathBuf, source: io::Error },
    #[error("the API key from {origin} cannot be sent")]
    Key { origin: String, source: NotAKey },
    #[error("the certificate file {} cannot be read", path.display())]
    Pem { path: PathBuf, source: io::Error },
    #[error(
        "--seed, --day, --latency, --rate-limit, --observe, --announce and --faults shape the sandbox, not a partner"
    )]
    SandboxOnly,
    #[error("`rate` names no quota")]
    NoQuota,
    #[error("`{setting}` must not be zero")]
    Zero { setting: &'static str },
    #[error("a shard needs --run-id: the name that all shards of the job share")]
    ShardUnnamed,
    #[error("--run-id names the run of shard {shard}, and --shard is missing")]
    ShardMissing { shard: Shard },
    #[error("the run of a shard cannot be named after --run-id")]
    ShardName(#[source] NotARunId),
    #[error("--shard auto/{of} needs an index from 0 to {of} less one in {variable}")]
    ShardIndex { variable: &'static str, of: NonZeroU16 },
    #[error("{whole} cannot be divided among {of} shards")]
    Indivisible { whole: String, of: NonZeroU16 },
    #[error("`format` must name parquet: the statistics are queries over it")]
    NoParquet,
    #[error("the policy file {} cannot be read", path.display())]
    PolicyFile { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Books(#[from] BooksFlaw),
    #[error(transparent)]
    Gates(#[from] GateFlaw),
    #[error("--publish is no address of object storage")]
    Publish(#[source] NotAnAddress),
    #[error("the run is at no address of object storage")]
    Address(#[source] NotAnAddress),
    #[error(transparent)]
    Export(#[from] ExportFlaw),
    #[error("[export.{export}]: the condition of `rows`")]
    ExportRows { export: String, source: ConditionFlaw },
    #[error("[export.{export}] shows pseudonyms, and there is no key to make them")]
    NoPseudonymKey { export: String },
    #[error("the key of the pseudonyms from {origin} cannot be used")]
    PseudonymKey { origin: String, source: TooShort },
    #[error(transparent)]
    PingUrl(#[from] Unheard),
}

impl RunSettings {
    /// Merges what was typed, exported and written down, and checks it all.
    ///
    /// # Errors
    /// The first thing that cannot be obeyed.
    pub fn gather(args: RunArgs) -> Result<Self, SettingsError> {
        let file = File::read(args.config.as_deref())?;
        let partner = match address(&args, &file)?.ok_or(SettingsError::NoBaseUrl)? {
            Address::Sandbox(options) => Partner::Sandbox(options),
            Address::Live(base_url) => {
                let key = key(args.api_key_file.as_deref().or(file.api_key_file.as_deref()))?;
                Partner::Live { base_url, key }
            }
        };
        let careful = careful(Some(&partner.address()));
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
        let partner = address(&args, &file)?;
        let careful = careful(partner.as_ref());
        Self::merge(args, file, partner, &careful)
    }
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

    fn merge(args: PublishedArgs, file: File) -> Self {
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

fn address(args: &RunArgs, file: &File) -> Result<Option<Address>, SettingsError> {
    if args.sandbox {
        return Ok(Some(Address::Sandbox(Options {
            require_key: Some(SANDBOX_KEY.to_owned()),
            ..sandbox(&args.partner)
        })));
    }
    let base_url = args.base_url.as_ref().or(file.base_url.as_ref());
    Ok(base_url.map(|text| http::base_url(text)).transpose()?.map(Address::Live))
}

/// The quota when none is named: none for people who are invented.
fn careful(partner: Option<&Address>) -> Vec<Quota> {
    match partner {
        Some(Address::Sandbox(_)) => Vec::new(),
        Some(Address::Live(_)) | None => vec![CAREFUL],
    }
}

/// How the pretend partner behaves, from its flags.
#[must_use]
pub fn sandbox(behaviour: &SandboxBehaviour) -> Options {
    let usual = Options::default();
    Options {
        seed: behaviour.seed.unwrap_or(usual.seed),
        day: behaviour.day.unwrap_or(usual.day),
        latency: behaviour.latency.unwrap_or(usual.latency),
        rate_limit: behaviour.rate_limit,
        observe: behaviour.observe,
        announce: behaviour.announce,
        faults: behaviour.faults.clone().unwrap_or(usual.faults),
        ..usual
    }
}

/// Finds the key: in the file named, in the environment, or among systemd's credentials, in this order.
fn key(file: Option<&Path>) -> Result<ApiKey, SettingsError> {
    let credential =
        std::env::var_os("CREDENTIALS_DIRECTORY").map(|dir| Path::new(&dir).join(CREDENTIAL));
    let exported = std::env::var(KEY_VARIABLE).ok().filter(|text| !text.trim().is_empty());
    let (origin, text) = match (file, exported, credential) {
        (Some(path), _, _) => (path.display().to_string(), read_key(path)?),
        (None, Some(text), _) => (KEY_VARIABLE.to_owned(), text),
        (None, None, Some(path)) if path.exists() => (path.display().to_string(), read_key(&path)?),
        _ => return Err(SettingsError::NoKey),
    };
    ApiKey::parse(&text).map_err(|source| SettingsError::Key { origin, source })
}

fn read_key(path: &Path) -> Result<String, SettingsError> {
    fs::read_to_string(path)
        .map_err(|source| SettingsError::KeyFile { path: path.to_owned(), source })
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
