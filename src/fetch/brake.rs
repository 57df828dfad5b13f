//! The brake: from the run of recent rulings, whether the job should go on, probe, or stop.
//!
//! Pure bookkeeping; `settle` acts on what it says.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    classify::{NOT_OURS, Refusal, Retry, Ruled, Ruling},
    halt::Halt,
};
use crate::{clock, model::outcome::Outcome};

/// How many refusals or faults in a row stop the job before anybody was answered; a handful.
const HANDFUL: u32 = 5;
/// How many refusals in a row stop it once the partner has answered: a key can be revoked in the middle of a run.
const REFUSALS_AFTER_ANSWERS: u32 = 10;
/// How many users in a row may be denied before anybody was answered about.
const DENIALS: u32 = 20;
/// How many waves of refusals for too many requests may follow one another without an answer in between. With the
/// waits between them that takes minutes.
const WAVES: u32 = 10;
/// Over how many of the last attempts failures are counted.
const RECENT: u32 = 50;
/// The fewest attempts to judge by.
const ENOUGH: u32 = 20;
/// The share of the recent attempts that, failed, says that the partner is down; in percent.
const DOWN_PERCENT: u32 = 80;
/// How many retries the run may make beyond what its successes earn. An outage costs no more than these.
const BUDGET: f64 = 100.0;
/// What a success earns: a partner who fails a third of the requests can be asked for ever, one who fails more not.
const EARNED: f64 = 0.5;
/// The waits before each probe. When all probes have failed, the job stops.
const PROBES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    GoOn,
    /// Let nobody pass for this long, then one at a time.
    ProbeAfter(Duration),
    /// A probe came through: let everybody pass.
    Recovered,
    /// The partner is failing and probes are under way; this attempt says nothing new.
    StillFailing,
    Stop(Halt),
}

/// What the attempts so far say about the job.
#[derive(Debug)]
pub struct Brake {
    handful: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answered: bool,
    refused_in_a_row: u32,
    denied_in_a_row: u32,
    /// Waves of refusals for too many requests since the last answer, and when the last one was met.
    waves: u32,
    wave_met: Option<Instant>,
    failed_in_a_row: u32,
    /// The last attempts, the newest lowest; a one is a failure.
    recent: u64,
    seen: u32,
    /// Retries spent beyond those earned.
    overdrawn: f64,
    /// Probes that failed since probing began; `None`: not probing.
    probes_failed: Option<usize>,
}

impl Brake {
    /// A brake for users who get this many attempts each: the last user's last attempt must be able to pull it.
    #[must_use]
    pub fn new(attempts: u32) -> Self {
        Self { handful: attempts.clamp(1, HANDFUL), state: Mutex::default() }
    }

    /// Takes into account what an attempt meant that left at `left`; `probe` says whether it was let through as a probe.
    pub fn note(&self, ruled: Ruled, left: Instant, probe: bool) -> Step {
        self.with_state(|state| match ruled.ruling {
            Ruling::Settled(Outcome::Denied) if ruled.reason != NOT_OURS => state.denied(),
            Ruling::Settled(_) => state.well(true),
            Ruling::Retry(Retry::Throttled) => state.throttled(left),
            Ruling::Retry(retry) => state.failed(retry, probe, self.handful),
            Ruling::Refused(refusal) => state.refused(refusal),
        })
    }

