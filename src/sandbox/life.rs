//! A user's way through the days: where they stand with the partner on each of them.

use crate::sandbox::{case::Case, chance::Chance, day::Day, fate::Fate, turn::Turn};

/// Where a user stands with the partner on one day.
#[derive(Debug)]
pub enum Standing {
    Verified(Box<Life>),
    /// No verification so far.
    Unverified,
    /// There was a verification, and it is gone for good.
    Gone,
    /// Nothing is ever said about this user.
    Unspoken(Fate),
}

/// A verification, as it was first told and as it stands.
#[derive(Debug)]
pub struct Life {
    pub first: Case,
    /// The case as it stands now, once something has changed.
    pub changed: Option<Case>,
}

/// How many of 1,000 users without a verification have one the next day.
const APPEARANCES: u32 = 150;

/// How their verification stands then.
const ARRIVALS: &[(u32, Fate)] = &[(8, Fate::Approved), (1, Fate::Review), (1, Fate::Undecided)];

impl Standing {
    /// Where a user stands on this day: what all days up to it have brought. Special ids and documents about a wrong
    /// person never change.
    #[must_use]
    pub fn of(seed: u64, id: &str, day: Day) -> Self {
        let fate = Fate::of(seed, id);
        let first = Self::at_first(seed, id, fate);
        if Fate::forced(id).is_some() || fate == Fate::WrongPerson {
            return first;
        }
        day.since_the_first().fold(first, |standing, day| standing.next(seed, id, day))
    }

    fn at_first(seed: u64, id: &str, fate: Fate) -> Self {
        match fate {
            Fate::Missing => Self::Unverified,
            Fate::Foreign | Fate::HtmlPage | Fate::ErrorObject | Fate::BadGateway => {
                Self::Unspoken(fate)
            }
            fate => Self::verified(Case::of(seed, id, fate, Day::FIRST)),
        }
    }

    fn verified(first: Case) -> Self {
        Self::Verified(Box::new(Life { first, changed: None }))
    }

    fn next(self, seed: u64, id: &str, day: Day) -> Self {
        let chance = &mut Chance::new(seed, &format!("day {}", day.number()), id);
        match self {
            Self::Verified(life) => life.next(id, day, chance),
            Self::Unverified if chance.happens(APPEARANCES) => {
                Self::verified(Case::of(seed, id, chance.weigh(ARRIVALS), day))
            }
            other => other,
        }
    }
}

impl Life {
    /// The case as it stands.
    #[must_use]
    pub fn case(&self) -> &Case {
        self.changed.as_ref().unwrap_or(&self.first)
    }

    fn next(mut self: Box<Self>, id: &str, day: Day, chance: &mut Chance) -> Standing {
        match Turn::of(id, self.case(), chance) {
            None => {}
            Some(Turn::Gone) => return Standing::Gone,
            Some(turn) => {
                let mut case = self.case().clone();
                turn.befall(&mut case, day, chance);
                self.changed = Some(case);
            }
        }
        Standing::Verified(self)
    }
}
