//! Dates and times, in the forms the partner and its lists write them. What could be read in two ways is not read.

use super::values;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// A calendar date: `YYYY-MM-DD` with `-`, `/` or `.`, `YYYYMMDD`, or the date an ISO time is written with.
///
/// The day is the one written down, whatever the zone behind it. A year alone, or day and month in an order one can
/// only guess, is no date.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let Some((day, rest)) = text.split_at_checked(10) else {
        return compact_date(text);
    };
    let day = separated_date(day)?;
    let is_time = || rest.starts_with(['T', 't', ' ']) && written_time(text).is_some();
    (rest.is_empty() || is_time()).then_some(day)
}

fn separated_date(text: &str) -> Option<Date> {
    let separator = text.chars().nth(4).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_full = parts.next().is_none() && month.len() == 2 && day.len() == 2;
    is_full.then(|| date_of(year, month, day)).flatten()
}

fn compact_date(text: &str) -> Option<Date> {
    let is_compact = text.len() == 8 && text.starts_with(['1', '2']) && all_digits(text);
    is_compact.then(|| date_of(&text[..4], &text[4..6], &text[6..])).flatten()
}

fn date_of(year: &str, month: &str, day: &str) -> Option<Date> {
    let is_plain = [year, month, day].into_iter().all(all_digits);
    let parts = || Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?));
    let (year, month, day) = is_plain.then(parts).flatten()?;
    Date::new(year, month, day).ok()
}

/// An instant: ISO 8601 with a zone; ISO or SQL-like without one, taken as UTC; a date alone, as midnight UTC; Unix time
/// in seconds (9 or 10 digits), milliseconds (12 or 13) or microseconds (15 or 16), as a number or in a string.
///
/// The partner documents no zone for the forms without one; its other times are UTC.
#[must_use]
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    unix_time(text).or_else(|| written_time(text)).or_else(|| midnight(text))
}

fn unix_time(text: &str) -> Option<Timestamp> {
    let number = values::int(text)?;
    match number.checked_ilog10()? + 1 {
        9 | 10 => Timestamp::from_second(number).ok(),
        12 | 13 => Timestamp::from_millisecond(number).ok(),
        15 | 16 => Timestamp::from_microsecond(number).ok(),
        _ => None,
    }
}

fn written_time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| zoneless_time(text))
}

/// A civil time would be parsed with an offset behind it as well, and the offset ignored: so none may be there.
fn zoneless_time(text: &str) -> Option<Timestamp> {
    let names_zone = text.get(10..)?.contains(['+', '-', '[', 'Z', 'z']);
    let civil: DateTime = (!names_zone).then(|| text.parse().ok()).flatten()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn midnight(text: &str) -> Option<Timestamp> {
    Some(date(text)?.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_date(text: &str) -> Option<String> {
        date(text).map(|date| date.to_string())
    }

    fn shown_time(text: &str) -> Option<String> {
        timestamp(text).map(|time| time.to_string())
    }

    #[test]
    fn a_date_is_read_where_its_order_is_certain() {
        for text in [
            "1990-01-31",
            " 1990/01/31 ",
            "1990.01.31",
            "19900131",
            "1990-01-31T00:00:00Z",
            "1990-01-31T23:30:00-06:00",
            "1990-01-31 00:00:00.000",
        ] {
            assert_eq!(shown_date(text).as_deref(), Some("1990-01-31"), "{text}");
        }
    }

    #[test]
    fn what_could_be_another_day_is_no_date() {
        for text in [
            "",
            "1990",
            "1990-01",
            "31/01/1990",
            "01/02/1990",
            "31-01-1990",
            "1990-02-30",
            "0000-00-00",
            "1990-01-31x",
            "1990-01-31 evening",
            "1990-1-31",
            "99999999",
            "+199-01-31",
            "1990-01/31",
            "ñññññ",
        ] {
            assert_eq!(shown_date(text), None, "{text}");
        }
    }

    #[test]
    fn created_at_is_read_in_all_three_forms() {
        for (text, shown) in [
            ("2025-05-14T10:00:00Z", "2025-05-14T10:00:00Z"),
            ("2025-05-14T10:00:00.5-06:00", "2025-05-14T16:00:00.5Z"),
            ("2024-04-05 13:45:27.063", "2024-04-05T13:45:27.063Z"),
            ("2024-04-05T13:45:27", "2024-04-05T13:45:27Z"),
            ("1681751214017", "2023-04-17T17:06:54.017Z"),
            ("1681751214017.0", "2023-04-17T17:06:54.017Z"),
            ("1681751214", "2023-04-17T17:06:54Z"),
            ("2019-10-16", "2019-10-16T00:00:00Z"),
            ("20191016", "2019-10-16T00:00:00Z"),
        ] {
            assert_eq!(shown_time(text).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_could_be_another_instant_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2024",
            "0",
            "-1",
            "123456",
            "12345678901",
            "2024-04-05T25:00:00Z",
            "2024-04-05T13:45:27+99:00",
            "2024-04-05 13:45:27 CST",
            "1e400",
            "05/04/2024 13:45",
        ] {
            assert_eq!(shown_time(text), None, "{text}");
        }
    }
}
