//! What the pretend partner is told, built in or as a server.

use std::time::Duration;

use clap::Args;

use crate::{
    model::quota::Quota,
    sandbox::{day::Day, options::Faults, rate_headers::RateDialect},
};

/// Flags of `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,

    /// Answer only requests that carry this key [default: any key]
    #[arg(long, value_name = "KEY")]
    pub require_key: Option<String>,

    #[command(flatten)]
    pub behaviour: SandboxBehaviour,
}

/// How the pretend partner behaves, built in or as a server. Whatever is `None` was not typed.
#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "Sandbox")]
pub struct SandboxBehaviour {
    /// Seed of the sandbox's people: the same seed and id give the same answer [default: 7]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Day on which the sandbox is asked: from day to day some people change, by the seed [default: 1]
    #[arg(long, value_name = "N")]
    pub day: Option<Day>,

    /// How long the sandbox takes to answer
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration)]
    pub latency: Option<Duration>,

    /// Limit above which the sandbox answers 429
    #[arg(long, value_name = "N/DUR")]
    pub rate_limit: Option<Quota>,

    /// Quota that the sandbox only measures, in `violations` and `max_in_window` of its /stats
    #[arg(long, value_name = "N/DUR")]
    pub observe: Option<Quota>,

    /// Announce the quota in this dialect of the rate limit headers, e.g. ietf, legacy, x-epoch
    #[arg(long, value_name = "DIALECT")]
    pub announce: Option<RateDialect>,

    /// Faults of the sandbox: none, some, hell, or single ones (hang,redirect) at everybody's first attempt [default: none]
    #[arg(long, value_name = "LEVEL")]
    pub faults: Option<Faults>,
}
