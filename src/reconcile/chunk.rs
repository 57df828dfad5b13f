//! A stretch of a roster that is compared at once, so that memory does not grow with the roster.
//!
//! About a kilobyte per user is held, for the users of one chunk alone, and one bit for each user of the baseline. For
//! each chunk the ids of the baseline, its AML entities and the breaks of the night before are read through once; the
//! tables may come in any order and in batches of any size.

use std::{collections::HashMap, mem};

use polars::prelude::{BooleanChunked, DataFrame, PolarsResult};

use super::{
    alias, belief,
    breaks::{Break, Finding, Night},
    earlier::{self, Earlier},
    figures::Figures,
    pair,
    person::{self, Person},
    seen::Seen,
};
use crate::model::disagreement::Kind;

/// Users to a chunk: more mean fewer passes over the baseline, and more memory.
pub const USERS: usize = 32_768;

/// Users of one run, and what else is known of them.
#[derive(Debug, Default)]
pub struct Chunk {
    people: Vec<Person>,
    before: Vec<Option<Person>>,
    earlier: Vec<Vec<Earlier>>,
    /// Place among `people` by user id; looked up only, never walked.
    places: HashMap<String, usize>,
}

impl Chunk {
    /// The chunk of these users, in roster order whatever order they come in.
    #[must_use]
    pub fn of(mut people: Vec<Person>) -> Self {
        people.sort_by(|a, b| (a.position, &a.user_id).cmp(&(b.position, &b.user_id)));
        let places = people.iter().enumerate().map(|(at, one)| (one.user_id.clone(), at)).collect();
        Self {
            before: people.iter().map(|_| None).collect(),
            earlier: people.iter().map(|_| Vec::new()).collect(),
            people,
            places,
        }
    }

    /// The rows of a frame with a column `user_id` that are about users of this chunk.
    ///
    /// # Errors
    /// When the frame has no such column.
    pub fn select(&self, rows: &DataFrame) -> PolarsResult<DataFrame> {
        let users = rows.column("user_id")?.str()?;
        let is_own = |user: Option<&str>| user.is_some_and(|user| self.places.contains_key(user));
        rows.filter(&users.iter().map(is_own).collect::<BooleanChunked>())
    }

    /// Takes in the AML entities of the run.
    ///
    /// # Errors
    /// When the frame lacks one of [`person::ENTITY_COLUMNS`].
    pub fn list_entities(&mut self, entities: &DataFrame) -> PolarsResult<()> {
        for entity in person::entities(entities)? {
            if let Some(&at) = self.places.get(&entity.user_id) {
                self.people[at].list(entity);
            }
        }
        Ok(())
    }

    /// Takes in what the AML entities of the run, which were listed before, are listed for.
    ///
    /// # Errors
    /// When the frame lacks one of [`person::LISTING_COLUMNS`].
    pub fn list_listings(&mut self, listings: &DataFrame) -> PolarsResult<()> {
        for listing in person::listings(listings)? {
            if let Some(&at) = self.places.get(&listing.user_id) {
                self.people[at].list_for(listing);
            }
        }
        Ok(())
    }

    /// Takes in the same of the baseline.
    ///
    /// # Errors
    /// When the frame lacks one of [`person::LISTING_COLUMNS`].
    pub fn list_baseline_listings(&mut self, listings: &DataFrame) -> PolarsResult<()> {
        for listing in person::listings(listings)? {
            if let Some(&at) = self.places.get(&listing.user_id)
                && let Some(before) = &mut self.before[at]
            {
                before.list_for(listing);
            }
        }
        Ok(())
    }

    /// Takes in users of the baseline, and notes those that are in this chunk.
    pub fn meet(&mut self, baseline: Vec<Person>, seen: &mut Seen) {
        for before in baseline {
            if let Some(&at) = self.places.get(&before.user_id) {
                seen.mark(&before);
                self.before[at] = Some(before);
            }
        }
    }

