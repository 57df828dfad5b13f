//! What a derivation obeys beside the evidence and the policy: noted in the certificate, so that it can be repeated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{baseline::BaselineFacts, csv::ByteOrderMark, discretion::Discretion};
use crate::model::media::Media;

/// What a derivation obeys beside the evidence and the policy. A setting that changes a published byte belongs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// Headers of the roster's columns other than the id's, in their order.
    pub roster_columns: Vec<String>,
    /// Whether the tables are published as CSV too.
    pub csv: bool,
    /// Whether every CSV file begins with a byte order mark.
    pub csv_bom: bool,
    /// What the tables show of media addresses.
    pub media: Media,
    /// Columns of the roster by which verdicts are counted, as they were asked for.
    pub by: Vec<String>,
    /// What page and mail say about single users.
    pub privacy: Discretion,
    /// The published run with which it is compared; null when there is none.
    pub baseline: Option<BaselineFacts>,
    /// The published runs from which answers were carried, the newest first. The answers are in the archive; this says
    /// which reports they were read from.
    pub carried_from: Vec<String>,
    /// The `[books]` of the settings, as TOML.
    pub books: String,
    /// The `[gates]` of the settings, as TOML.
    pub gates: String,
    /// The `[export.NAME]` of the settings, as TOML.
    pub exports: String,
    /// By which the key of the exports' pseudonyms is known again; the key itself is kept nowhere. Null without pseudonyms.
    pub pseudonym_key_check: Option<String>,
    /// Which part of the roster this is; null where it is the whole.
    pub shard: Option<ShardFacts>,
    /// The runs of the shards that were merged into this one, in their order.
    pub merged_from: Vec<MergedRun>,
}

/// What a run of one shard states of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardFacts {
    /// The name that all shards of the job share.
    pub job: String,
    /// Which shard this is, from 1.
    pub index: u16,
    /// How many there are.
    pub of: u16,
    /// The quotas of the whole job; the certificate's own `quotas` are this shard's parts of them.
    pub quotas: Vec<String>,
}

/// The run of a shard that was merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedRun {
    pub run_id: String,
    /// SHA-256 of its `manifest-sha256.txt`.
    pub manifest_sha256: String,
}

impl Derivation {
    /// What every CSV file begins with.
    #[must_use]
    pub fn mark(&self) -> ByteOrderMark {
        ByteOrderMark::if_asked(self.csv_bom)
    }
}
