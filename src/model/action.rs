//! What somebody has to do about a user.

use super::disagreement::Severity;

/// What somebody has to do about a user, the most urgent first: of several that are due, the first is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Before everything else: an open hit is the one thing here with a duty by law and a clock behind it.
    AmlInvestigation,
    /// Somebody has to decide. Before the link, which would only bring the same case once more.
    ManualReview,
    /// We ask about the wrong user, or about none: no answer will ever come.
    FixRoster,
    /// The user has to do something, and does not know it.
    SendNewKycLink,
    /// Nothing is known tonight, and the next night may know it without anybody's help.
    AskAgain,
    /// The partner or the user is at work.
    WaitForCompletion,
    /// The user is well, and our records of him are not.
    CheckBooks,
}

impl Action {
    pub const ALL: [Self; 7] = [
        Self::AmlInvestigation,
        Self::ManualReview,
        Self::FixRoster,
        Self::SendNewKycLink,
        Self::AskAgain,
        Self::WaitForCompletion,
        Self::CheckBooks,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AmlInvestigation => "aml_investigation",
            Self::ManualReview => "manual_review",
            Self::FixRoster => "fix_roster",
            Self::SendNewKycLink => "send_new_kyc_link",
            Self::AskAgain => "ask_again",
            Self::WaitForCompletion => "wait_for_completion",
            Self::CheckBooks => "check_books",
        }
    }

    /// How much it matters that it is done.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::AmlInvestigation => Severity::High,
            Self::ManualReview | Self::FixRoster | Self::SendNewKycLink | Self::CheckBooks => {
                Severity::Medium
            }
            Self::AskAgain | Self::WaitForCompletion => Severity::Low,
        }
    }
}
