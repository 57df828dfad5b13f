//! How long a number of requests takes under the quotas, and how many fit into a time. Arithmetic; nothing is sent.
//!
//! It says what the gate would allow: that the partner answers fast enough and asks for no wait is assumed, so a
//! forecast is the earliest end, not a promise.

use std::time::Duration;

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
        self.quotas.iter().map(|quota| (*quota, self.under(*quota, requests))).collect()
    }

    /// When the last of so many requests may leave: every quota must allow it.
    #[must_use]
    pub fn time_for(&self, requests: u64) -> Duration {
        let each = self.quotas.iter().map(|quota| self.under(*quota, requests));
        each.max().unwrap_or_default()
    }

    /// How many of `wanted` requests may leave within this time.
    #[must_use]
    pub fn within(&self, time: Duration, wanted: u64) -> u64 {
        // Time grows with the number, so the last number that fits is found by halving.
        let (mut fits, mut beyond) = (0, wanted + 1);
        while beyond - fits > 1 {
            let middle = fits + (beyond - fits) / 2;
            if self.time_for(middle) <= time { fits = middle } else { beyond = middle }
        }
        fits
    }

    /// When the last of so many requests may leave under one quota. As at the gate: a burst leaves at once, the rest of
    /// a window's requests are spread over its length, and each request waits for the place of the one N before it.
    fn under(&self, quota: Quota, requests: u64) -> Duration {
        let Some(before) = requests.checked_sub(1) else { return Duration::ZERO };
        let places = u64::from(quota.requests.get());
        let (windows, nth) = (before / places, before % places + 1);
        let burst = u64::from(throttle::burst(quota).get());
        let spread = nth.saturating_sub(burst) as f64 / places as f64 * quota.per.as_secs_f64();
        let within = spread.max(self.place_free(quota, places - nth).as_secs_f64());
        let seconds = windows as f64 * window::hold(quota).as_secs_f64() + within;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }

    /// When no more than `left` of the past requests still hold a place.
    fn place_free(&self, quota: Quota, left: u64) -> Duration {
        let must_go = u64::try_from(self.past.len()).unwrap_or(u64::MAX).checked_sub(left + 1);
        let last = must_go.and_then(|at| self.past.get(usize::try_from(at).ok()?));
        last.map_or(Duration::ZERO, |age| window::hold(quota).saturating_sub(*age))
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
    fn nobody_takes_no_time_and_too_many_take_for_ever() -> Result<(), Box<dyn Error>> {
        let forecast = Forecast::new(&quotas(&["1/1000000000d"])?, Vec::new());
        assert_eq!(forecast.time_for(0), Duration::ZERO);
        assert_eq!(forecast.time_for(u64::MAX), Duration::MAX);
        Ok(())
    }
}
