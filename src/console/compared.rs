//! What the operator reads about two runs: who came and went, how words changed into words, the breaks by kind.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::terminal::print;
use crate::{
    model::disagreement::{Kind, Severity},
    reconcile::{
        breaks::Break,
        figures::{Figures, Matrix},
    },
    report::{
        baseline::judged_otherwise, certificate::PolicyFacts, environment::Environment,
        figures::grouped, summary::Summary,
    },
};

const BOLD: Style = Style::new().bold();
const SOFT: Style = Style::new().dimmed();
/// What stands for no word.
const NONE: &str = "–";
/// The width of a cell of a matrix, and of its first column.
const CELL: usize = 13;

/// Two runs, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    pub base: Run,
    pub head: Run,
    /// Whether two policies judged: verdicts may differ because of it alone.
    pub policy_changed: bool,
    pub users: Users,
    pub verdicts: Vec<Transition>,
    pub decisions: Vec<Transition>,
    /// The gravest kinds first.
    pub breaks: Vec<KindOfBreak>,
    /// The first breaks in roster order, without what an applicant or a list says.
    pub first: Vec<Shown>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    pub run_id: String,
    pub environment: Environment,
    pub started_at: String,
    pub policy: PolicyFacts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Users {
    pub appeared: u64,
    pub vanished: u64,
    pub unchanged: u64,
    pub changed: u64,
}

/// How many users went from one word to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transition {
    pub before: Option<String>,
    pub after: Option<String>,
    pub users: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindOfBreak {
    pub kind: &'static str,
    pub severity: &'static str,
    pub breaks: u64,
    pub because: &'static str,
}

/// One break as far as it may be shown outside the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub user_id: String,
    pub kind: &'static str,
    pub severity: &'static str,
    pub field: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Shown {
    /// The break without personal values: words of ours, and nothing else.
    #[must_use]
    pub fn of(one: &Break) -> Self {
        let found = &one.finding;
        let is_word = !matches!(
            found.kind,
            Kind::IdentityChanged | Kind::IdentityLost | Kind::IdentityShown | Kind::NewSession
        );
        let word = |value: &Option<String>| value.clone().filter(|_| is_word);
        let field = found.field.as_deref().and_then(|field| field.split('/').next());
        Self {
            user_id: one.user_id.clone(),
            kind: found.kind.as_str(),
            severity: found.kind.severity().as_str(),
            field: field.map(str::to_owned),
            before: word(&found.before),
            after: word(&found.after),
        }
    }
}

impl Compared {
    #[must_use]
    pub fn new(base: &Summary, head: &Summary, figures: &Figures, first: Vec<Shown>) -> Self {
        let Figures { appeared, vanished, unchanged, changed, .. } = *figures;
        Self {
            base: Run::of(base),
            head: Run::of(head),
            policy_changed: base.policy.sha256 != head.policy.sha256,
            users: Users { appeared, vanished, unchanged, changed },
            verdicts: transitions(&figures.verdicts),
            decisions: transitions(&figures.decisions),
            breaks: kinds(figures),
            first,
        }
    }
}

impl Run {
    fn of(summary: &Summary) -> Self {
        Self {
            run_id: summary.run_id.clone(),
            environment: summary.environment,
            started_at: summary.started_at.clone(),
            policy: summary.policy.clone(),
        }
    }
}

fn transitions(matrix: &Matrix) -> Vec<Transition> {
    let transition = |((before, after), users): (&(Option<String>, Option<String>), &u64)| {
        Transition { before: before.clone(), after: after.clone(), users: *users }
    };
    matrix.iter().map(transition).collect()
}

fn kinds(figures: &Figures) -> Vec<KindOfBreak> {
    let of_severity = |severity: Severity| {
        figures.breaks.iter().filter(move |(kind, _)| kind.severity() == severity)
    };
    let kinds = Severity::ALL.into_iter().flat_map(of_severity);
    kinds
        .map(|(kind, count)| KindOfBreak {
            kind: kind.as_str(),
            severity: kind.severity().as_str(),
            breaks: count.open,
            because: kind.reason(),
        })
        .collect()
}

/// Shows the comparison: as JSON for programs, or in tables for people.
pub fn show(compared: &Compared, json: bool) {
    if json {
        print(&(serde_json::to_string_pretty(compared).unwrap_or_default() + "\n"));
    } else {
        print(&page(compared));
    }
}

