//! What the server counted: requests at their arrival, answers at their departure, visits of each user.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::{
    model::quota::Quota,
    sandbox::{faults::Fault, options::Options, rate_headers::Standing, window::Window},
};

/// How many users are told apart; later ones are served, without faults and without counts of their own.
const USERS_TOLD_APART: usize = 1_000_000;

/// The counts so far.
#[derive(Debug)]
pub struct Ledger {
    stats: StatsSnapshot,
    arrivals: Window,
    admitted: Option<Window>,
    visits: HashMap<u64, Visits>,
    /// Until when each user was asked to stay away.
    waits: HashMap<u64, Instant>,
}

/// What was found when a request arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number, from 1.
    pub number: u64,
    /// How long until there is room again, where the limit in force refuses it.
    pub refused_for: Option<Duration>,
    /// How the quota stands with this request: the limit in force, else the one observed.
    pub standing: Option<Standing>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Visits {
    attempts: u8,
    answers: u8,
}

/// What the server counted, as `GET /stats` shows it.
///
/// The window is that of the quota observed, or of the limit in force, or one second.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsSnapshot {
    /// Requests for KYC details, counted at their arrival, whatever became of them.
    pub requests: u64,
    /// Answers sent, by HTTP status. A request that was left hanging has none.
    pub by_status: BTreeMap<u16, u64>,
    /// Faults dealt out on purpose, by kind; requests lost to an outage are among them.
    pub faults: BTreeMap<String, u64>,
    /// Requests refused for the limit in force.
    pub refused: u64,
    /// Most arrivals in any window of `window_ms`.
    pub max_in_window: usize,
    pub window_ms: u64,
    pub limit: Option<u32>,
    /// Arrivals that found the window already full.
    pub violations: u64,
    /// Users who were asked for again before the wait that a 429 about them asked for was over.
    #[serde(default)]
    pub waits_shortened: u64,
    pub in_flight: usize,
    pub in_flight_max: usize,
    /// Users somebody asked about with a key, up to a million.
    pub distinct_users: usize,
    /// Users who got their true answer: a document, 404, or a refusal that is about them; nothing unreadable is one.
    pub users_answered: usize,
    /// Users who got it more than once.
    pub users_answered_twice: usize,
    pub most_answers_to_one_user: u8,
}

impl Ledger {
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let window = |quota: Quota| Window::new(quota.per, Some(quota.requests));
        let second = || Window::new(Duration::from_secs(1), None);
        Self {
            stats: StatsSnapshot::default(),
            arrivals: options.observe.or(options.rate_limit).map_or_else(second, window),
            admitted: options.rate_limit.map(window),
            visits: HashMap::new(),
            waits: HashMap::new(),
        }
    }

    /// Counts an arrival.
    pub fn arrive(&mut self, now: Instant) -> Arrival {
        self.stats.requests += 1;
        self.stats.in_flight += 1;
        self.stats.in_flight_max = self.stats.in_flight_max.max(self.stats.in_flight);
        self.arrivals.record(now);
        let refused_for = self.admit(now);
        let standing = self.admitted.as_mut().unwrap_or(&mut self.arrivals).standing(now);
        Arrival { number: self.stats.requests, refused_for, standing }
    }

    fn admit(&mut self, now: Instant) -> Option<Duration> {
        let admitted = self.admitted.as_mut()?;
        let wait = admitted.wait(now);
        match wait {
            Some(_) => self.stats.refused += 1,
            None => admitted.record(now),
        }
        wait
    }

    /// Notes that whoever asks about this user was asked to stay away until then.
    pub fn ask_for_patience(&mut self, user: u64, until: Instant) {
        if self.waits.len() < USERS_TOLD_APART {
            self.waits.insert(user, until);
        }
    }

    /// Checks that whoever asks about this user again was patient.
    pub fn check_patience(&mut self, user: u64, now: Instant) {
        let early = self.waits.remove(&user).is_some_and(|until| now < until);
        self.stats.waits_shortened += u64::from(early);
    }

    /// Counts an attempt for a user, from 1.
    pub fn attempt(&mut self, user: u64) -> u8 {
        if self.visits.len() >= USERS_TOLD_APART && !self.visits.contains_key(&user) {
            return u8::MAX;
        }
        let visits = self.visits.entry(user).or_default();
        visits.attempts = visits.attempts.saturating_add(1);
        visits.attempts
    }

    pub fn fault(&mut self, fault: Fault) {
        self.misfortune(fault.as_str());
    }

    /// Counts a request lost to an outage.
    pub fn outage(&mut self) {
        self.misfortune("outage");
    }

    fn misfortune(&mut self, word: &str) {
        *self.stats.faults.entry(word.to_owned()).or_default() += 1;
    }

    /// Counts an answer that tells the user's truth.
    pub fn answered(&mut self, user: u64) {
        let Some(visits) = self.visits.get_mut(&user) else { return };
        visits.answers = visits.answers.saturating_add(1);
        self.stats.users_answered += usize::from(visits.answers == 1);
        self.stats.users_answered_twice += usize::from(visits.answers == 2);
        let most = &mut self.stats.most_answers_to_one_user;
        *most = visits.answers.max(*most);
    }

    /// Counts a departure, with the status that was sent.
    pub fn leave(&mut self, status: Option<u16>) {
        self.stats.in_flight -= 1;
        if let Some(status) = status {
            *self.stats.by_status.entry(status).or_default() += 1;
        }
    }

    #[must_use]
    pub fn snapshot(&self) -> StatsSnapshot {
        StatsSnapshot {
            max_in_window: self.arrivals.most,
            window_ms: u64::try_from(self.arrivals.length.as_millis()).unwrap_or(u64::MAX),
            limit: self.arrivals.limit.map(Into::into),
            violations: self.arrivals.violations,
            distinct_users: self.visits.len(),
            ..self.stats.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_before_the_wait_is_over_is_counted() {
        let (start, wait) = (Instant::now(), Duration::from_secs(1));
        let mut ledger = Ledger::new(&Options::default());
        for (user, back_after) in [(1, wait), (2, wait / 2), (3, wait * 2)] {
            ledger.ask_for_patience(user, start + wait);
            ledger.check_patience(user, start + back_after);
            ledger.check_patience(user, start + back_after);
        }
        ledger.check_patience(4, start);
        assert_eq!(ledger.snapshot().waits_shortened, 1);
    }
}
