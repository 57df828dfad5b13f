//! A deadline as people write it: `6h` from now, or `06:30` on the clock on the wall.

use std::{str::FromStr, time::Duration};

use jiff::{Timestamp, Zoned, civil::Time};

/// When the asking must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// This long after the start.
    After(Duration),
    /// The next time the local clock shows this.
    At(Time),
}

/// Why a text is not a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a deadline is a duration such as 90m or 6h, or a time of day such as 06:30")]
pub struct NotADeadline;

impl FromStr for Deadline {
    type Err = NotADeadline;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().split_once(':') {
            None => {
                humantime::parse_duration(text.trim()).map(Self::After).map_err(|_| NotADeadline)
            }
            Some((hour, minute)) => {
                let part = |text: &str| text.parse().map_err(|_| NotADeadline);
                Time::new(part(hour)?, part(minute)?, 0, 0).map(Self::At).map_err(|_| NotADeadline)
            }
        }
    }
}

impl Deadline {
    /// How long it is from `now` until then. A day that skips or repeats the time is read as the time zone reads it.
    #[must_use]
    pub fn from(self, now: &Zoned) -> Duration {
        match self {
            Self::After(duration) => duration,
            Self::At(time) => next(now, time)
                .and_then(|then| Duration::try_from(then.duration_since(now.timestamp())).ok())
                .unwrap_or_default(),
        }
    }
}

fn next(now: &Zoned, time: Time) -> Option<Timestamp> {
    let on = |day: jiff::civil::Date| day.to_datetime(time).to_zoned(now.time_zone().clone()).ok();
    let today = on(now.date())?;
    if today > *now {
        return Some(today.timestamp());
    }
    Some(on(now.date().tomorrow().ok()?)?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_a_duration_or_the_next_such_time_of_day()
    -> Result<(), Box<dyn std::error::Error>> {
        let now: Zoned = "2026-11-23T22:00:00[America/Mexico_City]".parse()?;
        let seconds =
            |text: &str| text.parse::<Deadline>().map(|deadline| deadline.from(&now).as_secs());
        assert_eq!(seconds("90m"), Ok(5_400));
        assert_eq!(seconds("22:30"), Ok(1_800));
        assert_eq!(seconds("06:00"), Ok(8 * 3_600));
        assert_eq!(seconds("22:00"), Ok(24 * 3_600));
        for bad in ["", "6", "24:00", "6:61", "6:0:0", "noon"] {
            assert_eq!(bad.parse::<Deadline>(), Err(NotADeadline), "{bad}");
        }
        Ok(())
    }
}
