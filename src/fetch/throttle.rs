//! The gate in front of the wire: quotas, waits the partner asked for, and probes while it is failing.
//!
//! Everybody passes here before every attempt, retries included, one after the other. Two things keep a quota: its
//! [`Window`] guarantees the count, and governor's cells spread the requests so that a fresh quota is not spent in one
//! burst. Governor serves as a calculator only; the waiting is done by `clock`, so that tests run in virtual time.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota as Cells, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use tokio::{
    sync::{Notify, OwnedMutexGuard},
    time::Instant,
};

use super::{
    announced::Announced,
    pace::Pace,
    ration::Ration,
    window::{FastestTrip, Room, Window},
};
use crate::{clock, model::quota::Quota};

type Spreader = RateLimiter<NotKeyed, InMemoryState, VirtualClock, NoOpMiddleware<Nanos>>;

/// The share of a quota that may leave at once after idling: one in this many. Requests that leave together queue on their
/// way, and a place is held for as long as its request may have queued: a burst costs part of every later window.
const BURST_SHARE: u32 = 50;
/// The least that may leave at once, where the quota is not less: if it were one, the time by which clocks wake late would
/// be lost each time.
const SMALLEST_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// Quotas over longer windows are not spread: whoever may ask 10,000 times a day wants the thousand of tonight now.
const LONGEST_SPREAD: Duration = Duration::from_mins(1);

/// The gate.
#[derive(Debug)]
pub struct Throttle {
    spreaders: Vec<Spreader>,
    clock: VirtualClock,
    /// Whoever holds it is the next to pass. Held through a whole attempt while probing.
    turn: Arc<tokio::sync::Mutex<()>>,
    ended: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    windows: Vec<Window>,
    fastest: FastestTrip,
    ration: Ration,
    pace: Pace,
    in_flight: usize,
    closed_until: Option<Instant>,
    probing: bool,
}

/// Leave for one attempt; drop it when the attempt has ended. While probing, nobody else passes meanwhile.
#[derive(Debug)]
#[must_use]
pub struct Leave<'a> {
    throttle: &'a Throttle,
    left: Instant,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Throttle {
    /// A gate that lets at most each quota's requests through in any window of its length.
    ///
    /// `past` are the ages of requests of earlier sessions, which count too.
    #[must_use]
    pub fn new(quotas: &[Quota], past: &[Duration]) -> Self {
        let now = clock::instant();
        let clock = VirtualClock(now);
        let spreader = |quota: &Quota| RateLimiter::direct_with_clock(cells(*quota), clock.clone());
        let mut windows: Vec<_> = quotas.iter().copied().map(Window::new).collect();
        for reached in past.iter().filter_map(|age| now.checked_sub(*age)) {
            for window in &mut windows {
                window.remember(reached);
            }
        }
        Self {
            spreaders: quotas.iter().map(spreader).collect(),
            clock,
            turn: Arc::default(),
            ended: Notify::new(),
            state: Mutex::new(State::new(windows, now)),
        }
    }

    /// Leaves this many requests of every quota that the server announces to others.
    #[must_use]
    pub fn with_reserve(self, reserve: u64) -> Self {
        self.with_state(|state| state.ration = Ration::with_reserve(reserve));
        self
    }

    /// Waits until an attempt may start.
    pub async fn pass(&self) -> Leave<'_> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        for spreader in &self.spreaders {
            while let Err(not_yet) = spreader.check() {
                clock::sleep(not_yet.wait_time_from(self.clock.now())).await;
            }
        }
        loop {
            match self.with_state(State::enter) {
                Room::Now => break,
                // An end may make room earlier, where what is in flight counts as used up.
                Room::From(instant) => tokio::select! {
                    () = clock::sleep_until(instant) => {}
                    () = self.ended.notified() => {}
                },
                Room::AfterAnEnd => self.ended.notified().await,
            }
        }
        let probing = self.with_state(|state| state.probing);
        Leave { throttle: self, left: clock::instant(), turn: probing.then_some(turn) }
    }

    /// Lets nobody pass for this long; never shortens a wait already asked for.
    pub fn close_for(&self, wait: Duration) {
        let until = clock::instant() + wait;
        self.with_state(|state| state.closed_until = state.closed_until.max(Some(until)));
    }

    /// Lets one attempt at a time pass, or everybody again.
    pub fn probe(&self, probing: bool) {
        self.with_state(|state| state.probing = probing);
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        // Each change of the state is complete in itself: a panic elsewhere cannot leave it half done.
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn new(windows: Vec<Window>, now: Instant) -> Self {
        Self {
            windows,
            fastest: FastestTrip::default(),
            ration: Ration::default(),
            pace: Pace::new(now),
            in_flight: 0,
            closed_until: None,
            probing: false,
        }
    }

    /// Takes a place in every window if the gate is open and all have room; else says what to wait for.
    fn enter(&mut self) -> Room {
        let now = clock::instant();
        if let Some(until) = self.closed_until {
            if until > now {
                return Room::From(until);
            }
            self.closed_until = None;
            self.pace.reopen(now);
        }
        if let Some(until) = self.ration.barred_until(self.in_flight, now) {
            return Room::From(until);
        }
        if self.in_flight > 0 && self.ration.awaits_a_word() {
            return Room::AfterAnEnd;
        }
        if let Some(due) = self.pace.not_before(now) {
            return Room::From(due);
        }
        let full = self.windows.iter_mut().map(|window| window.room(now)).find(|r| *r != Room::Now);
        if full.is_none() {
            self.in_flight += 1;
            self.pace.enter(now);
            self.windows.iter_mut().for_each(Window::enter);
        }
        full.unwrap_or(Room::Now)
    }
}

