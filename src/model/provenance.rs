//! Where the answer behind a user's row comes from, and how old it is.

/// Where the answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provenance {
    /// This run asked, be it in vain.
    Fresh,
    /// An earlier run asked, and its answer was carried into this one.
    Carried,
    /// Nobody has an answer.
    NotAttempted,
}

impl Provenance {
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Carried, Self::NotAttempted];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Carried => "carried",
            Self::NotAttempted => "not_attempted",
        }
    }
}

/// How old an answer is, in the buckets that a report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Age {
    UnderOneDay,
    UnderSevenDays,
    UnderThirtyDays,
    UnderNinetyDays,
    Older,
}

impl Age {
    pub const ALL: [Self; 5] = [
        Self::UnderOneDay,
        Self::UnderSevenDays,
        Self::UnderThirtyDays,
        Self::UnderNinetyDays,
        Self::Older,
    ];

    /// The bucket of an answer that is so many whole days old.
    #[must_use]
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..1 => Self::UnderOneDay,
            1..7 => Self::UnderSevenDays,
            7..30 => Self::UnderThirtyDays,
            30..90 => Self::UnderNinetyDays,
            90.. => Self::Older,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnderOneDay => "under_1_day",
            Self::UnderSevenDays => "under_7_days",
            Self::UnderThirtyDays => "under_30_days",
            Self::UnderNinetyDays => "under_90_days",
            Self::Older => "older",
        }
    }
}
