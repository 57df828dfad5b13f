//! What can stop the job; exit status and hint of each, in one place.

mod hint;

use std::{io, path::PathBuf, process::ExitCode, time::Duration};

use crate::{
    assess::error::AssessError,
    bucket::error::BucketError,
    disk::DiskError,
    fetch::{
        halt::{Halt, Signal},
        http::DoorError,
    },
    journal::error::JournalError,
    model::ids::RunId,
    report::error::ReportError,
    roster::error::RosterError,
    settings::error::SettingsError,
    tally::{grouping::NotAGrouping, runner::TallyError},
};

/// The documented exit statuses of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    Complete = 0,
    Incomplete = 3,
    GateFailed = 4,
    Locked = 10,
    Malformed = 65,
    Missing = 66,
    PartnerDown = 69,
    Software = 70,
    CannotCreate = 73,
    InputOutput = 74,
    RunAgain = 75,
    CredentialsRefused = 77,
    SettingsInvalid = 78,
    Interrupted = 130,
    Terminated = 143,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// What stopped the job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the settings cannot be obeyed")]
    Settings(#[from] SettingsError),
    #[error("cannot open the roster {}", path.display())]
    RosterMissing { path: PathBuf, source: io::Error },
    #[error("the roster cannot be used")]
    Roster(#[from] RosterError),
    #[error("the roster {roster} names no user")]
    RosterEmpty { roster: String },
    #[error("most lines of {roster} cannot be used: {rejects} of {rows}")]
    RosterMostlyRejected { roster: String, rejects: u64, rows: u64 },
    #[error("--by names a column that the roster does not have: {column}")]
    NoSuchColumn { column: String, known: String },
    #[error("verdicts cannot be counted by the roster's column {column}")]
    Ungroupable { column: String, source: NotAGrouping },
    #[error("another run holds the lock {}: {owner}", path.display())]
    Locked { path: PathBuf, owner: String },
    #[error("run {run} was started with {what} {then}, and now it is {now}")]
    Differs { run: RunId, what: &'static str, then: String, now: String },
    #[error("cannot reach the partner")]
    Door(#[from] DoorError),
    #[error("the sandbox cannot listen")]
    Sandbox(#[source] io::Error),
    #[error("run {run} stopped with {settled} of {roster} users settled: {}", describe(*halt))]
    Halted { run: RunId, settled: u64, roster: u64, halt: Halt },
    #[error("the journal failed")]
    Journal(#[from] JournalError),
    #[error("the disk failed")]
    Disk(#[from] DiskError),
    #[error("the users cannot be judged")]
    Assess(#[from] AssessError),
    #[error("the tables cannot be built")]
    Flatten(#[from] polars::error::PolarsError),
    #[error("the statistics cannot be computed")]
    Tally(#[from] TallyError),
    #[error("the report cannot be written")]
    Report(#[from] ReportError),
    #[error("there is no published run {}", run.display())]
    RunMissing { run: PathBuf },
    #[error("the runs are not the shards of one job: {why}")]
    NoWhole { why: String },
    #[error("run {run} is no baseline of this one: {why}")]
    BaselineUnfit { run: String, why: String },
    #[error("`latest` points to run {run}, and there is nothing at {}", place.display())]
    LatestMissing { run: String, place: PathBuf },
    #[error("the baseline of the run, {run}, is not at {}", place.display())]
    BaselineMissing { run: String, place: PathBuf },
    #[error("run {run} has {users} users, and this id is not among them")]
    UserMissing { run: String, users: u64 },
    #[error("there is no table `{table}`; there are {known}")]
    TableMissing { table: String, known: String },
    #[error("a published file cannot be read")]
    Reading(#[source] io::Error),
    #[error("the published run cannot be read")]
    Unreadable(#[source] Box<ReportError>),
    #[error("the published run cannot be explained")]
    Inexplicable(#[source] Box<Self>),
    /// Whatever names the copy of a report is told of the original.
    #[error("{}", error.to_string().replace(copy, original))]
    OfCopy { copy: String, original: String, error: Box<Self> },
    #[error("the rebuilt report cannot be put at {}: {why}", path.display())]
    OutTaken { path: PathBuf, why: &'static str },
    #[error(
        "run {run} does not come out of its evidence again: {differing} of {files} files differ"
    )]
    NotReproduced { run: String, differing: usize, files: usize },
    #[error("the {what} that run {run} states cannot be understood")]
    Unclear { run: RunId, what: &'static str },
    #[error("run {run} is published, but it is not complete: {why}")]
    Incomplete { run: String, why: String },
    #[error("run {run} is published, but it failed {}", gates(failed))]
    GateFailed { run: String, failed: Vec<String> },
    #[error("run {run} is published here, but it could not be brought to its bucket")]
    Unsent { run: RunId, source: BucketError },
    #[error("the bucket failed")]
    Bucket(#[from] BucketError),
    #[error("the program cannot start its threads")]
    Runtime(#[source] io::Error),
}

fn gates(failed: &[String]) -> String {
    let of =
        if failed.len() == 1 { "a gate".to_owned() } else { format!("{} gates", failed.len()) };
    format!("{of}: {}", failed.join("; "))
}

fn describe(halt: Halt) -> String {
    match halt {
        Halt::Interrupted(Signal::Interrupt) => "interrupted".to_owned(),
        Halt::Interrupted(Signal::Terminate) => "asked to terminate".to_owned(),
        Halt::KeyRefused => "the partner refuses the API key".to_owned(),
        Halt::FlowRefused => {
            "the partner refuses this flow to our account (INVALID_PARTNER_FLOW)".to_owned()
        }
        Halt::EverybodyDenied => "the partner denies everybody we ask about".to_owned(),
        Halt::KeepsThrottling => {
            "the partner keeps refusing for too many requests and answers about nobody".to_owned()
        }
        Halt::WrongAddress => "what answers at the base URL is not the partner's API".to_owned(),
        Halt::PartnerDown => {
            "the partner is down: attempts keep failing, also the probes".to_owned()
        }
        Halt::AskedToWait(wait) => {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let wait = humantime::format_duration(Duration::from_secs(seconds));
            format!("the partner asks to wait {wait}")
        }
        Halt::Deadline => "the deadline is reached".to_owned(),
        Halt::RequestsSpent => "the requests allowed by --max-requests are sent".to_owned(),
        Halt::JournalFailed => "the journal failed".to_owned(),
    }
}

impl Error {
    /// What stopped the reading of a published run: by `?` it would be told as a report that cannot be written.
    #[must_use]
    pub fn unreadable(error: ReportError) -> Self {
        Self::Unreadable(Box::new(error))
    }

    /// The exit status, by the contract in the design.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Self::OfCopy { error, .. } => error.exit_status(),
            Self::Settings(_)
            | Self::Differs { .. }
            | Self::NoSuchColumn { .. }
            | Self::Ungroupable { .. }
            | Self::BaselineUnfit { .. }
            | Self::NoWhole { .. }
            | Self::Journal(JournalError::Format { .. })
            | Self::Door(_)
            | Self::Assess(_) => ExitStatus::SettingsInvalid,
            Self::RosterMissing { .. }
            | Self::Roster(RosterError::Read { .. })
            | Self::RunMissing { .. }
            | Self::BaselineMissing { .. }
            | Self::LatestMissing { .. }
            | Self::UserMissing { .. }
            | Self::TableMissing { .. } => ExitStatus::Missing,
            Self::Roster(_)
            | Self::RosterEmpty { .. }
            | Self::RosterMostlyRejected { .. }
            | Self::Unreadable(_)
            | Self::Inexplicable(_)
            | Self::Unclear { .. }
            | Self::NotReproduced { .. } => ExitStatus::Malformed,
            Self::Unsent { source, .. } | Self::Bucket(source) => bucket_status(source),
            Self::Incomplete { .. } => ExitStatus::Incomplete,
            Self::GateFailed { .. } => ExitStatus::GateFailed,
            Self::Locked { .. } => ExitStatus::Locked,
            Self::Halted { halt, .. } => halt_status(*halt),
            Self::Disk(DiskError::Create { .. })
            | Self::Journal(JournalError::Open { .. })
            | Self::OutTaken { .. } => ExitStatus::CannotCreate,
            Self::Report(ReportError::Certificate(_))
            | Self::Flatten(_)
            | Self::Tally(_)
            | Self::Runtime(_) => ExitStatus::Software,
            Self::Sandbox(_)
            | Self::Journal(_)
            | Self::Disk(_)
            | Self::Report(_)
            | Self::Reading(_) => ExitStatus::InputOutput,
        }
    }
}

fn bucket_status(error: &BucketError) -> ExitStatus {
    match error {
        BucketError::Open { .. } => ExitStatus::SettingsInvalid,
        BucketError::Missing { .. } => ExitStatus::Missing,
        BucketError::Taken { .. } | BucketError::Disk(DiskError::Create { .. }) => {
            ExitStatus::CannotCreate
        }
        BucketError::Garbled { .. } => ExitStatus::Malformed,
        BucketError::Write { .. }
        | BucketError::Read { .. }
        | BucketError::Disk(_)
        | BucketError::Runtime(_) => ExitStatus::InputOutput,
    }
}

fn halt_status(halt: Halt) -> ExitStatus {
    match halt {
        Halt::Interrupted(Signal::Interrupt) => ExitStatus::Interrupted,
        Halt::Interrupted(Signal::Terminate) => ExitStatus::Terminated,
        Halt::KeyRefused | Halt::EverybodyDenied => ExitStatus::CredentialsRefused,
        Halt::FlowRefused | Halt::WrongAddress => ExitStatus::SettingsInvalid,
        Halt::PartnerDown => ExitStatus::PartnerDown,
        Halt::AskedToWait(_) | Halt::KeepsThrottling | Halt::Deadline | Halt::RequestsSpent => {
            ExitStatus::RunAgain
        }
        Halt::JournalFailed => ExitStatus::InputOutput,
    }
}
