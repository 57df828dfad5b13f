//! The pace: how many requests a second a server lets through that refuses those above it, learned from its refusals.
//!
//! A server that refuses by a quota refuses all that arrive until its window ends. So what it answered from one wave of
//! refusals to the next is about what it allows, and from then on requests leave evenly at that pace. The pace rises,
//! slowly at first, until the server refuses again. A refusal among many answers is about something else, and teaches
//! nothing here. Quotas that are known are kept by the windows; this is for those nobody told us about.

use std::time::Duration;

use tokio::time::Instant;

/// Fewer refusals than these in one wave prove no quota.
const FEWEST: u32 = 3;
/// As many answers may have mingled with one refusal by a quota.
const MINGLED: u32 = 3;
/// What a refusal leaves of the pace.
const BACK_OFF: f64 = 0.95;
/// After this many times the wait that a refusal costs, the pace is where a refusal took it from: one wait in a dozen is
/// what looking for a higher pace may cost.
const PATIENCE: f64 = 12.0;
/// The same before the first refusal at a learned pace, which is learned from one climb and too low.
const IMPATIENCE: f64 = 4.0;
/// What falls below this share of the pace first learned was no quota, or is another by now: it is learned anew.
const FORGOTTEN: f64 = 0.5;
/// As much may leave at once as comes due in this time: clocks wake that late.
const LATE: Duration = Duration::from_millis(10);

/// What the refusals have taught.
#[derive(Debug)]
pub struct Pace {
    learned: Option<Learned>,
    /// When the gate was opened last, and how many requests were answered since.
    opened: Instant,
    answered: u32,
    wave: Option<Wave>,
    /// When the next request is due.
    due: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Learned {
    first: f64,
    per_second: f64,
    since: Instant,
    /// In what time it rises by what a refusal takes away.
    patience: Duration,
}

/// Refusals of requests that were out together.
#[derive(Debug)]
struct Wave {
    /// When the first of those left that were refused.
    left: Instant,
    heard: Instant,
    refused: u32,
    /// How many that left later were answered all the same.
    answered: u32,
}

impl Pace {
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self { learned: None, opened: now, answered: 0, wave: None, due: now }
    }

    /// Takes in that a request was answered.
    pub fn answered(&mut self, left: Instant) {
        self.answered += u32::from(left >= self.opened);
        if let Some(wave) = self.wave.as_mut().filter(|wave| wave.left <= left) {
            wave.answered += 1;
        }
    }

    /// Takes in that a request was refused for too many requests.
    pub fn refused(&mut self, left: Instant, now: Instant) {
        if left < self.opened {
            // It was out in the wave before, of which the lesson is learned.
            return;
        }
        let wave = Wave { left, heard: now, refused: 0, answered: 0 };
        let wave = self.wave.get_or_insert(wave);
        wave.left = wave.left.min(left);
        wave.refused += 1;
    }

    /// Takes in that everybody may pass again, after a wait.
    pub fn reopen(&mut self, now: Instant) {
        if let Some(wave) = self.wave.take() {
            let wait = now.duration_since(wave.heard);
            self.learned = match self.learned {
                Some(learned) => learned.lowered(now, wait),
                None if wave.is_by_a_quota() => self.lesson(now, wait),
                None => None,
            };
        }
        self.opened = now;
        self.answered = 0;
    }

    /// When the next request is due; none if it is by now, or if nothing was learned.
    #[must_use]
    pub fn not_before(&self, now: Instant) -> Option<Instant> {
        (self.learned.is_some() && self.due > now).then_some(self.due)
    }

    /// Takes in that a request leaves.
    pub fn enter(&mut self, now: Instant) {
        let Some(learned) = self.learned else { return };
        let earliest = now.checked_sub(LATE).unwrap_or(now);
        self.due = self.due.max(earliest) + Duration::from_secs_f64(1.0 / learned.by(now));
    }

    /// What was answered from opening to opening; nothing is learned if nothing was.
    fn lesson(&self, now: Instant, wait: Duration) -> Option<Learned> {
        let per_second = f64::from(self.answered) / now.duration_since(self.opened).as_secs_f64();
        (per_second.is_normal()).then(|| Learned {
            first: per_second,
            per_second,
            since: now,
            patience: wait.mul_f64(IMPATIENCE),
        })
    }
}

