//! What a campaign would do tonight, and how long it takes to ask everybody once.

use std::time::Duration;

use super::{
    earlier::Earlier,
    survey::{Seen, Survey},
};
use crate::{
    clock,
    commands::carry::{
        draw::Reach,
        source::sources,
        terms::{Belief, Terms},
    },
    console::planned::{Campaign, State},
    error::Error,
    fetch::forecast::Forecast,
    journal::records::Validity,
    settings::PlanSettings,
};

/// Hours of a day.
const DAY: Duration = Duration::from_hours(24);

/// How the earlier answers about the users of the roster stand.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The runs from which they are carried, the newest first.
    from: Vec<String>,
    /// Whose newest answer was met.
    answered: Seen,
    in_vain: Seen,
    /// Users who are not asked.
    pub(super) current: u64,
    stale: u64,
    open: u64,
}

/// Looks at the answers that a new run would carry; none if it would carry nothing, or has done it already.
pub(super) fn look(
    settings: &PlanSettings,
    survey: &Survey,
    earlier: &Earlier,
) -> Result<Option<Known>, Error> {
    let Some(terms) = Terms::of(settings, clock::now()) else { return Ok(None) };
    if earlier.state == State::Published || earlier.carries {
        return Ok(None);
    }
    let partner = settings.partner.as_ref().map(ToString::to_string);
    let mut known = Known::default();
    let mut reach = Reach::of(survey.facts.unique);
    for source in sources(settings, partner.as_deref())? {
        if known.answers() == survey.facts.unique || !reach.is_left() {
            break;
        }
        let (source, before) = (source?, known.answers());
        let users = source.users()?;
        reach.pass(users.rows());
        for beliefs in Belief::batches(&users) {
            for belief in beliefs? {
                known.learn(&belief, &terms, &survey.seen);
            }
        }
        if known.answers() > before {
            known.from.push(source.run_id().to_string());
        }
    }
    Ok(Some(known))
}

impl Known {
    fn answers(&self) -> u64 {
        self.current + self.stale + self.open
    }

    /// Looks at a user of a run, after those of the newer ones.
    fn learn(&mut self, belief: &Belief, terms: &Terms<'_>, roster: &Seen) {
        let user = &belief.user_id;
        if !roster.contains(user) {
            return;
        }
        if belief.was_asked_in_vain() {
            self.in_vain.insert(user);
        } else if belief.is_of_an_answer() && self.answered.insert(user) {
            let in_vain = self.in_vain.contains(user);
            self.count(if in_vain { Validity::Open } else { terms.validity(belief) });
        }
    }

    fn count(&mut self, validity: Validity) {
        match validity {
            Validity::Current => self.current += 1,
            Validity::Stale => self.stale += 1,
            Validity::Open => self.open += 1,
        }
    }

    /// What the campaign makes of a roster of so many users.
    pub(super) fn foresee(
        self,
        settings: &PlanSettings,
        forecast: &Forecast,
        users: u64,
    ) -> Campaign {
        let Self { from, current, stale, open, .. } = self;
        let never_asked = users - current - stale - open;
        let to_ask = users - current;
        let a_night = a_night(settings, forecast, users);
        let nights = nights(users, undecided(open, never_asked, users), a_night);
        let oldest = nights.map(|nights| nights.max(days(settings.max_age)));
        Campaign {
            from,
            carried: current,
            never_asked,
            not_decided: open,
            too_old: stale,
            asked_tonight: a_night.map_or(to_ask, |most| most.min(to_ask)),
            nights_until_attempted: until_attempted(never_asked, a_night),
            nights_of_a_full_pass: nights,
            oldest_answer_days: oldest,
        }
    }
}

/// How many requests fit into one night; none: as many as it takes.
fn a_night(settings: &PlanSettings, forecast: &Forecast, users: u64) -> Option<u64> {
    let by_deadline =
        settings.deadline.map(|deadline| forecast.within(deadline.from(&clock::local()), users));
    by_deadline.into_iter().chain(settings.max_requests).min()
}

/// How many users are asked every night because the partner has not decided: of those never asked, as large a part as of
/// the others.
fn undecided(open: u64, never_asked: u64, users: u64) -> u64 {
    let asked = users - never_asked;
    let share = u128::from(open) * u128::from(never_asked) / u128::from(asked.max(1));
    open + u64::try_from(share).unwrap_or(never_asked)
}

/// After how many nights nobody is `not_attempted`: those come first. None: never.
fn until_attempted(never_asked: u64, a_night: Option<u64>) -> Option<u64> {
    match a_night {
        _ if never_asked == 0 => Some(0),
        None => Some(1),
        Some(a_night) => (a_night > 0).then(|| never_asked.div_ceil(a_night)),
    }
}

/// In how many nights everybody is asked once, whatever is known of them today. None: never, because those about whom the partner has not
/// decided take the whole night.
fn nights(users: u64, undecided: u64, a_night: Option<u64>) -> Option<u64> {
    let Some(a_night) = a_night.filter(|a_night| *a_night < users) else { return Some(1) };
    let for_others = a_night.checked_sub(undecided).filter(|left| *left > 0)?;
    Some((users - undecided).div_ceil(for_others))
}

/// Whole days, rounded up.
fn days(age: Option<Duration>) -> u64 {
    age.map_or(0, |age| age.as_secs().div_ceil(DAY.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_pass_takes_the_nights_that_are_left_to_the_decided() {
        assert_eq!(nights(1_000_000, 0, Some(100_000)), Some(10));
        assert_eq!(nights(1_000_000, 50_000, Some(100_000)), Some(19));
        assert_eq!(nights(1_000_000, 100_000, Some(100_000)), None);
        assert_eq!(nights(100, 100, Some(100)), Some(1));
        assert_eq!(nights(100, 0, None), Some(1));
        assert_eq!(nights(100, 0, Some(0)), None);
    }

    #[test]
    fn the_never_asked_come_first() {
        assert_eq!(until_attempted(0, Some(0)), Some(0));
        assert_eq!(until_attempted(1, Some(0)), None);
        assert_eq!(until_attempted(201, Some(100)), Some(3));
        assert_eq!(until_attempted(201, None), Some(1));
    }

    #[test]
    fn of_the_never_asked_as_many_are_undecided_as_of_the_others() {
        assert_eq!(undecided(10, 0, 100), 10);
        assert_eq!(undecided(10, 50, 100), 20);
        assert_eq!(undecided(0, 100, 100), 0);
        assert_eq!(days(Some(Duration::from_hours(25))), 2);
    }
}
