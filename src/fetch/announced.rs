//! Announced: what a server says of its quotas, in any of the usual dialects.
//!
//! Pure, and tolerant field by field: what cannot be read is as if it had not been sent.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    structured::{self, Left, Policy, Unit},
    when,
};
use crate::model::attempt::PacingHeaders;

/// What is left of one quota of the server, by its own count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    pub remaining: u64,
    pub limit: Option<u64>,
    /// How long until there is more; the window of the quota's policy where no reset is announced.
    pub resets_in: Option<Duration>,
}

/// A limit, a remainder and a reset in headers of their own.
struct Triplet {
    limit: &'static str,
    remaining: &'static str,
    reset: &'static str,
}

/// The triplets in use: the IETF's before there was one field, and what its authors found among servers.
const TRIPLETS: [Triplet; 3] = [
    Triplet {
        limit: "ratelimit-limit",
        remaining: "ratelimit-remaining",
        reset: "ratelimit-reset",
    },
    Triplet {
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
    },
    Triplet {
        limit: "x-rate-limit-limit",
        remaining: "x-rate-limit-remaining",
        reset: "x-rate-limit-reset",
    },
];

/// Reads what the server announces of its quotas: one entry for each, in no order that means anything; the same quota
/// said in two dialects comes twice. Empty when nothing is announced, or nothing of it can be read.
#[must_use]
pub fn announced(headers: &PacingHeaders, now: Timestamp) -> Vec<Announced> {
    // Nearly every answer of most servers: not worth the reading of its date.
    if !headers.announce() {
        return Vec::new();
    }
    let clock = when::server_clock(headers, now);
    let policies = structured::policies(&joined(headers, "ratelimit-policy"));
    let left = structured::left(&joined(headers, "ratelimit"));
    let mut found: Vec<_> =
        left.iter().filter_map(|left| of_field(left, &policies, clock)).collect();
    for triplet in &TRIPLETS {
        found.extend(of_triplet(headers, triplet, &policies, clock));
    }
    found
}

/// The longest wait for a quota of which nothing is left: what a refusal without `Retry-After` asks for.
#[must_use]
pub fn used_up(announced: &[Announced]) -> Option<Duration> {
    announced.iter().filter(|quota| quota.remaining == 0).filter_map(|quota| quota.resets_in).max()
}

/// A quota of the structured field, with what the policy of its name says. `None` if it does not count requests.
fn of_field(left: &Left, policies: &[Policy], clock: Timestamp) -> Option<Announced> {
    let policy = policies.iter().find(|policy| left.policy.is_some() && policy.name == left.policy);
    if policy.is_some_and(|policy| policy.unit != Unit::Requests) {
        return None;
    }
    let limit = left.limit.or(policy.map(|policy| policy.limit));
    let window = || match policy {
        Some(policy) => policy.window,
        None => window(limit, policies),
    };
    let reset = left.reset.and_then(|reset| when::reset(&reset.to_string(), clock));
    Some(Announced { remaining: left.remaining, limit, resets_in: reset.or_else(window) })
}

/// The quotas of a triplet. Two servers in a row each add their own, as lists; lists of one length belong together
/// place by place, and of lists that do not match the longest reset counts.
fn of_triplet(
    headers: &PacingHeaders,
    names: &Triplet,
    policies: &[Policy],
    clock: Timestamp,
) -> Vec<Announced> {
    let remaining: Vec<_> = members(headers, names.remaining).map(count).collect();
    let limits: Vec<_> = members(headers, names.limit).map(count).collect();
    let resets = resets(headers, names.reset, clock);
    // In earlier drafts the limit is followed by the policies it comes from: `100, 100;w=60`.
    let own = structured::policies(&joined(headers, names.limit));
    let windows = if own.iter().any(|policy| policy.window.is_some()) { &own } else { policies };
    let in_step = resets.len() == remaining.len();
    let longest = resets.iter().flatten().max().copied();
    let quota = |(place, remaining): (usize, &Option<u64>)| {
        let limit = limits.get(place).or(limits.first()).copied().flatten();
        let reset = if in_step { resets.get(place).copied().flatten() } else { longest };
        let resets_in = reset.or_else(|| window(limit, windows));
        Some(Announced { remaining: (*remaining)?, limit, resets_in })
    };
    remaining.iter().enumerate().filter_map(quota).collect()
}