    /// Waves of refusals for too many requests since the last answer.
    #[must_use]
    pub fn waves(&self) -> u32 {
        self.with_state(|state| state.waves)
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        // Each change of the state is complete in itself: a panic elsewhere cannot leave it half done.
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    /// The partner's API is there; `answered` when it spoke about a user, which proves the key too.
    fn well(&mut self, answered: bool) -> Step {
        self.answered |= answered;
        if answered {
            (self.refused_in_a_row, self.denied_in_a_row, self.waves) = (0, 0, 0);
            self.overdrawn = (self.overdrawn - EARNED).max(0.0);
        }
        self.count(false);
        match self.probes_failed.take() {
            Some(_) => Step::Recovered,
            None => Step::GoOn,
        }
    }

    /// A word about a user, but one that a wrong key, account or address would bring about everybody.
    fn denied(&mut self) -> Step {
        self.denied_in_a_row += 1;
        if !self.answered && self.denied_in_a_row >= DENIALS {
            return Step::Stop(Halt::EverybodyDenied);
        }
        self.well(false)
    }

    /// Requests that were out together meet the same wave, so only one that left after the last wave is a new one.
    fn throttled(&mut self, left: Instant) -> Step {
        if self.wave_met.is_none_or(|met| met <= left) {
            self.waves += 1;
            self.wave_met = Some(clock::instant());
        }
        if self.waves >= WAVES { Step::Stop(Halt::KeepsThrottling) } else { self.well(false) }
    }

    fn failed(&mut self, retry: Retry, probe: bool, handful: u32) -> Step {
        self.count(true);
        self.overdrawn = (self.overdrawn + 1.0).min(BUDGET);
        if let Some(failed) = self.probes_failed {
            return if probe { self.probe_failed(failed + 1) } else { Step::StillFailing };
        }
        let never_up =
            !self.answered && retry == Retry::Transient && self.failed_in_a_row >= handful;
        let down = never_up || self.mostly_failing() || self.overdrawn >= BUDGET;
        if down { self.probe_failed(0) } else { Step::GoOn }
    }

    fn probe_failed(&mut self, failed: usize) -> Step {
        self.probes_failed = Some(failed);
        match PROBES.get(failed) {
            Some(wait) => Step::ProbeAfter(*wait),
            None => Step::Stop(Halt::PartnerDown),
        }
    }

    fn refused(&mut self, refusal: Refusal) -> Step {
        self.refused_in_a_row += 1;
        let enough = if self.answered { REFUSALS_AFTER_ANSWERS } else { HANDFUL };
        match refusal {
            Refusal::Flow => Step::Stop(Halt::FlowRefused),
            _ if self.refused_in_a_row < enough => Step::GoOn,
            Refusal::Key => Step::Stop(Halt::KeyRefused),
            Refusal::Address => Step::Stop(Halt::WrongAddress),
        }
    }

    fn count(&mut self, failed: bool) {
        self.failed_in_a_row = if failed { self.failed_in_a_row + 1 } else { 0 };
        self.recent = (self.recent << 1 | u64::from(failed)) & ((1 << RECENT) - 1);
        self.seen = (self.seen + 1).min(RECENT);
    }

    fn mostly_failing(&self) -> bool {
        self.seen >= ENOUGH && self.recent.count_ones() * 100 >= DOWN_PERCENT * self.seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERED: Ruling = Ruling::Settled(Outcome::Answered);
    const FAULT: Ruling = Ruling::Retry(Retry::Transient);
    const BAD_KEY: Ruling = Ruling::Refused(Refusal::Key);

    fn note(brake: &Brake, ruling: Ruling, probe: bool) -> Step {
        brake.note(Ruled::new(ruling, ""), clock::instant(), probe)
    }

    fn steps(brake: &Brake, ruling: Ruling, count: usize) -> Vec<Step> {
        (0..count).map(|_| note(brake, ruling, false)).collect()
    }

    #[test]
    fn one_refusal_stops_nobody_and_a_handful_stops_the_job() {
        let brake = Brake::new(5);
        assert_eq!(steps(&brake, BAD_KEY, 4), [Step::GoOn; 4]);
        assert_eq!(note(&brake, BAD_KEY, false), Step::Stop(Halt::KeyRefused));
    }

    #[test]
    fn refusals_between_answers_stop_nobody() {
        let brake = Brake::new(5);
        for _ in 0..100 {
            assert_eq!(note(&brake, BAD_KEY, false), Step::GoOn);
            assert_eq!(note(&brake, ANSWERED, false), Step::GoOn);
        }
    }

    #[test]
    fn a_key_that_dies_in_the_middle_stops_the_job() {
        let brake = Brake::new(5);
        note(&brake, ANSWERED, false);
        assert_eq!(steps(&brake, BAD_KEY, 9), [Step::GoOn; 9]);
        assert_eq!(note(&brake, BAD_KEY, false), Step::Stop(Halt::KeyRefused));
    }

    #[test]
    fn a_partner_who_denies_everybody_is_not_asked_about_a_million() {
        let brake = Brake::new(5);
        let denied = Ruling::Settled(Outcome::Denied);
        assert_eq!(steps(&brake, denied, 19), [Step::GoOn; 19]);
        assert_eq!(note(&brake, denied, false), Step::Stop(Halt::EverybodyDenied));
        let brake = Brake::new(5);
        note(&brake, ANSWERED, false);
        assert_eq!(steps(&brake, denied, 100), [Step::GoOn; 100], "a key that answers is right");
    }

    #[test]
    fn users_of_another_partner_prove_the_key() {
        let brake = Brake::new(5);
        let not_ours = Ruled::new(Ruling::Settled(Outcome::Denied), NOT_OURS);
        for _ in 0..100 {
            assert_eq!(brake.note(not_ours, clock::instant(), false), Step::GoOn);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waves_of_refusals_without_an_answer_stop_the_job() {
        let brake = Brake::new(5);
        let throttled = Ruling::Retry(Retry::Throttled);
        for wave in 1..WAVES {
            let left = clock::instant();
            clock::sleep(Duration::from_secs(1)).await;
            for _ in 0..50 {
                let ruled = Ruled::new(throttled, "");
                assert_eq!(brake.note(ruled, left, false), Step::GoOn);
            }
            assert_eq!(brake.waves(), wave, "requests out together are one wave");
        }
        clock::sleep(Duration::from_secs(1)).await;
        assert_eq!(note(&brake, throttled, false), Step::Stop(Halt::KeepsThrottling));
    }

    #[test]
    fn a_refused_flow_stops_the_job_at_once() {
        let flow = Ruling::Refused(Refusal::Flow);
        assert_eq!(note(&Brake::new(5), flow, false), Step::Stop(Halt::FlowRefused));
    }

    #[test]
    fn a_partner_that_was_never_up_is_probed_and_then_given_up() {
        let brake = Brake::new(5);
        assert_eq!(steps(&brake, FAULT, 4), [Step::GoOn; 4]);
        assert_eq!(note(&brake, FAULT, false), Step::ProbeAfter(PROBES[0]));
        assert_eq!(note(&brake, FAULT, false), Step::StillFailing, "sent before the brake was on");
        for wait in &PROBES[1..] {
            assert_eq!(note(&brake, FAULT, true), Step::ProbeAfter(*wait));
        }
        assert_eq!(note(&brake, FAULT, true), Step::Stop(Halt::PartnerDown));
    }

    #[test]
    fn a_probe_that_comes_through_lets_everybody_go_on() {
        let brake = Brake::new(1);
        assert_eq!(note(&brake, FAULT, false), Step::ProbeAfter(PROBES[0]));
        assert_eq!(note(&brake, ANSWERED, true), Step::Recovered);
        assert_eq!(note(&brake, FAULT, false), Step::GoOn);
    }

    #[test]
    fn retries_beyond_the_budget_are_made_one_at_a_time() {
        let brake = Brake::new(5);
        let half_fails =
            (0..1_000).map(|n| note(&brake, if n % 2 == 0 { ANSWERED } else { FAULT }, true));
        let noticed = half_fails.take_while(|step| matches!(step, Step::GoOn)).count();
        assert!((300..500).contains(&noticed), "{noticed}");
        assert_eq!(
            note(&brake, ANSWERED, true),
            Step::Recovered,
            "and a success lets everybody go on"
        );
    }

    #[test]
    fn a_quarter_of_failures_is_survived_and_an_outage_is_noticed() {
        let brake = Brake::new(5);
        for round in 0..200 {
            let ruling = if round % 4 == 3 { FAULT } else { ANSWERED };
            assert_eq!(note(&brake, ruling, false), Step::GoOn);
        }
        let until_noticed =
            steps(&brake, FAULT, 50).iter().take_while(|s| **s == Step::GoOn).count();
        assert!((20..45).contains(&until_noticed), "{until_noticed}");
    }
}