    /// Takes in the AML entities of the baseline, whose users were met before.
    ///
    /// # Errors
    /// When the frame lacks one of [`person::ENTITY_COLUMNS`].
    pub fn list_baseline_entities(&mut self, entities: &DataFrame) -> PolarsResult<()> {
        for entity in person::entities(entities)? {
            if let Some(&at) = self.places.get(&entity.user_id)
                && let Some(before) = &mut self.before[at]
            {
                before.list(entity);
            }
        }
        Ok(())
    }

    /// Takes in breaks that the run before published.
    ///
    /// # Errors
    /// When the frame lacks one of [`super::breaks::BREAK_COLUMNS`].
    pub fn remember(&mut self, breaks: &DataFrame) -> PolarsResult<()> {
        for (user, one) in earlier::read(breaks)? {
            if let Some(&at) = self.places.get(&user) {
                self.earlier[at].push(one);
            }
        }
        Ok(())
    }

    /// The breaks of this chunk's users, in roster order, then in that of the kinds.
    #[must_use]
    pub fn compare(mut self, night: &Night<'_>, figures: &mut Figures) -> Vec<Break> {
        let mut breaks = Vec::new();
        let before = mem::take(&mut self.before);
        let earlier = mem::take(&mut self.earlier);
        for ((person, mut before), mut earlier) in self.people.iter().zip(before).zip(earlier) {
            alias::align(before.as_mut(), person, &mut earlier);
            figures.users += 1;
            let mut found = against_baseline(person, before.as_ref(), night, figures);
            found.extend(belief::disagreements(person, before.as_ref(), night.books));
            breaks.extend(dated(person, found, &earlier, night));
        }
        figures.count(night, &breaks);
        breaks
    }

    /// The breaks of users of the baseline who are not in the run any more.
    #[must_use]
    pub fn depart(self, night: &Night<'_>, figures: &mut Figures) -> Vec<Break> {
        let mut breaks = Vec::new();
        for (person, earlier) in self.people.iter().zip(&self.earlier) {
            figures.vanished += 1;
            let verdict = person.verdict.as_deref();
            let gone = Finding::change(Kind::Vanished, None, verdict, None);
            breaks.push(date(person, gone, earlier, night));
        }
        figures.count(night, &breaks);
        breaks
    }
}

fn against_baseline(
    person: &Person,
    before: Option<&Person>,
    night: &Night<'_>,
    figures: &mut Figures,
) -> Vec<Finding> {
    match (night.baseline, before) {
        (None, _) => Vec::new(),
        (Some(_), None) => {
            figures.appeared += 1;
            pair::appeared(person)
        }
        (Some(_), Some(before)) => {
            let found = pair::changes(before, person);
            figures.met(before, person, !found.is_empty());
            found
        }
    }
}

/// Tonight's breaks of one user with their ages: what was found, and what still stands from earlier nights.
fn dated(
    person: &Person,
    mut found: Vec<Finding>,
    earlier: &[Earlier],
    night: &Night<'_>,
) -> Vec<Break> {
    for came_back in earlier.iter().filter_map(|earlier| earlier.regression(person)) {
        add(&mut found, came_back);
    }
    for earlier in earlier {
        if let Some(standing) = earlier.tonight(person, |field| night.books.covers(field)) {
            add(&mut found, standing);
        }
    }
    found.sort_by(|a, b| (a.kind, &a.field, a.side).cmp(&(b.kind, &b.field, b.side)));
    found.into_iter().map(|finding| date(person, finding, earlier, night)).collect()
}

/// Adds a finding that the comparison of two nights could not make, unless it did.
fn add(found: &mut Vec<Finding>, finding: Finding) {
    if !found.iter().any(|known| known.has_key_of(&finding)) {
        found.push(finding);
    }
}

fn date(person: &Person, finding: Finding, earlier: &[Earlier], night: &Night<'_>) -> Break {
    let known = earlier.iter().find(|earlier| finding.continues(&earlier.finding));
    let first_seen = known.map_or_else(|| night.first_seen(), |known| known.first_seen.clone());
    night.file(&person.user_id, finding, first_seen)
}
