//! Who meets which fault, and when: by seed, user and attempt, never by the order of requests.

use crate::sandbox::{chance::Chance, faults::Fault, options::Faults};

/// The ways of an ordinary bad day.
const ORDINARY: &[(u32, Fault)] = &[
    (20, Fault::InternalError),
    (16, Fault::BadGateway),
    (14, Fault::Unavailable),
    (10, Fault::GatewayTimeout),
    (15, Fault::Throttled),
    (10, Fault::Slow),
    (5, Fault::Trickle),
    (5, Fault::Refuse),
    (5, Fault::Cut),
];

/// All ways. Hanging is rare because it costs the client a whole timeout, and what speaks about the whole job because
/// a few in a row would rightly stop it.
const HELLISH: &[(u32, Fault)] = &[
    (9, Fault::InternalError),
    (8, Fault::BadGateway),
    (8, Fault::Unavailable),
    (7, Fault::GatewayTimeout),
    (8, Fault::Throttled),
    (5, Fault::Slow),
    (4, Fault::Trickle),
    (2, Fault::Hang),
    (8, Fault::Refuse),
    (7, Fault::Cut),
    (7, Fault::Reset),
    (5, Fault::TruncatedJson),
    (4, Fault::GatewayPage),
    (4, Fault::ErrorObject),
    (4, Fault::EmptyBody),
    (2, Fault::GzipBomb),
    (4, Fault::WrongContentType),
    (2, Fault::Redirect),
    (2, Fault::BadKey),
];

/// How many of 1,000 users who met a server that was down find it so again.
const BURST: u32 = 500;

impl Fault {
    /// The fault that this attempt (from 1) for this user meets, if any.
    ///
    /// The third attempt never fails. Neither does the one after a fault that could be believed, and on a second
    /// attempt such a fault comes only after a plain failure: a client that gives an unreadable answer a single second
    /// chance must end with the truth, also where the truth itself is unreadable.
    #[must_use]
    pub fn of(level: &Faults, seed: u64, id: &str, attempt: u8) -> Option<Self> {
        match (level, attempt) {
            (Faults::Some, 1) => draw(30, ORDINARY, seed, id, attempt),
            (Faults::Hell, 1) => draw(250, HELLISH, seed, id, attempt),
            (Faults::Hell, 2) => second(Self::of(level, seed, id, 1), seed, id),
            (Faults::Only(ways), 1) if !ways.is_empty() => {
                Some(Chance::new(seed, "fault 1", id).pick(ways))
            }
            _ => None,
        }
    }
}

/// What the second attempt in hell meets, after what the first met.
fn second(first: Option<Fault>, seed: u64, id: &str) -> Option<Fault> {
    if first.is_some_and(Fault::is_believable) {
        return None;
    }
    let lasting = Chance::new(seed, "burst", id).happens(BURST);
    if let Some(down) = first.filter(|fault| fault.comes_in_bursts() && lasting) {
        return Some(down);
    }
    let failed = first.is_some_and(|fault| !fault.tells_the_truth());
    draw(250, HELLISH, seed, id, 2).filter(|fault| failed || !fault.is_believable())
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

    fn met(level: &Faults, attempt: u8) -> Vec<Option<Fault>> {
        (0..PEOPLE).map(|n| Fault::of(level, 7, &format!("user-{n}"), attempt)).collect()
    }

    fn drawn(level: &Faults, attempt: u8) -> Vec<Fault> {
        met(level, attempt).into_iter().flatten().collect()
    }

    #[test]
    fn the_levels_keep_their_shares() {
        assert!(drawn(&Faults::None, 1).is_empty());
        assert!((80..160).contains(&drawn(&Faults::Some, 1).len()));
        assert!(drawn(&Faults::Some, 2).is_empty());
        assert!((900..1_100).contains(&drawn(&Faults::Hell, 1).len()));
        assert!((750..1_050).contains(&drawn(&Faults::Hell, 2).len()));
    }

    #[test]
    fn the_lots_of_hell_are_a_hundred() {
        for ways in [ORDINARY, HELLISH] {
            assert_eq!(ways.iter().map(|(share, _)| share).sum::<u32>(), 100);
        }
    }

    #[test]
    fn hell_has_everything_and_the_third_attempt_is_clean() {
        let ways: HashSet<Fault> = drawn(&Faults::Hell, 1).into_iter().collect();
        assert_eq!(ways.len(), Fault::ALL.len());
        assert!((3..10).all(|attempt| drawn(&Faults::Hell, attempt).is_empty()));
    }

    #[test]
    fn what_could_be_believed_is_followed_by_the_truth() {
        let pairs = met(&Faults::Hell, 1).into_iter().zip(met(&Faults::Hell, 2));
        for (first, second) in pairs {
            if first.is_some_and(Fault::is_believable) {
                assert_eq!(second, None);
            }
            if second.is_some_and(Fault::is_believable) {
                assert!(first.is_some_and(|first| !first.tells_the_truth()), "{first:?}");
            }
        }
    }

    #[test]
    fn a_server_that_is_down_often_stays_so_for_two_attempts() {
        let pairs = met(&Faults::Hell, 1).into_iter().zip(met(&Faults::Hell, 2));
        let (mut down, mut still) = (0, 0);
        for (first, second) in pairs {
            down += u32::from(first.is_some_and(Fault::comes_in_bursts));
            still += u32::from(first == second && first.is_some_and(Fault::comes_in_bursts));
        }
        assert!((40..65).contains(&(still * 100 / down)), "{still} of {down}");
    }

    #[test]
    fn chosen_faults_meet_everybody_once_and_no_other_comes() {
        let chosen = Faults::Only(vec![Fault::Redirect, Fault::Hang]);
        let ways = drawn(&chosen, 1);
        assert_eq!(ways.len(), PEOPLE);
        assert_eq!(ways.into_iter().collect::<HashSet<_>>().len(), 2);
        assert!(drawn(&chosen, 2).is_empty());
    }
}