/// The longest window of the policies with this limit; of all if none has it.
fn window(limit: Option<u64>, policies: &[Policy]) -> Option<Duration> {
    let requests = || policies.iter().filter(|policy| policy.unit == Unit::Requests);
    let same = requests().filter(|policy| Some(policy.limit) == limit);
    let longest = same.filter_map(|policy| policy.window).max();
    longest.or_else(|| requests().filter_map(|policy| policy.window).max())
}

/// The lines of a header as one list, which is what they mean.
fn joined(headers: &PacingHeaders, name: &str) -> String {
    headers.lines(name).collect::<Vec<_>>().join(", ")
}

fn members<'a>(headers: &'a PacingHeaders, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.lines(name).flat_map(|line| line.split(','))
}

/// The resets of a header, place by place. A date has a comma of its own.
fn resets(headers: &PacingHeaders, name: &str, clock: Timestamp) -> Vec<Option<Duration>> {
    let mut resets = Vec::new();
    for line in headers.lines(name) {
        match when::reset(line, clock) {
            Some(reset) => resets.push(Some(reset)),
            None => resets.extend(line.split(',').map(|text| when::reset(bare(text), clock))),
        }
    }
    resets
}

/// A count of requests. Below zero is nothing we understand: some servers mean "no limit" by it.
fn count(text: &str) -> Option<u64> {
    bare(text).parse().ok()
}

