//! Who is told when a run starts and how it ended. Known also where the other settings cannot be obeyed: that is an end of a
//! night too.

use std::{fs, path::PathBuf};

use super::{file::File, secret};
use crate::{cli::run::RunArgs, model::secret::PingUrl};

/// Name of the address among systemd's credentials.
const CREDENTIAL: &str = "kyc-recon-ping-url";

/// Who is told.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Where the figures for Prometheus are written.
    pub metrics_file: Option<PathBuf>,
    /// Whom to call.
    pub ping_url: Option<PingUrl>,
}

impl Watch {
    /// As typed or exported, else as written in the settings file, else, for the address, as given by systemd.
    pub(super) fn merge(
        args: &RunArgs,
        metrics_file: Option<PathBuf>,
        ping_url: Option<PingUrl>,
    ) -> Self {
        let called = |url: &PingUrl| !url.expose().is_empty();
        Self {
            metrics_file: args.metrics_file.clone().or(metrics_file),
            ping_url: args.ping_url.clone().or(ping_url).filter(called).or_else(credential),
        }
    }

    /// Nobody is told.
    pub(super) fn nobody() -> Self {
        Self { metrics_file: None, ping_url: None }
    }

    /// The same where the settings cannot be obeyed, as far as it can be found out.
    #[must_use]
    pub fn salvage(args: &RunArgs) -> Self {
        let path = File::place(args.config.as_deref());
        if args.shard.is_some() || File::entry::<String>(path, "shard").is_some() {
            return Self::nobody();
        }
        Self::merge(args, File::entry(path, "metrics_file"), File::entry(path, "ping_url"))
    }
}

fn credential() -> Option<PingUrl> {
    secret::credential(CREDENTIAL).and_then(|path| fs::read_to_string(path).ok()).map(PingUrl::from)
}
