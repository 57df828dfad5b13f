//! The days of a document: how far its dates lie from the day it was fetched.

use super::{
    drift::{Sighting, Surprise},
    sheet::Record,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::Offset};

const BIRTH_DATE: &str = "/idInfo/birthDate";
const AGE: &str = "age_at_verification";

/// Fills the columns that compare two days, or name the month of one, and returns a birth that came after the verification:
/// then there is no age. All days are days in UTC; a date that was sent twice, each time another one, is none.
pub(super) fn count<'p>(
    fetched_at: Option<Timestamp>,
    user: &mut Record<'p, '_, '_>,
) -> Option<Sighting<'p>> {
    let fetched = fetched_at.map(day_of);
    if let (Some(expiry), Some(today)) =
        (date(user, "/idInfo/idExpiryDate", "id_info_id_expiry_date"), fetched)
    {
        let horizon = today.saturating_add(90.days());
        user.set("document_expired", expiry < today);
        user.set("expires_within_90d", (today..=horizon).contains(&expiry));
        user.set("days_to_expiry", days_between(today, expiry));
    }
    if let (Some(issued), Some(today)) =
        (date(user, "/idInfo/idIssueDate", "id_info_id_issue_date"), fetched)
    {
        user.set("days_since_issue", days_between(issued, today));
    }
    let is_contested = user.row.unmapped.holds("/createdAt");
    let created = user.cell("created_at").timestamp().filter(|_| !is_contested).map(day_of);
    if let (Some(created), Some(today)) = (created, fetched) {
        user.set("days_since_verification", days_between(created, today));
    }
    user.set("created_month", created.map(month_of));
    // A verification that lies ahead has not made anybody older.
    let is_told = user.cell("created_at_raw").text().is_some_and(|text| !text.trim().is_empty());
    let is_unreadable = is_contested || (is_told && created.is_none());
    let day = created.into_iter().chain(fetched).min().filter(|_| !is_unreadable);
    let (birth, day) = date(user, BIRTH_DATE, "id_info_birth_date").zip(day)?;
    let age = full_years(birth, day);
    user.set(AGE, age);
    let (table, column) = (user.plan.table.name, user.plan.column(AGE));
    let unborn = || Sighting::new(Surprise::Contradiction, table, column, BIRTH_DATE, None);
    age.is_none().then(unborn)
}

/// The date at this place of the document, which is in this column.
fn date(user: &Record<'_, '_, '_>, pointer: &str, column: &str) -> Option<Date> {
    user.cell(column).date().filter(|_| !user.row.unmapped.holds(pointer))
}

/// The day it was in UTC.
fn day_of(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Days from one day to another; below zero when the other one came first.
fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn full_years(birth: Date, day: Date) -> Option<i64> {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    let years = i64::from(day.year()) - i64::from(birth.year()) - i64::from(!had_birthday);
    (years >= 0).then_some(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_full_on_the_birthday() -> Result<(), jiff::Error> {
        let birth = Date::new(2000, 2, 29)?;
        for ((y, m, d), years) in [
            ((2018, 2, 28), Some(17)),
            ((2018, 3, 1), Some(18)),
            ((2020, 2, 29), Some(20)),
            ((1999, 12, 31), None),
        ] {
            assert_eq!(full_years(birth, Date::new(y, m, d)?), years);
        }
        Ok(())
    }

    #[test]
    fn days_are_counted_in_both_directions() -> Result<(), jiff::Error> {
        let (early, late) = (Date::new(2024, 2, 28)?, Date::new(2024, 3, 1)?);
        assert_eq!((days_between(early, late), days_between(late, early)), (2, -2));
        assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
        assert_eq!(month_of(early), "2024-02");
        Ok(())
    }
}
