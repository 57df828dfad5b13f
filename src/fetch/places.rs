//! How many requests are out at the same time: as many as help, and no more.
//!
//! Additive increase, multiplicative decrease. While every place is taken and the answers come as fast as they ever
//! did, more places are made, doubling at first; a refusal or a fault takes a third of them away, once for all the
//! requests that were out together. Latency that has grown means a queue at the partner: then no place is added.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use crate::clock;

/// With how many places a session begins.
const FIRST: f64 = 16.0;
/// What a refusal or fault leaves of the places.
const BACK_OFF: f64 = 0.7;
/// Above this multiple of the fastest answer, requests are queueing at the partner.
const QUEUEING: f64 = 3.0;
/// Differences in latency below this are noise of the machine, not a queue.
const NOISE: Duration = Duration::from_millis(20);
/// Weight of the newest answer in the running mean of the latency.
const NEWEST: f64 = 0.1;

/// The places in flight.
#[derive(Debug)]
pub struct Places {
    most: f64,
    freed: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: f64,
    in_flight: usize,
    /// When somebody last found every place taken.
    full_at: Option<Instant>,
    /// Whether nothing has gone wrong yet: then every answer makes a place.
    first_climb: bool,
    /// Requests that left before this instant have had their say already.
    shrunk_at: Instant,
    fastest: Duration,
    mean: Duration,
}

/// A place, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Place<'a> {
    places: &'a Places,
    since: Instant,
}

/// What an attempt says about the number of requests in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressure {
    /// The partner answered.
    Well,
    /// The partner refused for too many requests, or did not cope.
    TooMuch,
}

impl Places {
    /// Places that grow up to `most`.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let most = most.max(1) as f64;
        let state = State {
            limit: FIRST.min(most),
            in_flight: 0,
            full_at: None,
            first_climb: true,
            shrunk_at: clock::instant(),
            fastest: Duration::MAX,
            mean: Duration::ZERO,
        };
        Self { most, freed: Notify::new(), state: Mutex::new(state) }
    }

    /// Waits for a place.
    pub async fn take(&self) -> Place<'_> {
        while !self.with_state(State::enter) {
            self.freed.notified().await;
        }
        // One who got in lets the next one look: several places may have come free by one notice.
        self.freed.notify_one();
        Place { places: self, since: clock::instant() }
    }

    /// How many requests are out.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.with_state(|state| state.in_flight)
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        // Each change of the state is complete in itself: a panic elsewhere cannot leave it half done.
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Place<'_> {
    /// Starts the clock by which the latency is measured: the request leaves now.
    pub fn leaves(&mut self) {
        self.since = clock::instant();
    }

    /// Learns from the attempt that had this place.
    pub fn learn(&self, pressure: Pressure) {
        let trip = self.since.elapsed();
        self.places.with_state(|state| match pressure {
            Pressure::Well => state.grow(self.since, trip, self.places.most),
            Pressure::TooMuch => state.shrink(self.since),
        });
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.places.with_state(|state| state.in_flight -= 1);
        self.places.freed.notify_one();
    }
}

impl State {
    fn enter(&mut self) -> bool {
        let room = (self.in_flight as f64) < self.limit.floor();
        self.in_flight += usize::from(room);
        if !room {
            self.full_at = Some(clock::instant());
        }
        room
    }

    /// More places help only if all were taken at some time while this request was out.
    fn grow(&mut self, left: Instant, trip: Duration, most: f64) {
        self.fastest = self.fastest.min(trip);
        let mean = if self.mean.is_zero() { trip } else { self.mean };
        self.mean = mean.mul_f64(1.0 - NEWEST) + trip.mul_f64(NEWEST);
        let wanted = self.full_at.is_some_and(|full_at| full_at >= left);
        let queueing = self.mean > self.fastest.mul_f64(QUEUEING).max(self.fastest + NOISE);
        if wanted && !queueing {
            let step = if self.first_climb { 1.0 } else { 1.0 / self.limit };
            self.limit = (self.limit + step).min(most);
        }
    }

    fn shrink(&mut self, left: Instant) {
        self.first_climb = false;
        if left >= self.shrunk_at {
            self.limit = (self.limit * BACK_OFF).max(1.0);
            self.shrunk_at = clock::instant();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::StreamExt as _;

    use super::*;

    /// Sends `count` requests through the places to a partner who copes with `copes` at a time; gives the most in flight.
    async fn send(places: &Places, count: usize, copes: usize, trip: Duration) -> usize {
        let peak = AtomicUsize::new(0);
        let request = |_| async {
            let mut place = places.take().await;
            place.leaves();
            let out = places.in_flight();
            peak.fetch_max(out, Ordering::Relaxed);
            clock::sleep(trip).await;
            place.learn(if out > copes { Pressure::TooMuch } else { Pressure::Well });
        };
        futures::stream::iter(0..count).for_each_concurrent(1_000, request).await;
        peak.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn places_grow_to_the_most_while_the_partner_copes() {
        let places = Places::new(100);
        let start = clock::instant();
        let peak = send(&places, 2_000, usize::MAX, Duration::from_millis(200)).await;
        assert_eq!(peak, 100);
        // 2,000 requests of 200 ms in 100 places take 4 s; the climb may cost another.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn places_settle_around_what_the_partner_copes_with() {
        let places = Places::new(500);
        send(&places, 5_000, 50, Duration::from_millis(50)).await;
        let limit = places.with_state(|state| state.limit);
        assert!((25.0..=60.0).contains(&limit), "{limit}");
    }

    #[test]
    fn one_trouble_shrinks_once_however_many_requests_met_it() {
        let places = Places::new(100);
        let left = clock::instant();
        places.with_state(|state| state.limit = 100.0);
        for _ in 0..50 {
            places.with_state(|state| state.shrink(left));
        }
        assert!((places.with_state(|state| state.limit) - 70.0).abs() < 0.1);
    }

    #[test]
    fn a_queue_at_the_partner_stops_the_growth() {
        let places = Places::new(100);
        let left = clock::instant();
        let limit_after = |trip_ms| {
            places.with_state(|state| {
                state.full_at = Some(left);
                state.grow(left, Duration::from_millis(trip_ms), 100.0);
                state.limit
            })
        };
        assert!(limit_after(10) < limit_after(10), "as fast as ever");
        let limits: Vec<_> = (0..50).map(|_| limit_after(200)).collect();
        assert!((limits[49] - limits[20]).abs() < f64::EPSILON, "{limits:?}");
    }
}
