//! `kyc-recon.toml`: the settings as they were written down.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Deserializer, de};

use super::error::SettingsError;
use crate::{
    cli::{
        Format, LogFormat, Privacy,
        run::{delimiter, final_decision},
    },
    kyc::decision::Decision,
    model::{
        deadline::Deadline, ids::RunId, media::Media, quota::Quota, secret::PingUrl,
        shard::ShardChoice,
    },
    reconcile::{books_file, gates::Gates},
    report::export::entry,
};

/// The settings file that is read when none is named.
const DEFAULT_FILE: &str = "kyc-recon.toml";

/// `kyc-recon.toml`: the flags of `run` by their names, with `_` for `-`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_field_names,
    clippy::struct_excessive_bools,
    reason = "the fields are the settings by their names, and some of them are there or not"
)]
pub(super) struct File {
    pub(super) roster: Option<PathBuf>,
    pub(super) base_url: Option<String>,
    pub(super) api_key_file: Option<PathBuf>,
    pub(super) column: Option<String>,
    #[serde(deserialize_with = "by_delimiter")]
    pub(super) delimiter: Option<u8>,
    pub(super) reports: Option<PathBuf>,
    pub(super) run_id: Option<RunIdText>,
    pub(super) baseline: Option<PathBuf>,
    pub(super) no_latest: bool,
    #[serde(deserialize_with = "shard")]
    pub(super) shard: Option<ShardChoice>,
    pub(super) publish: Option<String>,
    pub(super) policy: Option<PathBuf>,
    pub(super) format: Option<Vec<Format>>,
    pub(super) csv_bom: bool,
    pub(super) media: Option<Media>,
    pub(super) by: Option<Vec<String>>,
    pub(super) privacy: Option<Privacy>,
    #[serde(deserialize_with = "quotas")]
    pub(super) rate: Option<Vec<Quota>>,
    pub(super) max_in_flight: Option<usize>,
    pub(super) attempts: Option<u32>,
    #[serde(deserialize_with = "duration")]
    pub(super) timeout: Option<Duration>,
    #[serde(deserialize_with = "duration")]
    pub(super) max_wait: Option<Duration>,
    pub(super) reserve: Option<u64>,
    #[serde(deserialize_with = "deadline")]
    pub(super) deadline: Option<Deadline>,
    pub(super) max_requests: Option<u64>,
    #[serde(deserialize_with = "duration")]
    pub(super) grace: Option<Duration>,
    pub(super) reread: Option<usize>,
    pub(super) reread_seed: Option<u64>,
    #[serde(deserialize_with = "duration")]
    pub(super) max_age: Option<Duration>,
    #[serde(deserialize_with = "decisions")]
    pub(super) final_decisions: Option<Vec<Decision>>,
    pub(super) max_body: Option<usize>,
    pub(super) ca_cert: Option<PathBuf>,
    pub(super) client_cert: Option<PathBuf>,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) log_format: Option<LogFormat>,
    pub(super) metrics_file: Option<PathBuf>,
    pub(super) ping_url: Option<PingUrl>,
    pub(super) books: BTreeMap<String, books_file::Entry>,
    pub(super) gates: Gates,
    pub(super) export: BTreeMap<String, entry::Entry>,
}

impl File {
    /// Reads the settings file: the one named, which must exist, or `kyc-recon.toml`, which need not.
    pub(super) fn read(named: Option<&Path>) -> Result<Self, SettingsError> {
        let path = Self::place(named);
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|source| SettingsError::Invalid {
                path: path.to_owned(),
                source: unquoted(&text, &source),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(source) => Err(SettingsError::Unreadable { path: path.to_owned(), source }),
        }
    }

    /// Where the settings file is.
    pub(super) fn place(named: Option<&Path>) -> &Path {
        named.unwrap_or(Path::new(DEFAULT_FILE))
    }

    /// One entry of the settings file, whatever else stands there; none where it cannot be found out. A pipe can be read
    /// once only, and to open it again could wait for ever.
    pub(super) fn entry<T: de::DeserializeOwned>(path: &Path, name: &str) -> Option<T> {
        let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
        let text = is_file.then(|| fs::read_to_string(path).ok())??;
        let mut written: toml::Table = toml::from_str(&text).ok()?;
        written.remove(name)?.try_into().ok()
    }
}

/// The error with the key alone of the line that it would quote: behind it a secret may stand.
fn unquoted(text: &str, error: &toml::de::Error) -> toml::de::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let above = before.matches('\n').count();
    let is_key = |key: &&str| key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let found = text.lines().nth(above).and_then(|line| line.split_once('='));
    let key = found.map(|(key, _)| key.trim()).filter(is_key);
    let of = key.map(|key| format!(", {key}")).unwrap_or_default();
    let line = above + 1;
    de::Error::custom(format!("line {line}{of}: {}", error.message()))
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct RunIdText(pub(super) RunId);

impl TryFrom<String> for RunIdText {
    type Error = crate::model::ids::NotARunId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        RunId::parse(&text).map(Self)
    }
}

fn by_delimiter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    delimiter(&text).map(Some).map_err(de::Error::custom)
}

fn quotas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Quota>>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let quotas: Result<_, _> = texts.iter().map(|text| text.parse()).collect();
    quotas.map(Some).map_err(de::Error::custom)
}

fn decisions<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Decision>>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let decisions: Result<_, _> = texts.iter().map(|text| final_decision(text)).collect();
    decisions.map(Some).map_err(de::Error::custom)
}

fn shard<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ShardChoice>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(de::Error::custom)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map(Some).map_err(de::Error::custom)
}

fn deadline<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Deadline>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(de::Error::custom)
}
