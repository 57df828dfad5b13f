//! Drift: what the documents held that the catalogue did not expect, counted over the run.

use std::collections::BTreeMap;

use super::{cell::Cell, columns::TableBuilder, sample};
use crate::{
    kyc::catalogue::{self, Column},
    model::ids::{RunId, UserId},
};
use polars::prelude::{DataFrame, PolarsResult};

/// The longest pointer, in characters.
const LONGEST: usize = 200;

/// How many new words of one place are told apart.
const MOST_WORDS: usize = 100;

/// What stands for all further words.
const MORE_WORDS: &str = "…";

/// How many places are told apart. A partner who makes keys of ids must not make memory grow with the roster.
const MOST_PLACES: usize = 10_000;

/// What was unexpected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Surprise {
    Contradiction,
    DuplicateKey,
    InvalidUtf8,
    NewWord,
    OutOfScale,
    Surplus,
    TypeClash,
    UnknownField,
}

impl Surprise {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::DuplicateKey => "duplicate_key",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::NewWord => "new_word",
            Self::OutOfScale => "out_of_scale",
            Self::Surplus => "surplus",
            Self::TypeClash => "type_clash",
            Self::UnknownField => "unknown_field",
        }
    }
}

/// One unexpected thing in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting<'p> {
    pub(super) surprise: Surprise,
    pub(super) table: &'static str,
    pub(super) column: Option<&'p str>,
    pub(super) pointer: String,
    pub(super) sample: Option<String>,
}

impl<'p> Sighting<'p> {
    /// A sighting, without a sample where the column is not for showing.
    pub(super) fn new(
        surprise: Surprise,
        table: &'static str,
        column: Option<&'p Column>,
        pointer: &str,
        sample: Option<&str>,
    ) -> Self {
        let is_showable = column.is_none_or(|column| column.privacy.is_showable());
        Self {
            surprise,
            table,
            column: column.map(|column| column.name.as_str()),
            pointer: clipped(pointer),
            sample: sample.filter(|_| is_showable).map(sample::shown),
        }
    }
}

/// All drift of a run so far.
#[derive(Default)]
pub(super) struct Drift {
    seen: BTreeMap<Place, Count>,
    /// How many words are told apart at a place.
    words: BTreeMap<Place, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    surprise: Surprise,
    table: &'static str,
    column: Option<String>,
    pointer: String,
    /// The word, of a new word: each is a thing of its own.
    word: Option<String>,
}

struct Count {
    occurrences: i64,
    first_position: u64,
    first_user: UserId,
    sample: Option<String>,
}

impl Drift {
    /// Counts what was seen at a user; the sample is kept from the first user of the roster, in whatever order they come.
    pub(super) fn note(&mut self, position: u64, user: &UserId, seen: Sighting<'_>) {
        let place = self.place(&seen);
        let count = self.seen.entry(place).or_insert_with(|| Count {
            occurrences: 0,
            first_position: position,
            first_user: user.clone(),
            sample: seen.sample.clone(),
        });
        count.occurrences += 1;
        if position < count.first_position {
            count.first_position = position;
            count.first_user = user.clone();
            count.sample = seen.sample;
        }
    }

    /// The place of a sighting; beyond the limit all new places share one without a pointer, all new words one word.
    fn place(&mut self, seen: &Sighting<'_>) -> Place {
        let place = Place {
            surprise: seen.surprise,
            table: seen.table,
            column: seen.column.map(str::to_owned),
            pointer: seen.pointer.clone(),
            word: None,
        };
        let is_full = self.seen.len() >= MOST_PLACES;
        let place = match &seen.sample {
            Some(word) if seen.surprise == Surprise::NewWord => self.place_of_word(place, word),
            _ => place,
        };
        if !is_full || self.seen.contains_key(&place) {
            return place;
        }
        Place { pointer: "/…".to_owned(), column: None, word: None, ..place }
    }

    fn place_of_word(&mut self, place: Place, word: &str) -> Place {
        let own = Place { word: Some(word.to_owned()), ..place.clone() };
        if self.seen.contains_key(&own) {
            return own;
        }
        let words = self.words.entry(place).or_default();
        if *words >= MOST_WORDS {
            return Place { word: Some(MORE_WORDS.to_owned()), ..own };
        }
        *words += 1;
        own
    }

    /// The `drift` table, ordered by kind, table, column, pointer and word.
    pub(super) fn into_frame(self, run: &RunId) -> PolarsResult<DataFrame> {
        let mut builder = TableBuilder::new(catalogue::table("drift"));
        for (place, count) in &self.seen {
            builder.push(&[
                Cell::from(run.as_str()),
                Cell::word(place.surprise.as_str()),
                Cell::word(place.table),
                Cell::from(place.column.as_deref()),
                Cell::from(place.pointer.as_str()),
                Cell::from(place.word.as_deref().or(count.sample.as_deref())),
                Cell::Int(count.occurrences),
                Cell::from(count.first_user.as_str()),
            ]);
        }
        builder.take()
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pointer: &str, sample: &str) -> Sighting<'static> {
        Sighting::new(Surprise::UnknownField, "users", None, pointer, Some(sample))
    }

    #[test]
    fn the_first_user_of_the_roster_gives_the_sample() -> Result<(), Box<dyn std::error::Error>> {
        let (ana, eva) = (UserId::parse("ana")?, UserId::parse("eva")?);
        let mut drift = Drift::default();
        drift.note(7, &eva, seen("/x", "late"));
        drift.note(2, &ana, seen("/x", "early"));
        drift.note(9, &eva, seen("/x", "last"));
        let count = drift
            .seen
            .values()
            .next()
            .map(|c| (c.occurrences, c.first_user.as_str(), c.sample.as_deref()));
        assert_eq!(count, Some((3, "ana", Some("early"))));
        Ok(())
    }

    #[test]
    fn each_new_word_is_a_row_of_its_own_up_to_a_limit() -> Result<(), Box<dyn std::error::Error>> {
        let user = UserId::parse("ana")?;
        let mut drift = Drift::default();
        let word = |number: usize| format!("WORD_{number}");
        for number in (0..MOST_WORDS + 5).chain([0, 1]) {
            let word = word(number);
            drift.note(
                1,
                &user,
                Sighting::new(Surprise::NewWord, "users", None, "/x", Some(&word)),
            );
        }
        assert_eq!(drift.seen.len(), MOST_WORDS + 1);
        let rows =
            drift.seen.iter().map(|(place, count)| (place.word.as_deref(), count.occurrences));
        let rows: BTreeMap<_, _> = rows.collect();
        assert_eq!((rows[&Some("WORD_1")], rows[&Some(MORE_WORDS)]), (2, 5));
        Ok(())
    }

    #[test]
    fn endless_new_keys_do_not_fill_the_memory() -> Result<(), Box<dyn std::error::Error>> {
        let user = UserId::parse("ana")?;
        let mut drift = Drift::default();
        for key in 0..MOST_PLACES + 50 {
            drift.note(1, &user, seen(&format!("/{key}"), "number"));
        }
        assert_eq!(drift.seen.len(), MOST_PLACES + 1);
        assert_eq!(drift.seen.values().map(|count| count.occurrences).sum::<i64>(), 10_050);
        Ok(())
    }
}
