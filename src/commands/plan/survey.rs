//! Counting the roster without keeping it.

use std::collections::HashSet;

use crate::{
    commands::roster::{self, RosterFacts},
    console::planned::{Reject, Roster},
    error::Error,
    model::digest::Digest,
    roster::{counts::RosterCounts, reader::Line},
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
    let shard = settings.part.as_ref().map(|part| part.shard);
    let (mut counts, mut first_rejects) = (RosterCounts::default(), Vec::new());
    for line in &mut reader {
        match line? {
            line if !roster::owns(shard, &line) => counts.other_shards += 1,
            Line::Entry { user_id, .. } if seen.insert(user_id.as_str()) => counts.unique += 1,
            Line::Entry { .. } => counts.duplicates += 1,
            Line::Reject { line, reason, detail } => {
                counts.rejects += 1;
                if first_rejects.len() < NAMED {
                    first_rejects.push(Reject { line, reason: reason.as_str(), detail });
                }
            }
            Line::Blank { .. } => counts.blanks += 1,
        }
    }
    let name = roster::name(&settings.roster);
    let end = reader.finish()?;
    if end.entries == 0 {
        return Err(Error::RosterEmpty { roster: name });
    }
    let facts = RosterFacts::new(name, columns, shard, counts, &end);
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
            other_shards: facts.other_shards,
            first_rejects,
        }
    }
}
