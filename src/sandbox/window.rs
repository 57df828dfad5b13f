//! A sliding window over moments: how many there were in the last second, minute or day, exactly.

use std::{collections::VecDeque, num::NonZeroU32, time::Duration};

use tokio::time::Instant;

use crate::sandbox::rate_headers::Standing;

/// Counts moments in the window that ends now. Two moments exactly one window apart are not in the same one.
#[derive(Debug)]
pub struct Window {
    pub length: Duration,
    pub limit: Option<NonZeroU32>,
    /// The most that any window held.
    pub most: usize,
    /// How many moments found the window already full.
    pub violations: u64,
    moments: VecDeque<Instant>,
}

/// How many moments are kept at least, whatever the limit: eight megabytes of a flood.
const KEPT: usize = 1 << 19;

impl Window {
    #[must_use]
    pub const fn new(length: Duration, limit: Option<NonZeroU32>) -> Self {
        Self { length, limit, most: 0, violations: 0, moments: VecDeque::new() }
    }

    /// Counts a moment. Moments must not go backwards.
    pub fn record(&mut self, now: Instant) {
        self.forget(now);
        self.moments.push_back(now);
        self.most = self.most.max(self.moments.len());
        let limit = self.limit();
        if limit.is_some_and(|limit| self.moments.len() > limit) {
            self.violations += 1;
        }
        // A count beyond limit and bound alike says no more than "too many".
        if self.moments.len() > limit.unwrap_or_default().max(KEPT) {
            self.moments.pop_front();
        }
    }

    /// How long until there is room for one more under the limit; none if there is room now.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        self.forget(now);
        let over = self.moments.len().checked_sub(self.limit()?)?;
        let leaving = self.moments.get(over)?;
        Some((*leaving + self.length).saturating_duration_since(now))
    }

    /// How the limit stands: what is left of it, and when the oldest moment leaves and makes room for one more.
    pub fn standing(&mut self, now: Instant) -> Option<Standing> {
        self.forget(now);
        let limit = self.limit?.get();
        let used = u32::try_from(self.moments.len()).unwrap_or(u32::MAX);
        let leaving = self.moments.front().map(|first| *first + self.length);
        let reset = leaving.map_or(Duration::ZERO, |moment| moment.saturating_duration_since(now));
        Some(Standing { limit, window: self.length, remaining: limit.saturating_sub(used), reset })
    }

    fn limit(&self) -> Option<usize> {
        self.limit.map(|limit| limit.get() as usize)
    }

    fn forget(&mut self, now: Instant) {
        while self.moments.front().is_some_and(|&first| now - first >= self.length) {
            self.moments.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn window(limit: u32) -> Window {
        Window::new(SECOND, NonZeroU32::new(limit))
    }

    #[test]
    fn the_most_in_any_window_is_found_at_whatever_phase() {
        let (start, mut window) = (Instant::now(), window(3));
        for ms in [0, 900, 950, 1_000, 1_050, 1_899, 1_900] {
            window.record(start + Duration::from_millis(ms));
        }
        // 900, 950, 1000, 1050 and 1899; at 1900 the first of them has just left.
        assert_eq!((window.most, window.violations), (5, 3));
    }

    #[test]
    fn a_full_window_tells_when_there_is_room() {
        let (start, mut window) = (Instant::now(), window(2));
        assert_eq!(window.wait(start), None);
        window.record(start);
        window.record(start + SECOND / 4);
        assert_eq!(window.wait(start + SECOND / 2), Some(SECOND / 2));
        assert_eq!(window.wait(start + SECOND), None);
    }

    #[test]
    fn the_standing_is_what_is_left_and_when_there_is_more() {
        let (start, mut window) = (Instant::now(), window(3));
        window.record(start);
        window.record(start + SECOND / 4);
        let standing = window.standing(start + SECOND / 2);
        let expected = Standing { limit: 3, window: SECOND, remaining: 1, reset: SECOND / 2 };
        assert_eq!(standing, Some(expected));
        assert_eq!(window.standing(start + SECOND * 5).map(|standing| standing.remaining), Some(3));
    }
}
