//! What the pretend partner is asked to be.

use std::{fmt, str::FromStr, time::Duration};

use crate::model::quota::Quota;

/// The key that `run --sandbox` sends. Any other word would do: it opens nothing.
pub const SANDBOX_KEY: &str = "sandbox-key";

/// The seed of the people in `input/users.csv`.
pub const DEFAULT_SEED: u64 = 7;

/// What the pretend partner is asked to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How many ids `GET /users.csv` offers. Any other id is answered too.
    pub users: usize,
    /// Who the people are.
    pub seed: u64,
    /// How long every answer takes, at least.
    pub latency: Duration,
    /// The quota above which requests are refused with 429 and `Retry-After`.
    pub rate_limit: Option<Quota>,
    /// A quota that is only measured: what is above it is served, and counted as a violation.
    pub observe: Option<Quota>,
    pub faults: Faults,
    /// The one key that is accepted; without it, any key that is not empty.
    pub require_key: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            users: 500,
            seed: DEFAULT_SEED,
            latency: Duration::ZERO,
            rate_limit: None,
            observe: None,
            faults: Faults::None,
            require_key: None,
        }
    }
}

/// How badly the pretend partner behaves. Faults pass: no user meets more than two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Faults {
    #[default]
    None,
    /// About 3 % of first attempts fail in the ways of an ordinary bad day.
    Some,
    /// About a quarter of attempts fail, also in ways that are rare.
    Hell,
}

/// Why a text does not name a level of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("faults are `none`, `some` or `hell`")]
pub struct NotALevelOfFaults;

impl Faults {
    pub const ALL: [Self; 3] = [Self::None, Self::Some, Self::Hell];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Some => "some",
            Self::Hell => "hell",
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Faults {
    type Err = NotALevelOfFaults;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(NotALevelOfFaults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_faults_reads_as_it_shows() {
        for level in Faults::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        assert_eq!("purgatory".parse::<Faults>(), Err(NotALevelOfFaults));
    }
}
