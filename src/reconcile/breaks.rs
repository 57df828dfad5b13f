//! A break: one thing about one user that disagrees, and since when.

use jiff::Timestamp;

use super::bound::BoundBooks;
use crate::model::{
    disagreement::{Kind, Side},
    ids::RunId,
};

/// The columns of `breaks` that are read of the night before.
pub const BREAK_COLUMNS: [&str; 10] = [
    "user_id",
    "kind",
    "field",
    "side",
    "before",
    "after",
    "ours",
    "theirs",
    "first_seen_run_id",
    "first_seen_at",
];

/// What two records disagree about, without the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// Column of `users`; of an AML entity `aml_entities/` and the entity's id.
    pub field: Option<String>,
    /// Only against our books.
    pub side: Option<Side>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub ours: Option<String>,
    pub theirs: Option<String>,
}

impl Finding {
    /// Something that is not what it was in the baseline.
    pub(super) fn change(
        kind: Kind,
        field: Option<&str>,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Self {
        Self {
            kind,
            field: field.map(str::to_owned),
            side: None,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            ours: None,
            theirs: None,
        }
    }

    /// Whether both are about the same thing.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        (self.kind, &self.field, self.side) == (other.kind, &other.field, other.side)
    }

    /// Whether the two are one break: a state by its key, a change also by what changed into what.
    pub(super) fn continues(&self, earlier: &Self) -> bool {
        let same_change = (&self.before, &self.after) == (&earlier.before, &earlier.after);
        self.has_key_of(earlier) && (self.kind.lasts() || same_change)
    }
}

/// The run in which a break was seen first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSeen {
    pub run_id: String,
    pub at: Timestamp,
}

/// One row of `breaks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub user_id: String,
    pub finding: Finding,
    pub first_seen: FirstSeen,
    /// Whole days from `first_seen` to the start of this run.
    pub age_days: i64,
}

/// The run that is reconciled.
#[derive(Debug, Clone, Copy)]
pub struct Night<'a> {
    pub run_id: &'a RunId,
    pub started_at: Timestamp,
    /// None: there is nothing to compare with but our books.
    pub baseline: Option<&'a RunId>,
    pub books: &'a BoundBooks,
}

impl Night<'_> {
    pub(super) fn first_seen(&self) -> FirstSeen {
        FirstSeen { run_id: self.run_id.to_string(), at: self.started_at }
    }

    /// The row of a finding; a break of the future is of today.
    pub(super) fn file(&self, user_id: &str, finding: Finding, first_seen: FirstSeen) -> Break {
        let age = self.started_at.duration_since(first_seen.at).as_hours() / 24;
        Break { user_id: user_id.to_owned(), finding, first_seen, age_days: age.max(0) }
    }
}
