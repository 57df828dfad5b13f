//! What an auditor reads about the ledger of a reports directory.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::json;

use super::{
    paper::{BOLD, SOFT, plain},
    terminal::print,
    verified::{self, Step},
};

/// A ledger, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    pub ledger: String,
    pub lines: u64,
    /// Whoever kept it elsewhere can tell a ledger whose last lines were altered or cut off.
    pub last_line_sha256: Option<String>,
    pub steps: Vec<Step>,
}

impl Audited {
    /// Whether nothing was found.
    #[must_use]
    pub fn intact(&self) -> bool {
        self.steps.iter().all(Step::is_good)
    }
}

/// Shows what was found: as JSON for programs, or as a list for people.
pub fn show(audited: &Audited, json: bool) {
    let Audited { ledger, lines, last_line_sha256, steps } = audited;
    if json {
        let intact = audited.intact();
        let said = json!({
            "ledger": ledger, "intact": intact, "lines": lines,
            "last_line_sha256": last_line_sha256, "steps": steps,
        });
        print(&format!("{said:#}\n"));
    } else {
        print(&text(audited));
    }
}

fn text(audited: &Audited) -> String {
    let mut text = format!("\n  {BOLD}{}{BOLD:#}\n\n", plain(&audited.ledger));
    audited.steps.iter().for_each(|one| text.push_str(&verified::step(one)));
    let last = audited.last_line_sha256.as_deref().unwrap_or("none");
    let _ = writeln!(text, "\n  {SOFT}SHA-256 of the last line  {last}{SOFT:#}");
    let (colour, said) = if audited.intact() {
        (AnsiColor::Green, "intact")
    } else {
        (AnsiColor::Red, "ALTERED: the runs are not those that the ledger tells of")
    };
    let style = colour.on_default().bold();
    let _ = writeln!(text, "\n  {style}{said}{style:#}\n");
    text
}
