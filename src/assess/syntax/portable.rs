//! The grammar that conditions may use: what every engine decides alike.
//!
//! A list, not a search for what is known to differ: SQL that nobody thought of is refused. `policy.sql` is published so
//! that another engine can judge again; a condition that it decides differently would make that a contradiction.
//!
//! | allowed | as |
//! |---|---|
//! | columns, texts, numbers, `TRUE`, `FALSE` | `decision`, `'x'`, `-1.5` |
//! | comparisons | `=` `<>` `<` `<=` `>` `>=`, `IS [NOT] NULL`, `[NOT] IN (…)`, `[NOT] BETWEEN`, `[NOT] LIKE '…'` |
//! | logic | `AND` `OR` `NOT`, `CASE`, `COALESCE`, `NULLIF` |
//! | numbers | `+` `-` `*` over whole numbers and columns, `ABS`, `TRY_CAST(… AS DOUBLE)` |
//! | texts | `UPPER` `LOWER` `LENGTH`, `TRIM(BOTH ' ' FROM …)` |
//! | times | `EXTRACT(…)` of year, quarter, month, day, hour or minute |

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, DateTimeField, Expr, Function, FunctionArguments, Spanned,
    TrimWhereField, UnaryOperator, Value,
};

use crate::assess::error::{ConditionFlaw, Located};

const FUNCTIONS: [&str; 6] = ["COALESCE", "NULLIF", "ABS", "UPPER", "LOWER", "LENGTH"];
/// What looks at many users at once, and is refused for that.
const AGGREGATES: [&str; 12] = [
    "COUNT",
    "MIN",
    "MAX",
    "SUM",
    "AVG",
    "MEDIAN",
    "FIRST",
    "LAST",
    "LAG",
    "LEAD",
    "ROW_NUMBER",
    "RANK",
];

