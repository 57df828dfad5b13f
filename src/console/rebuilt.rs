//! What the operator reads when a run was derived again: that nothing differs, or what, and why it may.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::terminal::print;
use crate::{
    report::{certificate::PolicyFacts, environment::Environment, figures::grouped},
    settings::Output,
};

const BOLD: Style = Style::new().bold();
const SOFT: Style = Style::new().dimmed();

/// The published report and the rebuilt one, compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    pub run_id: String,
    pub environment: Environment,
    /// Where the published report is, and where the rebuilt one.
    pub published: String,
    pub rebuilt: String,
    pub policy: Change<PolicyFacts>,
    pub tool_version: Change<String>,
    /// Whether the tables are there as CSV too.
    pub csv: Change<bool>,
    /// Files of the rebuilt report that its manifest names.
    pub files: usize,
    pub identical: bool,
    /// Files that both have, with other bytes.
    pub differing: Vec<String>,
    pub only_published: Vec<String>,
    pub only_rebuilt: Vec<String>,
    /// Published files that were not made again: their pseudonyms need the key.
    pub out_of_reach: Vec<String>,
    /// Tables whose rows differ.
    pub tables: Vec<String>,
    /// Statistics whose answers differ.
    pub statistics: Vec<String>,
    pub verdicts: Vec<VerdictChange>,
}

/// Something as it was published and as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    pub published: T,
    pub rebuilt: T,
}

impl<T: Clone + PartialEq> Change<T> {
    #[must_use]
    pub fn new(published: &T, rebuilt: &T) -> Self {
        Self { published: published.clone(), rebuilt: rebuilt.clone() }
    }

    fn is_none(&self) -> bool {
        self.published == self.rebuilt
    }
}

/// How many users have a verdict, in each of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictChange {
    pub verdict: String,
    pub published: u64,
    pub rebuilt: u64,
}

impl Rebuilt {
    /// Whether the two differ although everything they depend on is the same.
    #[must_use]
    pub fn is_a_contradiction(&self) -> bool {
        !self.identical && self.reasons().is_empty()
    }

