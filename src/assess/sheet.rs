//! What the judgement writes down: the verdict columns of `users`, and the rows of `rule_hits`.

use polars::prelude::{
    Column, DataFrame, IdxCa, IdxSize, NamedFrom, NewChunkedArray, PlSmallStr, PolarsResult, Series,
};

use super::{
    condition::VERDICT_COLUMNS,
    policy::{NOT_POSITIVELY_PASSED, SILENT_VERDICT},
};
use crate::model::verdict::Verdict;

/// One rule that held for a user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding<'a> {
    pub(super) rule: &'a str,
    pub(super) verdict: Verdict,
    pub(super) says: &'a str,
}

impl Finding<'static> {
    /// What is found of a user of whom nothing bad is known, and nothing good either.
    pub(super) const SILENCE: Self = Self {
        rule: NOT_POSITIVELY_PASSED,
        verdict: SILENT_VERDICT,
        says: "no rule holds, but nothing says that the user passes",
    };
}

/// The columns to be, filled row by row.
#[derive(Default)]
pub(super) struct Sheet<'a> {
    verdicts: Vec<&'static str>,
    rules: Vec<Option<String>>,
    reasons: Vec<Option<&'a str>>,
    hit_rows: Vec<IdxSize>,
    hits: Vec<Finding<'a>>,
}

impl<'a> Sheet<'a> {
    #[expect(clippy::cast_possible_truncation, reason = "a polars frame has at most IdxSize rows")]
    pub(super) fn record(&mut self, row: usize, findings: &[Finding<'a>]) {
        let worst = findings.iter().map(|finding| finding.verdict).max();
        let decisive = findings.iter().find(|finding| Some(finding.verdict) == worst);
        let ids: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        self.verdicts.push(worst.unwrap_or(Verdict::Pass).as_str());
        self.rules.push((!ids.is_empty()).then(|| ids.join(";")));
        self.reasons.push(decisive.map(|finding| finding.says));
        for finding in findings {
            self.hit_rows.push(row as IdxSize);
            self.hits.push(*finding);
        }
    }

    /// The users with their verdicts in place, and the rows of `rule_hits`.
    pub(super) fn fill(self, mut users: DataFrame) -> PolarsResult<(DataFrame, DataFrame)> {
        let rule_hits = self.rule_hits(&users)?;
        let [verdict, rules, reason] = VERDICT_COLUMNS.map(PlSmallStr::from_static);
        for series in [
            Series::new(verdict, self.verdicts),
            Series::new(rules, self.rules),
            Series::new(reason, self.reasons),
        ] {
            users.with_column(series.into())?;
        }
        Ok((users, rule_hits))
    }

    fn rule_hits(&self, users: &DataFrame) -> PolarsResult<DataFrame> {
        let rows = IdxCa::from_slice("row".into(), &self.hit_rows);
        let mut hits = users.select(["run_id", "user_id"])?.take(&rows)?;
        let text = |name: &str, of: fn(&Finding<'a>) -> &'a str| {
            Column::new(name.into(), self.hits.iter().map(of).collect::<Vec<_>>())
        };
        hits.with_column(text("rule", |hit| hit.rule))?;
        hits.with_column(text("verdict", |hit| hit.verdict.as_str()))?;
        hits.with_column(text("says", |hit| hit.says))?;
        Ok(hits)
    }
}
