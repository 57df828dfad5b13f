//! The gates of the run, held against its counts.

use super::{Inputs, ledger::Ledger};
use crate::{
    model::{
        disagreement::{Kind, Severity},
        outcome::Outcome,
        verdict::Verdict,
    },
    reconcile::{
        bound::BoundBooks,
        gates::{Gate, Gates, Measured},
    },
    report::gate::GateResult,
};

/// How the run stands to each gate that is set.
pub(super) fn evaluate(
    gates: &Gates,
    inputs: Inputs<'_>,
    books: &BoundBooks,
    ledger: &Ledger,
) -> Vec<GateResult> {
    let measured = measure(ledger, inputs.baseline.is_some(), !books.is_empty());
    gates.evaluate(&measured).iter().map(result).collect()
}

/// What there is nothing to compare with is not measured: zero would be a claim.
fn measure(ledger: &Ledger, has_baseline: bool, has_books: bool) -> Measured {
    let outcomes = |outcome| ledger.outcomes.get(&outcome).copied().unwrap_or(0);
    let verdicts = |verdict| ledger.verdicts.get(&verdict).copied().unwrap_or(0);
    let figures = &ledger.figures;
    let is_compared = has_baseline || has_books;
    Measured {
        users: ledger.outcomes.values().sum(),
        answered: outcomes(Outcome::Answered),
        exhausted: outcomes(Outcome::Exhausted),
        passed: verdicts(Verdict::Pass),
        determined: verdicts(Verdict::Pass) + verdicts(Verdict::Fail),
        new_regressions: has_baseline.then(|| figures.new_of_kind(Kind::Regression)),
        new_critical_breaks: is_compared.then(|| figures.new_of_severity(Severity::Critical)),
        vanished: figures.vanished,
        users_in_break: is_compared.then_some(figures.users_in_break),
        new_words: ledger.new_words,
    }
}

fn result(gate: &Gate) -> GateResult {
    let Gate { name, limit, actual, passed } = *gate;
    GateResult { name: name.to_owned(), limit, actual, passed }
}
