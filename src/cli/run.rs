//! What `run` and `plan` are told.

use std::{path::PathBuf, time::Duration};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{Format, LogFormat, Privacy, sandbox::SandboxBehaviour};
use crate::{
    kyc::decision::Decision,
    model::{
        deadline::Deadline, ids::RunId, media::Media, quota::Quota, secret::PingUrl,
        shard::ShardChoice,
    },
};

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

    /// Ask about the I-th of N parts of the roster only, with 1/N of each --rate and of --max-requests; `auto/N` takes I
    /// from JOB_COMPLETION_INDEX (from 0). Needs --run-id, the name of the whole job: this run is named after it,
    /// `latest` stays, and nothing is compared or held against gates, which `merge` does with all N runs
    #[arg(long, value_name = "I/N", env = "KYC_RECON_SHARD", help_heading = "Cluster")]
    pub shard: Option<ShardChoice>,

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
