//! The breaks that the page lists one by one.

use std::cmp::Reverse;

use crate::{reconcile::breaks::Break, report::page::changes::ShownBreak};

/// The most breaks on the page.
const MOST: usize = 50;

/// The gravest breaks seen so far, the gravest and then the oldest first.
#[derive(Debug, Default)]
pub(super) struct Gravest(Vec<ShownBreak>);

impl Gravest {
    pub(super) fn note(&mut self, breaks: &[Break]) {
        self.0.extend(breaks.iter().map(shown));
        self.0.sort_by_key(|shown| (Reverse(shown.kind.severity()), Reverse(shown.age_days)));
        self.0.truncate(MOST);
    }

    pub(super) fn breaks(&self) -> &[ShownBreak] {
        &self.0
    }
}

fn shown(found: &Break) -> ShownBreak {
    let finding = &found.finding;
    ShownBreak {
        user_id: found.user_id.clone(),
        kind: finding.kind,
        field: finding.field.clone(),
        before: finding.before.clone(),
        after: finding.after.clone(),
        age_days: found.age_days,
    }
}
