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

    /// The shade of a verdict, or of the decision that comes nearest to one; anything else is plain.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let verdict = match word {
            "approved" => "pass",
            "rejected" => "fail",
            "undecided" => "pending",
            word => word,
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_have_the_shades_of_the_verdicts_nearest_to_them() {
        let shades = ["approved", "rejected", "review", "undecided"].map(Shade::of);
        assert_eq!(shades, [Shade::Pass, Shade::Fail, Shade::Review, Shade::Pending]);
        assert_eq!(Shade::of("unrecognized"), Shade::Plain);
    }
}
