//! How long a number of requests takes under the quotas, and how many fit into a time. Arithmetic; nothing is sent.
//!
//! It says what the gate would allow: that the partner answers fast enough and asks for no wait is assumed, so a
//! forecast is the earliest end, not a promise.

use std::{collections::VecDeque, time::Duration};

use super::{throttle, window};
use crate::model::quota::Quota;

/// What the quotas allow from now on.
#[derive(Debug, Clone)]
pub struct Forecast {
    quotas: Vec<Quota>,
    /// Ages of the requests of earlier sessions, the oldest first; they count too.
    past: Vec<Duration>,
}

impl Forecast {
    #[must_use]
    pub fn new(quotas: &[Quota], mut past: Vec<Duration>) -> Self {
        past.sort_by(|one, other| other.cmp(one));
        Self { quotas: quotas.to_vec(), past }
    }

    /// The quotas, each with the time it takes for so many requests by itself.
    #[must_use]
    pub fn each(&self, requests: u64) -> Vec<(Quota, Duration)> {
        let alone = |quota: &Quota| (*quota, last(self.departures(&[*quota]), requests));
        self.quotas.iter().map(alone).collect()
    }

    /// When the last of so many requests may leave: every quota must allow it.
    #[must_use]
    pub fn time_for(&self, requests: u64) -> Duration {
        last(self.departures(&self.quotas), requests)
    }

    /// How many of `wanted` requests may leave within this time.
    #[must_use]
    pub fn within(&self, time: Duration, wanted: u64) -> u64 {
        let departures = self.departures(&self.quotas).zip(0..wanted);
        departures.take_while(|(at, _)| *at <= time).fold(0, |count, _| count + 1)
    }

    /// When one request after the other may leave, from now.
    fn departures(&self, quotas: &[Quota]) -> impl Iterator<Item = Duration> + use<> {
        let mut gates: Vec<_> = quotas.iter().map(|quota| Gate::new(*quota, &self.past)).collect();
        let mut now = Duration::ZERO;
        std::iter::from_fn(move || {
            // As at the gate: first a cell of each quota, one after the other, then a place in all windows.
            now = gates.iter_mut().fold(now, |now, gate| gate.take_cell(now));
            now = gates.iter().map(Gate::place_free).fold(now, Duration::max);
            for gate in &mut gates {
                gate.take_place(now);
            }
            Some(now)
        })
    }
}

fn last(mut departures: impl Iterator<Item = Duration>, requests: u64) -> Duration {
    let before = requests.checked_sub(1).and_then(|before| usize::try_from(before).ok());
    before.and_then(|before| departures.nth(before)).unwrap_or_default()
}

/// One quota as the gate keeps it: its cells spread the requests, its window counts them. Times are from now.
struct Gate {
    places: usize,
    hold: Duration,
    period: Duration,
    /// How far the cells let requests run ahead of their period.
    ahead: Duration,
    /// When the next request would leave if all were spread evenly.
    even: Duration,
    /// When the places fall free that are taken, in order. At most as many as the quota has requests.
    taken: VecDeque<Duration>,
}

impl Gate {
    fn new(quota: Quota, past: &[Duration]) -> Self {
        let hold = window::hold(quota);
        let period = quota.per / quota.requests.get();
        let taken = past.iter().filter_map(|age| hold.checked_sub(*age));
        Self {
            places: usize::try_from(quota.requests.get()).unwrap_or(usize::MAX),
            hold,
            period,
            ahead: period * (throttle::burst(quota).get() - 1),
            even: Duration::ZERO,
            taken: taken.collect(),
        }
    }

    /// Takes the next cell; gives when it is there.
    fn take_cell(&mut self, now: Duration) -> Duration {
        let there = now.max(self.even.saturating_sub(self.ahead));
        self.even = self.even.max(there).saturating_add(self.period);
        there
    }

    /// When the next place is free.
    fn place_free(&self) -> Duration {
        // More can be taken than there are places, when the quota is smaller than that of an earlier session.
        let must_go = self.taken.len().checked_sub(self.places);
        must_go.and_then(|at| self.taken.get(at)).copied().unwrap_or_default()
    }

