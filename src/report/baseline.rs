//! The run that was compared with, as certificate and summary state it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::PolicyFacts;

/// The published run with which another one was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineFacts {
    /// Name of that run.
    pub run_id: String,
    /// When it started: UTC, RFC 3339.
    pub started_at: String,
    /// SHA-256 of its manifest, and so of every byte of it.
    pub manifest_sha256: String,
    /// The policy by which its users were judged.
    pub policy: PolicyFacts,
}

/// What is said where this is not the policy of the run that was compared with.
#[must_use]
pub fn judged_otherwise(then: &PolicyFacts) -> String {
    let PolicyFacts { name, version, .. } = then;
    format!("judged by another policy then ({name} {version}): verdict changes may be ours")
}
