//! Stopping the whole job: the first reason wins, and everybody who waits hears of it.

use std::time::Duration;

use tokio::sync::watch;

/// Why asking stops before everybody is settled. All of them leave the journal so that the same command goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// The operator (SIGINT) or the system (SIGTERM) asked for it.
    Interrupted(Signal),
    /// The partner refused the key several times in a row.
    KeyRefused,
    /// The partner says that our account may not use this flow (403 `INVALID_PARTNER_FLOW`).
    FlowRefused,
    /// What answers at the base URL is not the partner's API.
    WrongAddress,
    /// The partner denies everybody, and has answered about nobody.
    EverybodyDenied,
    /// The partner refuses for too many requests, wave after wave, and answers about nobody.
    KeepsThrottling,
    /// Attempts keep failing, also the probes.
    PartnerDown,
    /// The partner asked for a longer wait than we are ready to make.
    AskedToWait(Duration),
    /// The time allowed by `--deadline` is over.
    Deadline,
    /// The requests allowed by `--max-requests` are sent.
    RequestsSpent,
    /// The journal takes no more.
    JournalFailed,
}

/// A signal that ends the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
}

/// The one place where a reason to stop is put, and where everybody looks.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<Option<Halt>>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Stop {
    /// Stops the job for this reason, unless it is stopped already.
    pub fn pull(&self, halt: Halt) {
        self.0.send_if_modified(|reason| {
            let first = reason.is_none();
            reason.get_or_insert(halt);
            first
        });
    }

    /// The reason, if the job is stopped.
    #[must_use]
    pub fn reason(&self) -> Option<Halt> {
        *self.0.borrow()
    }

    /// Waits until the job is stopped.
    pub async fn pulled(&self) -> Halt {
        let mut receiver = self.0.subscribe();
        match receiver.wait_for(Option::is_some).await.map(|reason| *reason) {
            Ok(Some(halt)) => halt,
            // The sender lives in `self`, so it cannot be gone while this future is polled.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_reason_wins() {
        let stop = Stop::default();
        assert_eq!(stop.reason(), None);
        stop.pull(Halt::KeyRefused);
        stop.pull(Halt::PartnerDown);
        assert_eq!(stop.pulled().await, Halt::KeyRefused);
    }
}