impl Wave {
    /// A quota that is used up refuses all that comes; what left together may come in another order.
    fn is_by_a_quota(&self) -> bool {
        self.refused >= FEWEST && self.refused >= self.answered / MINGLED
    }
}

impl Learned {
    /// Requests a second by now.
    fn by(&self, now: Instant) -> f64 {
        let age = now.duration_since(self.since).as_secs_f64();
        let patience = self.patience.max(LATE).as_secs_f64();
        self.per_second * (1.0 + (1.0 - BACK_OFF) * (age / patience).powi(2))
    }

    fn lowered(self, now: Instant, wait: Duration) -> Option<Self> {
        let per_second = self.by(now) * BACK_OFF;
        let patience = wait.mul_f64(PATIENCE);
        (per_second >= self.first * FORGOTTEN).then_some(Self {
            per_second,
            since: now,
            patience,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::{Cell, RefCell},
        collections::VecDeque,
    };

    use futures::StreamExt as _;

    use super::*;
    use crate::{clock, fetch::throttle::Throttle};

    const SECOND: Duration = Duration::from_secs(1);

    /// A server that answers so many requests in any window of a second, and refuses the others for a second.
    #[derive(Default)]
    struct Server {
        allows: Cell<usize>,
        answered: RefCell<VecDeque<Instant>>,
        refused: Cell<u32>,
    }

    impl Server {
        fn answers(&self) -> bool {
            let (now, mut answered) = (clock::instant(), self.answered.borrow_mut());
            answered.retain(|then| now.duration_since(*then) < SECOND);
            let answers = answered.len() < self.allows.get();
            if answers {
                answered.push_back(now);
            } else {
                self.refused.set(self.refused.get() + 1);
            }
            answers
        }

        /// Asks about so many users, again after each refusal; gives the users a second.
        async fn ask(&self, throttle: &Throttle, users: usize, out: usize, trip: Duration) -> f64 {
            let start = clock::instant();
            let ask = |_| async move {
                loop {
                    let leave = throttle.pass().await;
                    clock::sleep(trip / 2).await;
                    let answers = self.answers();
                    clock::sleep(trip / 2).await;
                    if answers {
                        return leave.answered();
                    }
                    leave.refused();
                    throttle.close_for(SECOND);
                    drop(leave);
                    clock::sleep(SECOND).await;
                }
            };
            futures::stream::iter(0..users).for_each_concurrent(out, ask).await;
            users as f64 / start.elapsed().as_secs_f64()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_refuses_above_its_limit_is_used_and_seldom_refuses() {
        for (out, trip_ms) in [(256, 2), (64, 80), (200, 200)] {
            let (server, throttle) = (Server::default(), Throttle::new(&[], &[]));
            server.allows.set(200);
            let trip = Duration::from_millis(trip_ms);
            let per_second = server.ask(&throttle, 20_000, out, trip).await;
            let refused = f64::from(server.refused.get()) / 20_000.0;
            assert!(per_second > 170.0, "{out} out, {trip_ms} ms: {per_second} a second");
            assert!(refused < 0.05, "{out} out, {trip_ms} ms: {refused} refusals a user");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_changes_is_learned_anew() {
        let (server, throttle) = (Server::default(), Throttle::new(&[], &[]));
        let trip = Duration::from_millis(10);
        server.allows.set(200);
        server.ask(&throttle, 4_000, 64, trip).await;
        server.allows.set(50);
        server.ask(&throttle, 4_000, 64, trip).await;
        let fewer = server.ask(&throttle, 4_000, 64, trip).await;
        assert!(fewer > 40.0, "{fewer}");
        server.allows.set(400);
        server.ask(&throttle, 30_000, 64, trip).await;
        let more = server.ask(&throttle, 8_000, 64, trip).await;
        assert!(more > 320.0, "{more}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_among_many_answers_teaches_nothing() {
        let mut pace = Pace::new(clock::instant());
        let left = clock::instant();
        for number in 0..100 {
            if number % 20 == 7 {
                pace.refused(left, left);
            } else {
                pace.answered(left);
            }
        }
        clock::sleep(SECOND).await;
        pace.reopen(clock::instant());
        assert!(pace.learned.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn where_nothing_is_learned_nobody_waits() {
        let mut pace = Pace::new(clock::instant());
        for _ in 0..1_000 {
            pace.enter(clock::instant());
            assert_eq!(pace.not_before(clock::instant()), None);
        }
    }
}
