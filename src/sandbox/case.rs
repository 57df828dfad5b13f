//! What the partner found out about one person, before anybody writes it down.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::sandbox::{
    card::{Card, Validity},
    chance::Chance,
    day::Day,
    fate::{Fate, OPEN_HIT},
    grounds::{self, AML_MATCH, DOUBTS, Ground, Part, REFUSALS},
    person::Person,
};

/// What the partner found out about one person.
#[derive(Debug, Clone)]
pub struct Case {
    /// The id that the document names: that of the user asked for, but for [`Fate::WrongPerson`] and a mistake of later.
    pub subject: String,
    pub decision: Decision,
    pub progress: Progress,
    /// How the material came in.
    pub flow: Flow,
    /// From a special id: nothing missing, nothing odd.
    pub tidy: bool,
    pub person: Person,
    pub card: Card,
    pub created: Timestamp,
    pub session: String,
    pub grounds: Vec<Ground>,
    /// One per AML entity hit.
    pub hits: Vec<Hit>,
    /// The likeness of selfie and portrait in thousandths; none before the end.
    pub likeness: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approved,
    Rejected,
    Review,
    Undecided,
    /// Decided in a word of nobody's list.
    Unheard,
}

impl Decision {
    /// The word for it in the list of changes, whatever the partner's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Review => "review",
            Self::Undecided => "undecided",
            Self::Unheard => "unrecognized",
        }
    }
}

/// How far the verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    NotStarted,
    Running,
    Finished,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// In the partner's hosted session: with video, liveness and device.
    Hosted,
    /// As files, by the partner's customer: none of these.
    Uploaded,
}

/// An AML entity hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub resolution: Resolution,
    /// The day that added it to the case; none if it was there from the start.
    pub added: Option<Day>,
}

/// What became of an AML entity hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    Open,
    Closed,
    Confirmed,
}

/// From this likeness on, in thousandths, two faces are clearly the same.
pub const ALIKE: u32 = 860;

impl Case {
    /// The case of a user about whom the partner has had a document since this day.
    #[must_use]
    pub fn of(seed: u64, id: &str, fate: Fate, day: Day) -> Self {
        let chance = &mut Chance::new(seed, "case", id);
        let tidy = Fate::forced(id).is_some();
        let subject = if fate == Fate::WrongPerson { chance.uuid() } else { id.to_owned() };
        let decision = decision(fate);
        let progress = progress(decision, tidy, chance);
        let hits = hits(decision, id, tidy, chance);
        let grounds = grounds(decision, &hits, chance);
        let created = created(day, chance);
        let person = of_the_right_age(Person::of(seed, &subject), created, &grounds);
        let shown = created.to_zoned(TimeZone::UTC).date();
        let card = Card::draw(&person, shown, validity(&grounds, tidy), chance);
        let session_only = tidy || progress == Progress::NotStarted;
        let flow = if session_only { Flow::Hosted } else { flow(&grounds, chance) };
        Self {
            decision,
            progress,
            flow,
            tidy,
            card,
            created,
            session: session(chance),
            likeness: (progress == Progress::Finished).then(|| likeness(&grounds, chance)),
            subject,
            person,
            grounds,
            hits,
        }
    }

    /// The day of the verification.
    #[must_use]
    pub fn day(&self) -> Date {
        self.created.to_zoned(TimeZone::UTC).date()
    }

    /// The grounds that stand in one section.
    pub fn grounds_of(&self, part: Part) -> impl Iterator<Item = &Ground> {
        self.grounds.iter().filter(move |ground| ground.part == part)
    }
}

fn decision(fate: Fate) -> Decision {
    match fate {
        Fate::Rejected => Decision::Rejected,
        Fate::Review => Decision::Review,
        Fate::Undecided => Decision::Undecided,
        Fate::UnknownWord => Decision::Unheard,
        _ => Decision::Approved,
    }
}

fn progress(decision: Decision, tidy: bool, chance: &mut Chance) -> Progress {
    match decision {
        Decision::Undecided if tidy => Progress::Running,
        Decision::Undecided => {
            chance.pick(&[Progress::NotStarted, Progress::Running, Progress::Finished])
        }
        _ => Progress::Finished,
    }
}

/// Whom the lists name, and what became of it: closed for most who pass, open for many who wait.
fn hits(decision: Decision, id: &str, tidy: bool, chance: &mut Chance) -> Vec<Hit> {
    let hit = |resolution| Hit { resolution, added: None };
    if id.starts_with(OPEN_HIT) {
        return vec![hit(Resolution::Open)];
    }
    let (per_mille, resolutions): (u32, &[(u32, Resolution)]) = match decision {
        Decision::Approved => (32, &[(75, Resolution::Closed), (25, Resolution::Open)]),
        Decision::Review => (270, &[(85, Resolution::Open), (15, Resolution::Closed)]),
        Decision::Rejected => (120, &[(60, Resolution::Confirmed), (40, Resolution::Open)]),
        Decision::Undecided | Decision::Unheard => return Vec::new(),
    };
    if tidy || !chance.happens(per_mille) {
        return Vec::new();
    }
    let count = chance.weigh(&[(70, 1), (22, 2), (8, 3)]);
    (0..count).map(|_| hit(chance.weigh(resolutions))).collect()
}

