//! When: how servers write waits and moments into headers.
//!
//! Whatever is read here is a wait from the moment the answer was received. It may come out longer than the server
//! meant, by the answer's trip or by a rounding; never shorter.

use std::time::Duration;

use jiff::{
    Timestamp,
    civil::DateTime,
    fmt::{rfc2822, strtime},
    tz::Offset,
};

use crate::model::attempt::PacingHeaders;

/// The longest wait there is, 136 years. Nobody waits so long; the bound keeps sums with an instant from overflowing.
pub const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);
/// From this number on, a reset counts from 1970 (it is a day in 2001), for as a wait it would be 31 years.
const EPOCH_FROM: Duration = Duration::from_secs(1_000_000_000);
/// From this number on, it counts milliseconds from 1970 (as seconds it would be a day in 5138).
const MILLIS_FROM: Duration = Duration::from_secs(100_000_000_000);
/// From this number on, it is nothing we know (as milliseconds it would be a day in 5138).
const NOTHING_FROM: Duration = Duration::from_secs(100_000_000_000_000);
/// The two older forms of an HTTP date, which a recipient has to accept too (RFC 9110, 5.6.7).
const OBSOLETE_DATES: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// A wait in seconds, also with a fraction. A number too large for us is as good as for ever.
#[must_use]
pub fn seconds(text: &str) -> Option<Duration> {
    decimal(text).map(|seconds| seconds.min(FOREVER))
}

/// A moment written as an HTTP date, in any of its three forms, or by RFC 3339.
#[must_use]
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let current = rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text);
    let obsolete = || OBSOLETE_DATES.iter().find_map(|format| obsolete(format, text));
    current.ok().or_else(obsolete).or_else(|| text.parse().ok())
}

/// What the server's clock said when it answered; ours, `now`, if it did not say.
#[must_use]
pub fn server_clock(headers: &PacingHeaders, now: Timestamp) -> Timestamp {
    headers.lines("date").find_map(moment).unwrap_or(now)
}

/// How long it is from `since` until a moment; a moment in the past is no wait.
#[must_use]
pub fn until(moment: Timestamp, since: Timestamp) -> Duration {
    Duration::try_from(moment.duration_since(since)).unwrap_or(Duration::ZERO).min(FOREVER)
}

/// The wait until a reset, written as seconds to go, as seconds or milliseconds since 1970, or as a date. Moments are
/// read against the server's own clock, so that a wrong one on either side does not matter.
#[must_use]
pub fn reset(text: &str, server_clock: Timestamp) -> Option<Duration> {
    let Some(number) = decimal(text) else {
        return moment(text).map(|moment| until(moment, server_clock));
    };
    let epoch = match number {
        _ if number < EPOCH_FROM => return Some(number),
        _ if number < MILLIS_FROM => number,
        _ if number < NOTHING_FROM => number / 1_000,
        _ => return None,
    };
    let since = until(server_clock, Timestamp::UNIX_EPOCH);
    Some(epoch.saturating_sub(since).min(FOREVER))
}

/// A plain decimal number, exactly, as so many seconds: digits, and perhaps a point and more digits.
fn decimal(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let nanos = format!("{fraction:0<9.9}").parse().ok()?;
    // Digits only, so that the one thing that can be wrong with them is that they are too many.
    Some(Duration::new(whole.parse().unwrap_or(u64::MAX), nanos))
}

fn obsolete(format: &str, text: &str) -> Option<Timestamp> {
    let date: DateTime = strtime::parse(format, text).ok()?.to_datetime().ok()?;
    Offset::UTC.to_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23 04:30:00 UTC.
    const HALF_PAST: Timestamp = Timestamp::constant(1_795_408_200, 0);

    #[test]
    fn seconds_may_be_large_or_broken_but_not_negative() {
        for (text, seconds_to_wait) in
            [("12", 12.0), (" 0 ", 0.0), ("1.5", 1.5), ("86400", 86_400.0)]
        {
            assert_eq!(seconds(text), Some(Duration::from_secs_f64(seconds_to_wait)), "{text}");
        }
        for huge in ["18446744073709551615", "99999999999999999999999999", &"9".repeat(500)] {
            assert_eq!(seconds(huge), Some(FOREVER));
        }
        for nonsense in ["", "-1", "+1", "soon", "1e3", "inf", "NaN", "1.2.3", ".", "12s", "0x10"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_date_is_read_in_each_of_its_forms() {
        for text in [
            "Mon, 23 Nov 2026 04:30:00 GMT",
            "Monday, 23-Nov-26 04:30:00 GMT",
            "Mon Nov 23 04:30:00 2026",
            "2026-11-23T04:30:00Z",
            "2026-11-23T05:30:00+01:00",
        ] {
            assert_eq!(moment(text), Some(HALF_PAST), "{text}");
        }
        for nonsense in ["", "Mon, 99 Nov 2026", "Mon", "23 Nov", "2026-11-23"] {
            assert_eq!(moment(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_reset_is_a_wait_or_a_moment() {
        for (text, millis) in [
            ("30", Some(30_000)),
            ("0.25", Some(250)),
            ("999999999", Some(999_999_999_000)),
            ("1795408230", Some(30_000)),
            ("1795408230.5", Some(30_500)),
            ("1795408230500", Some(30_500)),
            ("Mon, 23 Nov 2026 04:30:30 GMT", Some(30_000)),
            ("1795408199", Some(0)),
            ("1000000000", Some(0)),
            ("1795408230500000", None),
            ("later", None),
        ] {
            assert_eq!(reset(text, HALF_PAST), millis.map(Duration::from_millis), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_than_asked_for(wait_ms in 0_u64..10_000_000_000, now_ms in 0_i64..4_000_000_000_000) {
            let asked = Duration::from_millis(wait_ms);
            let now = Timestamp::from_millisecond(now_ms)?;
            let epoch = now_ms.unsigned_abs() + wait_ms;
            let thousandths = |number: u64| format!("{}.{:03}", number / 1_000, number % 1_000);
            prop_assert!(seconds(&thousandths(wait_ms)) >= Some(asked));
            if (2_000_000_000_000..50_000_000_000_000).contains(&epoch) {
                prop_assert!(reset(&epoch.to_string(), now) >= Some(asked));
                prop_assert!(reset(&thousandths(epoch), now) >= Some(asked));
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC*", digits in "[0-9.:, ]{0,40}", now in 0_i64..4_000_000_000) {
            for text in [text, digits] {
                let now = Timestamp::from_second(now)?;
                prop_assert!(seconds(&text).is_none_or(|wait| wait <= FOREVER));
                prop_assert!(reset(&text, now).is_none_or(|wait| wait <= FOREVER));
            }
        }
    }
}
