//! The kinds of breaks, how much each matters and why, and what each looks like from the other side.

/// With what this run disagrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Against {
    /// The previous published run.
    Baseline,
    /// What the roster says we believe.
    Books,
}

impl Against {
    pub const ALL: [Self; 2] = [Self::Baseline, Self::Books];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Books => "books",
        }
    }
}

/// Which side of a disagreement with our books knows what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// We have a value, the partner has none.
    OursOnly,
    /// The partner has a value, we have none.
    TheirsOnly,
    /// Both have one, and they differ.
    Differs,
    /// They differ, and ours is what the baseline said: our books have not followed.
    Stale,
}

impl Side {
    pub const ALL: [Self; 4] = [Self::OursOnly, Self::TheirsOnly, Self::Differs, Self::Stale];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OursOnly => "ours_only",
            Self::TheirsOnly => "theirs_only",
            Self::Differs => "differs",
            Self::Stale => "stale",
        }
    }

    /// The side of this name, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_str() == word)
    }
}

/// How much a break matters, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; asks nothing of anybody.
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// What disagrees. In the order in which the breaks of one user are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The verdict was a pass and is another now.
    Regression,
    /// The verdict is a pass and was another.
    Recovery,
    /// The verdict is another now, and neither is a pass.
    VerdictChanged,
    /// The partner's decision is another now.
    DecisionChanged,
    /// Name, birth date or document number are others now; one break per field.
    IdentityChanged,
    /// The document said who the person is in this field, and does not now.
    IdentityLost,
    /// The document says it for the first time, as when a verification comes to its end.
    IdentityShown,
    /// The document names another user now, and did not before.
    ReferenceMismatch,
    ReferenceMismatchGone,
    /// An AML entity is open now that was closed or not listed, also because the user was not reached or not in the roster.
    NewAmlHit,
    /// An AML entity is closed or not listed any more that was open.
    HitClosed,
    /// The AML hits were listed before and are not now, so nobody can tell whether they are closed.
    ScreeningLost,
    ScreeningRegained,
    DocumentExpired,
    DocumentRenewed,
    /// The partner had a document of this user and knows no verification now.
    Disappeared,
    AppearedAtPartner,
    /// No usable answer now, and one before; nothing else about the user is compared.
    BecameUnreached,
    ReachedAgain,
    NewSession,
    /// In the roster now, not before.
    Appeared,
    /// In the roster before, not now.
    Vanished,
    /// Our books hold another verdict than the run gives.
    BooksVerdict,
    /// Our books hold another decision than the partner's.
    BooksDecision,
    /// Our books hold another name, birth date or document number than the partner.
    BooksIdentity,
    /// Our books hold another value of some other field.
    BooksField,
    /// Our books hold a word that the word table of the settings does not translate.
    BooksWordUnknown,
}

