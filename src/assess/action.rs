//! From what is known of a user to what somebody has to do: the one place where that is decided.
//!
//! In this order, the first that applies:
//!
//! | action | when | because |
//! |---|---|---|
//! | `aml_investigation` | an AML hit is open, whatever the verdict | a policy may let a hit pass; the duty to look at it stays |
//! | `aml_investigation` | a break says that a hit was open when it was last seen | that nobody lists it tonight closes nothing |
//! | `manual_review` | a critical break: another identity, another person's data | nothing else that is said of the user can be trusted |
//! | `manual_review` | what we relied on is gone: the document, its identity, the screening | a link would let the trace grow cold |
//! | `fix_roster` | `denied` | the partner does not speak of this user to us, and will not tomorrow |
//! | `send_new_kyc_link` | `no_verification` | the user never began, or the session is gone |
//! | `ask_again` | `unreadable`, `exhausted`, `not_attempted` | nothing is known, so there is nothing to review |
//! | `send_new_kyc_link` | verdict `fail` or `review`, the document is expired or rejected, and no rule held but those about it | only the user can bring another one |
//! | `manual_review` | verdict `fail` or `review` otherwise | a person has to decide |
//! | `wait_for_completion` | verdict `pending` or `unreached` otherwise | somebody is at work, and a link would start all over |
//! | `check_books` | a disagreement with our books | last: a verdict is worse than a record that does not show it |
//!
//! Nobody who passes is listed for anything else.

use std::borrow::Cow;

use crate::{
    kyc::{check::Check, decision::Decision},
    model::{
        action::Action,
        disagreement::{Against, Kind, Severity},
        outcome::Outcome,
        verdict::Verdict,
    },
};

/// What an action follows from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    pub outcome: Outcome,
    pub verdict: Verdict,
    /// What the decisive rule of the policy says; none for who passes.
    pub reason: Option<&'a str>,
    pub open_hits: i64,
    pub document_expired: bool,
    /// Whether every rule that held looks at the document alone.
    pub only_document_rules: bool,
    pub reference_mismatch: bool,
    pub decision: Option<&'a str>,
    /// The word of the check of the document, and those of the other checks.
    pub document_check: Option<&'a str>,
    pub other_checks: &'a [Option<&'a str>],
    /// The open breaks of the user.
    pub breaks: &'a [Kind],
}

/// What somebody has to do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due<'a> {
    pub action: Action,
    pub why: Cow<'a, str>,
    pub severity: Severity,
}

impl<'a> Situation<'a> {
    /// The most urgent thing that is to be done about the user, if there is any.
    #[must_use]
    pub fn due(&self) -> Option<Due<'a>> {
        let (action, why) = self.decide()?;
        let worst = self.breaks.iter().map(|kind| kind.severity()).max();
        let severity = worst.map_or(action.severity(), |worst| worst.max(action.severity()));
        Some(Due { action, why, severity })
    }

    fn decide(&self) -> Option<(Action, Cow<'a, str>)> {
        if self.open_hits > 0 {
            return Some((Action::AmlInvestigation, "an AML hit is open".into()));
        }
        if self.breaks.contains(&Kind::NewAmlHit) {
            return Some((Action::AmlInvestigation, told(Kind::NewAmlHit)));
        }
        let critical = self.first_break(|kind| kind.severity() == Severity::Critical);
        if let Some(kind) = critical.or_else(|| self.first_break(is_loss)) {
            return Some((Action::ManualReview, told(kind)));
        }
        if let Some(action) = by_outcome(self.outcome) {
            return Some((action, self.why(self.outcome.as_str())));
        }
        match self.verdict {
            Verdict::Fail | Verdict::Review => Some(match self.document_in_the_way() {
                Some(why) => (Action::SendNewKycLink, why.into()),
                None => (Action::ManualReview, self.why("not passed")),
            }),
            Verdict::Pending | Verdict::Unreached => {
                Some((Action::WaitForCompletion, self.why("not decided")))
            }
            Verdict::Pass => {
                let kind = self.first_break(|kind| kind.against() == Against::Books)?;
                Some((Action::CheckBooks, told(kind)))
            }
        }
    }

    /// What is wrong with the document, if nothing else is in the way: then the user can help himself.
    fn document_in_the_way(&self) -> Option<&'static str> {
        let is = |check: Option<&str>, word: Check| check == Some(word.as_str());
        let in_doubt = |check| {
            [Check::Rejected, Check::Review, Check::Unrecognized]
                .iter()
                .any(|word| is(check, *word))
        };
        let decision = self.decision.and_then(Decision::parse);
        let is_decided = matches!(decision, Some(Decision::Approved));
        if !self.only_document_rules || self.reference_mismatch || !is_decided {
            return None;
        }
        if self.other_checks.iter().copied().any(in_doubt) {
            return None;
        }
        if is(self.document_check, Check::Rejected) {
            return Some("the identity document was rejected");
        }
        let is_expired = self.document_expired && !in_doubt(self.document_check);
        is_expired.then_some("the identity document has expired")
    }

    fn first_break(&self, is_it: impl Fn(Kind) -> bool) -> Option<Kind> {
        self.breaks.iter().copied().filter(|kind| is_it(*kind)).min()
    }

    fn why(&self, else_this: &'static str) -> Cow<'a, str> {
        self.reason.unwrap_or(else_this).into()
    }
}

