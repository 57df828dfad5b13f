//! The partner's word about one section of a document.

use super::{decision::Decision, words};

/// The state of one section, normalised from its `result` and `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    Approved,
    Rejected,
    Review,
    /// Not decided yet, or not said.
    Undecided,
    /// A finding that says neither good nor bad, such as `FOUND`.
    Neutral,
    /// A word we do not know. Never a pass.
    Unrecognized,
    /// The document has no such section.
    Absent,
}

/// Words of a section's `result` beyond the decisions.
const RESULTS: [(&str, Check); 5] = [
    ("PASSED", Check::Approved),
    ("CLEAN", Check::Approved),
    ("FAILED", Check::Rejected),
    ("FOUND", Check::Neutral),
    ("NOT_FOUND", Check::Neutral),
];

/// The state of a check that has run to its end.
const COMPLETED: &str = "COMPLETED";

/// Words of a section's `status`: states of the run of its check. They say nothing about the person.
const STATES: [&str; 8] = [
    "NOT_STARTED",
    "SUBMITTED",
    "COLLECTING",
    "PROCESSING",
    "RUNNING",
    "PENDING",
    "FAILED",
    COMPLETED,
];

/// The words of `result` we know beyond the decisions, folded.
pub fn known_words() -> impl Iterator<Item = &'static str> {
    RESULTS.iter().map(|(word, _)| *word)
}

/// The words of `status` we know beyond the decisions, folded.
pub fn known_states() -> impl Iterator<Item = &'static str> {
    ["PASSED", "CLEAN"].into_iter().chain(STATES)
}

impl Check {
    pub const ALL: [Self; 7] = [
        Self::Approved,
        Self::Rejected,
        Self::Review,
        Self::Undecided,
        Self::Neutral,
        Self::Unrecognized,
        Self::Absent,
    ];

    /// Reads a section that is there: `result` holds the decision; without one, a decision in `status` counts.
    ///
    /// An approval stands only beside a `status` that approves too, or says no more than that the check is complete:
    /// a `status` that rejects, asks for review, is still running or cannot be read stands in its place.
    #[must_use]
    pub fn of(result: Option<&str>, status: Option<&str>) -> Self {
        let result = present(result).map(Self::of_result);
        let status = present(status);
        let state = status.filter(|word| !words::is_among(word, &[COMPLETED])).map(Self::of_status);
        match (result, state) {
            (None, state) => state.unwrap_or(Self::Undecided),
            (Some(Self::Approved), Some(state)) => state,
            (Some(Self::Neutral), Some(state)) if state != Self::Approved => state,
            (Some(result), _) => result,
        }
    }

    fn of_result(word: &str) -> Self {
        let decided = Decision::known(word).map(Self::from);
        decided.or_else(|| words::meaning_of(word, &RESULTS)).unwrap_or(Self::Unrecognized)
    }

    /// `FAILED` as a state is a run that failed, which says nothing about the person.
    fn of_status(word: &str) -> Self {
        if words::is_among(word, &STATES) { Self::Undecided } else { Self::of_result(word) }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Review => "review",
            Self::Undecided => "undecided",
            Self::Neutral => "neutral",
            Self::Unrecognized => "unrecognized",
            Self::Absent => "absent",
        }
    }
}

impl From<Decision> for Check {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approved => Self::Approved,
            Decision::Rejected => Self::Rejected,
            Decision::Review => Self::Review,
            Decision::Undecided => Self::Undecided,
            Decision::Unrecognized => Self::Unrecognized,
        }
    }
}

fn present(word: Option<&str>) -> Option<&str> {
    word.map(str::trim).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_holds_the_decision() {
        for (result, check) in [
            ("APPROVED", Check::Approved),
            ("passed", Check::Approved),
            ("CLEAN", Check::Approved),
            ("DECLINED", Check::Rejected),
            ("FAILED", Check::Rejected),
            ("REVIEW", Check::Review),
            ("UNKNOWN", Check::Undecided),
            ("FOUND", Check::Neutral),
            ("not_found", Check::Neutral),
            ("SUPERB", Check::Unrecognized),
        ] {
            assert_eq!(Check::of(Some(result), Some("COMPLETED")), check, "{result}");
        }
    }

    #[test]
    fn without_a_result_a_decision_in_the_status_counts() {
        for (status, check) in [
            (Some("APPROVED"), Check::Approved),
            (Some("DECLINED"), Check::Rejected),
            (Some("COMPLETED"), Check::Undecided),
            (Some("FAILED"), Check::Undecided),
            (Some("ARCHIVED"), Check::Unrecognized),
            (Some(" "), Check::Undecided),
            (None, Check::Undecided),
        ] {
            assert_eq!(Check::of(None, status), check, "{status:?}");
        }
    }

    #[test]
    fn an_approval_that_the_status_contradicts_is_none() {
        assert_eq!(Check::of(Some("PASSED"), Some("REJECTED")), Check::Rejected);
        assert_eq!(Check::of(Some("PASSED"), Some("REVIEW_NEEDED")), Check::Review);
        assert_eq!(Check::of(Some("DECLINED"), Some("APPROVED")), Check::Rejected);
    }

    #[test]
    fn an_approval_beside_a_status_nobody_knows_is_none() {
        for status in ["COMPROMISED", "ARCHIVED", "APPROVED?"] {
            assert_eq!(Check::of(Some("APPROVED"), Some(status)), Check::Unrecognized, "{status}");
            assert_eq!(Check::of(Some("NOT_FOUND"), Some(status)), Check::Unrecognized, "{status}");
        }
    }

    #[test]
    fn an_approval_of_a_check_that_is_still_running_is_none() {
        for status in ["RUNNING", "PENDING", "NOT_STARTED", "in progress", "FAILED", "UNKNOWN"] {
            assert_eq!(Check::of(Some("APPROVED"), Some(status)), Check::Undecided, "{status}");
        }
    }

    #[test]
    fn an_approval_that_the_status_bears_out_stands() {
        for status in [Some("COMPLETED"), Some("completed"), Some("VERIFIED"), Some(" "), None] {
            assert_eq!(Check::of(Some("APPROVED"), status), Check::Approved, "{status:?}");
            assert_eq!(Check::of(Some("FOUND"), status), Check::Neutral, "{status:?}");
        }
        assert_eq!(Check::of(Some("FOUND"), Some("DECLINED")), Check::Rejected);
    }
}
