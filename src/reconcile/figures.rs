//! What was counted while comparing: who came and went, the transitions, the breaks by kind.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    breaks::{Break, Night},
    person::Person,
};
use crate::model::disagreement::{Kind, Severity};

/// The counts of one reconciliation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Users of the run.
    pub users: u64,
    /// Users of the run who are not in the baseline; none of the four without a baseline.
    pub appeared: u64,
    /// Users of the baseline who are not in the run.
    pub vanished: u64,
    pub unchanged: u64,
    /// Users in both of whom at least one thing changed.
    pub changed: u64,
    pub decisions: Matrix,
    pub verdicts: Matrix,
    pub breaks: BTreeMap<Kind, KindCount>,
    /// Users with an open break of medium severity or worse, vanished ones included.
    pub users_in_break: u64,
}

/// How many users went from one word to another; who has no word has `None`. Only users in both runs are counted.
pub type Matrix = BTreeMap<(Option<String>, Option<String>), u64>;

/// How many breaks there are of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindCount {
    /// Open tonight.
    pub open: u64,
    /// Of these, seen in this run for the first time.
    pub new: u64,
}

impl Figures {
    /// Breaks of this kind that were seen in this run for the first time.
    #[must_use]
    pub fn new_of_kind(&self, kind: Kind) -> u64 {
        self.breaks.get(&kind).map_or(0, |count| count.new)
    }

    /// Breaks of this severity that were seen in this run for the first time.
    #[must_use]
    pub fn new_of_severity(&self, severity: Severity) -> u64 {
        let of_it = self.breaks.iter().filter(|(kind, _)| kind.severity() == severity);
        of_it.map(|(_, count)| count.new).sum()
    }

    /// Counts a user in both runs.
    pub(super) fn met(&mut self, before: &Person, after: &Person, has_changed: bool) {
        let decisions = (before.decision.clone(), after.decision.clone());
        let verdicts = (before.verdict.clone(), after.verdict.clone());
        *self.decisions.entry(decisions).or_default() += 1;
        *self.verdicts.entry(verdicts).or_default() += 1;
        if has_changed {
            self.changed += 1;
        } else {
            self.unchanged += 1;
        }
    }

    /// Counts the breaks of whole users.
    pub(super) fn count(&mut self, night: &Night<'_>, breaks: &[Break]) {
        let mut users = BTreeSet::new();
        for one in breaks {
            let kind = one.finding.kind;
            let count = self.breaks.entry(kind).or_default();
            count.open += 1;
            count.new += u64::from(one.first_seen.run_id == night.run_id.as_str());
            if kind.severity() >= Severity::Medium {
                users.insert(&one.user_id);
            }
        }
        self.users_in_break += users.len() as u64;
    }
}
