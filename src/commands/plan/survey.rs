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

/// How many rejects are named.
const NAMED: usize = 5;

/// The roster in figures.
pub(super) struct Survey {
    pub(super) facts: RosterFacts,
    first_rejects: Vec<Reject>,
}

/// Reads the roster to its end.
pub(super) fn survey(settings: &PlanSettings) -> Result<Survey, Error> {
    let mut reader = roster::open(settings)?;
    let columns = reader.columns().to_vec();
    // Half a digest instead of an id: a million users in some tens of megabytes, and two ids do not share one.
    let mut seen = HashSet::new();
    let (mut duplicates, mut first_rejects) = (0, Vec::new());
    for line in &mut reader {
        match line? {
            Line::Entry { user_id, .. } => {
                let half =
                    Digest::of(user_id.as_str().as_bytes()).as_bytes().first_chunk::<16>().copied();
                duplicates += u64::from(!seen.insert(half));
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
    Ok(Survey { facts, first_rejects })
}

impl From<Survey> for Roster {
    fn from(Survey { facts, first_rejects }: Survey) -> Self {
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
