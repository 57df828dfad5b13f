//! Whom we ask, with which key, and how many requests do no harm when nobody says.

use std::{fmt, num::NonZeroU32, path::Path, time::Duration};

use super::{
    error::SettingsError,
    file::File,
    secret::{self, Found},
};
use crate::{
    cli::{run::RunArgs, sandbox::SandboxBehaviour},
    fetch::http,
    model::{quota::Quota, secret::ApiKey},
    sandbox::{
        day::Day,
        options::{Options, SANDBOX_KEY},
    },
};

/// Environment variable that holds the key itself.
const KEY_VARIABLE: &str = "KYC_RECON_API_KEY";
/// Its name among systemd's credentials.
const CREDENTIAL: &str = "kyc-recon-api-key";
/// The quota of a run against the real partner, who publishes none (API notes A3): one that hurts nobody.
const CAREFUL: Quota =
    Quota { requests: NonZeroU32::new(300).unwrap(), per: Duration::from_mins(1) };

/// Whom we ask.
#[derive(Debug, Clone)]
pub enum Partner {
    /// The pretend partner, started by the run itself.
    Sandbox(Options),
    Live {
        base_url: http::Url,
        key: ApiKey,
    },
}

/// Where the partner answers: enough to plan, not to ask.
#[derive(Debug, Clone)]
pub enum Address {
    Sandbox(Options),
    Live(http::Url),
}

/// How the name of a pretend partner of our own begins.
const BUILT_IN: &str = "built-in sandbox";

impl Address {
    /// Whether this is the name of a pretend partner of our own, as a journal keeps it.
    #[must_use]
    pub fn names_the_sandbox(name: &str) -> bool {
        name.starts_with(BUILT_IN)
    }

    /// Whether two names are of one partner, who knows the same people: of the pretend one also on another day.
    #[must_use]
    pub fn are_of_one_partner(one: &str, other: &str) -> bool {
        family(one) == family(other)
    }
}

/// The name of a partner without the day on which the pretend one is asked.
fn family(name: &str) -> &str {
    if !Address::names_the_sandbox(name) {
        return name;
    }
    name.split_once(", day ").map_or(name, |(family, _)| family)
}

impl Partner {
    /// Who answers at the address, with the key for it.
    pub(super) fn at(address: Address, key_file: Option<&Path>) -> Result<Self, SettingsError> {
        Ok(match address {
            Address::Sandbox(options) => Self::Sandbox(options),
            Address::Live(base_url) => Self::Live { base_url, key: key(key_file)? },
        })
    }

    fn address(&self) -> Address {
        match self {
            Self::Sandbox(options) => Address::Sandbox(options.clone()),
            Self::Live { base_url, .. } => Address::Live(base_url.clone()),
        }
    }
}

impl fmt::Display for Partner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address().fmt(f)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox(Options { seed, day: Day::FIRST, .. }) => {
                write!(f, "{BUILT_IN}, seed {seed}")
            }
            Self::Sandbox(Options { seed, day, .. }) => {
                write!(f, "{BUILT_IN}, seed {seed}, day {}", day.number())
            }
            Self::Live(base_url) => write!(f, "{base_url}"),
        }
    }
}

/// Where the partner answers, if anybody said.
pub(super) fn address(args: &RunArgs, file: &File) -> Result<Option<Address>, SettingsError> {
    if args.sandbox {
        return Ok(Some(Address::Sandbox(Options {
            require_key: Some(SANDBOX_KEY.to_owned()),
            ..sandbox(&args.partner)
        })));
    }
    let base_url = args.base_url.as_ref().or(file.base_url.as_ref());
    Ok(base_url.map(|text| http::base_url(text)).transpose()?.map(Address::Live))
}

/// The quota when none is named: none for people who are invented.
pub(super) fn careful(partner: Option<&Address>) -> Vec<Quota> {
    match partner {
        Some(Address::Sandbox(_)) => Vec::new(),
        Some(Address::Live(_)) | None => vec![CAREFUL],
    }
}

/// How the pretend partner behaves, from its flags.
#[must_use]
pub fn sandbox(behaviour: &SandboxBehaviour) -> Options {
    let usual = Options::default();
    Options {
        seed: behaviour.seed.unwrap_or(usual.seed),
        day: behaviour.day.unwrap_or(usual.day),
        latency: behaviour.latency.unwrap_or(usual.latency),
        rate_limit: behaviour.rate_limit,
        observe: behaviour.observe,
        announce: behaviour.announce,
        faults: behaviour.faults.clone().unwrap_or(usual.faults),
        ..usual
    }
}

/// Finds the key: in the file named, in the environment, or among systemd's credentials, in this order.
fn key(file: Option<&Path>) -> Result<ApiKey, SettingsError> {
    let found = match file {
        Some(path) => secret::read(path)?,
        None => secret::find(KEY_VARIABLE, CREDENTIAL)?.ok_or(SettingsError::NoKey)?,
    };
    let Found { origin, text } = found;
    ApiKey::parse(&text).map_err(|source| SettingsError::Key { origin, source })
}
