//! In which headers a server tells about its quota, and how long to stay away.

use std::{fmt, str::FromStr, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};

/// In which headers a server tells about its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateDialect {
    /// `Retry-After` in seconds, and nothing with healthy answers.
    RetrySeconds,
    /// `Retry-After` as an HTTP date (RFC 9110, 10.2.3).
    RetryDate,
    /// The same from a server whose clock, and with it `Date`, is an hour slow.
    RetryDateSkewed,
    /// `RateLimit: "default";r=0;t=1` with `RateLimit-Policy`, structured fields of the IETF draft.
    Ietf,
    /// `RateLimit-Limit`, `-Remaining` and `-Reset`, in seconds: the drafts before that.
    Legacy,
    /// `X-RateLimit-Limit`, `-Remaining` and `-Reset`, in seconds.
    XSeconds,
    /// The same with the reset in seconds since 1970.
    XEpoch,
    /// The same with the reset in milliseconds since 1970.
    XEpochMs,
    /// All of these, none of it readable.
    Malformed,
    /// No header at all.
    Silent,
}

/// Why a text does not name a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "dialects are `retry-seconds`, `retry-date`, `retry-date-skewed`, `ietf`, `legacy`, \
     `x-seconds`, `x-epoch`, `x-epoch-ms`, `malformed` or `silent`"
)]
pub struct NotADialect;

/// How a quota stands: `remaining` of `limit` requests are left, and more come after `reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub window: Duration,
    pub remaining: u32,
    pub reset: Duration,
}

/// By how much the clock of [`RateDialect::RetryDateSkewed`] is slow.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

impl RateDialect {
    pub const ALL: [Self; 10] = [
        Self::RetrySeconds,
        Self::RetryDate,
        Self::RetryDateSkewed,
        Self::Ietf,
        Self::Legacy,
        Self::XSeconds,
        Self::XEpoch,
        Self::XEpochMs,
        Self::Malformed,
        Self::Silent,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetrySeconds => "retry-seconds",
            Self::RetryDate => "retry-date",
            Self::RetryDateSkewed => "retry-date-skewed",
            Self::Ietf => "ietf",
            Self::Legacy => "legacy",
            Self::XSeconds => "x-seconds",
            Self::XEpoch => "x-epoch",
            Self::XEpochMs => "x-epoch-ms",
            Self::Malformed => "malformed",
            Self::Silent => "silent",
        }
    }

    /// True where a client can read from a refusal how long to stay away.
    #[must_use]
    pub const fn asks_for_a_wait(self) -> bool {
        !matches!(self, Self::Malformed | Self::Silent)
    }

    /// The headers of a healthy answer. Those who know `Retry-After` only say nothing.
    #[must_use]
    pub fn announcement(self, standing: Standing, now: Timestamp) -> HeaderMap {
        match self {
            Self::RetrySeconds | Self::RetryDate | Self::RetryDateSkewed => HeaderMap::new(),
            _ => self.refusal(standing, now),
        }
    }

    /// The headers of a refusal with 429.
    #[must_use]
    pub fn refusal(self, standing: Standing, now: Timestamp) -> HeaderMap {
        let Standing { limit, remaining, .. } = standing;
        let (reset, window) = (whole_seconds(standing.reset), whole_seconds(standing.window));
        let then = now + SignedDuration::try_from(standing.reset).unwrap_or_default();
        let triplet = |prefix: &str, reset: String| {
            let words = [("limit", limit.to_string()), ("remaining", remaining.to_string())];
            let words = words.into_iter().chain([("reset", reset)]);
            words.map(|(word, value)| (format!("{prefix}ratelimit-{word}"), value)).collect()
        };
        headers(match self {
            Self::RetrySeconds => vec![named(&header::RETRY_AFTER, reset.to_string())],
            Self::RetryDate => dates(now, reset),
            Self::RetryDateSkewed => dates(now - SKEW, reset),
            Self::Ietf => vec![
                ("ratelimit".to_owned(), format!("\"default\";r={remaining};t={reset}")),
                ("ratelimit-policy".to_owned(), format!("\"default\";q={limit};w={window}")),
            ],
            Self::Legacy => triplet("", reset.to_string()),
            Self::XSeconds => triplet("x-", reset.to_string()),
            // Rounded up: a client that comes back at the very moment is not early.
            Self::XEpoch => triplet("x-", (then.as_second() + 1).to_string()),
            Self::XEpochMs => triplet("x-", (then.as_millisecond() + 1).to_string()),
            Self::Malformed => malformed(),
            Self::Silent => Vec::new(),
        })
    }
}

