//! What an auditor reads about a published run: what was checked, and what was altered.

use std::{fmt::Write as _, mem};

use anstyle::AnsiColor;
use serde::Serialize;

use super::{
    paper::{self, BOLD, SOFT, plain},
    terminal::print,
};

/// The most findings about one file that a step names one by one: every file is named, and not each of a million rows.
const MOST: usize = 20;

/// A published run, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub report: String,
    /// Whether nothing was found.
    pub intact: bool,
    /// SHA-256 of the manifest itself. Whoever kept it elsewhere can tell a report that was altered as a whole.
    pub manifest_sha256: Option<String>,
    /// SHA-256 of the roster, as the certificate states it: the roster itself is not in the report.
    pub input_sha256: Option<String>,
    pub steps: Vec<Step>,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub name: &'static str,
    /// What was looked at.
    pub checked: String,
    /// Why it could not be checked; this is a finding of another step.
    pub skipped: Option<String>,
    pub findings: Vec<Finding>,
    /// Findings beyond those that are named.
    pub more: u64,
}

/// One thing that is not as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, by its path in the report.
    pub path: String,
    pub what: String,
}

impl Verified {
    /// What the steps found.
    #[must_use]
    pub fn of(report: String, steps: Vec<Step>) -> Self {
        let intact = steps.iter().all(Step::is_good);
        Self { report, intact, manifest_sha256: None, input_sha256: None, steps }
    }
}

impl Step {
    /// A step that has looked at nothing yet.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, checked: String::new(), skipped: None, findings: Vec::new(), more: 0 }
    }

    /// The same, with its texts told in other words.
    #[must_use]
    pub fn told(mut self, told: impl Fn(String) -> String) -> Self {
        self.skipped = self.skipped.map(&told);
        for finding in &mut self.findings {
            finding.what = told(mem::take(&mut finding.what));
        }
        self
    }

    /// Notes that a file is not as it was published.
    pub fn find(&mut self, path: &str, what: impl Into<String>) {
        if self.findings.iter().filter(|found| found.path == path).count() == MOST {
            self.more += 1;
            return;
        }
        self.findings.push(Finding { path: path.to_owned(), what: what.into() });
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Shows what was found: as JSON for programs, or as a list for people.
pub fn show(verified: &Verified, json: bool) {
    if json {
        print(&(serde_json::to_string_pretty(verified).unwrap_or_default() + "\n"));
    } else {
        print(&text(verified));
    }
}

fn text(verified: &Verified) -> String {
    let mut text = format!("\n  {BOLD}{}{BOLD:#}\n\n", verified.report);
    verified.steps.iter().for_each(|one| text.push_str(&step(one)));
    let or_none = |text: &Option<String>| text.as_deref().map_or("none".to_owned(), plain);
    let _ = write!(
        text,
        "\n  {SOFT}SHA-256 of the manifest  {}\n  SHA-256 of the roster    {}{SOFT:#}\n",
        or_none(&verified.manifest_sha256),
        or_none(&verified.input_sha256),
    );
    let skipped = verified.steps.iter().any(|step| step.skipped.is_some());
    let (colour, said) = match (verified.intact, skipped) {
        (true, false) => (AnsiColor::Green, "intact"),
        (true, true) => (AnsiColor::Yellow, "intact as far as it was checked"),
        (false, _) => (AnsiColor::Red, "ALTERED: this is not the report that was published"),
    };
    let style = colour.on_default().bold();
    let _ = writeln!(text, "\n  {style}{said}{style:#}\n");
    text
}

/// A step with what it found.
pub(super) fn step(step: &Step) -> String {
    let (style, word) = match (&step.skipped, step.is_good()) {
        (_, false) => (AnsiColor::Red.on_default(), "ALTERED"),
        (Some(_), true) => (AnsiColor::Yellow.on_default(), "skipped"),
        (None, true) => (AnsiColor::Green.on_default(), "good"),
    };
    let said = step.skipped.as_ref().unwrap_or(&step.checked);
    let mut text =
        format!("  {style}{word:<8}{style:#} {BOLD}{:<12}{BOLD:#} {}\n", step.name, plain(said));
    for finding in &step.findings {
        let line = format!("{}: {}", plain(&finding.path), plain(&finding.what));
        text.push_str(&paper::block(11, &line));
    }
    if step.more > 0 {
        let _ = writeln!(text, "           and {} more", step.more);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_altered_is_named_and_a_flood_is_counted() {
        let mut archive = Step::new("archive");
        for row in 0..25 {
            archive.find("archive/responses.parquet", format!("row {row}"));
        }
        let verified = Verified::of("reports/night".to_owned(), vec![archive]);
        let page = anstream::adapter::strip_str(&text(&verified)).to_string();
        assert!(!verified.intact && page.contains("ALTERED"));
        assert!(page.contains("archive/responses.parquet: row 19"), "{page}");
        assert!(!page.contains("row 20") && page.contains("and 5 more"), "{page}");
    }

    #[test]
    fn where_nothing_was_found_it_says_so() {
        let verified = Verified::of("reports/night".to_owned(), vec![Step::new("manifest")]);
        assert!(verified.intact && text(&verified).contains("intact"));
    }
}
