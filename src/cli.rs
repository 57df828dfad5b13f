//! What the user typed or exported, nothing derived from it. `settings` makes sense of it.

#![expect(
    clippy::doc_markdown,
    rustdoc::bare_urls,
    reason = "the comments are help texts, shown as they stand"
)]

use std::{path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;

use crate::{
    kyc::decision::Decision,
    model::{
        deadline::Deadline,
        ids::{RunId, UserId},
        media::Media,
        quota::Quota,
        secret::PingUrl,
    },
    sandbox::{day::Day, options::Faults, rate_headers::RateDialect},
};

const PRECEDENCE: &str = "\
Settings come from flags, then from the environment (KYC_RECON_*), then from kyc-recon.toml, then from defaults.
The API key is never a flag: put it in KYC_RECON_API_KEY, in the file named by --api-key-file, or in systemd's
credential `kyc-recon-api-key`. [books], [gates] and [export.NAME] stand in kyc-recon.toml alone; the key of the pseudonyms in
exports is KYC_RECON_PSEUDONYM_KEY, or systemd's credential `kyc-recon-pseudonym-key`.

Exit status: 0 complete and published; 2 usage; 3 published but incomplete; 4 published, but a gate of
the settings failed; 10 another run holds the lock; 65 roster malformed, or a published run was altered; 66 roster, run or user
missing; 69 partner down; 70 a defect of kyc-recon; 73/74 cannot create output/I/O error; 75 quota, deadline or asked-for wait reached, run again; 77 credentials refused;
78 settings invalid; 130/143 interrupted, run again.";

const REBUILT: &str = "\
The evidence is checked against the run's manifest first; what was altered is not derived from. The published run is only
read, and `latest` does not move. --policy and --format are taken from here alone, not from the environment or the
settings file: those are about the next run.

Exit status: 0 rebuilt; identical, or different because the policy, the formats or the version of kyc-recon are; 65 the
evidence was altered or is of another version, or it gives another report though nothing else changed; 66 there is no such
run; 73 the place is taken; 78 the policy does not fit.";

const VERIFIED: &str =
    "Exit status: 0 intact; 65 altered, each finding names its file; 66 there is no such run.";

const PRUNED: &str = "\
A run stays, however old it is, while a file or directory named `hold` stands in its directory (what is in it is yours: say
why); while `latest` points to it; while a run that stays for a reason of its own, or one that is not finished, is compared
with it; and when it cannot be read or was altered, because then nobody knows how old it is. A run is gone as a whole, and
what was deleted is a line of `ledger.jsonl` in the reports directory, which `verify --ledger` checks. Answers that later
runs carried over stay in those.

Exit status: 0 done, also when nothing was old enough; 10 another run holds the lock; 74 the disk failed: the same command
again goes on.";

/// Ask Capa's Partner API about every user of a roster, and publish a certified KYC report.
#[derive(Debug, Parser)]
#[command(version, after_long_help = PRECEDENCE, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The job: collect the answers, derive the tables and verdicts, publish the report
    #[command(after_long_help = PRECEDENCE)]
    Run(Box<RunArgs>),
    /// What `run` with the same flags would do: users, requests, time, disk. Sends and writes nothing, needs no key
    #[command(after_long_help = PRECEDENCE)]
    Plan(Box<RunArgs>),
    /// What changed between two published runs: counts, transition matrices, breaks. Sends nothing
    Compare(CompareArgs),
    /// The runs in the reports directory, published and unfinished, the newest first
    Runs(ReportsArgs),
    /// Derive a published run again from its archive, offline: a proof of identical bytes, another policy, other formats
    #[command(after_long_help = REBUILT)]
    Rebuild(RebuildArgs),
    /// One page about one user of a published run: requests, bytes, where each cell comes from, rules and verdict.
    /// It names the person, on standard output only
    Explain(ExplainArgs),
    /// Whether a published run was altered: digests, evidence, tables, statistics, equations, verdicts; or the ledger of
    /// all runs
    #[command(after_long_help = VERIFIED)]
    Verify(VerifyArgs),
    /// Delete whole published runs that are older than the retention, and write into the ledger what was deleted
    #[command(after_long_help = PRUNED)]
    Prune(PruneArgs),
    /// Every table and column, with type, meaning, source and privacy class; or the built-in policy
    Schema(SchemaArgs),
    /// The pretend partner as a server of its own on 127.0.0.1, with faults on demand
    Sandbox(SandboxArgs),
    /// What a shell needs to complete commands and flags, for it to load
    Completions(CompletionsArgs),
    /// The manual page of kyc-recon, or into a directory one for each command
    Man(ManArgs),
}

