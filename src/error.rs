//! What can stop the job; exit status and hint of each, in one place.

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
    settings::SettingsError,
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
            Self::Settings(_)
            | Self::Differs { .. }
            | Self::NoSuchColumn { .. }
            | Self::Ungroupable { .. }
            | Self::BaselineUnfit { .. }
            | Self::NoWhole { .. }
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

    /// What to do now.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Settings(error) => settings_hint(error).to_owned(),
            Self::RosterMissing { .. } => {
                "name a CSV file that can be read, or `-` for standard input".to_owned()
            }
            Self::Roster(error) => roster_hint(error).to_owned(),
            Self::RosterEmpty { .. } => {
                "check the export that made the roster; a report about nobody is not published".to_owned()
            }
            Self::RosterMostlyRejected { .. } => {
                "is it the right file, delimiter and --column? `kyc-recon plan` says why lines are rejected".to_owned()
            }
            Self::NoSuchColumn { known, .. } => by_hint(known),
            Self::Ungroupable { .. } => {
                "rename the column in the roster's header: a short name of letters, digits and `_`".to_owned()
            }
            Self::Locked { .. } => {
                "wait for it to end, or use another --reports directory; a lock of a dead run falls by itself".to_owned()
            }
            Self::Differs { .. } => {
                "go on with what it was started with, or start another run with a new --run-id".to_owned()
            }
            Self::Door(DoorError::Certificate { .. }) => {
                "the file must hold certificates in PEM, for --client-cert with the private key".to_owned()
            }
            Self::Door(DoorError::NoAuthorities) => {
                "install the system's certificates (Debian: ca-certificates), or name those to trust by --ca-cert".to_owned()
            }
            Self::Door(_) => door_hint().to_owned(),
            Self::Sandbox(_) => "choose another --port; 0 takes a free one".to_owned(),
            Self::Halted { run, halt, .. } => halt_hint(run, *halt),
            Self::Report(ReportError::Certificate(_)) => {
                "nothing was published, and the evidence is kept as it is: was it altered? If not, this is a defect of kyc-recon, so report it".to_owned()
            }
            Self::Journal(_) | Self::Disk(_) | Self::Report(_) => {
                "check space and permissions of the reports directory, then run the same command again: what was committed is kept".to_owned()
            }
            Self::Assess(_) => "correct the rule named above, then run the same command again: nobody is asked twice".to_owned(),
            Self::Flatten(_) | Self::Tally(_) => {
                "this is a defect of kyc-recon; the journal is kept, so report it and run the same command with a corrected version".to_owned()
            }
            Self::RunMissing { .. } => {
                "`kyc-recon runs` lists the runs; --reports names another directory; a path is taken as it is".to_owned()
            }
            Self::NoWhole { .. } => {
                "name the runs of all shards of one job, each once, of one version of kyc-recon; the key of their pseudonyms is \
                 KYC_RECON_PSEUDONYM_KEY".to_owned()
            }
            Self::BaselineUnfit { .. } => {
                "name another run by --baseline RUN, or say `--baseline none`; without it, `latest` is compared with".to_owned()
            }
            Self::LatestMissing { .. } => {
                "put that run back, or name another one by --baseline RUN; `--baseline none` compares with no run".to_owned()
            }
            Self::BaselineMissing { .. } => {
                "put it back where it was, as it was published; `rebuild --baseline PATH` takes it from elsewhere".to_owned()
            }
            Self::UserMissing { .. } => {
                "ids are compared letter by letter; `user_id` of tables/users.parquet lists them, tables/rejects.parquet the lines that named nobody".to_owned()
            }
            Self::TableMissing { .. } => "leave --table out for all of them".to_owned(),
            Self::Reading(_) | Self::Unclear { .. } | Self::Inexplicable(_) => {
                "`kyc-recon verify` says what was altered".to_owned()
            }
            Self::Unreadable(error) => unreadable_hint(error).to_owned(),
            Self::OutTaken { .. } => "name another place by --out".to_owned(),
            Self::NotReproduced { .. } => {
                "`kyc-recon verify` says what was altered; if nothing was, this is a defect of kyc-recon: both reports are kept, so report it".to_owned()
            }
            Self::Incomplete { .. } => {
                "`latest` was not moved; who was asked in vain, and why, is in `users` and `attempts`; a new run, with another --run-id, asks again".to_owned()
            }
            Self::GateFailed { run, .. } => {
                format!("`latest` was not moved; look at the report, then accept it by `--baseline {run}` in the next run, or ask again with another --run-id")
            }
            Self::Unsent { source: BucketError::Taken { .. }, .. } => {
                "name another prefix by --publish, or ask under another --run-id".to_owned()
            }
            Self::Unsent { run, .. } => {
                format!("check the address and the keys in the environment, then run the same command with `--run-id {run}`: it sends what is missing, and asks nobody")
            }
            Self::Bucket(BucketError::Missing { .. }) => {
                "the last part of the address is a run id or `latest`; a run whose manifest is not there was not brought to its end".to_owned()
            }
            Self::Bucket(_) => {
                "check the address and the keys in the environment (AWS_…, GOOGLE_…, AZURE_…)".to_owned()
            }
            Self::Runtime(_) => "check the limits on threads and open files of this user".to_owned(),
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

