//! The days of the sandbox's own calendar, on which people change.

use std::{num::ParseIntError, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Deserialize;

/// A day of the sandbox's own calendar, from 1 to 366; it has nothing to do with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u16")]
pub struct Day(u16);

/// Why a text is not a day of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADay {
    #[error("a day of the sandbox is a whole number")]
    Number(#[from] ParseIntError),
    #[error("the days of the sandbox are 1 to {}", Day::LAST.0)]
    Range,
}

/// The date of the first day.
const BEGINNING: Date = Date::constant(2026, 11, 1);

impl Day {
    pub const FIRST: Self = Self(1);
    pub const LAST: Self = Self(366);

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The days after the first one, up to this one.
    pub fn since_the_first(self) -> impl Iterator<Item = Self> {
        (Self::FIRST.0 + 1..=self.0).map(Self)
    }

    /// The moment it begins, in UTC: nothing the partner tells on this day is younger.
    #[must_use]
    pub fn dawn(self) -> Timestamp {
        let date = BEGINNING.saturating_add(i64::from(self.0 - Self::FIRST.0).days());
        date.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |dawn| dawn.timestamp())
    }
}

impl Default for Day {
    fn default() -> Self {
        Self::FIRST
    }
}

impl TryFrom<u16> for Day {
    type Error = NotADay;

    fn try_from(number: u16) -> Result<Self, NotADay> {
        let day = Self(number);
        if (Self::FIRST..=Self::LAST).contains(&day) { Ok(day) } else { Err(NotADay::Range) }
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse::<u16>()?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbered_from_1_and_a_day_apart() -> Result<(), NotADay> {
        let second: Day = "2".parse()?;
        let hours = second.dawn().duration_since(Day::FIRST.dawn()).as_hours();
        assert_eq!((second.number(), hours), (2, 24));
        assert_eq!(second.since_the_first().collect::<Vec<_>>(), [second]);
        assert_eq!(Day::FIRST.since_the_first().count(), 0);
        Ok(())
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "0", "367", "70000", "-1", "tomorrow"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
