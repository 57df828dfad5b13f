//! What needs a person, as the page shows it.

use serde::Serialize;

use crate::{
    model::{action::Action, disagreement::Severity},
    report::{discretion::Discretion, figures, statistics::Statistic},
};

/// An action, how much it matters, and how many need it.
#[derive(Serialize)]
pub(super) struct ActionRow {
    action: &'static str,
    advice: &'static str,
    /// Of the users, as in `actions.csv`: a break may be worse than the action is by itself.
    severity: &'static str,
    figure: String,
}

impl ActionRow {
    /// The actions that somebody needs, in the order of their statistic: the most urgent first.
    pub(super) fn all(statistics: &[Statistic], discretion: Discretion) -> Vec<Self> {
        let answer = statistics.iter().filter(|statistic| statistic.name == "actions");
        let shown = discretion.statistics(&answer.cloned().collect::<Vec<_>>());
        shown.iter().flat_map(Self::of).collect()
    }

    fn of(answer: &Statistic) -> impl Iterator<Item = Self> {
        answer.rows.iter().filter_map(|row| {
            let word = |column| answer.cell(row, column)?.as_str();
            let is_named = |action: &Action| word("action") == Some(action.as_str());
            let is_so = |severity: &Severity| word("severity") == Some(severity.as_str());
            let (name, advice) = told(Action::ALL.into_iter().find(is_named)?);
            Some(Self {
                action: name,
                advice,
                severity: Severity::ALL.into_iter().find(is_so)?.as_str(),
                figure: answer.cell(row, "users").map(figures::shown)?,
            })
        })
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
    use serde_json::json;

    use super::*;

    fn answer<const N: usize>(rows: [(Action, Severity, u64); N]) -> [Statistic; 1] {
        let columns = ["action", "severity", "users"].map(str::to_owned).into();
        let row = |(action, severity, users): (Action, Severity, u64)| {
            vec![json!(action.as_str()), json!(severity.as_str()), json!(users)]
        };
        let rows = rows.map(row).into();
        [Statistic { name: "actions".to_owned(), question: String::new(), columns, rows }]
    }

    #[test]
    fn every_action_says_what_to_do() {
        let rows = answer(Action::ALL.map(|action| (action, action.severity(), 7)));
        let rows = ActionRow::all(&rows, Discretion::Ids);
        assert_eq!(rows.len(), Action::ALL.len());
        assert!(rows.iter().all(|row| row.advice.ends_with('.') && row.figure == "7"));
    }

    #[test]
    fn a_review_for_a_critical_break_is_shown_as_critical() {
        let rows = [Severity::Critical, Severity::Medium].map(|s| (Action::ManualReview, s, 9));
        let rows = ActionRow::all(&answer(rows), Discretion::Ids);
        let shown: Vec<_> = rows.iter().map(|row| (row.action, row.severity)).collect();
        assert_eq!(shown, [("Manual review", "critical"), ("Manual review", "medium")]);
    }

    #[test]
    fn few_users_are_not_told_where_discretion_is_asked() {
        let rows = [Action::ManualReview, Action::AskAgain].into_iter().zip([3, 90]);
        let rows: Vec<_> = rows.map(|(action, users)| (action, action.severity(), users)).collect();
        let rows = ActionRow::all(&answer([rows[0], rows[1]]), Discretion::Aggregate);
        assert!(!rows.is_empty() && rows.iter().all(|row| row.figure == "withheld"));
    }
}
