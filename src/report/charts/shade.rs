//! What a filled area stands for.

/// A fill of the page: a colour, and a texture of its own for those who see no colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    Pass,
    Fail,
    Review,
    Pending,
    Unreached,
    /// Of no verdict.
    Plain,
}

impl Shade {
    /// Every shade that has a name of its own, in the order of a legend.
    pub const VERDICTS: [Self; 5] =
        [Self::Pass, Self::Fail, Self::Review, Self::Pending, Self::Unreached];

    /// The shade of a verdict; anything else is plain.
    #[must_use]
    pub fn of(verdict: &str) -> Self {
        let named = Self::VERDICTS.into_iter().find(|shade| shade.as_str() == verdict);
        named.unwrap_or(Self::Plain)
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Review => "review",
            Self::Pending => "pending",
            Self::Unreached => "unreached",
            Self::Plain => "plain",
        }
    }
}
