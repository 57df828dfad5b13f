//! The evidence of a run that is not published yet: its journal.

use std::iter;

use jiff::Timestamp;

use super::{Evidence, Facts, Numbers, Pages, USERS, reread};
use crate::{
    cli::Privacy,
    commands::{
        baseline::Baseline, carry::drawn::Drawn, roster::RosterFacts, workplace::Workplace,
    },
    error::Error,
    journal::{error::JournalError, store::Journal},
    model::{
        evidence::{Remembered, RememberedAttempt, RememberedReject, RememberedReread},
        quota::Quota,
        shard::Part,
    },
    report::{
        derivation::{Derivation, ShardFacts},
        discretion::Discretion,
        environment::Environment,
        export::pseudonym::Pseudonyms,
    },
    settings::{RunSettings, partner::Partner},
};

/// Attempts to a page.
const ATTEMPTS: usize = 2_048;

/// A page of the journal, in which everything has a place.
type Placed<T> = Result<Vec<(u64, T)>, JournalError>;

/// The journal of a run, and the settings under which it ended.
pub(in crate::commands) struct Unfinished {
    journal: Journal,
    facts: Facts,
}

impl Unfinished {
    /// Opens the journal of a run that has asked about everybody.
    pub(in crate::commands) fn open(
        place: &Workplace,
        settings: &RunSettings,
        roster: &RosterFacts,
        baseline: Option<&Baseline>,
    ) -> Result<Self, Error> {
        let journal = Journal::open_for_reading(&place.journal())?;
        let facts = Facts {
            run_id: place.run_id.clone(),
            environment: environment(&journal, settings)?,
            input_sha256: roster.sha256.clone(),
            counts: roster.counts(),
            base_url: settings.partner.to_string(),
            quotas: settings.quotas.clone(),
            operator: noted(&journal, "operator")?,
            host: noted(&journal, "host")?,
            started_at: instant(&journal, "started_at")?,
            ended_at: instant(&journal, "ended_at")?,
            derivation: Derivation {
                roster_columns: roster.columns.clone(),
                csv: settings.csv,
                csv_bom: settings.csv_bom,
                media: settings.media,
                by: settings.by.clone(),
                privacy: match settings.privacy {
                    Privacy::Ids => Discretion::Ids,
                    Privacy::Aggregate => Discretion::Aggregate,
                },
                baseline: baseline.map(Baseline::facts),
                carried_from: Drawn::noted(&journal)?
                    .into_iter()
                    .map(|drawn| drawn.run_id)
                    .collect(),
                books: settings.books.text().to_owned(),
                gates: settings.gates.text(),
                exports: settings.exports.text().to_owned(),
                pseudonym_key_check: settings
                    .pseudonym_key
                    .as_ref()
                    .map(|key| Pseudonyms::of(key).check()),
                shard: settings.part.as_ref().map(stated),
                merged_from: Vec::new(),
            },
        };
        Ok(Self { journal, facts })
    }

    /// What the journal has for the census, page by page: each read tells the place behind which the next one begins.
    fn placed<T: 'static>(
        &self,
        read: fn(&Journal, u64, usize) -> Placed<T>,
        numbers: fn(T) -> Numbers,
    ) -> Pages<'_, Numbers> {
        let mut after = 0;
        pages(move || {
            let page = read(&self.journal, after, USERS)?;
            after = page.last().map_or(after, |(place, _)| *place);
            Ok(page.into_iter().map(|(_, found)| numbers(found)).collect())
        })
    }
}

impl Evidence for Unfinished {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn users(&self) -> Pages<'_, Remembered> {
        let mut after = 0;
        pages(move || {
            let page = self.journal.remembered(after, USERS)?;
            after = page.last().map_or(after, |last| last.position);
            Ok(page)
        })
    }

    fn numbers(&self) -> Pages<'_, Numbers> {
        let asked = self.placed(Journal::identities, Numbers::Known);
        Box::new(asked.chain(self.placed(Journal::carried_answers, Numbers::In)))
    }

    fn attempts(&self) -> Pages<'_, RememberedAttempt> {
        let mut after = (0, 0);
        pages(move || {
            let page = self.journal.attempts(after, ATTEMPTS)?;
            after = page.last().map_or(after, |(position, last)| (*position, last.number));
            Ok(page.into_iter().map(|(_, attempt)| attempt).collect())
        })
    }

    fn rereads(&self) -> Pages<'_, RememberedReread> {
        let mut after = 0;
        let pages = pages(move || {
            let page = self.journal.rereads(after, USERS)?;
            after = page.last().map_or(after, |last| last.position);
            Ok(page)
        });
        let compare = |twice| Ok(reread::compare(&self.facts.run_id, twice)?);
        Box::new(pages.map(move |page| page?.into_iter().map(compare).collect()))
    }

    fn rejects(&self) -> Pages<'_, RememberedReject> {
        Box::new(iter::once_with(|| Ok(self.journal.rejects()?)))
    }
}

/// What the certificate states of a shard.
fn stated(part: &Part) -> ShardFacts {
    ShardFacts {
        job: part.job.to_string(),
        index: part.shard.index(),
        of: part.shard.of().get(),
        quotas: part.quotas.iter().map(Quota::to_string).collect(),
    }
}

/// Pages until one is empty.
fn pages<'a, T: 'a>(mut next: impl FnMut() -> Result<Vec<T>, JournalError> + 'a) -> Pages<'a, T> {
    Box::new(iter::from_fn(move || match next() {
        Ok(page) if page.is_empty() => None,
        page => Some(page.map_err(Error::from)),
    }))
}

/// Whether the people in the report are invented: because we started the partner, or because it said so itself.
fn environment(journal: &Journal, settings: &RunSettings) -> Result<Environment, Error> {
    let said = journal.fact("sandbox")?.is_some();
    let started = matches!(settings.partner, Partner::Sandbox(_));
    Ok(if said || started { Environment::Sandbox } else { Environment::Live })
}

fn noted(journal: &Journal, key: &str) -> Result<String, JournalError> {
    Ok(journal.fact(key)?.unwrap_or_default())
}

fn instant(journal: &Journal, key: &'static str) -> Result<Timestamp, JournalError> {
    let text = noted(journal, key)?;
    text.parse().map_err(|_| journal.corrupt(format!("`{key}` is not a time")))
}