    fn take_place(&mut self, now: Duration) {
        while self.taken.front().is_some_and(|free| *free <= now) {
            self.taken.pop_front();
        }
        self.taken.push_back(now.saturating_add(self.hold));
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::{clock, fetch::throttle::Throttle};

    fn quotas(texts: &[&str]) -> Result<Vec<Quota>, crate::model::quota::NotAQuota> {
        texts.iter().map(|text| text.parse()).collect()
    }

    /// Seconds until the last of so many requests left the real gate, in virtual time.
    async fn at_the_gate(quotas: &[Quota], past: &[Duration], requests: u64) -> f64 {
        let throttle = Throttle::new(quotas, past);
        let start = clock::instant();
        for _ in 0..requests {
            drop(throttle.pass().await);
        }
        clock::instant().duration_since(start).as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn the_forecast_is_what_the_gate_does() -> Result<(), Box<dyn Error>> {
        let earlier: Vec<_> = (0..250).map(|at| Duration::from_millis(at * 200)).collect();
        for (texts, past, requests) in [
            (&["300/60s"][..], &[][..], 500),
            (&["300/60s"], &[], 1),
            (&["1/10s"], &[], 7),
            (&["7/1s"], &[], 100),
            (&["300/60s", "1000/1h"], &[], 700),
            (&["300/60s", "1000/1h"], &[], 1_700),
            (&["300/60s"], &earlier, 20),
            (&["300/60s"], &earlier, 290),
            (&["300/60s"], &earlier, 900),
            (&["10/1h"], &earlier[..8], 12),
            (&["10/1h"], &earlier[..30], 12),
        ] {
            let quotas = quotas(texts)?;
            let forecast = Forecast::new(&quotas, past.to_vec()).time_for(requests).as_secs_f64();
            let gate = at_the_gate(&quotas, past, requests).await;
            let close = (forecast - gate).abs() <= 0.01 * gate + 0.01;
            assert!(close, "{requests} at {texts:?}: {forecast} s, at the gate {gate} s");
        }
        Ok(())
    }

    #[test]
    fn the_slowest_quota_binds_and_a_short_night_is_bound_by_the_burst_quota()
    -> Result<(), Box<dyn Error>> {
        let both = Forecast::new(&quotas(&["300/60s", "10000/1d"])?, Vec::new());
        let hours = |requests| both.time_for(requests).as_secs_f64() / 3_600.0;
        assert!(hours(500) < 0.03, "{}", hours(500));
        assert!((24.0..25.0).contains(&hours(11_000)), "{}", hours(11_000));
        let alone: Vec<_> = both.each(11_000).iter().map(|(_, time)| time.as_secs()).collect();
        assert!(alone[0] < 2_300 && alone[1] > 86_400, "{alone:?}");
        Ok(())
    }

    #[test]
    fn what_fits_into_a_time_takes_no_longer_and_one_more_would() -> Result<(), Box<dyn Error>> {
        let forecast = Forecast::new(&quotas(&["300/60s"])?, Vec::new());
        for seconds in [0, 1, 59, 60, 61, 3_600] {
            let time = Duration::from_secs(seconds);
            let fits = forecast.within(time, 1_000_000);
            assert!(forecast.time_for(fits) <= time && forecast.time_for(fits + 1) > time);
        }
        assert_eq!(forecast.within(Duration::MAX, 1_000), 1_000);
        assert_eq!(Forecast::new(&[], Vec::new()).within(Duration::ZERO, 1_000), 1_000);
        Ok(())
    }

    #[test]
    fn nobody_takes_no_time() -> Result<(), Box<dyn Error>> {
        let forecast = Forecast::new(&quotas(&["1/10s"])?, vec![Duration::ZERO]);
        assert_eq!(forecast.time_for(0), Duration::ZERO);
        assert_eq!(forecast.within(Duration::ZERO, 1), 0);
        assert!(forecast.time_for(1) >= Duration::from_secs(10));
        Ok(())
    }
}
