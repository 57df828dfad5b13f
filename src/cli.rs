//! What the user typed or exported, nothing derived from it. `settings` makes sense of it.

#![expect(
    clippy::doc_markdown,
    rustdoc::bare_urls,
    reason = "the comments are help texts, shown as they stand"
)]

pub mod run;
pub mod stream;
pub mod sandbox;
mod more;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use self::{
    more::{MERGED, PRECEDENCE, PRUNED, REBUILT, STREAMED, VERIFIED},
    run::RunArgs,
    sandbox::SandboxArgs,
    stream::DeriveStreamArgs,
};
use crate::model::ids::{RunId, UserId};

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
    /// Join the published runs of all shards of a job into one run. Sends nothing
    #[command(after_long_help = MERGED)]
    Merge(MergeArgs),
    /// What changed between two published runs: counts, transition matrices, breaks. Sends nothing
    Compare(CompareArgs),
    /// The runs in the reports directory, published and unfinished, the newest first
    Runs(ReportsArgs),
    /// Derive a published run again from its archive, offline: a proof of identical bytes, another policy, other formats
    #[command(after_long_help = REBUILT)]
    Rebuild(RebuildArgs),
    /// Rows of an archive from standard input to rows of one table on standard output, both as Arrow IPC streams: for an
    /// engine that derives on many machines
    #[command(after_long_help = STREAMED)]
    DeriveStream(DeriveStreamArgs),
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

/// Flags of `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The runs of the shards, all of them: run ids, or paths of their reports
    #[arg(required = true)]
    pub runs: Vec<PathBuf>,

    #[command(flatten)]
    pub place: ReportsArgs,

    /// Name of the merged run [default: the name of the job]
    #[arg(long, value_name = "ID")]
    pub run_id: Option<RunId>,

    /// The published run to compare with: `latest`, a run id, a path, or `none` [default: latest if there is one]
    #[arg(long, value_name = "latest|RUN|none", env = "KYC_RECON_BASELINE")]
    pub baseline: Option<PathBuf>,

    /// Leave `latest` where it is
    #[arg(long, env = "KYC_RECON_NO_LATEST", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_latest: bool,

    /// Bring the merged report to object storage too, as `run --publish` does
    #[arg(long, value_name = "URL", env = "KYC_RECON_PUBLISH")]
    pub publish: Option<String>,

    /// Print nothing but errors
    #[arg(long, short, env = "KYC_RECON_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub quiet: bool,

    /// Form of the log on standard error [default: text]
    #[arg(long, value_name = "FORM", env = "KYC_RECON_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
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