fn grounds(decision: Decision, hits: &[Hit], chance: &mut Chance) -> Vec<Ground> {
    let reasons = match decision {
        Decision::Rejected => REFUSALS,
        Decision::Review => DOUBTS,
        _ => return Vec::new(),
    };
    let pressing = hits.iter().any(|hit| hit.resolution != Resolution::Closed);
    let mut grounds: Vec<Ground> = pressing.then_some(AML_MATCH).into_iter().collect();
    if !pressing || chance.happens(300) {
        grounds.push(chance.weigh(reasons));
    }
    if chance.happens(250) {
        let second = chance.weigh(reasons);
        if !grounds.contains(&second) {
            grounds.push(second);
        }
    }
    grounds
}

/// When a verification was made that is there since this day: in the two years before the first one, of which the later
/// months have more, or in the day before any other.
pub(super) fn created(day: Day, chance: &mut Chance) -> Timestamp {
    let span = if day == Day::FIRST { 730 * 1440 } else { 1440 };
    let minutes = chance.below(span).min(chance.below(span));
    let before = SignedDuration::from_mins(i64::from(minutes))
        + SignedDuration::from_millis(i64::from(chance.below(60_000)));
    day.dawn().saturating_sub(before).unwrap_or(day.dawn())
}

fn of_the_right_age(mut person: Person, created: Timestamp, grounds: &[Ground]) -> Person {
    if grounds.iter().any(|ground| ground.code == grounds::AGE_UNDER_18) {
        let day = created.to_zoned(TimeZone::UTC).date();
        let month_and_day = i64::from(person.birth.day_of_year());
        person.birth = day.saturating_sub(16.years()).saturating_sub(month_and_day.days());
    }
    person
}

fn validity(grounds: &[Ground], tidy: bool) -> Validity {
    match grounds.iter().any(|ground| ground.code == grounds::DOCUMENT_EXPIRED) {
        true => Validity::Expired,
        false if tidy => Validity::Long,
        false => Validity::Any,
    }
}

/// Who is refused for what a camera saw was in front of one.
fn flow(grounds: &[Ground], chance: &mut Chance) -> Flow {
    let seen = grounds.iter().any(|ground| matches!(ground.part, Part::Liveness | Part::Fraud));
    if chance.happens(80) && !seen { Flow::Uploaded } else { Flow::Hosted }
}

pub(super) fn session(chance: &mut Chance) -> String {
    if chance.happens(400) { format!("vs_{}", chance.hex(16)) } else { chance.uuid() }
}

fn likeness(grounds: &[Ground], chance: &mut Chance) -> u32 {
    let has = |code| grounds.iter().any(|ground| ground.code == code);
    if has(grounds::FACE_MISMATCH) {
        chance.between(40, 420)
    } else if has(grounds::LOW_FACE_SIMILARITY) {
        chance.between(550, 720)
    } else {
        alike(chance)
    }
}

/// The likeness of two pictures of the same face.
pub(super) fn alike(chance: &mut Chance) -> u32 {
    chance.between(ALIKE, 999)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(fate: Fate) -> impl Iterator<Item = Case> {
        (0..1_000).map(move |n| Case::of(7, &format!("user-{n}"), fate, Day::FIRST))
    }

    #[test]
    fn who_is_refused_or_set_aside_has_a_reason_and_who_passes_has_none() {
        assert!(
            cases(Fate::Rejected).chain(cases(Fate::Review)).all(|case| !case.grounds.is_empty())
        );
        assert!(cases(Fate::Approved).all(|case| case.grounds.is_empty()));
    }

    #[test]
    fn the_score_and_the_dates_agree_with_the_reason() {
        for case in cases(Fate::Rejected) {
            let has = |code| case.grounds.iter().any(|ground| ground.code == code);
            let expired = case.card.expires.is_some_and(|day| day < case.day());
            assert_eq!(expired, has(grounds::DOCUMENT_EXPIRED), "{case:?}");
            assert_eq!(case.likeness.is_some_and(|score| score < 500), has(grounds::FACE_MISMATCH));
            let of_age = case.person.birth.saturating_add(18.years()) <= case.day();
            assert_eq!(!of_age, has(grounds::AGE_UNDER_18), "{case:?}");
        }
    }

    #[test]
    fn nothing_happened_after_the_first_day() {
        let dawn = Day::FIRST.dawn();
        assert!(
            cases(Fate::Approved).all(|case| case.created <= dawn && case.day().year() >= 2024)
        );
    }

    #[test]
    fn an_open_hit_can_be_asked_for() {
        let hits = |id| Case::of(7, id, Fate::Approved, Day::FIRST).hits;
        assert_eq!(hits("aml-1"), [Hit { resolution: Resolution::Open, added: None }]);
        assert!(hits("approved-1").is_empty());
    }
}
