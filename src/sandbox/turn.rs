//! What a new day brings to one user: mostly nothing, else one turn, by lot.

use jiff::{ToSpan, civil::Date};

use crate::sandbox::{
    case::{self, Case, Decision, Hit, Progress, Resolution},
    chance::Chance,
    day::Day,
    grounds::{self, AML_MATCH, DOUBTS, Ground, REFUSALS},
};

/// Something that changes between two days for one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The partner decides, or decides anew. An approval closes the AML hits that were open.
    Decided(Decision),
    /// The continuous monitoring finds an AML hit, and the user goes back into review.
    Monitored,
    /// An AML hit appears beside a decision that stands.
    Listed,
    /// The AML hits that were open are closed beside a decision that stands.
    Cleared,
    /// The family name on the document is another.
    Renamed,
    /// The birth date on the document is another.
    Reborn,
    /// The document has another number.
    Renumbered,
    /// The expiry date had been misread: the document was over already on the day before it was shown.
    Expired,
    /// The same person was verified again, with the same decision.
    NewSession,
    /// The document names another user of ours.
    Mistaken,
    /// There is no verification any more.
    Gone,
}

/// How many of 1,000 users who stand so take which turn in one day; the others take none.
type Lots = &'static [(u32, Turn)];

const APPROVED: Lots = &[
    (9, Turn::Gone),
    (12, Turn::Monitored),
    (10, Turn::Listed),
    (5, Turn::Decided(Decision::Rejected)),
    (10, Turn::Renamed),
    (10, Turn::Reborn),
    (12, Turn::Renumbered),
    (14, Turn::Expired),
    (6, Turn::Mistaken),
    (12, Turn::NewSession),
];

const REJECTED: Lots = &[(60, Turn::Decided(Decision::Approved)), (8, Turn::Gone)];

const REVIEW: Lots = &[
    (300, Turn::Decided(Decision::Approved)),
    (100, Turn::Decided(Decision::Rejected)),
    (8, Turn::Gone),
];

const UNDECIDED: Lots = &[
    (350, Turn::Decided(Decision::Approved)),
    (80, Turn::Decided(Decision::Rejected)),
    (80, Turn::Decided(Decision::Review)),
    (8, Turn::Gone),
];

const UNHEARD: Lots = &[(200, Turn::Decided(Decision::Approved)), (8, Turn::Gone)];

/// How many of 1,000 open AML hits of people who wait for nothing else are closed in one day.
const CLOSED: u32 = 250;

/// Cards that end after this day are good for whoever asks in the next years, whatever the clock says.
const FAR: Date = Date::constant(2029, 1, 1);

impl Turn {
    /// What a day brings to the user `id`, who stands so.
    pub fn of(id: &str, case: &Case, chance: &mut Chance) -> Option<Self> {
        let standing = matches!(case.decision, Decision::Approved | Decision::Review);
        let open = case.hits.iter().any(|hit| hit.resolution == Resolution::Open);
        if chance.happens(CLOSED) && standing && open {
            return Some(Self::Cleared);
        }
        let lots = match case.decision {
            Decision::Approved => APPROVED,
            Decision::Rejected => REJECTED,
            Decision::Review => REVIEW,
            Decision::Undecided => UNDECIDED,
            Decision::Unheard => UNHEARD,
        };
        draw(lots, chance).filter(|turn| turn.fits(id, case))
    }

    /// Whether the case leaves room for this turn.
    fn fits(self, id: &str, case: &Case) -> bool {
        match self {
            // Nobody grows up overnight, and a card that is over stays so.
            Self::Decided(Decision::Approved) => {
                case.hits.iter().all(|hit| hit.resolution != Resolution::Confirmed)
                    && !case.grounds.iter().any(Ground::is_about_dates)
            }
            Self::Expired => case.card.expires.is_some_and(|day| day > FAR),
            Self::Mistaken => case.subject == id,
            _ => true,
        }
    }

    /// Changes the case. What [`Turn::Gone`] leaves is none, and nothing of it changes.
    pub fn befall(self, case: &mut Case, day: Day, chance: &mut Chance) {
        match self {
            Self::Decided(decision) => decide(case, decision, chance),
            Self::Monitored => {
                list(case, day);
                case.decision = Decision::Review;
                case.grounds.push(AML_MATCH);
            }
            Self::Listed => list(case, day),
            Self::Cleared => clear(case),
            Self::Renamed => case.person.rename(chance),
            Self::Reborn => {
                let days = i64::from(chance.between(1, 28)).days();
                case.person.birth = case.person.birth.saturating_sub(days);
            }
            Self::Renumbered => case.card.renumber(&case.person, chance),
            Self::Expired => case.card.expires = Some(case.day().saturating_sub(1.day())),
            Self::NewSession => {
                case.session = case::session(chance);
                case.created = case::created(day, chance);
            }
            Self::Mistaken => case.subject = chance.uuid(),
            Self::Gone => {}
        }
    }
}

fn draw(lots: Lots, chance: &mut Chance) -> Option<Turn> {
    let mut lot = chance.below(1000);
    for &(share, turn) in lots {
        if lot < share {
            return Some(turn);
        }
        lot -= share;
    }
    None
}

fn decide(case: &mut Case, decision: Decision, chance: &mut Chance) {
    case.decision = decision;
    case.progress = Progress::Finished;
    case.grounds = match decision {
        Decision::Rejected => vec![chance.weigh(&grounds::of_the_card(REFUSALS))],
        Decision::Review => vec![chance.weigh(&grounds::of_the_card(DOUBTS))],
        _ => Vec::new(),
    };
    // Faces are seen to differ only where that is the ground.
    case.likeness =
        case.likeness.filter(|likeness| *likeness >= case::ALIKE).or(Some(case::alike(chance)));
    if decision == Decision::Approved {
        clear(case);
    }
}

fn list(case: &mut Case, day: Day) {
    case.hits.push(Hit { resolution: Resolution::Open, added: Some(day) });
}

fn clear(case: &mut Case) {
    for hit in &mut case.hits {
        if hit.resolution == Resolution::Open {
            hit.resolution = Resolution::Closed;
        }
    }
}
