//! How long to wait before another attempt: full jitter of our own, and whatever the server asks for.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    announced::{announced, used_up},
    classify::Retry,
    when,
};
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

/// The wait that an answer asks for: by `Retry-After`, else until the quota is reset that it announces as used up.
///
/// `Retry-After` comes first where both are sent, as the draft of the `RateLimit` fields wants it.
#[must_use]
pub fn asked_wait(headers: &PacingHeaders, now: Timestamp) -> Option<Duration> {
    retry_after(headers, now).or_else(|| used_up(&announced(headers, now)))
}

/// The wait the server asks for by `Retry-After`, in seconds or as an HTTP date (RFC 9110, 10.2.3); the longest if it
/// is sent more than once.
///
/// A date is read against the server's own `Date`, so that a wrong clock on either side does not matter; without one
/// against `now`. What is neither is ignored, and a date in the past is no wait. Broken seconds, which no RFC allows,
/// are taken as they are: to ignore them would be to come back too soon.
#[must_use]
pub fn retry_after(headers: &PacingHeaders, now: Timestamp) -> Option<Duration> {
    let clock = || when::server_clock(headers, now);
    let date = |text: &str| when::moment(text).map(|moment| when::until(moment, clock()));
    let wait = |line: &str| when::seconds(line).or_else(|| date(line));
    headers.lines("retry-after").filter_map(wait).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    fn headers(lines: &[(&'static str, &str)]) -> PacingHeaders {
        lines.iter().map(|(name, line)| (*name, (*line).to_owned())).collect()
    }

    fn asked(lines: &[(&'static str, &str)]) -> Option<f64> {
        asked_wait(&headers(lines), Timestamp::UNIX_EPOCH).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_by_a_date() {
        for (line, seconds) in [
            ("12", Some(12.0)),
            (" 0 ", Some(0.0)),
            ("1.5", Some(1.5)),
            ("Thu, 01 Jan 1970 00:01:00 GMT", Some(60.0)),
            ("99999999999999999999999", Some(when::FOREVER.as_secs_f64())),
            ("Wed, 01 Jan 9000 00:00:00 GMT", Some(when::FOREVER.as_secs_f64())),
            ("", None),
            ("-1", None),
            ("soon", None),
            ("12, 13", None),
            ("Mon, 99 Nov 2026", None),
        ] {
            assert_eq!(asked(&[("retry-after", line)]), seconds, "{line}");
        }
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_date_is_read_by_the_clock_of_the_server() {
        let server = ("date", "Mon, 23 Nov 2026 04:29:48 GMT");
        let until = |date| asked(&[server, ("retry-after", date)]);
        assert_eq!(until("Mon, 23 Nov 2026 04:30:00 GMT"), Some(12.0));
        assert_eq!(until("Mon, 23 Nov 2026 04:00:00 GMT"), Some(0.0));
        assert_eq!(until("12"), Some(12.0));
    }

    #[test]
    fn the_longest_counts_of_several() {
        let lines = ["2", "30", "soon", "5"].map(|line| ("retry-after", line));
        assert_eq!(asked(&lines), Some(30.0));
    }

    #[test]
    fn without_a_retry_after_the_reset_of_a_quota_used_up_counts() {
        let triplet =
            |remaining| [("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", "7")];
        assert_eq!(asked(&triplet("0")), Some(7.0));
        assert_eq!(asked(&triplet("1")), None, "refused for another reason");
        let [remaining, reset] = triplet("0");
        assert_eq!(asked(&[("retry-after", "3"), remaining, reset]), Some(3.0));
        assert_eq!(asked(&[("retry-after", "soon"), remaining, reset]), Some(7.0));
        assert_eq!(asked(&[("ratelimit", r#""default";r=0;t=9"#), remaining, reset]), Some(9.0));
    }

    proptest! {
        #[test]
        fn a_wait_in_seconds_is_never_shortened(seconds: u32, more: u32, text in "\\PC*") {
            let (seconds, more) = (seconds.to_string(), more.to_string());
            let asked = asked(&[("retry-after", &seconds), ("retry-after", &text), ("retry-after", &more)]);
            prop_assert!(asked >= seconds.parse().ok() && asked >= more.parse().ok());
        }
    }
}