impl Leave<'_> {
    /// Whether this attempt is a probe: the only one out while the partner is failing.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.turn.is_some()
    }

    /// Takes in that the partner answered.
    pub fn answered(&self) {
        self.throttle.with_state(|state| state.pace.answered(self.left));
    }

    /// Takes in that the partner refused for too many requests.
    pub fn refused(&self) {
        self.throttle.with_state(|state| state.pace.refused(self.left, clock::instant()));
    }

    /// Takes in what the answer announces of the server's quotas; nothing, if there was no answer. Says how long nobody
    /// passes now, if no more than the reserve is left; the gate is closed already.
    #[must_use]
    pub fn heed(&self, announced: &[Announced]) -> Option<Duration> {
        let now = clock::instant();
        self.throttle.with_state(|state| state.ration.heed(announced, self.left, now))
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let left = self.left;
        self.throttle.with_state(|state| {
            let reached = state.fastest.reached(left, clock::instant());
            state.in_flight -= 1;
            state.windows.iter_mut().for_each(|window| window.leave(reached));
        });
        self.throttle.ended.notify_one();
    }
}

/// Governor's cells: the quota's rate, and a small part of it at once.
fn cells(quota: Quota) -> Cells {
    let period = quota.per / quota.requests.get();
    // The period is zero only for more than a request per nanosecond, which needs no spreading.
    Cells::with_period(period)
        .unwrap_or_else(|| Cells::per_second(NonZeroU32::MAX))
        .allow_burst(burst(quota))
}

/// How many requests may leave at once after idling.
pub(super) fn burst(quota: Quota) -> NonZeroU32 {
    if quota.per > LONGEST_SPREAD {
        return quota.requests;
    }
    let share = NonZeroU32::new(quota.requests.get() / BURST_SHARE);
    share.map_or(SMALLEST_BURST, |share| share.max(SMALLEST_BURST)).min(quota.requests)
}