impl fmt::Display for RateDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RateDialect {
    type Err = NotADialect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == text).ok_or(NotADialect)
    }
}

/// Seconds, rounded up and at least one: nobody is asked to come back too early.
fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis().div_ceil(1000).max(1)).unwrap_or(i64::MAX)
}

fn named(name: &HeaderName, value: impl Into<String>) -> (String, String) {
    (name.to_string(), value.into())
}

fn dates(now: Timestamp, reset: i64) -> Vec<(String, String)> {
    let shown = |moment: Timestamp| {
        DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).unwrap_or_default()
    };
    let until = now + SignedDuration::from_secs(reset);
    vec![named(&header::DATE, shown(now)), named(&header::RETRY_AFTER, shown(until))]
}

fn malformed() -> Vec<(String, String)> {
    let nonsense = [
        ("retry-after", "soon"),
        ("ratelimit", "\"default\";r=;t=later"),
        ("ratelimit-policy", "300 per minute"),
        ("ratelimit-remaining", "-1"),
        ("ratelimit-reset", "NaN"),
        ("x-ratelimit-remaining", ""),
        ("x-ratelimit-reset", "99999999999999999999999999"),
    ];
    nonsense.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn headers(pairs: Vec<(String, String)>) -> HeaderMap {
    let header = |(name, value): (String, String)| {
        Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
    };
    pairs.into_iter().filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDING: Standing = Standing {
        limit: 300,
        window: Duration::from_mins(1),
        remaining: 0,
        reset: Duration::from_millis(11_200),
    };

    fn shown(headers: &HeaderMap) -> Vec<String> {
        let line = |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", text(value));
        headers.iter().map(line).collect()
    }

    fn text(value: &HeaderValue) -> &str {
        value.to_str().unwrap_or("not text")
    }

    fn refusal(dialect: RateDialect) -> Vec<String> {
        // 2026-11-23 04:30:00 UTC
        let now = Timestamp::from_second(1_795_408_200).unwrap_or_default();
        shown(&dialect.refusal(STANDING, now))
    }

    #[test]
    fn a_dialect_is_called_by_its_word() {
        for dialect in RateDialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
            assert!(NotADialect.to_string().contains(&format!("`{dialect}`")), "{dialect}");
        }
        assert_eq!("esperanto".parse::<RateDialect>(), Err(NotADialect));
    }

    #[test]
    fn a_refusal_is_written_in_its_dialect() {
        let expected: [(RateDialect, &[&str]); 8] = [
            (RateDialect::RetrySeconds, &["retry-after: 12"]),
            (
                RateDialect::RetryDate,
                &[
                    "date: Mon, 23 Nov 2026 04:30:00 GMT",
                    "retry-after: Mon, 23 Nov 2026 04:30:12 GMT",
                ],
            ),
            (
                RateDialect::RetryDateSkewed,
                &[
                    "date: Mon, 23 Nov 2026 03:30:00 GMT",
                    "retry-after: Mon, 23 Nov 2026 03:30:12 GMT",
                ],
            ),
            (
                RateDialect::Ietf,
                &["ratelimit: \"default\";r=0;t=12", "ratelimit-policy: \"default\";q=300;w=60"],
            ),
            (
                RateDialect::Legacy,
                &["ratelimit-limit: 300", "ratelimit-remaining: 0", "ratelimit-reset: 12"],
            ),
            (
                RateDialect::XEpoch,
                &[
                    "x-ratelimit-limit: 300",
                    "x-ratelimit-remaining: 0",
                    "x-ratelimit-reset: 1795408212",
                ],
            ),
            (
                RateDialect::XEpochMs,
                &[
                    "x-ratelimit-limit: 300",
                    "x-ratelimit-remaining: 0",
                    "x-ratelimit-reset: 1795408211201",
                ],
            ),
            (RateDialect::Silent, &[]),
        ];
        for (dialect, lines) in expected {
            assert_eq!(refusal(dialect), lines, "{dialect}");
        }
        assert_eq!(refusal(RateDialect::Malformed).len(), 7);
    }

    #[test]
    fn retry_after_is_no_announcement() {
        let announcement = |dialect: RateDialect| {
            shown(
                &dialect.announcement(Standing { remaining: 7, ..STANDING }, Timestamp::UNIX_EPOCH),
            )
        };
        assert!(announcement(RateDialect::RetryDate).is_empty());
        assert_eq!(announcement(RateDialect::Ietf)[0], "ratelimit: \"default\";r=7;t=12");
    }
}
