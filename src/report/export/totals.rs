//! The control totals of an export: what a certificate states of it.

use serde::{Deserialize, Serialize};

use crate::report::{
    equation::{Equation, OpenEquation, close},
    population::Count,
};

/// One published export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportTotals {
    /// Name of the profile.
    pub name: String,
    /// The file, by its path in the report.
    pub file: String,
    /// Users of the published `users` whom the condition of the profile chooses.
    pub selected: u64,
    /// Rows of the file.
    pub written: u64,
    /// Whether it shows pseudonyms, which cannot be made again without their key.
    pub pseudonyms: bool,
}

impl ExportTotals {
    /// Every user who was chosen is in the file.
    pub(in crate::report) fn equation(&self) -> Result<Equation, OpenEquation> {
        let selected = Count::new("users_it_selects", self.selected);
        close(&format!("rows_of_export_{}", self.name), self.written, vec![selected])
    }
}