/// Flags of `run` and `plan`. Whatever is `None` was not typed or exported.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is there or not")]
pub struct RunArgs {
    /// CSV file with the users to ask about, or `-` for standard input [default: input/users.csv]
    #[arg(env = "KYC_RECON_ROSTER")]
    pub roster: Option<PathBuf>,

    /// Settings file [default: kyc-recon.toml if there is one]
    #[arg(long, value_name = "FILE", env = "KYC_RECON_CONFIG")]
    pub config: Option<PathBuf>,

    /// Run against the built-in pretend partner on loopback, whatever --base-url says; the report says SANDBOX
    #[arg(long, help_heading = "Partner")]
    pub sandbox: bool,

    /// Where the partner answers, e.g. https://staging-api.capa.fi (required unless --sandbox)
    #[arg(long, value_name = "URL", env = "KYC_RECON_BASE_URL", help_heading = "Partner")]
    pub base_url: Option<String>,

    /// File that holds the API key
    #[arg(long, value_name = "FILE", env = "KYC_RECON_API_KEY_FILE", help_heading = "Partner")]
    pub api_key_file: Option<PathBuf>,

    /// Column with the user ids [default: user_id, userId, id, or the only column]
    #[arg(long, value_name = "NAME", env = "KYC_RECON_COLUMN", help_heading = "Roster")]
    pub column: Option<String>,

    /// Delimiter of the roster: `,` `;` or `tab` [default: detected from the header]
    #[arg(long, value_name = "CHAR", env = "KYC_RECON_DELIMITER", value_parser = delimiter, help_heading = "Roster")]
    pub delimiter: Option<u8>,

    /// Directory of the reports [default: reports]
    #[arg(long, value_name = "DIR", env = "KYC_RECON_REPORTS", help_heading = "Report")]
    pub reports: Option<PathBuf>,

    /// Name of the run; the same name again resumes it, or does nothing once it is published [default: the UTC start]
    #[arg(long, value_name = "ID", env = "KYC_RECON_RUN_ID", help_heading = "Report")]
    pub run_id: Option<RunId>,

