//! How long to wait before another attempt: full jitter of our own, and whatever the server asks for.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

use super::classify::Retry;
use crate::model::attempt::PacingHeaders;

/// Backoff after a fault or an unwell server starts here and doubles.
const TRANSIENT_BASE: Duration = Duration::from_millis(250);
/// Backoff after a refusal for too many requests starts higher: the server is well, we are not welcome.
const THROTTLED_BASE: Duration = Duration::from_secs(1);
/// No backoff of our own is longer; one asked for by the server may be.
const LONGEST: Duration = Duration::from_secs(30);

/// Our own wait before attempt `number + 1`: uniform between zero and the doubled base ("full jitter"), so that users
/// who failed together do not come back together.
///
/// `chance` is a number from 0 to 1.
#[must_use]
pub fn backoff(retry: Retry, number: u32, chance: f64) -> Duration {
    let base = match retry {
        Retry::Transient | Retry::Unreadable => TRANSIENT_BASE,
        Retry::Throttled => THROTTLED_BASE,
    };
    let doubled = base.saturating_mul(1 << number.saturating_sub(1).min(16));
    doubled.min(LONGEST).mul_f64(chance.clamp(0.0, 1.0))
}

/// The wait the server asks for by `Retry-After`, in seconds or as an HTTP date (RFC 9110, 10.2.3).
///
/// A date is read against the server's own `Date`, so that a wrong clock on either side does not matter; without one
/// against `now`. What is neither is ignored, and a date in the past is no wait.
#[must_use]
pub fn asked_wait(headers: &PacingHeaders, now: Timestamp) -> Option<Duration> {
    let asked = headers.retry_after.as_deref()?.trim();
    if let Ok(seconds) = asked.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(asked)?;
    let since = headers.date.as_deref().and_then(http_date).unwrap_or(now);
    Some(Duration::try_from(until.duration_since(since)).unwrap_or(Duration::ZERO))
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_from_its_base_up_to_its_longest() {
        let longest = |retry, number| backoff(retry, number, 1.0).as_millis();
        assert_eq!(longest(Retry::Transient, 1), 250);
        assert_eq!(longest(Retry::Transient, 3), 1_000);
        assert_eq!(longest(Retry::Throttled, 1), 1_000);
        assert_eq!(longest(Retry::Throttled, 4), 8_000);
        assert_eq!(longest(Retry::Transient, u32::MAX), 30_000);
    }

    #[test]
    fn backoff_is_drawn_from_the_whole_range() {
        assert_eq!(backoff(Retry::Throttled, 2, 0.0), Duration::ZERO);
        assert_eq!(backoff(Retry::Throttled, 2, 0.5), Duration::from_secs(1));
        assert_eq!(backoff(Retry::Throttled, 2, 7.0), Duration::from_secs(2));
    }

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_by_a_date() {
        let headers = |retry_after: &str, date: Option<&str>| PacingHeaders {
            retry_after: Some(retry_after.to_owned()),
            date: date.map(str::to_owned),
        };
        let now = Timestamp::UNIX_EPOCH;
        let half_past = "Mon, 23 Nov 2026 04:30:00 GMT";
        let server = Some("Mon, 23 Nov 2026 04:29:48 GMT");
        let wait = |headers| asked_wait(&headers, now).map(|wait| wait.as_secs());
        assert_eq!(wait(headers("12", None)), Some(12));
        assert_eq!(wait(headers(" 0 ", None)), Some(0));
        assert_eq!(wait(headers(half_past, server)), Some(12));
        assert_eq!(wait(headers("Mon, 23 Nov 2026 04:00:00 GMT", server)), Some(0));
        assert_eq!(wait(headers("Thu, 01 Jan 1970 00:01:00 GMT", None)), Some(60));
        for nonsense in ["", "-1", "soon", "1.5", "Mon, 99 Nov 2026"] {
            assert_eq!(wait(headers(nonsense, None)), None, "{nonsense}");
        }
        assert_eq!(asked_wait(&PacingHeaders::default(), now), None);
    }
}