    /// Why the two may differ.
    fn reasons(&self) -> Vec<String> {
        let Self { policy: Change { published: then, rebuilt: now }, tool_version, .. } = self;
        let policy = || {
            let named = |policy: &PolicyFacts| {
                let digest = policy.sha256.get(..8).unwrap_or_default();
                format!("{} {} ({digest})", policy.name, policy.version)
            };
            format!("policy {}, before {}", named(now), named(then))
        };
        let version =
            || format!("kyc-recon {}, before {}", tool_version.rebuilt, tool_version.published);
        let format = || if self.csv.rebuilt { "with CSV" } else { "without CSV" }.to_owned();
        [
            (then.sha256 != now.sha256).then(policy),
            (!tool_version.is_none()).then(version),
            (!self.csv.is_none()).then(format),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Shows the comparison: as JSON for programs, or as a page for people.
pub fn show(rebuilt: &Rebuilt, output: Output) {
    if output.json {
        print(&(serde_json::to_string_pretty(rebuilt).unwrap_or_default() + "\n"));
    } else if !output.quiet {
        print(&page(rebuilt));
    }
}

fn page(rebuilt: &Rebuilt) -> String {
    let mut text = format!("\n  {BOLD}Rebuilt {}{BOLD:#}", rebuilt.run_id);
    if rebuilt.environment == Environment::Sandbox {
        let mark = AnsiColor::Black.on(AnsiColor::Yellow).bold();
        let _ = write!(text, "  {mark} SANDBOX: invented people {mark:#}");
    }
    text.push('\n');
    if rebuilt.identical {
        let green = AnsiColor::Green.on_default().bold();
        let _ = writeln!(text, "  {green}identical{green:#}: all {} files", rebuilt.files);
    } else {
        text.push_str(&differences(rebuilt));
    }
    if !rebuilt.out_of_reach.is_empty() {
        let _ = writeln!(
            text,
            "  {BOLD}not made{BOLD:#}    {}: the key of the run's pseudonyms is not in KYC_RECON_PSEUDONYM_KEY",
            rebuilt.out_of_reach.join(", ")
        );
    }
    let _ = writeln!(text, "\n  {BOLD}report{BOLD:#}      {}\n", rebuilt.rebuilt);
    text
}

fn differences(rebuilt: &Rebuilt) -> String {
    let (style, why) = if rebuilt.is_a_contradiction() {
        (AnsiColor::Red.on_default().bold(), "although policy and version are the same".to_owned())
    } else {
        (AnsiColor::Yellow.on_default().bold(), format!("now {}", rebuilt.reasons().join("; ")))
    };
    let differing = rebuilt.differing.len();
    let mut text = format!(
        "  {style}not identical{style:#}: {differing} of {} files differ, {why}\n\n",
        rebuilt.files
    );
    for (what, names) in [
        ("tables", &rebuilt.tables),
        ("statistics", &rebuilt.statistics),
        ("files gone", &rebuilt.only_published),
        ("files new", &rebuilt.only_rebuilt),
    ] {
        if !names.is_empty() {
            let _ = writeln!(text, "  {BOLD}{what:<10}{BOLD:#}  {}", names.join(", "));
        }
    }
    if rebuilt.is_a_contradiction() {
        let _ = writeln!(text, "  {BOLD}{:<10}{BOLD:#}  {}", "files", rebuilt.differing.join(", "));
    }
    text + &verdicts(&rebuilt.verdicts)
}

fn verdicts(changes: &[VerdictChange]) -> String {
    let mut text = format!(
        "\n  {SOFT}{:<11}{:>10}{:>10}{:>10}{SOFT:#}\n",
        "verdict", "published", "rebuilt", "change"
    );
    for VerdictChange { verdict, published, rebuilt } in changes {
        let _ = writeln!(
            text,
            "  {verdict:<11}{:>10}{:>10}{:>10}",
            grouped(*published),
            grouped(*rebuilt),
            change(*published, *rebuilt),
        );
    }
    text
}

/// `+3`, `-1,200`, or nothing.
fn change(before: u64, after: u64) -> String {
    match after.checked_sub(before) {
        Some(0) => String::new(),
        Some(more) => format!("+{}", grouped(more)),
        None => format!("-{}", grouped(before - after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(version: &str) -> PolicyFacts {
        let (name, version) = ("strict".to_owned(), version.to_owned());
        PolicyFacts { sha256: version.repeat(64), name, version }
    }

    fn rebuilt(differing: &[&str]) -> Rebuilt {
        Rebuilt {
            run_id: "night".to_owned(),
            environment: Environment::Live,
            published: "reports/night".to_owned(),
            rebuilt: "rebuilt/night".to_owned(),
            policy: Change::new(&facts("1"), &facts("1")),
            tool_version: Change::new(&"0.1.0".to_owned(), &"0.1.0".to_owned()),
            csv: Change::new(&true, &true),
            files: 7,
            identical: differing.is_empty(),
            differing: differing.iter().map(|&name| name.to_owned()).collect(),
            only_published: Vec::new(),
            only_rebuilt: Vec::new(),
            out_of_reach: Vec::new(),
            tables: vec!["users".to_owned()],
            statistics: Vec::new(),
            verdicts: vec![
                VerdictChange { verdict: "pass".to_owned(), published: 1_500, rebuilt: 300 },
                VerdictChange { verdict: "review".to_owned(), published: 0, rebuilt: 1_200 },
            ],
        }
    }

    fn shown(rebuilt: &Rebuilt) -> String {
        anstream::adapter::strip_str(&page(rebuilt)).to_string()
    }

    #[test]
    fn what_is_identical_is_said_in_one_line() {
        let same = rebuilt(&[]);
        assert!(shown(&same).contains("\n  identical: all 7 files\n"), "{}", shown(&same));
        assert!(!same.is_a_contradiction());
    }

    #[test]
    fn another_policy_explains_what_differs() {
        let mut other = rebuilt(&["tables/users.parquet"]);
        other.policy.rebuilt = facts("2");
        let text = shown(&other);
        for line in [
            "not identical: 1 of 7 files differ, now policy strict 2 (22222222), before strict 1 (11111111)",
            "tables      users",
            "pass            1,500       300    -1,200",
            "review              0     1,200    +1,200",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!other.is_a_contradiction());
    }

    #[test]
    fn without_a_reason_a_difference_is_a_contradiction() {
        let wrong = rebuilt(&["tables/users.parquet"]);
        assert!(wrong.is_a_contradiction());
        assert!(shown(&wrong).contains("although policy and version are the same"));
    }
}
