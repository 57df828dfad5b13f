//! Who writes a document down: each part by the same lots on every day.

use crate::sandbox::{
    case::Case, chance::Chance, day::Day, dialect::Dialect, life::Life, person::Person,
};

/// Writes the parts of one document, one after the other.
pub(super) struct Pen<'a> {
    seed: u64,
    life: &'a Life,
    dialect: &'a Dialect,
    chance: Chance,
}

impl<'a> Pen<'a> {
    pub(super) fn new(seed: u64, life: &'a Life, dialect: &'a Dialect) -> Self {
        let chance = Chance::new(seed, "document", &life.first.subject);
        Self { seed, life, dialect, chance }
    }

    /// The case to write down.
    pub(super) fn case(&self) -> &'a Case {
        self.life.case()
    }

    pub(super) fn dialect(&self) -> &'a Dialect {
        self.dialect
    }

    /// The person as they first came: what they said of themselves, and what lists say of them, stays.
    pub(super) fn newcomer(&self) -> &'a Person {
        &self.life.first.person
    }

    /// Writes one part.
    ///
    /// A part about a changed case may draw more or fewer lots than it drew at first. So the lots go on from where the
    /// first writing left them: a change in one part leaves all others as they were, letter by letter.
    pub(super) fn part<T>(&mut self, write: impl Fn(&Case, &Dialect, &mut Chance) -> T) -> T {
        let same = self.life.changed.as_ref().map(|case| (case, self.chance.clone()));
        let first = write(&self.life.first, self.dialect, &mut self.chance);
        match same {
            None => first,
            Some((case, mut same)) => write(case, self.dialect, &mut same),
        }
    }

    /// The lots of what a later day added.
    pub(super) fn lots_of(&self, day: Day) -> Chance {
        Chance::new(self.seed, &format!("added on day {}", day.number()), &self.life.first.subject)
    }

    /// The lots that the parts have left over.
    pub(super) fn leftover(&mut self) -> &mut Chance {
        &mut self.chance
    }
}
