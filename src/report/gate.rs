//! How the run stands to one gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::figures::plain;

/// How the run stands to one gate of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateResult {
    /// Name of the gate in the settings.
    pub name: String,
    /// What it is set to.
    pub limit: f64,
    /// What the run has; null when it could not be measured, as a share of nobody.
    pub actual: Option<f64>,
    /// Whether the run is within the limit. What could not be measured exceeds no maximum, and reaches no minimum.
    pub passed: bool,
}

impl GateResult {
    /// The gate and its limit, in a few words; what the run has may be a count of few people.
    #[must_use]
    pub fn told_discreetly(&self) -> String {
        format!("{} is {}, and what the run has is withheld", self.name, plain(self.limit))
    }

    /// The gate and both numbers, in a few words.
    #[must_use]
    pub fn told(&self) -> String {
        let limit = plain(self.limit);
        match self.actual {
            Some(actual) => format!("{} is {limit}, and the run has {}", self.name, plain(actual)),
            None => format!("{} is {limit}, and there is nothing to measure", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_told_with_both_numbers() {
        let gate = |limit, actual| GateResult {
            name: "max_break_share".to_owned(),
            limit,
            actual,
            passed: false,
        };
        assert_eq!(gate(0.01, Some(0.2)).told(), "max_break_share is 0.01, and the run has 0.2");
        let nothing = gate(20.0, None).told();
        assert_eq!(nothing, "max_break_share is 20, and there is nothing to measure");
        let third = gate(0.00001, Some(1.0 / 3.0)).told();
        assert_eq!(third, "max_break_share is 0.00001, and the run has 0.333333");
    }
}
