//! A condition that chooses users. Unlike a rule it may read what the policy decided.

use polars::prelude::{DataFrame, IntoLazy, Schema};

use super::{
    condition::Condition,
    error::{AssessError, ConditionFlaw},
};

/// Chooses the users for whom its condition is true.
#[derive(Debug, Clone)]
pub struct Selection(Condition);

impl Selection {
    /// Reads the text of a condition, by the rules of a policy's `when`.
    ///
    /// # Errors
    /// When it is not portable SQL.
    pub fn parse(sql: &str) -> Result<Self, ConditionFlaw> {
        Condition::parse(sql).map(Self).map_err(|found| found.flaw)
    }

    /// Checks that the condition can be decided over `users` of this schema.
    ///
    /// # Errors
    /// By the rules of a policy's `when`, but that the verdict may be read.
    pub fn check(&self, users: &Schema) -> Result<(), ConditionFlaw> {
        self.0.check_judged(users).map_err(|found| found.flaw)
    }

    /// The columns it reads, each once.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.0.columns()
    }

    /// The users chosen, in the order in which they come.
    ///
    /// # Errors
    /// When the condition cannot be decided for some user's values. They are not quoted: they may be personal.
    pub fn of(&self, users: DataFrame) -> Result<DataFrame, AssessError> {
        let chosen = users.lazy().filter(self.0.expr().clone()).collect();
        chosen.map_err(|_| AssessError::Selection { sql: self.0.sql().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::assess::specimen::{Person, schema, texts, users};

    #[test]
    fn those_are_chosen_for_whom_the_condition_is_true() -> Result<(), Box<dyn Error>> {
        let of = |decision: &'static str| Person::unknown().with("decision", decision);
        let people = [of("approved"), Person::unknown(), of("rejected"), of("approved")];
        let selection = Selection::parse("decision = 'approved'")?;
        selection.check(&schema())?;
        let chosen = selection.of(users(&people)?)?;
        assert_eq!(texts(&chosen, "decision")?, ["approved", "approved"]);
        Ok(())
    }

    #[test]
    fn the_verdict_may_be_read_and_a_misspelt_word_is_refused() -> Result<(), Box<dyn Error>> {
        Selection::parse("verdict = 'fail'")?.check(&schema())?;
        let flaw = Selection::parse("verdict = 'fial'")?.check(&schema()).err().ok_or("no flaw")?;
        assert!(flaw.to_string().contains("did you mean `fail`?"), "{flaw}");
        let flaw = Selection::parse("verdct = 'fail'")?.check(&schema()).err().ok_or("no flaw")?;
        assert!(flaw.to_string().contains("did you mean `verdict`?"), "{flaw}");
        Ok(())
    }
}