/// Why something is refused, and what to write for it.
type Refusal = (String, &'static str);

/// Refuses this node of a condition when engines decide it differently; what is inside it is looked at by itself.
pub(super) fn check(expr: &Expr) -> Result<(), Located> {
    let line = usize::try_from(expr.span().start.line).ok().filter(|line| *line > 0);
    let located = |flaw| Located { flaw, line };
    if looks_at_many(expr) {
        return Err(located(ConditionFlaw::NotPerUser));
    }
    refusal(expr).map_err(|(what, instead)| located(ConditionFlaw::NotPortable { what, instead }))
}

fn looks_at_many(expr: &Expr) -> bool {
    match expr {
        Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => true,
        Expr::Function(function) => {
            function.over.is_some() || AGGREGATES.contains(&name(function).as_str())
        }
        _ => false,
    }
}

fn refusal(expr: &Expr) -> Result<(), Refusal> {
    match expr {
        Expr::Identifier(_)
        | Expr::Nested(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::InList { .. }
        | Expr::Between { .. }
        | Expr::Case { .. }
        | Expr::UnaryOp { op: UnaryOperator::Not | UnaryOperator::Minus, .. } => Ok(()),
        Expr::Value(literal) => of_literal(&literal.value),
        Expr::BinaryOp { left, op, right } => of_operator(left, op, right),
        Expr::Like { any: false, escape_char: None, pattern, .. } if is_text(pattern) => Ok(()),
        Expr::Cast { kind, data_type, .. } => of_cast(kind, data_type),
        Expr::Trim { trim_where, trim_what, trim_characters: None, .. } => {
            of_trim(*trim_where, trim_what.as_deref())
        }
        Expr::Extract { field, .. } => of_field(field),
        Expr::Function(function) => of_function(function),
        other => of_the_rest(other),
    }
}

fn refuse(what: impl Into<String>, instead: &'static str) -> Result<(), Refusal> {
    Err((what.into(), instead))
}

fn of_literal(literal: &Value) -> Result<(), Refusal> {
    match literal {
        Value::SingleQuotedString(text) if text.contains('\\') => {
            refuse("a backslash in a text", "leave it out, or write `_` in a LIKE")
        }
        Value::SingleQuotedString(_) | Value::Number(..) | Value::Boolean(_) => Ok(()),
        Value::Null => refuse("NULL as a value", "write IS NULL or IS NOT NULL"),
        _ => refuse("a literal of this kind", "write a text as 'text' and a number in digits"),
    }
}

fn of_operator(left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<(), Refusal> {
    use BinaryOperator as Op;
    match op {
        // One engine computes with 0.1 in tenths, the next with the binary fraction beside it.
        Op::Plus | Op::Minus | Op::Multiply if is_fraction(left) || is_fraction(right) => {
            refuse("computing with a fraction", "compare with it, and compute with whole numbers")
        }
        Op::Eq
        | Op::NotEq
        | Op::Lt
        | Op::LtEq
        | Op::Gt
        | Op::GtEq
        | Op::And
        | Op::Or
        | Op::Plus
        | Op::Minus
        | Op::Multiply => Ok(()),
        Op::Divide | Op::DuckIntegerDivide | Op::MyIntegerDivide => {
            refuse("division", "multiply the other side of the comparison")
        }
        Op::Modulo => refuse("`%`", "compare with BETWEEN or IN"),
        Op::StringConcat => refuse("`||`", "compare each of the texts by itself"),
        other => refuse(format!("`{other}`"), "write LIKE, IN or a comparison"),
    }
}

fn of_cast(kind: &CastKind, data_type: &DataType) -> Result<(), Refusal> {
    let is_double = matches!(data_type, DataType::Double(_) | DataType::DoublePrecision);
    match kind {
        CastKind::TryCast if is_double => Ok(()),
        _ => refuse(
            format!("a cast to {data_type}"),
            "compare the column as it is, or write TRY_CAST(… AS DOUBLE)",
        ),
    }
}

fn of_trim(place: Option<TrimWhereField>, what: Option<&Expr>) -> Result<(), Refusal> {
    let blank =
        |what: &Expr| matches!(literal(what), Some(Value::SingleQuotedString(text)) if text == " ");
    if place == Some(TrimWhereField::Both) && what.is_some_and(blank) {
        return Ok(());
    }
    refuse("TRIM of more than blanks", "write TRIM(BOTH ' ' FROM …)")
}

fn of_field(field: &DateTimeField) -> Result<(), Refusal> {
    match field {
        DateTimeField::Year
        | DateTimeField::Quarter
        | DateTimeField::Month
        | DateTimeField::Day
        | DateTimeField::Hour
        | DateTimeField::Minute => Ok(()),
        other => refuse(
            format!("EXTRACT of {other}"),
            "EXTRACT gives YEAR, QUARTER, MONTH, DAY, HOUR or MINUTE",
        ),
    }
}

fn of_function(function: &Function) -> Result<(), Refusal> {
    let name = name(function);
    let is_plain = match &function.args {
        FunctionArguments::List(list) => {
            list.duplicate_treatment.is_none() && list.clauses.is_empty()
        }
        FunctionArguments::None | FunctionArguments::Subquery(_) => false,
    };
    let is_plain = is_plain && function.filter.is_none() && function.null_treatment.is_none();
    if is_plain && FUNCTIONS.contains(&name.as_str()) {
        return Ok(());
    }
    refuse(
        format!("the function {name}"),
        "the functions are COALESCE, NULLIF, ABS, UPPER, LOWER, LENGTH, TRIM and EXTRACT",
    )
}

fn of_the_rest(expr: &Expr) -> Result<(), Refusal> {
    match expr {
        Expr::Tuple(_) => refuse("comparing several values at once", "compare each, with AND"),
        Expr::Like { .. } => refuse("LIKE with this pattern", "the pattern is one text, as 'A%'"),
        Expr::ILike { .. } => refuse("ILIKE", "write UPPER(…) LIKE '…'"),
        Expr::RLike { .. } | Expr::SimilarTo { .. } => {
            refuse("a regular expression", "write LIKE, with OR where there are several")
        }
        Expr::IsTrue(_) | Expr::IsNotFalse(_) => refuse("IS TRUE or IS NOT FALSE", "write = TRUE"),
        Expr::IsFalse(_) | Expr::IsNotTrue(_) => refuse("IS FALSE or IS NOT TRUE", "write = FALSE"),
        // What stands behind it binds differently from parser to parser: `a IS DISTINCT FROM 'b' OR c`.
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => {
            refuse("IS DISTINCT FROM", "write = or <>, and IS NULL where NULL matters")
        }
        Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => refuse("IS UNKNOWN", "write IS NULL"),
        Expr::Interval(_) => refuse("an interval", "compare a column that counts days"),
        Expr::TypedString(_) => refuse(
            "a literal of this type",
            "compare a time by EXTRACT, or a column that counts days",
        ),
        Expr::CompoundIdentifier(_) => refuse("a name with a dot", "write the column alone"),
        other => {
            let text = other.to_string().chars().take(40).collect::<String>();
            refuse(format!("`{text}`"), "write it with comparisons, AND, OR, NOT and CASE")
        }
    }
}

fn name(function: &Function) -> String {
    function.name.to_string().to_uppercase()
}

fn literal(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::Value(literal) => Some(&literal.value),
        Expr::Nested(inner) => literal(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => literal(expr),
        _ => None,
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(literal(expr), Some(Value::SingleQuotedString(_)))
}

fn is_fraction(expr: &Expr) -> bool {
    matches!(literal(expr), Some(Value::Number(digits, _)) if !digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use crate::assess::{condition::Condition, policy::Policy, specimen};

    /// Judged by `DuckDB` too, in `tests/interop`.
    const EVERY_FORM: &str = include_str!("../../../tests/interop/policies/every_form.toml");

    fn refused(sql: &str) -> String {
        let read = Condition::parse(sql).and_then(|read| read.check(&specimen::schema()));
        read.err().map(|located| located.flaw.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_form_that_is_allowed_is_taken() -> Result<(), Box<dyn std::error::Error>> {
        let policy = Policy::parse(EVERY_FORM, "every_form.toml")?;
        policy.check(&specimen::schema())?;
        for form in super::FUNCTIONS.into_iter().chain(["TRIM(BOTH", "EXTRACT(", "TRY_CAST("]) {
            assert!(EVERY_FORM.contains(form), "{form}");
        }
        Ok(())
    }

    #[test]
    fn what_engines_decide_differently_is_refused_with_what_to_write_instead() {
        for (sql, what, instead) in [
            ("attempts % 2 = 1", "`%`", "BETWEEN"),
            ("MOD(attempts, 2) = 1", "the function MOD", "COALESCE"),
            ("attempts / 2 > 1", "division", "multiply"),
            ("1 / 0 > attempts", "division", "multiply"),
            ("CAST(face_score AS INTEGER) = 1", "a cast to INTEGER", "TRY_CAST"),
            ("TRY_CAST(face_score AS BIGINT) = 1", "a cast to BIGINT", "AS DOUBLE"),
            ("face_score::int = 1", "a cast to INT", "TRY_CAST"),
            ("decision ILIKE 'A%'", "ILIKE", "UPPER"),
            ("decision ~ 'a'", "`~`", "LIKE"),
            ("decision RLIKE 'a'", "a regular expression", "LIKE"),
            ("decision SIMILAR TO 'a'", "a regular expression", "LIKE"),
            ("decision || 'a' = 'ba'", "`||`", "by itself"),
            ("decision LIKE outcome", "LIKE with this pattern", "one text"),
            ("decision LIKE 'a!%' ESCAPE '!'", "LIKE with this pattern", "one text"),
            ("user_id = 'a\\b'", "a backslash", "leave it out"),
            ("NOT (reference_mismatch IS TRUE)", "IS TRUE", "= TRUE"),
            ("reference_mismatch IS NOT TRUE", "IS FALSE or IS NOT TRUE", "= FALSE"),
            ("decision IS DISTINCT FROM 'a'", "IS DISTINCT FROM", "IS NULL"),
            ("decision = NULL", "NULL as a value", "IS NULL"),
            ("decision NOT IN ('approved', NULL)", "NULL as a value", "IS NULL"),
            ("TRIM(user_id) = 'a'", "TRIM of more than blanks", "BOTH ' ' FROM"),
            ("EXTRACT(DOW FROM fetched_at) = 1", "EXTRACT of DOW", "YEAR"),
            ("EXTRACT(SECOND FROM fetched_at) > 1", "EXTRACT of SECOND", "YEAR"),
            ("fetched_at > TIMESTAMP '2026-01-01 00:00:00'", "a literal of this type", "EXTRACT"),
            ("id_info_id_expiry_date > DATE '2026-01-31'", "a literal of this type", "EXTRACT"),
            ("attempts * 0.1 = 0.3", "computing with a fraction", "whole numbers"),
            ("(decision, outcome) = ('approved', 'answered')", "comparing several", "AND"),
            ("SUBSTRING(user_id, 1, 2) = 'ab'", "`SUBSTRING", "comparisons"),
            ("REGEXP_LIKE(user_id, 'a')", "the function REGEXP_LIKE", "COALESCE"),
            ("RANDOM() < 1", "the function RANDOM", "COALESCE"),
            ("users.decision = 'approved'", "a name with a dot", "alone"),
        ] {
            let told = refused(sql);
            let (said, hint) = told.split_once("; ").unwrap_or((&told, ""));
            assert!(said.starts_with(what) && hint.contains(instead), "{sql}: {told:?}");
            assert!(!told.contains("Value(") && !told.contains("Ident"), "{sql}: {told}");
        }
    }
}
