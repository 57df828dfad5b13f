//! The judgement: every condition over every user, then the worst verdict per user.

use polars::prelude::{
    BooleanChunked, DataFrame, IntoLazy, PlSmallStr, PolarsError, PolarsResult, col,
};

use super::{
    condition::Condition,
    error::AssessError,
    policy::Policy,
    sheet::{Finding, Sheet},
};

/// The frames a judgement gives.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The users as they came, with `verdict`, `verdict_rules` and `verdict_reason` filled in place.
    pub users: DataFrame,
    /// One row per rule that held for a user: `run_id`, `user_id`, `rule`, `verdict`, `says`; in the order of the
    /// users, then of the policy.
    pub rule_hits: DataFrame,
}

impl Policy {
    /// Judges every user of a frame. Each user is judged alone, so a roster may come in batches.
    ///
    /// # Errors
    /// When a condition cannot be decided for some user's values, or the frame lacks a column.
    pub fn assess(&self, users: DataFrame) -> Result<Judged, AssessError> {
        let held = self.evaluate(&users)?;
        let mut sheet = Sheet::default();
        for row in 0..users.height() {
            sheet.record(row, &self.findings(&held, row));
        }
        let (users, rule_hits) = sheet.fill(users).map_err(AssessError::Frame)?;
        Ok(Judged { users, rule_hits })
    }

    /// The rules that hold for one user, in policy order; nothing for a user who passes.
    pub(super) fn findings(&self, held: &Held, row: usize) -> Vec<Finding<'_>> {
        let findings: Vec<_> = self
            .rules()
            .iter()
            .zip(&held.rules)
            .filter(|(_, holds)| is_true(holds, row))
            .map(|(rule, _)| Finding { rule: &rule.id, verdict: rule.verdict, says: &rule.says })
            .collect();
        if findings.is_empty() && !is_true(&held.pass, row) {
            return vec![Finding::SILENCE];
        }
        findings
    }

    pub(super) fn evaluate(&self, users: &DataFrame) -> Result<Held, AssessError> {
        let conditions: Vec<_> =
            self.rules().iter().map(|rule| &rule.when).chain([self.pass()]).collect();
        let mut rules = match decide(&conditions, users) {
            Ok(columns) => columns,
            Err(error) => return Err(self.blame(users, error)),
        };
        let pass = rules.pop().unwrap_or_default();
        Ok(Held { rules, pass })
    }

    /// Names the condition that cannot be decided, without the engine's words, which may quote a personal value.
    fn blame(&self, users: &DataFrame, error: PolarsError) -> AssessError {
        let undecidable = |when: &Condition| decide(&[when], users).is_err();
        if let Some(rule) = self.rules().iter().find(|rule| undecidable(&rule.when)) {
            return AssessError::Rule { rule: rule.id.clone() };
        }
        if undecidable(self.pass()) { AssessError::Pass } else { AssessError::Frame(error) }
    }
}

/// What each condition said, by row: one column per rule, and that of the pass.
pub(super) struct Held {
    pub(super) rules: Vec<BooleanChunked>,
    pub(super) pass: BooleanChunked,
}

/// Whether a condition is true. NULL is not: what is not known does not hold.
fn is_true(holds: &BooleanChunked, row: usize) -> bool {
    holds.get(row) == Some(true)
}

