//! What the pretend partner is asked to be.

use std::{fmt, ops::Range, str::FromStr, time::Duration};

use crate::{
    model::quota::Quota,
    sandbox::{day::Day, faults::Fault, rate_headers::RateDialect},
};

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
    /// The day on which they are asked about.
    pub day: Day,
    /// How long every answer takes, at least.
    pub latency: Duration,
    /// The quota above which requests are refused with 429 and `Retry-After`.
    pub rate_limit: Option<Quota>,
    /// A quota that is only measured: what is above it is served, and counted as a violation.
    pub observe: Option<Quota>,
    pub faults: Faults,
    /// The numbers (from 1, by arrival) of requests that meet 503 whoever they are about: the partner is down. For
    /// these alone the order of requests matters, and they are not among the two faults that a user meets at most.
    pub outage: Range<u64>,
    /// The headers in which answers tell how the quota stands, and all refusals with 429 ask for patience. Without it,
    /// answers tell nothing, the limit refuses with `Retry-After` in seconds, and each faulty 429 in a dialect by lot.
    pub announce: Option<RateDialect>,
    /// Where a redirect points, such as `http://127.0.0.1:8081`; without it, to a host that cannot exist.
    pub redirect_to: Option<String>,
    /// The one key that is accepted; without it, any key that is not empty.
    pub require_key: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            users: 500,
            seed: DEFAULT_SEED,
            day: Day::FIRST,
            latency: Duration::ZERO,
            rate_limit: None,
            observe: None,
            faults: Faults::None,
            outage: 0..0,
            announce: None,
            redirect_to: None,
            require_key: None,
        }
    }
}

/// How badly the pretend partner behaves. Faults pass: no user meets more than two of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Faults {
    #[default]
    None,
    /// About 3 % of first attempts fail in the ways of an ordinary bad day.
    Some,
    /// About a quarter of attempts fail, also in ways that are rare.
    Hell,
    /// Every user's first attempt meets one of these, by lot.
    Only(Vec<Fault>),
}

/// Why a text names neither a level of faults nor faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "faults are `none`, `some`, `hell`, or a list such as `hang,redirect` of {}",
    Fault::ALL.map(Fault::as_str).join(", ")
)]
pub struct NotALevelOfFaults;

impl Faults {
    pub const LEVELS: [(&str, Self); 3] =
        [("none", Self::None), ("some", Self::Some), ("hell", Self::Hell)];
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Some => f.write_str("some"),
            Self::Hell => f.write_str("hell"),
            Self::Only(faults) => {
                let words: Vec<&str> = faults.iter().map(|fault| fault.as_str()).collect();
                f.write_str(&words.join(","))
            }
        }
    }
}

impl FromStr for Faults {
    type Err = NotALevelOfFaults;

    /// Reads a level, or the words of single faults with commas between.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((_, level)) = Self::LEVELS.into_iter().find(|(word, _)| *word == text) {
            return Ok(level);
        }
        let faults: Result<_, _> = text.split(',').map(str::parse).collect();
        faults.map(Self::Only).map_err(|_| NotALevelOfFaults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_faults_reads_as_it_shows() {
        for (word, level) in Faults::LEVELS {
            assert_eq!(level.to_string(), word);
            assert_eq!(word.parse(), Ok(level));
        }
        assert_eq!("purgatory".parse::<Faults>(), Err(NotALevelOfFaults));
    }

    #[test]
    fn single_faults_are_named_with_commas_between() {
        let chosen = Faults::Only(vec![Fault::Hang, Fault::GzipBomb]);
        assert_eq!("hang, gzip-bomb".parse(), Ok(chosen.clone()));
        assert_eq!(chosen.to_string().parse(), Ok(chosen));
        for text in ["", "hang,", "hang,some"] {
            assert_eq!(text.parse::<Faults>(), Err(NotALevelOfFaults), "{text}");
        }
    }
}
