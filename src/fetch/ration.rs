//! The ration: how much of the quotas a server announces is left to us.
//!
//! A server counts a request when it arrives, and says so in the answer. So of what remained when an answer was given,
//! everything still in flight may be gone by now: a request may leave only while more remains than is in flight and
//! in reserve. Answers may overtake one another; of those given while others were under way, the strictest holds.

use std::time::Duration;

use tokio::time::Instant;

use super::announced::Announced;

/// How long a quota is taken for used up at least: when its reset is not announced, and because a reset in whole
/// seconds may have been rounded down.
const SHORTEST: Duration = Duration::from_secs(1);

/// What the server's last words leave us.
#[derive(Debug, Default)]
pub struct Ration {
    reserve: u64,
    words: Vec<Word>,
}

/// One announcement, from when it was heard until its quota is reset.
#[derive(Debug)]
struct Word {
    remaining: u64,
    heard: Instant,
    until: Instant,
}

impl Ration {
    /// A ration that leaves `reserve` requests of every announced quota to others.
    #[must_use]
    pub fn with_reserve(reserve: u64) -> Self {
        Self { reserve, words: Vec::new() }
    }

    /// Takes in what the answer announces, at `now`, to a request that left at `left`; nothing, if there was none. Says
    /// how long nobody may pass, if no more than the reserve is left.
    pub fn heed(
        &mut self,
        announced: &[Announced],
        left: Instant,
        now: Instant,
    ) -> Option<Duration> {
        if announced.is_empty() {
            self.count_unannounced(now);
            return None;
        }
        let reserve = self.reserve;
        // What was heard before this request left is out of date, but a wait that was asked for is never shortened.
        self.words.retain(|word| word.heard >= left || word.remaining <= reserve);
        for quota in announced {
            self.add(quota, now);
        }
        let spent = announced.iter().filter(|quota| quota.remaining <= reserve);
        spent.map(hold).max()
    }

    /// A request that ended without a word, by a fault perhaps, may have been counted after all the words we have, and
    /// after those that are still on their way to us.
    fn count_unannounced(&mut self, now: Instant) {
        for word in &mut self.words {
            word.remaining = word.remaining.saturating_sub(1);
            word.heard = now;
        }
    }

    /// Until when nobody may pass, unless a request in flight ends before; `None` when one may pass now.
    pub fn barred_until(&mut self, in_flight: usize, now: Instant) -> Option<Instant> {
        self.words.retain(|word| word.until > now);
        let taken = u64::try_from(in_flight).unwrap_or(u64::MAX).saturating_add(self.reserve);
        let barring = self.words.iter().filter(|word| word.remaining <= taken);
        barring.map(|word| word.until).max()
    }

    /// Adds a word, and drops those that it makes needless.
    fn add(&mut self, quota: &Announced, now: Instant) {
        let new = Word { remaining: quota.remaining, heard: now, until: now + hold(quota) };
        self.words.retain(|word| word.remaining < new.remaining || word.until > new.until);
        self.words.push(new);
    }
}

