//! How many requests a session may send, and for whom the last of them are kept.

use std::sync::atomic::{AtomicU64, Ordering};

/// The requests that are allowed.
pub struct Allowance {
    /// `None`: as many as it takes.
    most: Option<u64>,
    sent: AtomicU64,
    /// Users who are to be asked again. A request is kept for each: or newcomers would use up the number while they wait,
    /// and who needs a second attempt would get it in no night.
    retrying: AtomicU64,
}

/// Whether one more request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    Granted,
    /// What is left is kept for those who are to be asked again.
    Kept,
    Spent,
}

impl Allowance {
    #[must_use]
    pub fn of(most: Option<u64>) -> Self {
        Self { most, sent: AtomicU64::new(0), retrying: AtomicU64::new(0) }
    }

    /// Takes one of the requests, if there is one for this user.
    pub fn take(&self, is_retry: bool) -> Taken {
        let Some(most) = self.most else { return Taken::Granted };
        let kept = if is_retry { 0 } else { self.retrying.load(Ordering::Relaxed) };
        let one_more = |sent: u64| (sent + kept < most).then_some(sent + 1);
        match self.sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(_) => {
                self.retrying.fetch_sub(is_retry.into(), Ordering::Relaxed);
                Taken::Granted
            }
            Err(sent) if sent < most => Taken::Kept,
            Err(_) => Taken::Spent,
        }
    }

    /// Keeps a request for a user who is to be asked again, until that is done.
    pub fn keep_one(&self) {
        self.retrying.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether requests are left, and none of them for a newcomer.
    pub fn is_kept(&self) -> bool {
        let (sent, kept) =
            (self.sent.load(Ordering::Relaxed), self.retrying.load(Ordering::Relaxed));
        self.most.is_some_and(|most| sent < most && sent + kept >= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_request_is_kept_for_who_is_to_be_asked_again() {
        let allowance = Allowance::of(Some(2));
        assert_eq!(allowance.take(false), Taken::Granted);
        allowance.keep_one();
        assert!(allowance.is_kept());
        assert_eq!(allowance.take(false), Taken::Kept, "a newcomer");
        assert_eq!(allowance.take(true), Taken::Granted);
        assert!(!allowance.is_kept());
        assert_eq!([allowance.take(false), allowance.take(true)], [Taken::Spent, Taken::Spent]);
    }
}