fn page(compared: &Compared) -> String {
    let mut text = head(compared);
    for (name, transitions) in [("verdict", &compared.verdicts), ("decision", &compared.decisions)]
    {
        text.push_str(&matrix(name, transitions));
    }
    text.push_str(&breaks(compared));
    text
}

fn head(compared: &Compared) -> String {
    let Compared { base, head, users, .. } = compared;
    let mut text = String::from("\n");
    for (name, run) in [("base", base), ("head", head)] {
        let environment = run.environment.as_str();
        let _ = writeln!(
            text,
            "  {SOFT}{name}{SOFT:#}  {BOLD}{}{BOLD:#}  {environment}  {SOFT}{}{SOFT:#}",
            run.run_id, run.started_at
        );
    }
    if base.environment != head.environment {
        let style = AnsiColor::Yellow.on_default();
        let _ = writeln!(text, "  {style}one is about invented people, the other is not{style:#}");
    }
    if compared.policy_changed {
        let style = AnsiColor::Yellow.on_default();
        let _ = writeln!(text, "  {style}base was {}{style:#}", judged_otherwise(&base.policy));
    }
    let _ = writeln!(
        text,
        "\n  users  {BOLD}{}{BOLD:#} changed  {} unchanged  {} appeared  {} vanished",
        grouped(users.changed),
        grouped(users.unchanged),
        grouped(users.appeared),
        grouped(users.vanished)
    );
    text
}

/// Rows are the words before, columns those after; a dot for nobody.
fn matrix(name: &str, transitions: &[Transition]) -> String {
    if transitions.is_empty() {
        return String::new();
    }
    let rows = words(transitions, |transition| &transition.before);
    let columns = words(transitions, |transition| &transition.after);
    let mut text = format!("\n  {BOLD}{:<CELL$}{BOLD:#}", format!("{name} ↓→"));
    for after in &columns {
        let _ = write!(text, "{BOLD}{:>CELL$}{BOLD:#}", shown(after.as_deref()));
    }
    text.push('\n');
    for before in &rows {
        let _ = write!(text, "  {:<CELL$}", shown(before.as_deref()));
        for after in &columns {
            let users = transitions.iter().find(|t| t.before == *before && t.after == *after);
            let users = users.map_or("·".to_owned(), |found| grouped(found.users));
            let _ = write!(text, "{users:>CELL$}");
        }
        text.push('\n');
    }
    text
}

fn words(
    transitions: &[Transition],
    word: impl Fn(&Transition) -> &Option<String>,
) -> Vec<Option<String>> {
    let mut words: Vec<_> = transitions.iter().map(|found| word(found).clone()).collect();
    words.sort();
    words.dedup();
    words
}

fn shown(word: Option<&str>) -> &str {
    word.unwrap_or(NONE)
}

fn breaks(compared: &Compared) -> String {
    if compared.breaks.is_empty() {
        return "\n  no breaks\n\n".to_owned();
    }
    let mut text = format!("\n  {BOLD}{:<24}{:<10}{:>9}{BOLD:#}\n", "break", "severity", "breaks");
    for kind in &compared.breaks {
        let _ = writeln!(
            text,
            "  {:<24}{:<10}{:>9}  {SOFT}{}{SOFT:#}",
            kind.kind,
            kind.severity,
            grouped(kind.breaks),
            kind.because
        );
    }
    let total: u64 = compared.breaks.iter().map(|kind| kind.breaks).sum();
    let _ = writeln!(
        text,
        "\n  {SOFT}the first {} of {}{SOFT:#}",
        compared.first.len(),
        grouped(total)
    );
    for one in &compared.first {
        let _ = writeln!(text, "  {}", line(one));
    }
    text.push('\n');
    text
}

fn line(one: &Shown) -> String {
    let mut text = format!("{}  {}", one.user_id, one.kind);
    if let Some(field) = &one.field {
        let _ = write!(text, "  {field}");
    }
    if one.before.is_some() || one.after.is_some() {
        let [before, after] = [&one.before, &one.after].map(|word| shown(word.as_deref()));
        let _ = write!(text, "  {SOFT}{before} → {after}{SOFT:#}");
    }
    text
}
