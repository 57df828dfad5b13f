//! What is read of the users to say what is to be done about them.

use polars::prelude::{
    BooleanChunked, ChunkedArray, DataFrame, Int64Chunked, PolarsResult, StringChunked, StringType,
};

use crate::{
    assess::{action::Situation, document_rules::DocumentRules},
    model::{disagreement::Kind, outcome::Outcome, verdict::Verdict},
};

/// The checks of everything but the document.
const OTHER_CHECKS: [&str; 4] = [
    "face_match_info_check",
    "face_liveness_info_check",
    "fraud_insights_check",
    "fraud_insights_related_session_insights_check",
];

/// A batch of users, column by column.
pub(super) struct Users {
    user_id: StringChunked,
    line: Int64Chunked,
    outcome: StringChunked,
    verdict: StringChunked,
    reason: StringChunked,
    open_hits: Int64Chunked,
    document_expired: BooleanChunked,
    reference_mismatch: BooleanChunked,
    rules: StringChunked,
    decision: StringChunked,
    document_check: StringChunked,
    other_checks: [StringChunked; OTHER_CHECKS.len()],
}

impl Users {
    /// The columns that are read.
    pub(super) fn columns() -> Vec<String> {
        let own = [
            "user_id",
            "roster_line",
            "outcome",
            "verdict",
            "verdict_reason",
            "aml_open_hits",
            "document_expired",
            "reference_mismatch",
            "verdict_rules",
            "decision",
            "id_info_check",
        ];
        own.iter().chain(&OTHER_CHECKS).map(|&name| name.to_owned()).collect()
    }

    pub(super) fn of(users: &DataFrame) -> PolarsResult<Self> {
        let mut other_checks = std::array::from_fn(|_| StringChunked::default());
        for (column, name) in other_checks.iter_mut().zip(OTHER_CHECKS) {
            *column = text(users, name)?;
        }
        Ok(Self {
            user_id: text(users, "user_id")?,
            line: users.column("roster_line")?.i64()?.clone(),
            outcome: text(users, "outcome")?,
            verdict: text(users, "verdict")?,
            reason: text(users, "verdict_reason")?,
            open_hits: users.column("aml_open_hits")?.i64()?.clone(),
            document_expired: users.column("document_expired")?.bool()?.clone(),
            reference_mismatch: users.column("reference_mismatch")?.bool()?.clone(),
            rules: text(users, "verdict_rules")?,
            decision: text(users, "decision")?,
            document_check: text(users, "id_info_check")?,
            other_checks,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.user_id.len()
    }

    pub(super) fn user_id(&self, row: usize) -> &str {
        self.user_id.get(row).unwrap_or_default()
    }

    pub(super) fn line(&self, row: usize) -> Option<i64> {
        self.line.get(row)
    }

    pub(super) fn other_checks(&self, row: usize) -> [Option<&str>; OTHER_CHECKS.len()] {
        self.other_checks.each_ref().map(|column| column.get(row))
    }

    /// What an action follows from. Every row has an outcome and a verdict: the certificate counts them.
    pub(super) fn situation<'a>(
        &'a self,
        row: usize,
        other_checks: &'a [Option<&'a str>],
        breaks: &'a [Kind],
        document_rules: &DocumentRules<'_>,
    ) -> Option<Situation<'a>> {
        Some(Situation {
            outcome: Outcome::parse(self.outcome.get(row)?)?,
            verdict: Verdict::parse(self.verdict.get(row)?)?,
            reason: self.reason.get(row),
            open_hits: self.open_hits.get(row).unwrap_or(0),
            document_expired: self.document_expired.get(row) == Some(true),
            only_document_rules: self
                .rules
                .get(row)
                .is_some_and(|held| document_rules.are_all_of(held)),
            reference_mismatch: self.reference_mismatch.get(row) == Some(true),
            decision: self.decision.get(row),
            document_check: self.document_check.get(row),
            other_checks,
            breaks,
        })
    }
}

fn text(users: &DataFrame, name: &str) -> PolarsResult<ChunkedArray<StringType>> {
    users.column(name)?.str().cloned()
}
