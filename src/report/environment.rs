//! Whether a report speaks of real people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a report speaks of real people. Every page of a sandbox report says so, so that it cannot pass for a real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Environment {
    /// Invented people of the built-in partner.
    #[serde(rename = "SANDBOX")]
    Sandbox,
    /// People of the partner's.
    #[serde(rename = "live")]
    Live,
}

impl Environment {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "SANDBOX",
            Self::Live => "live",
        }
    }
}