/// How long what is announced of a quota holds.
fn hold(quota: &Announced) -> Duration {
    quota.resets_in.unwrap_or_default().max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use futures::StreamExt as _;
    use proptest::prelude::*;

    use super::*;
    use crate::{clock, fetch::throttle::Throttle};

    const SECOND: Duration = Duration::from_secs(1);

    fn left(remaining: u64, seconds: impl Into<Option<u64>>) -> Announced {
        let resets_in = seconds.into().map(Duration::from_secs);
        Announced { remaining, limit: None, resets_in }
    }

    #[test]
    fn a_quota_used_up_bars_until_its_reset() {
        let now = clock::instant();
        let mut ration = Ration::default();
        assert_eq!(ration.heed(&[left(1, 30)], now, now), None);
        assert_eq!(ration.barred_until(0, now), None);
        assert_eq!(ration.heed(&[left(0, 30)], now, now), Some(SECOND * 30));
        assert_eq!(ration.barred_until(0, now), Some(now + SECOND * 30));
        assert_eq!(ration.barred_until(0, now + SECOND * 30), None);
    }

    #[test]
    fn a_reset_that_is_not_announced_or_due_at_once_is_a_second_away() {
        let now = clock::instant();
        for seconds in [None, Some(0)] {
            assert_eq!(Ration::default().heed(&[left(0, seconds)], now, now), Some(SECOND));
        }
    }

    #[test]
    fn the_reserve_and_what_is_in_flight_are_not_ours() {
        let now = clock::instant();
        let mut ration = Ration::with_reserve(10);
        assert_eq!(ration.heed(&[left(13, 30)], now, now), None);
        assert_eq!(ration.barred_until(2, now), None);
        assert_eq!(ration.barred_until(3, now), Some(now + SECOND * 30));
        assert_eq!(ration.heed(&[left(10, 30)], now, now), Some(SECOND * 30));
    }

    #[test]
    fn the_strictest_quota_of_several_bars() {
        let now = clock::instant();
        let mut ration = Ration::with_reserve(5);
        let wait = ration.heed(&[left(5, 1), left(900, 900), left(2, 60)], now, now);
        assert_eq!(wait, Some(SECOND * 60));
        assert_eq!(ration.barred_until(0, now + SECOND * 2), Some(now + SECOND * 60));
        assert_eq!(ration.barred_until(0, now + SECOND * 60), None);
    }

    #[test]
    fn an_answer_that_was_overtaken_lifts_nothing_and_a_later_one_does() {
        let start = clock::instant();
        let at = |seconds| start + SECOND * seconds;
        let mut ration = Ration::default();
        ration.heed(&[left(2, 60)], at(0), at(2));
        ration.heed(&[left(9, 60)], at(1), at(3));
        assert!(
            ration.barred_until(2, at(3)).is_some(),
            "asked before the stricter word was heard"
        );
        ration.heed(&[left(9, 60)], at(3), at(4));
        assert_eq!(ration.barred_until(2, at(4)), None);
    }

    #[test]
    fn a_request_that_ended_without_a_word_counts_as_one() {
        let start = clock::instant();
        let at = |seconds| start + SECOND * seconds;
        let mut ration = Ration::default();
        ration.heed(&[left(3, 60)], at(0), at(1));
        ration.heed(&[], at(1), at(3));
        assert_eq!(ration.barred_until(1, at(3)), None);
        assert!(ration.barred_until(2, at(3)).is_some());
        ration.heed(&[left(3, 60)], at(2), at(4));
        assert!(ration.barred_until(2, at(4)).is_some(), "may have been given before");
    }

    #[test]
    fn a_wait_is_never_shortened() {
        let start = clock::instant();
        let mut ration = Ration::default();
        ration.heed(&[left(0, 60)], start, start);
        let later = start + SECOND * 5;
        ration.heed(&[left(0, 10)], later, later);
        ration.heed(&[left(100, 10)], later, later);
        ration.heed(&[], later, later);
        assert_eq!(ration.barred_until(0, later), Some(start + SECOND * 60));
    }

    /// A server with a quota in fixed windows, which announces on every answer what is left of it.
    struct AnnouncingServer {
        start: Instant,
        quota: u64,
        window: Duration,
        /// The requests that arrived in each window so far.
        counts: Mutex<Vec<u64>>,
    }

    impl AnnouncingServer {
        fn new(quota: u64, window: Duration) -> Self {
            Self { start: clock::instant(), quota, window, counts: Mutex::default() }
        }

        fn answer(&self) -> Announced {
            let age = self.start.elapsed().as_millis() / self.window.as_millis();
            let number = usize::try_from(age).unwrap_or_default();
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let windows = counts.len().max(number + 1);
            counts.resize(windows, 0);
            counts[number] += 1;
            let remaining = self.quota.saturating_sub(counts[number]);
            let end = self.window * u32::try_from(number + 1).unwrap_or(u32::MAX);
            let resets_in = (self.start + end).duration_since(clock::instant());
            // In whole seconds, as servers do.
            let resets_in =
                Duration::from_secs(resets_in.as_secs() + u64::from(resets_in.subsec_nanos() > 0));
            Announced { remaining, limit: Some(self.quota), resets_in: Some(resets_in) }
        }

        /// Sends `count` requests, each with a way there and a way back of its own.
        async fn receive(
            &self,
            throttle: &Throttle,
            trips: &[(u64, u64)],
            in_flight: usize,
        ) -> Vec<u64> {
            let request = |(there, back): (u64, u64)| async move {
                let leave = throttle.pass().await;
                clock::sleep(Duration::from_millis(there)).await;
                let announced = self.answer();
                clock::sleep(Duration::from_millis(back)).await;
                let _wait = leave.heed(&[announced]);
            };
            let requests = futures::stream::iter(trips.iter().copied()).map(request);
            requests.buffer_unordered(in_flight).collect::<Vec<()>>().await;
            std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_healthy_answer_that_spends_the_quota_closes_the_gate_until_the_reset() {
        let throttle = Throttle::new(&[], &[]);
        let server = AnnouncingServer::new(5, SECOND * 60);
        let counts = server.receive(&throttle, &[(10, 10); 12], 1).await;
        assert_eq!(counts, [5, 5, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_in_flight_makes_room_as_it_ends_and_not_only_at_the_reset() {
        let throttle = Throttle::new(&[], &[]).with_reserve(2);
        let server = AnnouncingServer::new(10, SECOND * 60);
        let start = clock::instant();
        let counts = server.receive(&throttle, &[(100, 100); 8], 4).await;
        assert_eq!(counts, [8]);
        assert!(start.elapsed() < SECOND * 5, "{:?}", start.elapsed());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_reserve_is_never_touched_in_whatever_order_answers_come(
            trips in prop::collection::vec((0_u64..900, 0_u64..900), 1..300),
            in_flight in 1_usize..20,
            spare in 0_u64..30,
            reserve in 0_u64..10,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()?;
            let ours = u64::try_from(in_flight)? + spare;
            let counts = runtime.block_on(async {
                let throttle = Throttle::new(&[], &[]).with_reserve(reserve);
                let server = AnnouncingServer::new(ours + reserve, SECOND * 10);
                server.receive(&throttle, &trips, in_flight).await
            });
            prop_assert!(counts.iter().all(|count| *count <= ours), "{counts:?}");
            prop_assert_eq!(counts.iter().sum::<u64>(), u64::try_from(trips.len())?);
        }
    }
}
