//! What a derivation obeys beside the evidence and the policy: noted in the certificate, so that it can be repeated.

use serde::{Deserialize, Serialize};

/// What a derivation obeys beside the evidence and the policy. A setting that changes a published byte belongs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// Headers of the roster's columns other than the id's, in their order.
    pub roster_columns: Vec<String>,
    /// Whether the tables are published as CSV too.
    pub csv: bool,
}