    /// The published run to compare with: `latest`, a run id, a path, or `none`. A `latest` of another partner is passed
    /// over, which the log says; a named one of another partner (78), and any that is missing (66), was altered (65) or is
    /// of another version (78), stops the run before anybody is asked. When its users were judged by another policy, a
    /// warning says so. [default: latest if there is one]
    #[arg(
        long,
        value_name = "latest|RUN|none",
        env = "KYC_RECON_BASELINE",
        help_heading = "Report"
    )]
    pub baseline: Option<PathBuf>,

    /// Leave `latest` where it is: for an audit, or any run of another roster, with which the next night is not to be compared
    #[arg(long, env = "KYC_RECON_NO_LATEST", value_parser = clap::builder::FalseyValueParser::new(), help_heading = "Report")]
    pub no_latest: bool,

    /// Bring the published report to object storage too: s3://, gs://, az:// with bucket and prefix, or file:///. Files first,
    /// the manifest last, then `latest.json`. Keys, region and endpoint come from the environment (AWS_…, GOOGLE_…, AZURE_…).
    /// When it fails (74), the same command with --run-id sends what is missing
    #[arg(long, value_name = "URL", env = "KYC_RECON_PUBLISH", help_heading = "Report")]
    pub publish: Option<String>,

    /// Policy by which users are judged [default: the built-in policy]
    #[arg(long, value_name = "FILE", env = "KYC_RECON_POLICY", help_heading = "Report")]
    pub policy: Option<PathBuf>,

    /// Formats of the tables; parquet is always among them, the statistics are queries over it [default: parquet,csv]
    #[arg(
        long,
        value_name = "LIST",
        env = "KYC_RECON_FORMAT",
        value_delimiter = ',',
        help_heading = "Report"
    )]
    pub format: Option<Vec<Format>>,

    /// Begin the CSV files with a byte order mark, by which Excel knows that they are UTF-8; nothing else changes
    #[arg(long, env = "KYC_RECON_CSV_BOM", value_parser = clap::builder::FalseyValueParser::new(), help_heading = "Report")]
    pub csv_bom: bool,

    /// Show media addresses in the tables whole, without what stands behind `?` (a signature that opens them), or not at
    /// all; the archive keeps every answer as it was received [default: strip]
    #[arg(long, value_name = "HOW", env = "KYC_RECON_MEDIA", value_parser = media(), help_heading = "Report")]
    pub media: Option<Media>,

    /// Count verdicts by this column of the roster too, in `statistics/verdicts_by_roster_NAME`; repeatable. Its most
    /// frequent values appear in the report: name a column of groups, not of people
    #[arg(
        long,
        value_name = "COLUMN",
        env = "KYC_RECON_BY",
        value_delimiter = ',',
        help_heading = "Report"
    )]
    pub by: Option<Vec<String>>,

    /// What report.html and summary.md say about single users: `ids`, or `aggregate` without ids and without figures of
    /// fewer than five [default: ids]
    #[arg(long, value_name = "WHAT", env = "KYC_RECON_PRIVACY", help_heading = "Report")]
    pub privacy: Option<Privacy>,

    /// Never more than N requests in any window of this length, retries included; repeatable
    /// [default: 300/60s; with --sandbox no limit]
    #[arg(
        long,
        value_name = "N/DUR",
        env = "KYC_RECON_RATE",
        value_delimiter = ',',
        help_heading = "Pace"
    )]
    pub rate: Option<Vec<Quota>>,

    /// Requests out at the same time [default: 256; it adapts below that]
    #[arg(long, value_name = "N", env = "KYC_RECON_MAX_IN_FLIGHT", help_heading = "Pace")]
    pub max_in_flight: Option<usize>,

    /// Attempts per user before it counts as exhausted [default: 5]
    #[arg(long, value_name = "N", env = "KYC_RECON_ATTEMPTS", help_heading = "Pace")]
    pub attempts: Option<u32>,

    /// Longest time for one attempt [default: 30s]
    #[arg(long, value_name = "DUR", env = "KYC_RECON_TIMEOUT", value_parser = humantime::parse_duration, help_heading = "Pace")]
    pub timeout: Option<Duration>,

    /// Longest wait the partner may ask for before the run ends with 75 [default: 5m]
    #[arg(long, value_name = "DUR", env = "KYC_RECON_MAX_WAIT", value_parser = humantime::parse_duration, help_heading = "Pace")]
    pub max_wait: Option<Duration>,

    /// Leave this much of the remaining quota that the partner announces to live onboarding [default: 0]
    #[arg(long, value_name = "N", env = "KYC_RECON_RESERVE", help_heading = "Pace")]
    pub reserve: Option<u64>,

    /// End with 75 and a journal to go on with after this time, or at this time of day (HH:MM, local); with --max-age end
    /// the asking and publish
    #[arg(long, value_name = "DUR|HH:MM", env = "KYC_RECON_DEADLINE", help_heading = "Pace")]
    pub deadline: Option<Deadline>,

    /// End with 75 and a journal to go on with after this many requests; with --max-age end the asking and publish
    #[arg(long, value_name = "N", env = "KYC_RECON_MAX_REQUESTS", help_heading = "Pace")]
    pub max_requests: Option<u64>,

    /// Carry answers younger than this over from the newest published run, or the one named by --baseline, and ask only about
    /// the others: who was never asked first, then who is not decided, then who was asked longest ago. --deadline and
    /// --max-requests end the asking then, and the report is published
    #[arg(long, value_name = "DUR", env = "KYC_RECON_MAX_AGE", value_parser = humantime::parse_duration, help_heading = "Campaign")]
    pub max_age: Option<Duration>,

    /// Decisions after which nobody is asked about again before --max-age: approved, rejected, review
    /// [default: approved,rejected]
    #[arg(
        long,
        value_name = "LIST",
        env = "KYC_RECON_FINAL_DECISIONS",
        value_delimiter = ',',
        value_parser = final_decision,
        help_heading = "Campaign"
    )]
    pub final_decisions: Option<Vec<Decision>>,

    /// Ask so many of the answered users once more at the end, drawn by chance, and report how many had changed meanwhile
    /// [default: 0]
    #[arg(long, value_name = "N", env = "KYC_RECON_REREAD", help_heading = "Campaign")]
    pub reread: Option<usize>,

    /// Seed by which --reread draws: the same seed and answers draw the same users [default: the name of the run]
    #[arg(long, value_name = "N", env = "KYC_RECON_REREAD_SEED", help_heading = "Campaign")]
    pub reread_seed: Option<u64>,

    /// How long requests in flight may take to end when the run is stopped [default: 10s]
    #[arg(long, value_name = "DUR", env = "KYC_RECON_GRACE", value_parser = humantime::parse_duration, help_heading = "Pace")]
    pub grace: Option<Duration>,

    /// Largest body of an answer, before and after decompression, in bytes [default: 8388608]
    #[arg(long, value_name = "BYTES", env = "KYC_RECON_MAX_BODY", help_heading = "Partner")]
    pub max_body: Option<usize>,

    /// Certificates to trust beside the system's, as PEM
    #[arg(long, value_name = "FILE", env = "KYC_RECON_CA_CERT", help_heading = "Partner")]
    pub ca_cert: Option<PathBuf>,

    /// Our certificate and its key, as PEM, for a gateway that asks for one
    #[arg(long, value_name = "FILE", env = "KYC_RECON_CLIENT_CERT", help_heading = "Partner")]
    pub client_cert: Option<PathBuf>,

    /// Print the summary, or the plan, as JSON on standard output
    #[arg(long, env = "KYC_RECON_JSON", value_parser = clap::builder::FalseyValueParser::new(), help_heading = "Output")]
    pub json: bool,

    /// Print nothing but errors: no progress, no closing table
    #[arg(long, short, env = "KYC_RECON_QUIET", value_parser = clap::builder::FalseyValueParser::new(), help_heading = "Output")]
    pub quiet: bool,

    /// Form of the log on standard error [default: text]
    #[arg(long, value_name = "FORM", env = "KYC_RECON_LOG_FORMAT", help_heading = "Output")]
    pub log_format: Option<LogFormat>,

    /// Write how the run ended into this file, for Prometheus's node_exporter: readable by everybody, without persons
    #[arg(long, value_name = "FILE", env = "KYC_RECON_METRICS_FILE", help_heading = "Watch")]
    pub metrics_file: Option<PathBuf>,

    /// Call URL/start when the run starts and URL/STATUS, with its exit status, when it ends, as healthchecks.io wants
    /// it. Who can read the process list sees a flag: the variable, the settings file, or systemd's credential
    /// `kyc-recon-ping-url` keep it
    #[arg(
        long,
        value_name = "URL",
        env = "KYC_RECON_PING_URL",
        hide_env_values = true,
        help_heading = "Watch"
    )]
    pub ping_url: Option<PingUrl>,

    #[command(flatten)]
    pub partner: SandboxBehaviour,
}

