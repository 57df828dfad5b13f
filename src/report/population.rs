//! The population: how many rows and users, and where each of them ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    outcome::Outcome,
    provenance::{Age, Provenance},
    verdict::Verdict,
};

/// How often something occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// What is counted.
    pub name: String,
    /// How many there are.
    pub count: u64,
}

impl Count {
    #[must_use]
    pub fn new(name: &str, count: u64) -> Self {
        Self { name: name.to_owned(), count }
    }
}

/// Where the input rows went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    pub input_rows: u64,
    pub unique_users: u64,
    pub duplicates: u64,
    pub blanks: u64,
    pub rejects: u64,
    pub other_shards: u64,
}

/// How many rows and users, and where each of them ended. Every word is listed, also with a count of zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Population {
    /// Rows of the roster, without the header.
    pub input_rows: u64,
    /// Rows that named a user for the first time: the population.
    pub unique_users: u64,
    /// Rows that named a user again.
    pub duplicates: u64,
    /// Rows with nothing in them.
    pub blanks: u64,
    /// Rows that could not be used.
    pub rejects: u64,
    /// Rows that other shards of the roster ask about, or count; 0 where the whole roster is asked about.
    pub other_shards: u64,
    /// How asking about the users ended.
    pub outcomes: Vec<Count>,
    /// Our policy's judgement of the users.
    pub verdicts: Vec<Count>,
    /// Where the answers come from: fetched by this run, carried from an earlier one, or nowhere.
    pub answers: Vec<Count>,
    /// How old the answers are, fetched and carried ones.
    pub ages: Vec<Count>,
}

/// The order in which verdicts are read: what is settled first, by importance.
const VERDICTS: [Verdict; 5] =
    [Verdict::Pass, Verdict::Fail, Verdict::Review, Verdict::Pending, Verdict::Unreached];

impl Population {
    /// Counts every word there is.
    #[must_use]
    pub fn new(
        rows: Rows,
        outcomes: impl Fn(Outcome) -> u64,
        verdicts: impl Fn(Verdict) -> u64,
        answers: impl Fn(Provenance) -> u64,
        ages: impl Fn(Age) -> u64,
    ) -> Self {
        let Rows { input_rows, unique_users, duplicates, blanks, rejects, other_shards } = rows;
        let outcomes = Outcome::ALL.map(|word| Count::new(word.as_str(), outcomes(word))).to_vec();
        let verdicts = VERDICTS.map(|word| Count::new(word.as_str(), verdicts(word))).to_vec();
        let answers = Provenance::ALL.map(|word| Count::new(word.as_str(), answers(word))).to_vec();
        let ages = Age::ALL.map(|word| Count::new(word.as_str(), ages(word))).to_vec();
        Self {
            input_rows,
            unique_users,
            duplicates,
            blanks,
            rejects,
            other_shards,
            outcomes,
            verdicts,
            answers,
            ages,
        }
    }

    /// How many users this count of the answers' provenance has.
    #[must_use]
    pub fn answers(&self, provenance: Provenance) -> u64 {
        let found = self.answers.iter().find(|count| count.name == provenance.as_str());
        found.map_or(0, |count| count.count)
    }

    /// The right-hand side of the first equation; other shards only where there are any.
    pub(super) fn rows(&self) -> Vec<Count> {
        let mut rows = vec![
            Count::new("unique_users", self.unique_users),
            Count::new("duplicates", self.duplicates),
            Count::new("blanks", self.blanks),
            Count::new("rejects", self.rejects),
        ];
        if self.other_shards > 0 {
            rows.push(Count::new("other_shards", self.other_shards));
        }
        rows
    }

    /// Where the rows went, in words for people; `figure` writes a number.
    #[must_use]
    pub fn told(&self, figure: impl Fn(u64) -> String) -> String {
        let others = match self.other_shards {
            0 => String::new(),
            rows => format!(", {} of other shards", figure(rows)),
        };
        format!(
            "{} rows read: {} users, {} duplicates, {} blank, {} rejected{others}",
            figure(self.input_rows),
            figure(self.unique_users),
            figure(self.duplicates),
            figure(self.blanks),
            figure(self.rejects),
        )
    }
}
