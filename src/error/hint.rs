//! What to do now, for everything that can stop the job.

use super::Error;
use crate::{
    bucket::error::BucketError,
    clock,
    fetch::{halt::Halt, http::DoorError},
    journal::error::JournalError,
    model::ids::RunId,
    report::error::ReportError,
    roster::error::RosterError,
    settings::error::SettingsError,
};

impl Error {
    /// What to do now.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::OfCopy { error, .. } => error.hint(),
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
            Self::Journal(JournalError::Format { .. }) => {
                "another version of kyc-recon began this run: end it with that one, or begin another by a new --run-id".to_owned()
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

fn by_hint(known: &str) -> String {
    if known.is_empty() {
        return "leave --by out: the roster has no column beside the user ids".to_owned();
    }
    format!("the roster has these columns beside the user ids: {known}")
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
            let when = clock::now().checked_add(wait).map_or_else(
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
        SettingsError::ShardUnnamed
        | SettingsError::ShardOther { .. }
        | SettingsError::ShardName(_) => {
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