fn by_hint(known: &str) -> String {
    if known.is_empty() {
        return "leave --by out: the roster has no column beside the user ids".to_owned();
    }
    format!("the roster has these columns beside the user ids: {known}")
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

fn halt_hint(run: &RunId, halt: Halt) -> String {
    let again =
        format!("run the same command with `--run-id {run}`; nobody settled is asked again");
    match halt {
        Halt::Interrupted(_) | Halt::Deadline | Halt::RequestsSpent => format!("to go on, {again}"),
        Halt::KeyRefused => format!("check the key (right environment? revoked?), then {again}"),
        Halt::EverybodyDenied => {
            format!("check that roster, key and base URL are of the same environment, then {again}")
        }
        Halt::KeepsThrottling => format!("later, or with a lower --rate, {again}"),
        Halt::FlowRefused => {
            format!("ask Capa to enable the KYC flow for this account, then {again}")
        }
        Halt::WrongAddress => {
            "check --base-url (staging: https://staging-api.capa.fi) and any proxy in between"
                .to_owned()
        }
        Halt::PartnerDown => format!("check the base URL and the partner's status; later {again}"),
        Halt::AskedToWait(wait) => {
            let when = crate::clock::now().checked_add(wait).map_or_else(
                |_| "later".to_owned(),
                |when| when.strftime("after %Y-%m-%d %H:%M:%S UTC").to_string(),
            );
            format!("{when}, {again}; or allow the wait by --max-wait")
        }
        Halt::JournalFailed => {
            format!("check space and permissions of the reports directory, then {again}")
        }
    }
}

fn settings_hint(error: &SettingsError) -> &'static str {
    match error {
        SettingsError::Unreadable { .. } | SettingsError::Invalid { .. } => {
            "correct the settings file; `kyc-recon run --help` names every setting"
        }
        SettingsError::NoBaseUrl => {
            "choose where to ask: --base-url https://staging-api.capa.fi (or production), or --sandbox to try"
        }
        SettingsError::BaseUrl(_) => door_hint(),
        SettingsError::NoKey => {
            "export KYC_RECON_API_KEY, or put the key into a file and name it by --api-key-file"
        }
        SettingsError::KeyFile { .. } | SettingsError::Key { .. } => {
            "the file or variable must hold the key alone, on one line"
        }
        SettingsError::Pem { .. } => "name a file with certificates in PEM",
        SettingsError::SandboxOnly => {
            "add --sandbox, or leave them out; our own limit towards a partner is --rate"
        }
        SettingsError::NoQuota => "leave `rate` out for 300/60s, or name one that never binds",
        SettingsError::Zero { .. } => "give more than nothing",
        SettingsError::ShardMissing { .. } => "say the --shard with which the run was started",
        SettingsError::ShardUnnamed | SettingsError::ShardName(_) => {
            "say the same --run-id to every shard, such as the night's date"
        }
        SettingsError::ShardIndex { .. } => {
            "number the shards yourself: --shard 1/4 to --shard 4/4"
        }
        SettingsError::Indivisible { .. } => {
            "run fewer shards, at most as many as the smallest quota has requests: of more, all might send at once"
        }
        SettingsError::NoParquet => "say --format parquet or --format parquet,csv",
        SettingsError::Books(_) => {
            "correct [books] in the settings file; `dictionary.md` of a report names the columns of `users`"
        }
        SettingsError::Gates(_) => {
            "correct [gates] in the settings file; 0.001 is one in a thousand"
        }
        SettingsError::Publish(_) | SettingsError::Address(_) => {
            "write s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or file:///directory"
        }
        SettingsError::Export(_) | SettingsError::ExportRows { .. } => {
            "correct the export in the settings file; `dictionary.md` of a report names the columns of `users`"
        }
        SettingsError::NoPseudonymKey { .. } => {
            "export KYC_RECON_PSEUDONYM_KEY, made once by `openssl rand -hex 32` and kept: another key makes other pseudonyms"
        }
        SettingsError::PseudonymKey { .. } => "make one by `openssl rand -hex 32`, and keep it",
        SettingsError::PingUrl(_) => {
            "give the address as the watch shows it, e.g. https://hc-ping.com/TOKEN, without /start"
        }
        SettingsError::PolicyFile { .. } | SettingsError::Policy(_) => {
            "correct the policy file; `kyc-recon schema --policy` prints a commented example"
        }
    }
}

fn unreadable_hint(error: &ReportError) -> &'static str {
    match error {
        ReportError::Version { .. } => "use the version of kyc-recon that published it",
        _ => "`kyc-recon verify` says what was altered",
    }
}

fn door_hint() -> &'static str {
    "give the partner's root, e.g. https://staging-api.capa.fi; plain http only to this machine"
}

fn roster_hint(error: &RosterError) -> &'static str {
    match error {
        RosterError::MissingColumn { .. } | RosterError::AmbiguousColumn { .. } => {
            "name the column with the user ids by --column"
        }
        RosterError::Utf16 { .. } | RosterError::HeaderNotUtf8 { .. } => "save the roster as UTF-8",
        RosterError::Delimiter => "say --delimiter ',' or ';' or tab",
        RosterError::Read { .. } => "check the file and its disk, then run again",
        RosterError::Empty { .. }
        | RosterError::NoHeader { .. }
        | RosterError::HeaderMissing { .. }
        | RosterError::HeaderBroken { .. } => {
            "the first line must name the columns, one of them `user_id`"
        }
    }
}