/// Flags of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The earlier run: its id, `latest`, or the path of its directory
    pub base: PathBuf,

    /// The later run, in the same forms
    pub head: PathBuf,

    #[command(flatten)]
    pub place: ReportsArgs,

    /// Write every break into this CSV file, with the values: personal data
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

/// Where the published reports are, and in what form to speak of them.
#[derive(Debug, Args)]
pub struct ReportsArgs {
    /// Directory of the reports [default: reports]
    #[arg(long, value_name = "DIR", env = "KYC_RECON_REPORTS")]
    pub reports: Option<PathBuf>,

    /// Settings file [default: kyc-recon.toml if there is one]
    #[arg(long, value_name = "FILE", env = "KYC_RECON_CONFIG")]
    pub config: Option<PathBuf>,

    /// Print JSON
    #[arg(long, env = "KYC_RECON_JSON", value_parser = clap::builder::FalseyValueParser::new())]
    pub json: bool,
}

/// Which published run: of `rebuild` and `explain`.
#[derive(Debug, Args)]
pub struct PublishedArgs {
    /// Run id or `latest`, in the reports directory; the path of a report; or its address in a bucket, s3://bucket/prefix/RUN
    pub run: PathBuf,

    #[command(flatten)]
    pub place: ReportsArgs,
}

/// Flags of `rebuild`.
#[derive(Debug, Args)]
pub struct RebuildArgs {
    #[command(flatten)]
    pub published: PublishedArgs,

    /// Judge by this policy [default: the one by which the run was judged]
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Where the run is with which this one was compared [default: beside it]
    #[arg(long, value_name = "PATH")]
    pub baseline: Option<PathBuf>,

