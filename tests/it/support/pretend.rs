//! The sandbox partner, in this process, so that a test can ask what it counted.

use std::io;

use kyc_recon::sandbox::{ledger::StatsSnapshot, options::Options, server::Sandbox};
use tokio::runtime::{Builder, Runtime};

use crate::support::job::until;

/// A running sandbox; stops when dropped.
pub(crate) struct Pretend {
    sandbox: Sandbox,
    // Dropped after the sandbox, whose tasks it runs.
    _runtime: Runtime,
}

impl Pretend {
    pub(crate) fn start(options: Options) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let sandbox = runtime.block_on(Sandbox::start(options))?;
        Ok(Self { sandbox, _runtime: runtime })
    }

    pub(crate) fn base_url(&self) -> String {
        self.sandbox.base_url()
    }

    pub(crate) fn stats(&self) -> StatsSnapshot {
        self.sandbox.stats()
    }

    /// What it counted, once nobody is being answered any more.
    pub(crate) fn settled_stats(&self) -> io::Result<StatsSnapshot> {
        until("nothing is in flight", || Ok(self.stats().in_flight == 0))?;
        Ok(self.stats())
    }
}
