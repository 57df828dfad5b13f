//! What is counted while the tables are written; the certificate is made from it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use polars::prelude::{DataFrame, PolarsResult};

use super::gravest::Gravest;
use crate::{
    model::{
        ids::UserId,
        outcome::Outcome,
        provenance::{Age, Provenance},
        verdict::Verdict,
    },
    reconcile::figures::Figures,
    report::{
        id_digest::IdDigest,
        population::{Population, Rows},
    },
    roster::counts::RosterCounts,
};

/// Counts of users and rows: ids, outcomes and verdicts from the rows of `users` on their way into the file, rows from
/// the files. The certificate holds them against the roster's counts, and against what the statistics read back.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) ids: IdDigest,
    pub(super) outcomes: BTreeMap<Outcome, u64>,
    pub(super) verdicts: BTreeMap<Verdict, u64>,
    pub(super) provenances: BTreeMap<Provenance, u64>,
    pub(super) ages: BTreeMap<Age, u64>,
    /// Start of the first and of the last settling attempt, from the journal.
    pub(super) fetched_at: Option<(Timestamp, Timestamp)>,
    /// Published rows by table.
    pub(super) rows: BTreeMap<String, u64>,
    /// Rows of `drift` that tell a new word.
    pub(super) new_words: u64,
    /// The counts of the reconciliation.
    pub(super) figures: Figures,
    /// The breaks that the page lists.
    pub(super) gravest: Gravest,
}

impl Ledger {
    /// Counts rows of `users`. A word that is none is not counted, and the certificate does not close.
    pub(super) fn count(&mut self, users: &DataFrame) -> PolarsResult<()> {
        for id in users.column("user_id")?.str()?.iter().flatten() {
            if let Ok(id) = UserId::parse(id) {
                self.ids.add(&id);
            }
        }
        for outcome in users.column("outcome")?.str()?.iter().flatten().filter_map(Outcome::parse) {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        for verdict in users.column("verdict")?.str()?.iter().flatten().filter_map(Verdict::parse) {
            *self.verdicts.entry(verdict).or_default() += 1;
        }
        self.count_answers(users)
    }

    /// Counts where the answers come from. Who was not attempted has no age; a cell that is none is not counted.
    fn count_answers(&mut self, users: &DataFrame) -> PolarsResult<()> {
        let (carried, ages) = (users.column("carried")?.bool()?, users.column("answer_age_days")?);
        for (carried, age) in carried.iter().zip(ages.i64()?.iter()) {
            let provenance = match (carried, age) {
                (Some(true), Some(_)) => Provenance::Carried,
                (Some(false), Some(_)) => Provenance::Fresh,
                (Some(false), None) => Provenance::NotAttempted,
                (Some(true), None) | (None, _) => continue,
            };
            *self.provenances.entry(provenance).or_default() += 1;
            if let Some(days) = age {
                *self.ages.entry(Age::of_days(days)).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Counts rows of `drift`.
    pub(super) fn note_drift(&mut self, drift: &DataFrame) -> PolarsResult<()> {
        let kinds = drift.column("kind")?.str()?.iter().flatten();
        self.new_words += kinds.filter(|kind| *kind == "new_word").count() as u64;
        Ok(())
    }

    pub(super) fn fetched(&mut self, at: Timestamp) {
        let (first, last) = self.fetched_at.unwrap_or((at, at));
        self.fetched_at = Some((first.min(at), last.max(at)));
    }

    pub(super) fn population(&self, counts: RosterCounts) -> Population {
        let rows = Rows {
            input_rows: counts.input_rows,
            unique_users: counts.unique,
            duplicates: counts.duplicates,
            blanks: counts.blanks,
            rejects: counts.rejects,
            other_shards: counts.other_shards,
        };
        Population::new(
            rows,
            |outcome| self.outcomes.get(&outcome).copied().unwrap_or(0),
            |verdict| self.verdicts.get(&verdict).copied().unwrap_or(0),
            |provenance| self.provenances.get(&provenance).copied().unwrap_or(0),
            |age| self.ages.get(&age).copied().unwrap_or(0),
        )
    }

    /// Why the run is not complete: somebody was asked in vain, or not at all.
    pub(super) fn incomplete_because(&self) -> Option<String> {
        let count = |outcome| self.outcomes.get(&outcome).copied().unwrap_or(0);
        let (exhausted, not_attempted) = (count(Outcome::Exhausted), count(Outcome::NotAttempted));
        (exhausted + not_attempted > 0).then(|| {
            format!(
                "{exhausted} users exhausted their attempts, {not_attempted} were not attempted"
            )
        })
    }
}
