//! One quota, kept exactly: never more than N requests in any window of its length, as the partner counts them.
//!
//! We know when a request left the gate and when its answer came, not when the partner saw it. So a place is held from
//! the gate until one window after the latest instant at which the request can have reached the partner, which is the
//! answer's arrival less the fastest trip seen. Stalls between us and the wire cost a little speed, never the
//! quota; at a steady latency nothing is lost.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use tokio::time::Instant;

use crate::model::quota::Quota;

/// Places are held this much longer than the window: against clocks that run apart, and against a fastest trip that is
/// not yet the fastest there can be.
const MARGIN: f64 = 0.01;
/// Of how many trips the fastest is believed to be fast. Before, a request may have arrived as late as its answer.
const ENOUGH: u32 = 32;

/// The places of one quota.
#[derive(Debug)]
pub struct Window {
    places: usize,
    hold: Duration,
    in_flight: usize,
    /// When places fall free that are held by requests already answered.
    held: BinaryHeap<Reverse<Instant>>,
}

/// How long a place is held.
pub(super) fn hold(quota: Quota) -> Duration {
    quota.per.mul_f64(1.0 + MARGIN)
}

/// Whether a request may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    Now,
    /// Not before this instant.
    From(Instant),
    /// Not before a request in flight has ended.
    AfterAnEnd,
}

impl Window {
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self {
            places: usize::try_from(quota.requests.get()).unwrap_or(usize::MAX),
            hold: hold(quota),
            in_flight: 0,
            held: BinaryHeap::new(),
        }
    }

    /// Whether there is a free place at `now`.
    pub fn room(&mut self, now: Instant) -> Room {
        while self.held.peek().is_some_and(|free| free.0 <= now) {
            self.held.pop();
        }
        match self.held.peek() {
            _ if self.in_flight + self.held.len() < self.places => Room::Now,
            Some(free) => Room::From(free.0),
            None => Room::AfterAnEnd,
        }
    }

    /// Takes a place for a request that leaves now.
    pub fn enter(&mut self) {
        self.in_flight += 1;
    }

    /// Gives the place of a request back, one window after it can have reached the partner.
    pub fn leave(&mut self, reached: Instant) {
        self.in_flight -= 1;
        self.remember(reached);
    }

    /// Holds a place for a request of an earlier session.
    pub fn remember(&mut self, reached: Instant) {
        self.held.push(Reverse(reached + self.hold));
    }
}

/// The fastest trip to the partner and back.
///
/// Of the whole session, not of late: while a queue anywhere delays every request alike, the fastest of late would hide
/// the queue, and what it holds reaches the partner in one bunch when it dissolves.
#[derive(Debug, Default)]
pub struct FastestTrip {
    fastest: Option<Duration>,
    seen: u32,
}

impl FastestTrip {
    /// Notes a trip, and says when at the latest its request can have reached the partner.
    pub fn reached(&mut self, left: Instant, ended: Instant) -> Instant {
        let trip = ended.duration_since(left);
        let fastest = self.fastest.map_or(trip, |known| known.min(trip));
        self.fastest = Some(fastest);
        self.seen = self.seen.saturating_add(1);
        if self.seen < ENOUGH { ended } else { left + trip.saturating_sub(fastest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_falls_free_one_window_after_the_request_can_have_arrived() {
        let start = crate::clock::instant();
        let at = |ms| start + Duration::from_millis(ms);
        let Ok(quota) = "2/1s".parse() else { unreachable!("a quota") };
        let mut window = Window::new(quota);
        for _ in 0..2 {
            assert_eq!(window.room(start), Room::Now);
            window.enter();
        }
        assert_eq!(window.room(at(5_000)), Room::AfterAnEnd);
        window.leave(at(300));
        assert_eq!(window.room(at(5_000)), Room::Now);
        window.enter();
        window.leave(at(4_900));
        assert_eq!(window.room(at(5_000)), Room::From(at(5_910)));
        assert_eq!(window.room(at(5_910)), Room::Now);
    }

    #[test]
    fn only_what_a_trip_took_beyond_the_fastest_counts_as_late() {
        let start = crate::clock::instant();
        let at = |ms| start + Duration::from_millis(ms);
        let mut trips = FastestTrip::default();
        for _ in 1..ENOUGH {
            assert_eq!(trips.reached(at(0), at(300)), at(300), "too few to know");
        }
        assert_eq!(trips.reached(at(0), at(200)), at(0));
        assert_eq!(trips.reached(at(10), at(260)), at(60));
        assert_eq!(trips.reached(at(20), at(220)), at(20));
        assert_eq!(trips.reached(at(30), at(130)), at(30), "a new fastest");
        assert_eq!(trips.reached(at(40), at(240)), at(140));
    }
}