/// A member of a list without its parameters.
fn bare(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23 04:30:00 UTC.
    const NOW: Timestamp = Timestamp::constant(1_795_408_200, 0);

    fn read(headers: &[(&'static str, &str)]) -> Vec<Announced> {
        let lines = headers.iter().map(|(name, line)| (*name, (*line).to_owned()));
        announced(&lines.collect(), NOW)
    }

    fn quota(remaining: u64, limit: Option<u64>, seconds: Option<u64>) -> Announced {
        Announced { remaining, limit, resets_in: seconds.map(Duration::from_secs) }
    }

    #[test]
    fn the_structured_field_is_read_with_its_policies() {
        let policy = ("ratelimit-policy", r#""minute";q=100;w=60, "day";q=5000;w=86400"#);
        for (field, expected) in [
            (r#""minute";r=50;t=30"#, vec![quota(50, Some(100), Some(30))]),
            (r#""minute";r=50"#, vec![quota(50, Some(100), Some(60))]),
            (r#""other";r=50;t=30"#, vec![quota(50, None, Some(30))]),
            (r#""minute";r=50;t=1795408230"#, vec![quota(50, Some(100), Some(30))]),
            (
                r#""minute";r=50;t=30, "day";r=7"#,
                vec![quota(50, Some(100), Some(30)), quota(7, Some(5_000), Some(86_400))],
            ),
            ("limit=100, remaining=50, reset=30", vec![quota(50, Some(100), Some(30))]),
            ("limit=100, remaining=50", vec![quota(50, Some(100), Some(60))]),
            (r#""minute";r=many"#, vec![]),
            (r#""minute"#, vec![]),
        ] {
            assert_eq!(read(&[policy, ("ratelimit", field)]), expected, "{field}");
        }
        assert_eq!(
            read(&[("ratelimit", r#""a";r=1;t=2"#), ("ratelimit", r#""b";r=3"#)]),
            [quota(1, None, Some(2)), quota(3, None, None)]
        );
    }

    #[test]
    fn a_quota_of_bytes_is_not_ours_to_keep() {
        let policy = ("ratelimit-policy", r#""b";q=9;w=60;qu="content-bytes", "r";q=5;w=60"#);
        let field = ("ratelimit", r#""b";r=0;t=60, "r";r=4;t=60"#);
        assert_eq!(read(&[policy, field]), [quota(4, Some(5), Some(60))]);
    }

    #[test]
    fn a_triplet_is_read_in_each_of_its_forms() {
        for triplet in &TRIPLETS {
            for (limit, remaining, reset, expected) in [
                ("100", "50", "30", vec![quota(50, Some(100), Some(30))]),
                ("100", "50", "1795408230", vec![quota(50, Some(100), Some(30))]),
                ("100", "50", "1795408230000", vec![quota(50, Some(100), Some(30))]),
                (
                    "100",
                    "50",
                    "Mon, 23 Nov 2026 04:30:30 GMT",
                    vec![quota(50, Some(100), Some(30))],
                ),
                ("100", "0", "1795408199", vec![quota(0, Some(100), Some(0))]),
                ("100, 100;w=60", "50", "30", vec![quota(50, Some(100), Some(30))]),
                ("100, 10;w=1, 100;w=60", "50", "soon", vec![quota(50, Some(100), Some(60))]),
                ("many", "50", "-1", vec![quota(50, None, None)]),
                ("100", "-1", "30", vec![]),
                ("100", "99999999999999999999", "30", vec![]),
                ("100", "", "", vec![]),
                (
                    "100, 5000",
                    "50, 7",
                    "30, 3000",
                    vec![quota(50, Some(100), Some(30)), quota(7, Some(5_000), Some(3_000))],
                ),
                ("100", "50", "30, 3000", vec![quota(50, Some(100), Some(3_000))]),
                ("100", "50, x", "x, 30", vec![quota(50, Some(100), None)]),
            ] {
                let headers = [
                    (triplet.limit, limit),
                    (triplet.remaining, remaining),
                    (triplet.reset, reset),
                ];
                assert_eq!(read(&headers), expected, "{headers:?}");
            }
        }
    }

    #[test]
    fn a_moment_is_read_by_the_clock_of_the_server() {
        let an_hour_late = ("date", "Mon, 23 Nov 2026 03:30:00 GMT");
        for reset in ["1795404630", "1795404630000", "Mon, 23 Nov 2026 03:30:30 GMT"] {
            let headers =
                [an_hour_late, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)];
            assert_eq!(read(&headers), [quota(0, None, Some(30))], "{reset}");
        }
        let unreadable = ("date", "today");
        let headers =
            [unreadable, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1795408230")];
        assert_eq!(read(&headers), [quota(0, None, Some(30))]);
    }

    #[test]
    fn the_longest_wait_counts_of_the_quotas_used_up() {
        let quotas = [quota(0, None, Some(1)), quota(0, None, Some(60)), quota(1, None, Some(900))];
        assert_eq!(used_up(&quotas), quota(0, None, Some(60)).resets_in);
        assert_eq!(used_up(&[quota(0, None, None)]), None);
        assert_eq!(used_up(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_is_too_strange(
            lines in prop::collection::vec((prop::sample::select(&PacingHeaders::NAMES), r#"\PC*|[-0-9.,;=wrtq" ]*"#), 0..20),
            now in 0_i64..4_000_000_000,
        ) {
            let headers: PacingHeaders = lines.into_iter().collect();
            for quota in announced(&headers, Timestamp::from_second(now)?) {
                prop_assert!(quota.resets_in.is_none_or(|wait| wait <= when::FOREVER));
            }
        }

        #[test]
        fn a_reset_is_never_read_as_sooner(remaining: u32, limit: u32, seconds in 0_u64..900_000_000, skew in -90_000_i64..90_000) {
            let clock = NOW.as_second() + skew;
            let date = Timestamp::from_second(clock)?.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let epoch = clock.unsigned_abs() + seconds;
            for reset in [seconds.to_string(), epoch.to_string(), (epoch * 1_000).to_string()] {
                let headers = [
                    ("date", date.clone()),
                    ("x-ratelimit-limit", limit.to_string()),
                    ("x-ratelimit-remaining", remaining.to_string()),
                    ("x-ratelimit-reset", reset),
                ];
                let expected = quota(remaining.into(), Some(limit.into()), Some(seconds));
                prop_assert_eq!(announced(&headers.into_iter().collect(), NOW), [expected]);
            }
        }
    }
}