impl Kind {
    pub const ALL: [Self; 27] = [
        Self::Regression,
        Self::Recovery,
        Self::VerdictChanged,
        Self::DecisionChanged,
        Self::IdentityChanged,
        Self::IdentityLost,
        Self::IdentityShown,
        Self::ReferenceMismatch,
        Self::ReferenceMismatchGone,
        Self::NewAmlHit,
        Self::HitClosed,
        Self::ScreeningLost,
        Self::ScreeningRegained,
        Self::DocumentExpired,
        Self::DocumentRenewed,
        Self::Disappeared,
        Self::AppearedAtPartner,
        Self::BecameUnreached,
        Self::ReachedAgain,
        Self::NewSession,
        Self::Appeared,
        Self::Vanished,
        Self::BooksVerdict,
        Self::BooksDecision,
        Self::BooksIdentity,
        Self::BooksField,
        Self::BooksWordUnknown,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regression => "regression",
            Self::Recovery => "recovery",
            Self::VerdictChanged => "verdict_changed",
            Self::DecisionChanged => "decision_changed",
            Self::IdentityChanged => "identity_changed",
            Self::IdentityLost => "identity_lost",
            Self::IdentityShown => "identity_shown",
            Self::ReferenceMismatch => "reference_mismatch",
            Self::ReferenceMismatchGone => "reference_mismatch_gone",
            Self::NewAmlHit => "new_aml_hit",
            Self::HitClosed => "hit_closed",
            Self::ScreeningLost => "screening_lost",
            Self::ScreeningRegained => "screening_regained",
            Self::DocumentExpired => "document_expired",
            Self::DocumentRenewed => "document_renewed",
            Self::Disappeared => "disappeared",
            Self::AppearedAtPartner => "appeared_at_partner",
            Self::BecameUnreached => "became_unreached",
            Self::ReachedAgain => "reached_again",
            Self::NewSession => "new_session",
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
            Self::BooksVerdict => "books_verdict",
            Self::BooksDecision => "books_decision",
            Self::BooksIdentity => "books_identity",
            Self::BooksField => "books_field",
            Self::BooksWordUnknown => "books_word_unknown",
        }
    }

    /// The kind of this name, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    #[must_use]
    pub const fn severity(self) -> Severity {
        self.weight().0
    }

    /// Why the kind has its severity, in a clause.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.weight().1
    }

    const fn weight(self) -> (Severity, &'static str) {
        use Severity::{Critical, High, Low, Medium};
        match self {
            Self::IdentityChanged => (Critical, "the person we know may be another one now"),
            Self::ReferenceMismatch => (Critical, "we may be reading a wrong person's data"),
            Self::Regression => (High, "we serve somebody who would not be let in today"),
            Self::NewAmlHit => (High, "a suspicion that nobody has looked at yet"),
            Self::IdentityLost => (High, "the document no longer says who the person is"),
            Self::ScreeningLost => (High, "a person without AML screening is not a clean person"),
            Self::Disappeared => (High, "the evidence of a verification is gone at the partner"),
            Self::BooksVerdict | Self::BooksDecision => {
                (High, "we treat the person otherwise than the partner's answer allows")
            }
            Self::BooksIdentity => (High, "we may know the person under a wrong identity"),
            Self::VerdictChanged => (Medium, "another action is due, but no pass is lost or won"),
            Self::DecisionChanged => (Medium, "the partner changed its mind"),
            Self::DocumentExpired => (Medium, "the person needs a new document, in order of date"),
            Self::BecameUnreached => (Medium, "what we know of the user is growing old"),
            Self::Vanished => (Medium, "nobody should leave the roster without a reason"),
            Self::BooksField => (Medium, "one of the two records is wrong"),
            Self::BooksWordUnknown => (Medium, "we cannot tell what our own books say"),
            Self::Recovery | Self::HitClosed | Self::ReferenceMismatchGone => {
                (Low, "an earlier trouble is over")
            }
            Self::IdentityShown
            | Self::ScreeningRegained
            | Self::DocumentRenewed
            | Self::ReachedAgain => (Low, "an earlier gap is closed"),
            Self::AppearedAtPartner => (Low, "the user has begun the verification"),
            Self::NewSession => (Low, "the user went through the verification again"),
            Self::Appeared => (Low, "the roster grew"),
        }
    }

    #[must_use]
    pub const fn against(self) -> Against {
        match self {
            Self::BooksVerdict
            | Self::BooksDecision
            | Self::BooksIdentity
            | Self::BooksField
            | Self::BooksWordUnknown => Against::Books,
            _ => Against::Baseline,
        }
    }

    /// What `compare(head, base)` calls what `compare(base, head)` calls this.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Regression => Self::Recovery,
            Self::Recovery => Self::Regression,
            Self::IdentityLost => Self::IdentityShown,
            Self::IdentityShown => Self::IdentityLost,
            Self::ReferenceMismatch => Self::ReferenceMismatchGone,
            Self::ReferenceMismatchGone => Self::ReferenceMismatch,
            Self::NewAmlHit => Self::HitClosed,
            Self::HitClosed => Self::NewAmlHit,
            Self::ScreeningLost => Self::ScreeningRegained,
            Self::ScreeningRegained => Self::ScreeningLost,
            Self::DocumentExpired => Self::DocumentRenewed,
            Self::DocumentRenewed => Self::DocumentExpired,
            Self::Disappeared => Self::AppearedAtPartner,
            Self::AppearedAtPartner => Self::Disappeared,
            Self::BecameUnreached => Self::ReachedAgain,
            Self::ReachedAgain => Self::BecameUnreached,
            Self::Appeared => Self::Vanished,
            Self::Vanished => Self::Appeared,
            itself => itself,
        }
    }

    /// Whether the break is a state that lasts until it ends, and not a change that happened once.
    #[must_use]
    pub const fn lasts(self) -> bool {
        matches!(
            self,
            Self::Regression
                | Self::ReferenceMismatch
                | Self::NewAmlHit
                | Self::ScreeningLost
                | Self::DocumentExpired
                | Self::Disappeared
                | Self::BecameUnreached
        ) || matches!(self.against(), Against::Books)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own_and_a_place_in_the_order() {
        assert!(Kind::ALL.is_sorted());
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            assert!(!kind.reason().is_empty());
        }
    }

    #[test]
    fn the_mirror_image_of_a_mirror_image_is_the_kind_itself() {
        for kind in Kind::ALL {
            assert_eq!(kind.mirrored().mirrored(), kind);
            assert_eq!(kind.mirrored().against(), kind.against());
        }
    }

    #[test]
    fn no_news_is_as_grave_as_the_bad_news_it_ends() {
        for (good, bad) in [
            (Kind::Recovery, Kind::Regression),
            (Kind::HitClosed, Kind::NewAmlHit),
            (Kind::DocumentRenewed, Kind::DocumentExpired),
        ] {
            assert!(good.severity() < bad.severity());
        }
    }
}
