//! The policy as one query, so that anybody can judge the published users again.

use super::condition::Condition;
use super::policy::{NOT_POSITIVELY_PASSED, Policy, SILENT_VERDICT};
use crate::model::verdict::Verdict;

impl Policy {
    /// One portable SELECT over the table `users` of one run: `user_id`, `rule` and `verdict` of every rule that holds,
    /// and of [`NOT_POSITIVELY_PASSED`], in the order of `rule_hits`.
    ///
    /// Each condition is written once. The rules are joined in groups, for an engine may go down one step of its stack
    /// for each UNION and each operator of a chain.
    #[must_use]
    pub fn as_sql(&self) -> String {
        let rules = self.rules().iter().enumerate();
        let silence = (NOT_POSITIVELY_PASSED, SILENT_VERDICT, self.is_silent());
        let rows: Vec<_> = rules
            .map(|(at, rule)| (rule.id.as_str(), rule.verdict, format!("{} = 1", name(at))))
            .chain([silence])
            .enumerate()
            .map(|(at, (id, verdict, holds))| select(at, id, verdict, &holds))
            .collect();
        let groups: Vec<_> =
            rows.chunks(rows.len().isqrt() + 1).map(|rows| rows.join("UNION ALL\n")).collect();
        let names: Vec<_> = (1..=groups.len()).map(|number| format!("held_{number}")).collect();
        let ctes: Vec<_> = names
            .iter()
            .zip(&groups)
            .map(|(name, rows)| format!(",\n{name} AS (\n{rows})"))
            .collect();
        let all: Vec<_> = names.iter().map(|name| format!("SELECT * FROM {name}\n")).collect();
        format!(
            "-- The policy of SHA-256 {}\n\
             -- over the table `users` of one run: a row per user and rule that holds.\n\
             WITH decided AS (\n{}){},\nheld AS (\n{})\n\
             SELECT user_id, rule, verdict\nFROM held\nORDER BY position, rule_number\n",
            self.digest(),
            self.decided(),
            ctes.concat(),
            all.join("UNION ALL\n"),
        )
    }

    /// Every user, with what each condition says.
    fn decided(&self) -> String {
        let conditions = self.rules().iter().map(|rule| &rule.when).chain([self.pass()]);
        let columns: Vec<_> = conditions.enumerate().map(|(at, when)| column(at, when)).collect();
        format!("SELECT position, user_id{}\nFROM users\n", columns.concat())
    }

    /// That no rule holds, nor the condition of a pass.
    fn is_silent(&self) -> String {
        let names: Vec<_> = (0..=self.rules().len()).map(name).collect();
        format!("GREATEST(0, {}) = 0", names.join(", "))
    }
}

/// The name of what a condition says; the last one is that of the pass.
fn name(at: usize) -> String {
    format!("condition_{}", at + 1)
}

/// A CASE goes on where its condition is NULL, as the judgement does.
///
/// The line break keeps a comment at the end of the condition from swallowing the parenthesis.
fn column(at: usize, when: &Condition) -> String {
    format!(",\nCASE WHEN ({}\n) THEN 1 ELSE 0 END AS {}", when.sql(), name(at))
}

fn select(at: usize, rule: &str, verdict: Verdict, holds: &str) -> String {
    format!(
        "SELECT position, {} AS rule_number, user_id, '{rule}' AS rule, '{}' AS verdict\n\
         FROM decided WHERE {holds}\n",
        at + 1,
        verdict.as_str()
    )
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::{
        prelude::{DataFrame, IntoLazy},
        sql::SQLContext,
    };

    use super::*;
    use crate::assess::{
        culprits::culprits,
        specimen::{Person, users},
    };

    /// Asks the published query, and holds its rows against those of the judgement.
    fn assert_judges_alike(policy: &Policy, people: &[Person]) -> Result<(), Box<dyn Error>> {
        let judged = policy.assess(users(people)?)?;
        let mut engine = SQLContext::new();
        engine.register("users", judged.users.lazy());
        let asked: DataFrame = engine.execute(&policy.as_sql())?.collect()?;
        let hits = judged.rule_hits.select(["user_id", "rule", "verdict"])?;
        assert_eq!(asked, hits);
        assert!(hits.height() > 0);
        Ok(())
    }

    /// Everybody numbered, as the query orders by the position.
    fn numbered(people: impl IntoIterator<Item = Person>) -> Vec<Person> {
        people.into_iter().zip(1_i64..).map(|(person, at)| person.with("position", at)).collect()
    }

    #[test]
    fn the_query_gives_the_rows_of_the_judgement() -> Result<(), Box<dyn Error>> {
        let culprits = culprits().into_iter().map(|(_, _, person)| person);
        let others = [Person::clean(), Person::unknown(), Person::clean()];
        assert_judges_alike(&Policy::built_in()?, &numbered(culprits.chain(others)))
    }

    #[test]
    fn constants_comments_and_quotes_survive_the_way_into_the_query() -> Result<(), Box<dyn Error>>
    {
        let policy = Policy::parse(
            r#"
            name = "test"
            version = "1"
            face_score_scale = "auto"
            [thresholds]
            most = 1
            [words]
            names = ["Specimen Uno", "O'Specimen"]
            [[rule]]
            id = "named"
            verdict = "review"
            when = "id_info_full_name IN (:names) -- don't stop here"
            says = "a name on the list"
            [[rule]]
            id = "slow"
            verdict = "pending"
            when = """
            attempts > :most /* ') */
            OR attempts IS NULL"""
            says = "it took long"
            [pass]
            when = "decision = 'approved' OR reference_mismatch -- or nothing"
            "#,
            "test",
        )?;
        let people = [
            Person::clean(),
            Person::clean().with("id_info_full_name", "O'Specimen").with("attempts", 2_i64),
            Person::unknown(),
            Person::clean().with("id_info_full_name", "Specimen Dos"),
        ];
        assert_judges_alike(&policy, &numbered(people))
    }

    #[test]
    fn a_policy_without_rules_is_a_query_too() -> Result<(), Box<dyn Error>> {
        let text = "name='n'\nversion='1'\nface_score_scale='auto'\n[pass]\nwhen='attempts = 1'\n";
        let people = [Person::clean(), Person::unknown()];
        assert_judges_alike(&Policy::parse(text, "test")?, &numbered(people))
    }
}