/// Whether the break says that something grave we knew of the user cannot be seen any more.
const fn is_loss(kind: Kind) -> bool {
    matches!(kind, Kind::Disappeared | Kind::ScreeningLost | Kind::IdentityLost)
}

fn by_outcome(outcome: Outcome) -> Option<Action> {
    match outcome {
        Outcome::Answered => None,
        Outcome::NoVerification => Some(Action::SendNewKycLink),
        Outcome::Denied => Some(Action::FixRoster),
        Outcome::Unreadable | Outcome::Exhausted | Outcome::NotAttempted => Some(Action::AskAgain),
    }
}

fn told(kind: Kind) -> Cow<'static, str> {
    format!("{}: {}", kind.as_str(), kind.reason()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answered, passes, nothing is wrong.
    const WELL: Situation<'static> = Situation {
        outcome: Outcome::Answered,
        verdict: Verdict::Pass,
        reason: None,
        open_hits: 0,
        document_expired: false,
        only_document_rules: false,
        reference_mismatch: false,
        decision: Some("approved"),
        document_check: Some("approved"),
        other_checks: &[Some("approved"), None],
        breaks: &[],
    };

    fn action(situation: Situation<'_>) -> Option<&'static str> {
        situation.due().map(|due| due.action.as_str())
    }

    #[test]
    fn nothing_is_to_be_done_about_who_passes() {
        assert_eq!(WELL.due(), None);
        let told = [Kind::Recovery, Kind::NewSession, Kind::DocumentExpired];
        assert_eq!(action(Situation { breaks: &told, ..WELL }), None);
    }

    #[test]
    fn every_outcome_without_a_document_has_its_action() {
        let expected = [
            None,
            Some("send_new_kyc_link"),
            Some("fix_roster"),
            Some("ask_again"),
            Some("ask_again"),
            Some("ask_again"),
        ];
        let actions = Outcome::ALL.map(|outcome| action(Situation { outcome, ..WELL }));
        assert_eq!(actions, expected);
    }

    #[test]
    fn only_a_document_that_stands_alone_in_the_way_is_the_user_s_to_bring() {
        let failed = Situation { verdict: Verdict::Fail, only_document_rules: true, ..WELL };
        assert_eq!(action(failed), Some("manual_review"));
        let rejected = Situation { document_check: Some("rejected"), ..failed };
        assert_eq!(action(rejected), Some("send_new_kyc_link"));
        let expired = Situation { document_expired: true, verdict: Verdict::Review, ..failed };
        assert_eq!(action(expired), Some("send_new_kyc_link"));
        let fraud = Situation { other_checks: &[Some("review")], ..expired };
        assert_eq!(action(fraud), Some("manual_review"));
        assert_eq!(action(Situation { document_expired: true, ..WELL }), None, "the policy's word");
    }

    #[test]
    fn no_link_is_sent_beside_a_second_reason() {
        let expired = Situation {
            verdict: Verdict::Review,
            document_expired: true,
            only_document_rules: true,
            ..WELL
        };
        assert_eq!(action(expired), Some("send_new_kyc_link"));
        for two_reasons in [
            Situation { only_document_rules: false, ..expired },
            Situation { reference_mismatch: true, ..expired },
            Situation { decision: Some("rejected"), ..expired },
            Situation { decision: Some("review"), ..expired },
            Situation { decision: None, ..expired },
            Situation { document_check: Some("review"), ..expired },
            Situation { document_check: Some("unrecognized"), ..expired },
            Situation { other_checks: &[Some("unrecognized")], ..expired },
            Situation { breaks: &[Kind::ScreeningLost], ..expired },
        ] {
            assert_eq!(action(two_reasons), Some("manual_review"), "{two_reasons:?}");
        }
    }

    #[test]
    fn a_user_with_an_open_hit_who_is_gone_is_looked_at_and_not_sent_a_link() {
        let gone = Situation {
            outcome: Outcome::NoVerification,
            verdict: Verdict::Pending,
            breaks: &[Kind::Regression, Kind::NewAmlHit, Kind::Disappeared],
            ..WELL
        };
        assert_eq!(action(gone), Some("aml_investigation"));
        for grave in [&[Kind::Disappeared], &[Kind::ScreeningLost], &[Kind::IdentityChanged]] {
            assert_eq!(action(Situation { breaks: grave, ..gone }), Some("manual_review"));
        }
        let told = [Kind::DocumentExpired];
        assert_eq!(action(Situation { breaks: &told, ..gone }), Some("send_new_kyc_link"));
    }

    #[test]
    fn the_most_urgent_thing_is_told() {
        let books = Situation { breaks: &[Kind::BooksVerdict], ..WELL };
        assert_eq!(action(books), Some("check_books"));
        let pending = Situation { verdict: Verdict::Pending, ..books };
        assert_eq!(action(pending), Some("wait_for_completion"));
        let hit = Situation { open_hits: 1, ..pending };
        assert_eq!(action(hit), Some("aml_investigation"));
        let other = Situation { breaks: &[Kind::Regression, Kind::IdentityChanged], ..WELL };
        assert_eq!(
            other.due(),
            Some(Due {
                action: Action::ManualReview,
                why: "identity_changed: the person we know may be another one now".into(),
                severity: Severity::Critical,
            })
        );
    }

    #[test]
    fn the_reason_is_that_of_the_policy() {
        let failed = Situation { verdict: Verdict::Fail, reason: Some("under age"), ..WELL };
        assert_eq!(failed.due().map(|due| due.why), Some("under age".into()));
    }
}
