//! What can be wrong with a policy, and where.

use polars::prelude::PolarsError;
use thiserror::Error;

/// A policy that cannot be used: which file, which line, which rule, and (as the source) why.
#[derive(Debug, Error)]
pub enum PolicyError {
    #[error("{origin}: {key} is missing")]
    Missing { origin: String, key: &'static str },
    #[error("{origin}: not a policy")]
    Form { origin: String, source: Box<toml::de::Error> },
    #[error("{origin}, line {line}: {list} `{name}`")]
    Constant {
        origin: String,
        line: usize,
        /// `threshold` or `word list`.
        list: &'static str,
        name: String,
        source: ConstantFlaw,
    },
    #[error("{origin}, line {line}: rule `{rule}`")]
    Rule { origin: String, line: usize, rule: String, source: RuleFlaw },
    #[error("{origin}, line {line}: the condition of [pass]")]
    Pass { origin: String, line: usize, source: ConditionFlaw },
}

/// Why a constant of `[thresholds]` or `[words]` cannot be used.
#[derive(Debug, Error)]
pub enum ConstantFlaw {
    #[error("a threshold is a finite number, not {found}")]
    NotANumber { found: &'static str },
    #[error("a word list is a list of texts, not {found}")]
    NotAList { found: &'static str },
    #[error("item {item} is no text, but {found}")]
    NotAText { item: usize, found: &'static str },
    #[error(
        "item {item} holds a backslash or a control character, which not every engine reads alike"
    )]
    NotPortable { item: usize },
    #[error("an empty list matches nobody")]
    Empty,
    #[error("a name is lower-case letters, digits and `_`, and starts with a letter")]
    Name,
    #[error("a threshold has the same name")]
    Taken,
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
    #[error("`{field}` is one line of text")]
    NotOneLine { field: &'static str },
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
    #[error("there is no threshold or word list `:{name}`{}", suggestion(nearest.as_deref()))]
    UnknownConstant { name: String, nearest: Option<String> },
    #[error("a word list is the whole list of an IN: write `IN (:{name})`")]
    WordsOutsideIn { name: String },
    #[error("not a condition as it stands after WHERE in SQL: {reason}")]
    Syntax { reason: String },
    #[error("{name:?}: a column is written without quotes, and a text as '{name}'")]
    QuotedName { name: String },
    #[error("not SQL that we can run")]
    Unsupported { source: PolarsError },
    #[error("`users` has no column `{column}`{}", suggestion(nearest.as_deref()))]
    UnknownColumn { column: String, nearest: Option<String> },
    #[error("`{column}` is what the policy decides, so no condition can read it")]
    ReadsVerdict { column: String },
    #[error("{left}, and {right}: they cannot be compared{}", suggestion(instead.as_deref()))]
    Mismatch { left: String, right: String, instead: Option<String> },
    #[error("`{column}` is never '{word}'{}", choice(nearest.as_deref(), words))]
    UnknownWord {
        column: String,
        word: String,
        nearest: Option<String>,
        words: &'static [&'static str],
    },
    #[error("{what} is not decided alike by every engine; {instead}")]
    NotPortable { what: String, instead: &'static str },
    #[error("a condition reads some column of `users`: this one is the same for everybody")]
    ReadsNothing,
    #[error("{operand} is {found}: only numbers are added, subtracted and multiplied")]
    NotANumber { operand: String, found: &'static str },
    #[error("a condition looks at one user at a time: no aggregate, window or subquery")]
    NotPerUser,
    #[error("a condition is true or false, and this is {found}; compare it with something")]
    NotBoolean { found: &'static str },
    #[error("cannot be run over `users`: {why}")]
    Run { why: String },
}

/// A flaw, and on which line of the condition's text it is, from 1, if that is known.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) flaw: ConditionFlaw,
    pub(super) line: Option<usize>,
}

impl ConditionFlaw {
    pub(super) const fn on(self, line: usize) -> Located {
        Located { flaw: self, line: Some(line) }
    }
}

impl From<ConditionFlaw> for Located {
    fn from(flaw: ConditionFlaw) -> Self {
        Self { flaw, line: None }
    }
}

/// Why a frame of users could not be judged.
///
/// A condition that met a value it cannot be decided for carries no source on purpose: the engine's message may quote
/// the value, which may be personal.
#[derive(Debug, Error)]
pub enum AssessError {
    #[error("rule `{rule}` cannot be decided for some user")]
    Rule { rule: String },
    #[error("the condition of [pass] cannot be decided for some user")]
    Pass,
    #[error("whether some user is chosen by `{sql}` cannot be decided")]
    Selection { sql: String },
    #[error("the frame of users cannot be judged")]
    Frame(#[source] PolarsError),
}

/// More words than anybody reads in a message.
const MANY: usize = 30;

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn choice(nearest: Option<&str>, words: &[&str]) -> String {
    match nearest {
        Some(_) => suggestion(nearest),
        None if words.len() > MANY => format!(", but one of {} words", words.len()),
        None => format!(", but one of {}", words.join(", ")),
    }
}
