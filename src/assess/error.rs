//! What can be wrong with a policy, and where.

use polars::prelude::{DataType, PolarsError};
use thiserror::Error;

/// A policy that cannot be used: which file, which line, which rule, and (as the source) why.
#[derive(Debug, Error)]
pub enum PolicyError {
    #[error("{origin}: not a policy")]
    Form { origin: String, source: Box<toml::de::Error> },
    #[error("{origin}, line {line}: threshold `{name}`")]
    Threshold { origin: String, line: usize, name: String, source: ThresholdFlaw },
    #[error("{origin}, line {line}: rule `{rule}`")]
    Rule { origin: String, line: usize, rule: String, source: RuleFlaw },
    #[error("{origin}, line {line}: the condition of [pass]")]
    Pass { origin: String, line: usize, source: ConditionFlaw },
}

/// Why a constant of `[thresholds]` cannot be used.
#[derive(Debug, Error)]
pub enum ThresholdFlaw {
    #[error("a threshold is a finite number, not {found}")]
    NotANumber { found: &'static str },
    #[error("a name is lower-case letters, digits and `_`, and starts with a letter")]
    Name,
    #[error("no condition uses it")]
    Unused,
}

/// Why a rule cannot be used.
#[derive(Debug, Error)]
pub enum RuleFlaw {
    #[error("an id is lower-case letters, digits and `-`, and starts with a letter")]
    Id,
    #[error("the id stands for a user without rule or pass")]
    ReservedId,
    #[error("another rule has the same id")]
    Duplicate,
    #[error("`says` is one line of text")]
    Reason,
    #[error("a rule cannot give `pass`; the condition of [pass] does")]
    PassAsVerdict,
    #[error("`{word}` is no verdict; a rule gives fail, review, pending or unreached")]
    UnknownVerdict { word: String },
    #[error(transparent)]
    Condition(#[from] ConditionFlaw),
}

/// Why a `when` cannot be decided for a user.
#[derive(Debug, Error)]
pub enum ConditionFlaw {
    #[error("there is no threshold `:{name}`{}", suggestion(nearest.as_deref()))]
    UnknownThreshold { name: String, nearest: Option<String> },
    #[error("not a SQL expression")]
    Sql { source: PolarsError },
    #[error("`users` has no column `{column}`{}", suggestion(nearest.as_deref()))]
    UnknownColumn { column: String, nearest: Option<String> },
    #[error("`{column}` is what the policy decides, so no condition can read it")]
    ReadsVerdict { column: String },
    #[error("a condition looks at one user at a time: no aggregate, window or subquery")]
    NotPerUser,
    #[error("a condition is true or false, and this is {dtype}")]
    NotBoolean { dtype: DataType },
    #[error("cannot be run over `users`")]
    Run { source: PolarsError },
}

/// Why a frame of users could not be judged.
///
/// A condition that met a value it cannot be decided for carries no source on purpose: the engine's message may quote
/// the value, which may be personal.
#[derive(Debug, Error)]
pub enum AssessError {
    #[error("rule `{rule}` cannot be decided for some user; write TRY_CAST for CAST to get NULL")]
    Rule { rule: String },
    #[error(
        "the condition of [pass] cannot be decided for some user; write TRY_CAST for CAST to get NULL"
    )]
    Pass,
    #[error("the frame of users cannot be judged")]
    Frame(#[source] PolarsError),
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
