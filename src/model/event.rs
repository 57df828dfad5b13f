//! Events: what the work tells its observers. An event names counts and reasons, never a person.

use std::{sync::Arc, time::Duration};

use super::outcome::Outcome;

/// Something that happened, told after it was done (for outcomes: after their commit).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Asking begins: this many users in the roster, this many settled by earlier sessions of the same run.
    Opened { roster: u64, settled: u64 },
    /// A request leaves for the server.
    Sent,
    /// One exchange with the server is in the journal.
    Attempted { status: Option<u16>, retried: bool },
    /// One user's outcome is in the journal.
    Settled { outcome: Outcome },
    /// Everybody waits.
    Paused { why: Pause, wait: Duration },
    /// Asking ended: nobody is left, or something stopped it (the caller says what).
    Closed,
    /// A stage of the derivation begins.
    Deriving { step: &'static str },
}

/// Why everybody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// The partner asked for a wait or announced that its quota is used up, or said 429 and left the wait to us.
    Asked,
    /// Most recent attempts failed; one probe at a time goes out.
    Failing,
}

impl Pause {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "the partner is at its limit",
            Self::Failing => "the partner is failing; probing",
        }
    }
}

/// Who is told. An observer cannot fail the job: it returns nothing, and the journal is not one.
pub type Observer = Arc<dyn Fn(&Event) + Send + Sync>;