/// Tokio's clock as governor wants it, counted from when the gate was made.
#[derive(Debug, Clone)]
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(clock::instant().duration_since(self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// When each of `count` attempts passed, each taking `trip`, up to `in_flight` at once.
    async fn passages(
        throttle: &Throttle,
        count: usize,
        in_flight: usize,
        trip: Duration,
    ) -> Vec<Duration> {
        use futures::StreamExt as _;
        let start = clock::instant();
        let attempt = |_| async move {
            let leave = throttle.pass().await;
            let passed = clock::instant().duration_since(start);
            clock::sleep(trip).await;
            drop(leave);
            passed
        };
        let mut passed: Vec<_> = futures::stream::iter(0..count)
            .map(attempt)
            .buffer_unordered(in_flight)
            .collect()
            .await;
        passed.sort();
        passed
    }

    fn most_in_a_window(passed: &[Duration], per: Duration) -> usize {
        let within = |(i, first): (usize, &Duration)| {
            passed[i..].iter().take_while(|next| **next < *first + per).count()
        };
        passed.iter().enumerate().map(within).max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_holds_more_than_the_quota_and_little_is_wasted()
    -> Result<(), Box<dyn std::error::Error>> {
        for (text, count) in [("1/10s", 20), ("7/1s", 100), ("300/60s", 1_500), ("5000/1s", 20_000)]
        {
            let quota: Quota = text.parse()?;
            let trip = Duration::from_millis(20);
            let passed = passages(&Throttle::new(&[quota], &[]), count, 500, trip).await;
            let allowed = usize::try_from(quota.requests.get())?;
            assert!(most_in_a_window(&passed, quota.per) <= allowed, "{text}");
            let ideal =
                quota.per.as_secs_f64() * (count - 1) as f64 / f64::from(quota.requests.get());
            let took = passed.last().map_or(0.0, Duration::as_secs_f64);
            assert!(took <= ideal / 0.97, "{text}: {took} s instead of {ideal} s");
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// However long each request is under way, and however its way divides, the partner never counts too many.
        #[test]
        fn no_window_at_the_partner_holds_more_than_the_quota(
            requests in 1_u32..60,
            per_ms in 500_u64..3_000,
            in_flight in 1_usize..50,
            ways_ms in prop::collection::vec((delay(40), delay(200)), 150..250),
        ) {
            let quota: Quota = format!("{requests}/{per_ms}ms").parse()?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()?;
            let arrivals = runtime.block_on(arrivals(quota, in_flight, &ways_ms));
            let most = most_in_a_window(&arrivals, quota.per);
            prop_assert!(most <= usize::try_from(requests)?, "{most} of {requests}");
        }
    }

    /// None for most, anything up to `most` milliseconds for the others, as on a network.
    fn delay(most: u64) -> impl Strategy<Value = u64> {
        prop_oneof![2 => Just(0), 1 => 0..most]
    }

    /// When each request reached the partner: a way there, and a stay whose first part all have in common.
    async fn arrivals(quota: Quota, in_flight: usize, ways_ms: &[(u64, u64)]) -> Vec<Duration> {
        use futures::StreamExt as _;
        let throttle = Throttle::new(&[quota], &[]);
        let start = clock::instant();
        let request = |(there, back): &(u64, u64)| {
            let (there, back) = (Duration::from_millis(*there), Duration::from_millis(*back));
            let throttle = &throttle;
            async move {
                let leave = throttle.pass().await;
                clock::sleep(there).await;
                let arrived = clock::instant().duration_since(start);
                clock::sleep(Duration::from_millis(100) + back).await;
                drop(leave);
                arrived
            }
        };
        let mut arrivals: Vec<_> =
            futures::stream::iter(ways_ms).map(request).buffer_unordered(in_flight).collect().await;
        arrivals.sort();
        arrivals
    }

    #[test]
    fn a_burst_is_a_small_part_of_a_quota_and_rarely_one() -> Result<(), Box<dyn std::error::Error>>
    {
        for (text, expected) in [
            ("1/10s", 1),
            ("2/1s", 2),
            ("99/1s", 2),
            ("300/60s", 6),
            ("5000/1s", 100),
            ("700/1day", 700),
        ] {
            assert_eq!(burst(text.parse()?).get(), expected, "{text}");
        }
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn requests_of_an_earlier_session_count() -> Result<(), Box<dyn std::error::Error>> {
        let past = [SECOND * 10; 3];
        let passed = passages(&Throttle::new(&["4/60s".parse()?], &past), 2, 2, SECOND).await;
        assert_eq!(passed[0], Duration::ZERO);
        assert!(passed[1] >= SECOND * 50, "{passed:?}");
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_stops_everybody_and_is_never_shortened() {
        let throttle = Throttle::new(&[], &[]);
        throttle.close_for(SECOND * 12);
        throttle.close_for(SECOND);
        let passed = passages(&throttle, 3, 3, SECOND).await;
        assert!(passed.iter().all(|passed| *passed >= SECOND * 12), "{passed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn while_probing_one_attempt_at_a_time_is_out() {
        let throttle = Throttle::new(&[], &[]);
        throttle.probe(true);
        let passed = passages(&throttle, 3, 3, SECOND).await;
        assert!(passed[1] >= SECOND && passed[2] >= SECOND * 2, "{passed:?}");
    }
}
