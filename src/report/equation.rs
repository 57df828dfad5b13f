//! An equation of the certificate, and the second count that each number is held against.

use serde::{Deserialize, Serialize};

use crate::report::population::Count;

/// One equation with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equation {
    /// The equation in words: `a = b + c`.
    pub says: String,
    pub total: u64,
    pub parts: Vec<Count>,
    pub closes: bool,
}

/// An equation whose sides differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the equation `{says}` does not close: {total} against {sum}")]
pub struct OpenEquation {
    pub says: String,
    pub total: u64,
    pub sum: u128,
}

/// The answer of a published statistic: the same counts, made once more from the tables as they can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    pub statistic: &'static str,
    /// Of all that the statistic counted, also under words that are none.
    pub total: u64,
    pub counts: Vec<Count>,
}

impl Recount {
    /// Ties the statistic to what was counted while the tables were written, word by word.
    pub(super) fn agree(&self, counted: Vec<Count>) -> Result<Equation, OpenEquation> {
        for count in &counted {
            let again = self.counts.iter().find(|again| again.name == count.name);
            let again = again.map_or(0, |again| again.count);
            close(&format!("{}_in_tables", count.name), again, vec![count.clone()])?;
        }
        close(&format!("statistic_{}", self.statistic), self.total, counted)
    }
}

/// The statistics that count the population once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounts {
    pub roster: Recount,
    pub outcomes: Recount,
    pub verdicts: Recount,
    pub answers: Recount,
    pub ages: Recount,
}

/// Both sides of an equation, which must be the same.
pub(super) fn close(name: &str, total: u64, parts: Vec<Count>) -> Result<Equation, OpenEquation> {
    let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
    let says = format!("{name} = {}", names.join(" + "));
    // Wider than its parts, so that no sum can wrap round to the right answer.
    let sum: u128 = parts.iter().map(|part| u128::from(part.count)).sum();
    if sum != u128::from(total) {
        return Err(OpenEquation { says, total, sum });
    }
    Ok(Equation { says, total, parts, closes: true })
}