/// Runs all conditions in one pass over the users.
fn decide(conditions: &[&Condition], users: &DataFrame) -> PolarsResult<Vec<BooleanChunked>> {
    let name = |number: usize| PlSmallStr::from_string(format!("condition {number}"));
    let decided: Vec<_> = conditions
        .iter()
        .enumerate()
        .map(|(number, condition)| condition.expr().clone().alias(name(number)))
        .collect();
    let names: Vec<_> = (0..conditions.len()).map(|number| col(name(number))).collect();
    // Beside the users' columns, so that a condition without a column is repeated for every user.
    let frame = users.clone().lazy().with_columns(decided).select(names).collect()?;
    frame
        .columns()
        .iter()
        .map(|column| Ok(column.as_materialized_series().bool()?.rechunk().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::{IntoColumn as _, NamedFrom as _, Series};
    use proptest::prelude::{
        Just, ProptestConfig, Strategy, TestCaseError, prop_assert_eq, prop_oneof, proptest,
    };

    use super::*;
    use crate::assess::{
        policy::NOT_POSITIVELY_PASSED,
        specimen::{Person, texts, users},
    };

    const POLICY: &str = r#"
        name = "test"
        version = "1"
        face_score_scale = "auto"
        [[rule]]
        id = "slow"
        verdict = "review"
        when = "attempts > 3"
        says = "it took long"
        [[rule]]
        id = "unknown"
        verdict = "pending"
        when = "decision IS NULL"
        says = "nothing is known"
        [[rule]]
        id = "hit"
        verdict = "fail"
        when = "aml_open_hits > 0"
        says = "there is a hit"
        [[rule]]
        id = "late"
        verdict = "fail"
        when = "attempts > 4"
        says = "it took too long"
        [pass]
        when = "decision = 'approved'"
    "#;

    fn judge(people: &[Person]) -> Result<Judged, Box<dyn Error>> {
        Ok(Policy::parse(POLICY, "test")?.assess(users(people)?)?)
    }

    #[test]
    fn the_worst_verdict_wins_and_all_rules_that_held_are_listed() -> Result<(), Box<dyn Error>> {
        let person = Person::unknown().with("attempts", 5_i64).with("aml_open_hits", 1_i64);
        let judged = judge(&[person])?;
        assert_eq!(texts(&judged.users, "verdict")?, ["fail"]);
        assert_eq!(texts(&judged.users, "verdict_rules")?, ["slow;unknown;hit;late"]);
        assert_eq!(texts(&judged.users, "verdict_reason")?, ["there is a hit"]);
        assert_eq!(texts(&judged.rule_hits, "rule")?, ["slow", "unknown", "hit", "late"]);
        assert_eq!(texts(&judged.rule_hits, "verdict")?, ["review", "pending", "fail", "fail"]);
        Ok(())
    }

    #[test]
    fn a_user_without_rule_passes_only_by_the_condition_of_a_pass() -> Result<(), Box<dyn Error>> {
        let approved = Person::unknown().with("decision", "approved");
        let undecided = Person::unknown().with("decision", "undecided");
        let judged = judge(&[approved, undecided])?;
        assert_eq!(texts(&judged.users, "verdict")?, ["pass", "review"]);
        assert_eq!(texts(&judged.users, "verdict_rules")?, ["(null)", NOT_POSITIVELY_PASSED]);
        assert_eq!(texts(&judged.rule_hits, "rule")?, [NOT_POSITIVELY_PASSED]);
        Ok(())
    }

    #[test]
    fn the_columns_stay_where_they_were_and_a_frame_without_users_is_judged_too()
    -> Result<(), Box<dyn Error>> {
        for people in [vec![], vec![Person::clean()]] {
            let before = users(&people)?;
            let judged = Policy::parse(POLICY, "test")?.assess(before.clone())?;
            assert_eq!(judged.users.schema(), before.schema());
            let names = judged.rule_hits.get_column_names();
            assert_eq!(names, ["run_id", "user_id", "rule", "verdict", "says"]);
        }
        Ok(())
    }

    #[test]
    fn batches_give_the_same_verdicts_as_the_whole() -> Result<(), Box<dyn Error>> {
        let people: Vec<_> =
            (0..7_i64).map(|attempts| Person::clean().with("attempts", attempts)).collect();
        let whole = judge(&people)?;
        let (first, last) = people.split_at(3);
        let mut parts = judge(first)?;
        let last = judge(last)?;
        parts.users.vstack_mut(&last.users)?;
        parts.rule_hits.vstack_mut(&last.rule_hits)?;
        assert!(parts.users.equals_missing(&whole.users));
        assert!(parts.rule_hits.equals_missing(&whole.rule_hits));
        Ok(())
    }

    #[test]
    fn a_value_that_stops_a_condition_is_not_quoted() -> Result<(), Box<dyn Error>> {
        let policy = Policy::parse(POLICY, "test")?;
        let mut users = users(&[Person::clean()])?;
        users.replace("attempts", Series::new("attempts".into(), ["canary"]).into_column())?;
        let Err(error) = policy.assess(users) else {
            return Err("a text was compared with a number".into());
        };
        assert!(error.to_string().contains("`slow`"), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        Ok(())
    }

    #[test]
    fn a_policy_whose_conditions_read_no_column_judges_everybody() -> Result<(), Box<dyn Error>> {
        let text = "name='n'\nversion='1'\nface_score_scale='auto'\n[pass]\nwhen='TRUE'\n";
        let judged = Policy::parse(text, "test")?.assess(users(&vec![Person::unknown(); 3])?)?;
        assert_eq!(texts(&judged.users, "verdict")?, ["pass"; 3]);
        Ok(())
    }

    fn anything() -> impl Strategy<Value = Person> {
        let word = prop_oneof![
            Just("approved"),
            Just("rejected"),
            Just("review"),
            Just("undecided"),
            Just("neutral"),
            Just("absent"),
            Just("closed"),
            Just("unrecognized"),
            Just("answered"),
            Just("denied"),
        ];
        let columns: Vec<_> = Person::columns()
            .into_iter()
            .filter(|name| name != "run_id" && name != "user_id")
            .collect();
        let change = (proptest::sample::select(columns), proptest::option::of(word), 0_i64..3);
        proptest::collection::vec(change, 0..4).prop_map(|changes| {
            changes.into_iter().fold(Person::clean(), |person, (column, word, number)| {
                person.with_any(&column, word, number)
            })
        })
    }

    /// For each person: whether the verdict is a pass, and whether it ought to be one.
    fn judge_by_default(people: &[Person]) -> Result<Vec<[bool; 2]>, Box<dyn Error>> {
        let policy = Policy::built_in()?;
        let frame = users(people)?;
        let held = policy.evaluate(&frame)?;
        let verdicts = texts(&policy.assess(frame)?.users, "verdict")?;
        let told = verdicts.iter().enumerate().map(|(row, verdict)| {
            let any_rule = held.rules.iter().any(|rule| is_true(rule, row));
            [verdict == "pass", is_true(&held.pass, row) && !any_rule]
        });
        Ok(told.collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn nobody_passes_whom_the_condition_of_a_pass_does_not_name(
            people in proptest::collection::vec(anything(), 0..64)
        ) {
            let told = judge_by_default(&people);
            let told = told.map_err(|error| TestCaseError::fail(error.to_string()))?;
            for [passes, ought] in told {
                prop_assert_eq!(passes, ought);
            }
        }
    }
}
