//! One user's attempts that failed, and when it is enough.

use super::{
    brake::Step,
    classify::{Retry, Ruling},
};
use crate::model::outcome::Outcome;

/// How many attempts an unreadable answer gets: it may have been cut, or it is what the server has to say.
const UNREADABLE_ATTEMPTS: u32 = 2;
/// After how many times the attempts allowed a user counts as exhausted even if the partner seems to be down. Without
/// such an end, a few users about whom the partner always fails would look like an outage night after night.
const PATIENCE: u32 = 3;

/// How often a user's attempts failed so far, by what it says of the user.
#[derive(Debug, Default)]
pub struct Failures {
    pub all: u32,
    unreadable: u32,
}

impl Failures {
    /// Counts a failed attempt, the user's `number`th in all sessions; gives the outcome when it was the last.
    ///
    /// What fails while the brake is on is the partner's failure, not the user's, and a refusal for too many requests is
    /// ours; neither is counted, but not without end. A refusal of the key or the address is never a word about the user,
    /// so who meets nothing else is exhausted, not denied.
    pub fn add(
        &mut self,
        ruling: Ruling,
        step: Step,
        number: u32,
        attempts: u32,
    ) -> Option<Outcome> {
        let worn_out = number >= attempts.saturating_mul(PATIENCE);
        let about_the_user = matches!(step, Step::GoOn | Step::Recovered)
            && ruling != Ruling::Retry(Retry::Throttled);
        if !about_the_user && !worn_out {
            return None;
        }
        self.all += 1;
        if ruling == Ruling::Retry(Retry::Unreadable) {
            self.unreadable += 1;
        }
        let spent = worn_out || self.all >= attempts;
        match ruling {
            Ruling::Retry(Retry::Unreadable) => {
                (spent || self.unreadable >= UNREADABLE_ATTEMPTS).then_some(Outcome::Unreadable)
            }
            _ => spent.then_some(Outcome::Exhausted),
        }
    }
}
