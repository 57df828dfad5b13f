//! The run that was compared with, as certificate and summary state it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The published run with which another one was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineFacts {
    /// Name of that run.
    pub run_id: String,
    /// When it started: UTC, RFC 3339.
    pub started_at: String,
    /// SHA-256 of its manifest, and so of every byte of it.
    pub manifest_sha256: String,
}
