//! The judgement of one user, condition by condition: what `explain` shows.

use polars::prelude::DataFrame;

use super::{
    error::AssessError,
    policy::{Policy, Rule},
};
use crate::model::verdict::Verdict;

/// What each condition of a policy says about one user.
#[derive(Debug, Clone)]
pub struct Examination<'p> {
    /// Every rule, in policy order, and whether its condition is true; `None` is SQL's NULL, which does not hold.
    pub rules: Vec<(&'p Rule, Option<bool>)>,
    /// Whether the condition of a pass is true.
    pub pass: Option<bool>,
    pub verdict: Verdict,
    /// What the first finding with that verdict says; none for a pass.
    pub reason: Option<&'p str>,
}

impl Policy {
    /// Judges the first user of a frame as [`Policy::assess`] does, and keeps what every condition said.
    ///
    /// # Errors
    /// When a condition cannot be decided for the user's values, or the frame lacks a column.
    pub fn examine(&self, users: &DataFrame) -> Result<Examination<'_>, AssessError> {
        let held = self.evaluate(users)?;
        let findings = self.findings(&held, 0);
        let worst = findings.iter().map(|finding| finding.verdict).max();
        let decisive = findings.iter().find(|finding| Some(finding.verdict) == worst);
        Ok(Examination {
            rules: self.rules().iter().zip(held.rules.iter().map(|holds| holds.get(0))).collect(),
            pass: held.pass.get(0),
            verdict: worst.unwrap_or(Verdict::Pass),
            reason: decisive.map(|finding| finding.says),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::assess::specimen::{Person, texts, users};

    #[test]
    fn a_user_is_examined_as_everybody_is_judged() -> Result<(), Box<dyn Error>> {
        let policy = Policy::built_in()?;
        for person in [
            Person::clean(),
            Person::unknown(),
            Person::clean().with("aml_open_hits", 1_i64).with("attempts", 5_i64),
            Person::clean().with("decision", "review").with("document_expired", true),
            Person::unknown().with("outcome", "exhausted"),
        ] {
            let frame = users(&[person])?;
            let examined = policy.examine(&frame)?;
            let judged = policy.assess(frame.clone())?;
            assert_eq!(texts(&judged.users, "verdict")?, [examined.verdict.as_str()]);
            let reason = examined.reason.unwrap_or("(null)");
            assert_eq!(texts(&judged.users, "verdict_reason")?, [reason]);
            let held = examined.rules.iter().filter(|(_, holds)| *holds == Some(true));
            let held: Vec<_> = held.map(|(rule, _)| rule.id.as_str()).collect();
            let hits = texts(&judged.rule_hits, "rule")?;
            let silent = hits == [super::super::policy::NOT_POSITIVELY_PASSED];
            assert!(held == hits || (held.is_empty() && silent), "{held:?} {hits:?}");
        }
        Ok(())
    }

    #[test]
    fn a_condition_over_what_is_not_known_is_neither_true_nor_false() -> Result<(), Box<dyn Error>>
    {
        let policy = Policy::built_in()?;
        let frame = users(&[Person::unknown()])?;
        let examined = policy.examine(&frame)?;
        let of = |id: &str| examined.rules.iter().find(|(rule, _)| rule.id == id);
        assert_eq!(of("aml-open-hit").map(|(_, holds)| *holds), Some(None));
        Ok(())
    }

    #[test]
    fn a_condition_names_each_column_it_reads_once() -> Result<(), Box<dyn Error>> {
        let text = "name='n'\nversion='1'\nface_score_scale='auto'\n[pass]\n\
                    when=\"decision = 'approved' AND (attempts < 3 OR decision IS NULL)\"\n";
        let policy = Policy::parse(text, "test")?;
        assert_eq!(policy.pass().columns(), ["decision", "attempts"]);
        Ok(())
    }
}
