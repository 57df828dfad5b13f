//! How asking about one user ended.

/// How asking about one user ended. A settled user has one of the first five in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The server sent a KYC document.
    Answered,
    /// The server knows no verification of this user (404).
    NoVerification,
    /// The server refused to speak about this user (not ours, bad id, another 4xx).
    Denied,
    /// The server answered, and the answer cannot be read as a KYC document.
    Unreadable,
    /// Every attempt allowed ended in a fault or a passing refusal.
    Exhausted,
    /// The run ended before this user was settled. Exists only in a report, never in the journal.
    NotAttempted,
}

impl Outcome {
    pub const ALL: [Self; 6] = [
        Self::Answered,
        Self::NoVerification,
        Self::Denied,
        Self::Unreadable,
        Self::Exhausted,
        Self::NotAttempted,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NoVerification => "no_verification",
            Self::Denied => "denied",
            Self::Unreadable => "unreadable",
            Self::Exhausted => "exhausted",
            Self::NotAttempted => "not_attempted",
        }
    }

    /// The outcome of this name, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}
