//! What goes wrong between a true answer and the client, by seed, user and attempt.

use crate::sandbox::{chance::Chance, options::Faults};

/// One thing that goes wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    InternalError,
    BadGateway,
    Unavailable,
    /// 429 with `Retry-After: 1`.
    Throttled,
    /// The true answer, after a second and a half.
    Slow,
    /// The connection ends in the middle of the body.
    Cut,
    /// No answer at all.
    Hang,
    /// Half of the JSON under 200, as if it were all.
    TruncatedJson,
    /// A gateway's page of HTML under 200.
    GatewayPage,
    /// 200 and nothing.
    EmptyBody,
    /// 16 kB that decompress to 16 MB.
    GzipBomb,
    /// The true answer, said to be plain text.
    WrongContentType,
}

/// The ways of an ordinary bad day.
const ORDINARY: &[(u32, Fault)] = &[
    (25, Fault::InternalError),
    (20, Fault::BadGateway),
    (15, Fault::Unavailable),
    (15, Fault::Throttled),
    (15, Fault::Slow),
    (10, Fault::Cut),
];

/// All ways. Hanging is rare because it costs the client a whole timeout.
const HELLISH: &[(u32, Fault)] = &[
    (14, Fault::InternalError),
    (12, Fault::BadGateway),
    (12, Fault::Unavailable),
    (12, Fault::Throttled),
    (8, Fault::Slow),
    (12, Fault::Cut),
    (2, Fault::Hang),
    (8, Fault::TruncatedJson),
    (6, Fault::GatewayPage),
    (6, Fault::EmptyBody),
    (2, Fault::GzipBomb),
    (6, Fault::WrongContentType),
];

impl Fault {
    pub const ALL: [Self; 12] = [
        Self::InternalError,
        Self::BadGateway,
        Self::Unavailable,
        Self::Throttled,
        Self::Slow,
        Self::Cut,
        Self::Hang,
        Self::TruncatedJson,
        Self::GatewayPage,
        Self::EmptyBody,
        Self::GzipBomb,
        Self::WrongContentType,
    ];

    /// The fault that this attempt (from 1) for this user meets, if any.
    ///
    /// The third attempt never fails. Neither does the one after an answer that only looks like an answer, for a client
    /// that gives such a user a single second chance must end with the truth.
    #[must_use]
    pub fn of(level: Faults, seed: u64, id: &str, attempt: u8) -> Option<Self> {
        match (level, attempt) {
            (Faults::Some, 1) => draw(30, ORDINARY, seed, id, attempt),
            (Faults::Hell, 1) => draw(250, HELLISH, seed, id, attempt),
            (Faults::Hell, 2) => {
                let first = Self::of(level, seed, id, 1);
                let spared = first.is_some_and(Self::looks_like_an_answer);
                draw(250, HELLISH, seed, id, attempt).filter(|_| !spared)
            }
            _ => None,
        }
    }

    /// The word in the server's statistics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InternalError => "internal_error",
            Self::BadGateway => "bad_gateway",
            Self::Unavailable => "unavailable",
            Self::Throttled => "throttled",
            Self::Slow => "slow",
            Self::Cut => "cut",
            Self::Hang => "hang",
            Self::TruncatedJson => "truncated_json",
            Self::GatewayPage => "gateway_page",
            Self::EmptyBody => "empty_body",
            Self::GzipBomb => "gzip_bomb",
            Self::WrongContentType => "wrong_content_type",
        }
    }

    /// True where the client gets the true answer all the same.
    #[must_use]
    pub const fn tells_the_truth(self) -> bool {
        matches!(self, Self::Slow | Self::WrongContentType)
    }

    const fn looks_like_an_answer(self) -> bool {
        matches!(self, Self::TruncatedJson | Self::GatewayPage | Self::EmptyBody | Self::GzipBomb)
    }
}

fn draw(per_mille: u32, ways: &[(u32, Fault)], seed: u64, id: &str, attempt: u8) -> Option<Fault> {
    let topic = if attempt == 1 { "fault 1" } else { "fault 2" };
    let chance = &mut Chance::new(seed, topic, id);
    chance.happens(per_mille).then(|| chance.weigh(ways))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const PEOPLE: usize = 4_000;

    fn drawn(level: Faults, attempt: u8) -> Vec<Fault> {
        (0..PEOPLE).filter_map(|n| Fault::of(level, 7, &format!("user-{n}"), attempt)).collect()
    }

    #[test]
    fn the_levels_keep_their_shares() {
        assert!(drawn(Faults::None, 1).is_empty());
        assert!((80..160).contains(&drawn(Faults::Some, 1).len()));
        assert!(drawn(Faults::Some, 2).is_empty());
        assert!((900..1_100).contains(&drawn(Faults::Hell, 1).len()));
        assert!((850..1_050).contains(&drawn(Faults::Hell, 2).len()));
    }

    #[test]
    fn hell_has_everything_and_the_third_attempt_is_clean() {
        let met: HashSet<Fault> = drawn(Faults::Hell, 1).into_iter().collect();
        assert_eq!(met.len(), Fault::ALL.len());
        assert!(drawn(Faults::Hell, 3).is_empty());
    }

    #[test]
    fn what_looks_like_an_answer_is_followed_by_the_answer() {
        for n in 0..PEOPLE {
            let id = format!("user-{n}");
            let first = Fault::of(Faults::Hell, 7, &id, 1);
            if first.is_some_and(Fault::looks_like_an_answer) {
                assert_eq!(Fault::of(Faults::Hell, 7, &id, 2), None);
            }
        }
    }
}
