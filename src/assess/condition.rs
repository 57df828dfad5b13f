//! One `when`: portable SQL that is true, false or NULL for each user.

use polars::{
    prelude::{AggExpr, DataFrame, DataType, Expr, IntoLazy, PlSmallStr, PolarsError, Schema},
    sql::sql_expr,
};

use super::{
    error::{ConditionFlaw, Located},
    syntax::grammar::Syntax,
    types,
};
use crate::model::likeness::nearest;

/// The columns that the policy itself fills, and so cannot read.
pub(super) const VERDICT_COLUMNS: [&str; 3] = ["verdict", "verdict_rules", "verdict_reason"];

/// A condition over the columns of `users`, read from the text that any SQL engine takes.
#[derive(Debug, Clone)]
pub struct Condition {
    expr: Expr,
    sql: String,
    syntax: Syntax,
}

impl Condition {
    /// Reads the text of a condition whose constants are put in already.
    pub(super) fn parse(sql: &str) -> Result<Self, Located> {
        let sql = sql.trim();
        let syntax = Syntax::parse(sql)?;
        // In parentheses, as it is published. The line break keeps a comment at the end from swallowing the parenthesis.
        let expr = sql_expr(format!("({sql}\n)"))
            .map_err(|source| ConditionFlaw::Unsupported { source })?;
        if !expr.into_iter().all(is_per_user) {
            return Err(ConditionFlaw::NotPerUser.into());
        }
        Ok(Self { expr, sql: sql.to_owned(), syntax })
    }

    pub(super) const fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The text as any SQL engine takes it in a WHERE, with the constants put in.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Checks that the policy can decide the condition over a frame of this schema.
    pub(super) fn check(&self, users: &Schema) -> Result<(), Located> {
        let decided = |(name, _): &&(String, usize)| VERDICT_COLUMNS.contains(&name.as_str());
        if let Some((column, line)) = self.syntax.columns.iter().find(decided) {
            return Err(ConditionFlaw::ReadsVerdict { column: column.clone() }.on(*line));
        }
        self.check_judged(users)
    }

    /// Checks that the condition can be decided over a frame of this schema that the policy has judged already.
    pub(super) fn check_judged(&self, users: &Schema) -> Result<(), Located> {
        if self.syntax.columns.is_empty() {
            return Err(ConditionFlaw::ReadsNothing.into());
        }
        for (column, line) in &self.syntax.columns {
            known_column(column, users).map_err(|flaw| flaw.on(*line))?;
        }
        self.syntax.comparisons.iter().try_for_each(|pair| types::check(pair, users))?;
        self.syntax.addends.iter().try_for_each(|addend| types::check_addend(addend, users))?;
        Ok(self.check_run(users)?)
    }

    /// Runs the condition over two users of whom nothing is known: a frame with no rows would hide an expression that
    /// folds them into one.
    fn check_run(&self, users: &Schema) -> Result<(), ConditionFlaw> {
        let held = DataFrame::full_null(users, 2)
            .lazy()
            .select([self.expr.clone().alias("held")])
            .collect()
            .map_err(|error| ConditionFlaw::Run { why: first_line(&error) })?;
        if held.height() != 2 {
            return Err(ConditionFlaw::NotPerUser);
        }
        match held.columns() {
            [column] if *column.dtype() != DataType::Boolean => {
                Err(ConditionFlaw::NotBoolean { found: types::in_words(column.dtype()) })
            }
            _ => Ok(()),
        }
    }

    /// The columns it reads, each once, in the order of the text.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.syntax.columns {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }
}

/// The engine's reason without the plan that it prints behind.
fn first_line(error: &PolarsError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// Whether this node of an expression looks at each row alone. A list: a kind of node we do not know is refused.
fn is_per_user(node: &Expr) -> bool {
    match node {
        Expr::Column(_)
        | Expr::Literal(_)
        | Expr::Alias(..)
        | Expr::BinaryExpr { .. }
        | Expr::Cast { .. }
        | Expr::Ternary { .. }
        | Expr::Function { .. } => true,
        // The list of `x IN ('a', 'b')`.
        Expr::Agg(AggExpr::Implode { input, .. }) => matches!(**input, Expr::Literal(_)),
        _ => false,
    }
}

fn known_column(column: &str, users: &Schema) -> Result<(), ConditionFlaw> {
    if users.contains(column) {
        return Ok(());
    }
    let names = users.iter_names().map(PlSmallStr::as_str);
    Err(ConditionFlaw::UnknownColumn { column: column.to_owned(), nearest: nearest(column, names) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::specimen;

    fn flaw_of(sql: &str) -> Option<String> {
        Condition::parse(sql)
            .and_then(|condition| condition.check(&specimen::schema()))
            .err()
            .map(|located| located.flaw.to_string())
    }

    #[test]
    fn a_condition_over_known_columns_is_good() {
        for sql in [
            "aml_open_hits > 0",
            "decision IN ('approved', 'review') -- a comment",
            "reference_mismatch",
            "CASE WHEN face_score > 0.5 THEN id_info_id_number LIKE 'A%' ELSE FALSE END",
            "EXTRACT(HOUR FROM fetched_at) < 6 AND document_expired IS NULL",
            "EXTRACT(YEAR FROM id_info_id_expiry_date) < 2020",
            "UPPER(id_info_full_name) = 'X' OR age_at_verification BETWEEN 18 AND 120",
        ] {
            assert_eq!(flaw_of(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_condition_that_is_the_same_for_everybody_is_refused() {
        for sql in ["TRUE", "NOT FALSE", "1 = 1", "'a' LIKE 'a%'"] {
            let flaw = flaw_of(sql).unwrap_or_default();
            assert!(flaw.contains("the same for everybody"), "{sql}: {flaw}");
        }
    }

    #[test]
    fn an_unknown_column_is_refused_with_the_nearest_name() {
        assert_eq!(
            flaw_of("aml_open_hit > 0").as_deref(),
            Some("`users` has no column `aml_open_hit`; did you mean `aml_open_hits`?")
        );
        assert_eq!(flaw_of("zzz > 0").as_deref(), Some("`users` has no column `zzz`"));
    }

    #[test]
    fn a_condition_cannot_read_what_the_policy_decides() {
        let flaw = flaw_of("verdict = 'pass'").unwrap_or_default();
        assert!(flaw.contains("what the policy decides"), "{flaw}");
    }

    #[test]
    fn a_condition_that_is_no_sql_or_more_than_one_item_is_refused() {
        for sql in
            ["", "decision ==== 'x'", "face_score, attempts", "face_score > 0 AS x", "1) OR (1"]
        {
            assert!(Condition::parse(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_condition_over_more_than_one_user_is_refused() {
        for sql in [
            "MAX(attempts) > 3",
            "COUNT(*) > 3",
            "COUNT(*) OVER () > 3",
            "attempts > AVG(attempts)",
            "LAG(attempts) OVER (ORDER BY position) > 1",
            "ROW_NUMBER() OVER (ORDER BY user_id) > 5",
            "user_id IN (SELECT user_id FROM users)",
        ] {
            assert!(flaw_of(sql).is_some(), "{sql}");
        }
    }

    #[test]
    fn a_condition_that_is_no_boolean_or_compares_text_with_numbers_is_refused() {
        assert_eq!(
            flaw_of("aml_open_hits + 1").as_deref(),
            Some("a condition is true or false, and this is a number; compare it with something")
        );
        assert!(flaw_of("decision > 5").is_some());
    }
}