    /// Formats of the tables; parquet is always among them [default: those of the run]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub format: Option<Vec<Format>>,

    /// Directory of the rebuilt report; nothing may stand there, and it may not be among the published ones
    /// [default: rebuilt/RUN-ID]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(long, short, env = "KYC_RECON_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub quiet: bool,

    /// Form of the log on standard error [default: text]
    #[arg(long, value_name = "FORM", env = "KYC_RECON_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// Flags of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub published: PublishedArgs,

    /// Id of the user, as in the roster
    #[arg(value_parser = UserId::parse)]
    pub user: UserId,

    /// Show empty cells and long texts too
    #[arg(long)]
    pub all: bool,
}

/// Flags of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Run id or `latest`, in the reports directory; or the path of a report
    #[arg(required_unless_present = "ledger")]
    pub run: Option<PathBuf>,

    /// Check `ledger.jsonl` instead: its chain, and the runs in the reports directory against it
    #[arg(long, conflicts_with = "run")]
    pub ledger: bool,

    #[command(flatten)]
    pub place: ReportsArgs,
}

/// Flags of `prune`.
#[derive(Debug, Args)]
pub struct PruneArgs {
    /// Keep runs for this long after their last answer, e.g. 10y
    #[arg(long, value_name = "DUR", env = "KYC_RECON_KEEP", value_parser = humantime::parse_duration)]
    pub keep: Duration,

    /// Only say what would be deleted
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub place: ReportsArgs,
}

/// Flags of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Which shell
    pub shell: Shell,
}

/// Flags of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write the pages of all commands into this directory instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Flags of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Form of the dictionary
    #[arg(long, value_name = "FORM", default_value = "markdown")]
    pub format: SchemaFormat,

    /// Only this table
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,

    /// Print the built-in policy instead
    #[arg(long, conflicts_with_all = ["format", "table"])]
    pub policy: bool,
}

/// Flags of `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,

    /// Answer only requests that carry this key [default: any key]
    #[arg(long, value_name = "KEY")]
    pub require_key: Option<String>,

    #[command(flatten)]
    pub behaviour: SandboxBehaviour,
}

/// How the pretend partner behaves, built in or as a server. Whatever is `None` was not typed.
#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Sandbox")]
pub struct SandboxBehaviour {
    /// Seed of the sandbox's people: the same seed and id give the same answer [default: 7]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Day on which the sandbox is asked: from day to day some people change, by the seed [default: 1]
    #[arg(long, value_name = "N")]
    pub day: Option<Day>,

    /// How long the sandbox takes to answer
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration)]
    pub latency: Option<Duration>,

    /// Limit above which the sandbox answers 429
    #[arg(long, value_name = "N/DUR")]
    pub rate_limit: Option<Quota>,

    /// Quota that the sandbox only measures, in `violations` and `max_in_window` of its /stats
    #[arg(long, value_name = "N/DUR")]
    pub observe: Option<Quota>,

    /// Announce the quota in this dialect of the rate limit headers, e.g. ietf, legacy, x-epoch
    #[arg(long, value_name = "DIALECT")]
    pub announce: Option<RateDialect>,

    /// Faults of the sandbox: none, some, hell, or single ones (hang,redirect) at everybody's first attempt [default: none]
    #[arg(long, value_name = "LEVEL")]
    pub faults: Option<Faults>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Parquet,
    Csv,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    #[default]
    Ids,
    Aggregate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    Markdown,
    Json,
    /// The resources of a Frictionless data package
    Frictionless,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// Reads a decision that can be a last word.
pub(crate) fn final_decision(text: &str) -> Result<Decision, String> {
    let finals = [Decision::Approved, Decision::Rejected, Decision::Review];
    let found = finals.into_iter().find(|decision| decision.as_str() == text);
    found.ok_or_else(|| "a decision to stay with is `approved`, `rejected` or `review`".to_owned())
}

/// Reads a delimiter as people write it.
pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "," => Ok(b','),
        ";" => Ok(b';'),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        _ => Err("the delimiter is `,`, `;` or `tab`".to_owned()),
    }
}

/// The words of [`Media`], for the help and for completions.
fn media() -> impl TypedValueParser<Value = Media> {
    PossibleValuesParser::new(Media::ALL.map(Media::as_str))
        .try_map(|word| Media::parse(&word).ok_or("no such way"))
}
