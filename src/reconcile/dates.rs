//! Dates as people write them: in figures or with the name of the month, in the orders of Europe, the Americas and the machines.
//! Some can be read in two ways, and then both are given: which one was meant is not ours to guess.

use jiff::civil::Date;

use super::normal;
use crate::kyc::times;

/// The months in English, Spanish and Portuguese, as [`normal::text`] leaves them; three letters of each are enough.
const MONTHS: [&[&str]; 12] = [
    &["JANUARY", "ENERO", "JANEIRO"],
    &["FEBRUARY", "FEBRERO", "FEVEREIRO"],
    &["MARCH", "MARZO", "MARCO"],
    &["APRIL", "ABRIL"],
    &["MAY", "MAYO", "MAIO"],
    &["JUNE", "JUNIO", "JUNHO"],
    &["JULY", "JULIO", "JULHO"],
    &["AUGUST", "AGOSTO"],
    &["SEPTEMBER", "SEPTIEMBRE", "SETIEMBRE", "SETEMBRO"],
    &["OCTOBER", "OCTUBRE", "OUTUBRO"],
    &["NOVEMBER", "NOVIEMBRE", "NOVEMBRO"],
    &["DECEMBER", "DICIEMBRE", "DEZEMBRO"],
];

/// What may stand between day, month and year, and says nothing.
const FILLERS: [&str; 11] = ["DE", "DEL", "DO", "OF", "ST", "ND", "RD", "TH", "AM", "PM", "UTC"];

/// The days that a text may mean, the day before the month first; none if it is no date.
pub(super) fn readings(date: &str) -> Vec<Date> {
    let Some(folded) = normal::text(date) else { return Vec::new() };
    if let Some(certain) = times::date(&folded) {
        return vec![certain];
    }
    let words = words(&folded);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let mut found = match words[..] {
        [year, month, day] if is_whole_year(year) => days(day, month, year),
        [one, other, year] => [days(one, other, year), days(other, one, year)].concat(),
        _ => Vec::new(),
    };
    found.dedup();
    found
}

/// Whether two texts may mean the same day; what is no date is only like itself.
pub(super) fn may_be_one(one: Option<&str>, other: Option<&str>) -> bool {
    let [days, others] = [one, other].map(|text| text.map(readings).unwrap_or_default());
    normal::alike(one, other, normal::text) || days.iter().any(|day| others.contains(day))
}

/// The runs of figures and of letters; a time of day, which has colons, and fillers are left out.
fn words(folded: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in folded.split_whitespace().filter(|part| !part.contains(':')) {
        let mut before = ' ';
        for letter in part.chars() {
            match words.last_mut() {
                Some(word) if is_of_one_word(before, letter) => word.push(letter),
                _ if letter.is_alphanumeric() => words.push(letter.to_string()),
                _ => {}
            }
            before = letter;
        }
    }
    words.retain(|word| !FILLERS.contains(&word.as_str()));
    words
}

fn is_of_one_word(before: char, letter: char) -> bool {
    (before.is_ascii_digit() && letter.is_ascii_digit())
        || (before.is_alphabetic() && letter.is_alphabetic())
}

/// The days of this name; a year of two figures is of two centuries.
fn days(day: &str, month: &str, year: &str) -> Vec<Date> {
    let (Some(day), Some(month)) = (small(day), month_of(month)) else { return Vec::new() };
    let years: &[i16] = match year.len() {
        4 => &[0],
        2 => &[1900, 2000],
        _ => return Vec::new(),
    };
    let Ok(year) = year.parse::<i16>() else { return Vec::new() };
    years.iter().filter_map(|century| Date::new(century + year, month, day).ok()).collect()
}

fn month_of(word: &str) -> Option<i8> {
    let is_it = |names: &&[&str]| names.iter().any(|name| name.starts_with(word));
    let named = || (1..).zip(&MONTHS).find(|(_, names)| is_it(names)).map(|(month, _)| month);
    small(word).or_else(|| (word.len() >= 3).then(named).flatten())
}

fn is_whole_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

/// A number of one or two figures.
fn small(word: &str) -> Option<i8> {
    (word.len() <= 2).then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        readings(text).iter().map(Date::to_string).collect()
    }

    #[test]
    fn a_date_that_can_be_read_in_one_way_is_that_day_in_every_form() {
        for text in [
            "1990-01-31",
            "19900131",
            "31/01/1990",
            "01/31/1990",
            "1/31/1990 12:00:00 AM",
            "31.1.1990",
            "31 Jan 1990",
            "31-ENE-1990",
            "31JAN1990",
            "January 31st, 1990",
            "31 de enero de 1990",
            "31 de Janeiro de 1990",
            "1990 January 31",
        ] {
            assert_eq!(shown(text), ["1990-01-31"], "{text}");
        }
        for text in ["5/5/1990", "May 5, 1990", "5 MAI 1990"] {
            assert_eq!(shown(text), ["1990-05-05"], "{text}");
        }
        assert_eq!(shown("July 4, 1990"), ["1990-07-04"]);
    }

    #[test]
    fn a_date_that_can_be_read_in_two_ways_is_both_days() {
        assert_eq!(shown("03/04/1990"), ["1990-04-03", "1990-03-04"]);
        assert_eq!(shown("31/01/90"), ["1990-01-31", "2090-01-31"]);
    }

    #[test]
    fn what_is_no_date_has_no_reading() {
        for text in
            ["", "1990", "31/1990", "02/31/1990", "31 Foo 1990", "31 ma 1990", "a b c", "1/2/3"]
        {
            assert!(readings(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn two_dates_are_one_if_they_may_be() {
        for (one, other, may_be) in [
            ("1990-04-03", "03/04/1990", true),
            ("1990-03-04", "03/04/1990", true),
            ("1990-03-05", "03/04/1990", false),
            ("4 Mar 1990", "04/03/1990", true),
            ("unknown", " UNKNOWN ", true),
            ("unknown", "1990-03-05", false),
        ] {
            assert_eq!(may_be_one(Some(one), Some(other)), may_be, "{one} {other}");
            assert_eq!(may_be_one(Some(other), Some(one)), may_be, "{other} {one}");
        }
        assert!(may_be_one(None, None) && !may_be_one(None, Some("1990-01-31")));
    }
}
