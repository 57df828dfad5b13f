//! What needs a person, as the page shows it.

use serde::Serialize;

use crate::{
    model::action::Action,
    report::{
        discretion::{self, Discretion},
        population::Count,
    },
};

/// An action, and how many need it.
#[derive(Serialize)]
pub(super) struct ActionRow {
    action: &'static str,
    advice: &'static str,
    severity: &'static str,
    figure: String,
}

impl ActionRow {
    /// The actions that somebody needs, the most urgent first.
    pub(super) fn all(counts: &[Count], discretion: Discretion) -> Vec<Self> {
        let plain: Vec<_> = counts.iter().map(|count| count.count).collect();
        let figures = discretion.figures(&plain).into_iter().map(discretion::shown);
        let row = |(count, figure): (&Count, String)| {
            let action = Action::ALL.into_iter().find(|action| action.as_str() == count.name)?;
            let (name, advice) = told(action);
            Some(Self { action: name, advice, severity: action.severity().as_str(), figure })
        };
        counts.iter().zip(figures).filter_map(row).collect()
    }
}

/// The action in words, and what is to be done.
const fn told(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::AmlInvestigation => (
            "AML investigation",
            "Look at the open hit and close it at the partner, or end the relationship.",
        ),
        Action::ManualReview => (
            "Manual review",
            "Look at the case and decide; the command explain shows what it rests on.",
        ),
        Action::FixRoster => {
            ("Fix the roster", "Correct the line or the id; no answer will come otherwise.")
        }
        Action::SendNewKycLink => {
            ("Send a new KYC link", "Ask the user to go through the verification again.")
        }
        Action::AskAgain => ("Ask again", "Nothing to do by hand: the next run asks."),
        Action::WaitForCompletion => {
            ("Wait for completion", "The partner or the user is at work; look again later.")
        }
        Action::CheckBooks => ("Check our books", "Our records and the partner's answer disagree."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_says_what_to_do() {
        let counts = Action::ALL.map(|action| Count::new(action.as_str(), 7));
        let rows = ActionRow::all(&counts, Discretion::Ids);
        assert_eq!(rows.len(), counts.len());
        assert!(rows.iter().all(|row| row.advice.ends_with('.') && row.figure == "7"));
    }

    #[test]
    fn few_users_are_not_told_where_discretion_is_asked() {
        let counts = [Count::new("manual_review", 3), Count::new("ask_again", 90)];
        let rows = ActionRow::all(&counts, Discretion::Aggregate);
        assert!(rows.iter().all(|row| row.figure == "withheld"));
    }
}
