//! Our policy's judgement of one user.

/// Our judgement, from best to worst: of several rules that hold, the worst verdict wins.
///
/// The order is `Pass < Pending < Unreached < Review < Fail`: what is known to be wrong outweighs what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    Pass,
    /// The partner has not decided yet.
    Pending,
    /// The partner gave no usable answer about this user.
    Unreached,
    /// A person must look.
    Review,
    Fail,
}

impl Verdict {
    pub const ALL: [Self; 5] =
        [Self::Pass, Self::Pending, Self::Unreached, Self::Review, Self::Fail];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Pending => "pending",
            Self::Unreached => "unreached",
            Self::Review => "review",
            Self::Fail => "fail",
        }
    }

    /// The verdict of this name, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }
}
