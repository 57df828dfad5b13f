//! Counting the roster without keeping it.

use std::collections::HashSet;

use crate::{
    commands::roster::{self, RosterFacts},
    console::planned::{Reject, Roster},
    error::Error,
    model::digest::Digest,
    roster::reader::Line,
    settings::PlanSettings,
};

/// Half a digest instead of an id: a million users in some tens of megabytes, and two ids do not share one.
#[derive(Debug, Default)]
pub(super) struct Seen(HashSet<Option<[u8; 16]>>);

/// How many rejects are named.
const NAMED: usize = 5;

/// The roster in figures.
pub(super) struct Survey {
    pub(super) facts: RosterFacts,
    pub(super) seen: Seen,
    first_rejects: Vec<Reject>,
}

impl Seen {
    /// Takes a user in; says whether he is new.
    pub(super) fn insert(&mut self, user_id: &str) -> bool {
        self.0.insert(half(user_id))
    }

    /// Whether the roster names this user.
    pub(super) fn contains(&self, user_id: &str) -> bool {
        self.0.contains(&half(user_id))
    }
}

fn half(user_id: &str) -> Option<[u8; 16]> {
    Digest::of(user_id.as_bytes()).as_bytes().first_chunk().copied()
}

/// Reads the roster to its end.
pub(super) fn survey(settings: &PlanSettings) -> Result<Survey, Error> {
    let mut reader = roster::open(settings)?;
    let columns = reader.columns().to_vec();
    let mut seen = Seen::default();
    let (mut duplicates, mut first_rejects) = (0, Vec::new());
    for line in &mut reader {
        match line? {
            Line::Entry { user_id, .. } => {
                duplicates += u64::from(!seen.insert(user_id.as_str()));
            }
            Line::Reject { line, reason, detail } if first_rejects.len() < NAMED => {
                first_rejects.push(Reject { line, reason: reason.as_str(), detail });
            }
            Line::Reject { .. } | Line::Blank { .. } => {}
        }
    }
    let name = roster::name(&settings.roster);
    let facts = RosterFacts::new(name, columns, duplicates, &reader.finish()?);
    if facts.unique == 0 {
        return Err(Error::RosterEmpty { roster: facts.source });
    }
    Ok(Survey { facts, seen, first_rejects })
}

impl From<Survey> for Roster {
    fn from(Survey { facts, first_rejects, .. }: Survey) -> Self {
        Self {
            source: facts.source,
            sha256: facts.sha256,
            input_rows: facts.input_rows,
            unique_users: facts.unique,
            duplicates: facts.duplicates,
            blanks: facts.blanks,
            rejects: facts.rejects,
            first_rejects,
        }
    }
}
