//! Why settings cannot be obeyed.

use std::{io, num::NonZeroU16, path::PathBuf};

use crate::{
    assess::error::{ConditionFlaw, PolicyError},
    bucket::address::NotAnAddress,
    fetch::{http::DoorError, ping::Unheard},
    model::{
        ids::NotARunId,
        secret::{NotAKey, TooShort},
        shard::Shard,
    },
    reconcile::{books::BooksFlaw, gates::GateFlaw},
    report::export::flaw::ExportFlaw,
};

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
    #[error("the key file {} cannot be read", path.display())]
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
    #[error("--run-id names the run of shard {named}, and --shard says {shard}")]
    ShardOther { named: Shard, shard: Shard },
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
