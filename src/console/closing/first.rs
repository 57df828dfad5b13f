//! What the operator wants first: did the run pass, what changed, and what needs a person.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::{
    model::disagreement::Severity,
    report::{figures::grouped, summary::Summary},
};

const BOLD: Style = Style::new().bold();
/// The widest line.
const WIDTH: usize = 80;
/// Where the text behind a name begins.
const INDENT: usize = 13;

/// The gates that failed, one on a line; nothing when all were passed.
pub(super) fn gates(summary: &Summary) -> String {
    let red = AnsiColor::Red.on_default().bold();
    let line = |told| format!("\n  {red}GATE FAILED{red:#}: {told}");
    summary.failed_gates().map(|gate| line(gate.told())).collect()
}

/// What changed since the baseline and against our books, then what is to be done.
pub(super) fn changes_and_actions(summary: &Summary) -> String {
    let against = match &summary.baseline {
        Some(baseline) => format!("since run {}:", baseline.run_id),
        None => "no earlier run to compare with".to_owned(),
    };
    let mut changes = vec![against];
    changes.extend(Severity::ALL.iter().filter_map(|severity| breaks(summary, *severity)));
    if changes.len() == 1 && summary.baseline.is_some() {
        changes.push("nothing".to_owned());
    }
    let actions = summary.findings.actions.iter();
    let mut actions: Vec<_> =
        actions.map(|action| format!("{} {}", action.name, grouped(action.count))).collect();
    if actions.is_empty() {
        actions.push("nothing needs a person".to_owned());
    }
    let policy = summary.policy_note().map(|note| block("policy", &words(&note)));
    let (changes, actions) = (block("changes", &joined(changes)), block("to do", &joined(actions)));
    let roster = summary.roster_note().map(|note| block("roster", &words(&note)));
    [changes, roster.unwrap_or_default(), policy.unwrap_or_default(), actions].concat()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// How many breaks of a severity are open; nothing if none is.
fn breaks(summary: &Summary, severity: Severity) -> Option<String> {
    let kinds = summary.findings.breaks.iter().filter(|kind| kind.severity == severity.as_str());
    let (open, new) =
        kinds.fold((0, 0), |sum, kind| (sum.0 + kind.breaks, sum.1 + kind.new_breaks));
    let words = || format!("{} {} ({} new)", grouped(open), severity.as_str(), grouped(new));
    (open > 0).then(words)
}

/// The parts with commas behind them, but for the last one and for those that end by themselves.
fn joined(mut parts: Vec<String>) -> Vec<String> {
    let last = parts.len().saturating_sub(1);
    for part in &mut parts[..last] {
        if !part.ends_with(':') {
            part.push(',');
        }
    }
    parts
}

/// A name, and parts behind it in as many lines as they need.
fn block(name: &str, parts: &[String]) -> String {
    let mut text = format!("  {BOLD}{name:<width$}{BOLD:#}", width = INDENT - 2);
    let mut column = INDENT;
    for (at, part) in parts.iter().enumerate() {
        let length = part.chars().count();
        if at > 0 && column + 1 + length > WIDTH {
            let _ = write!(text, "\n{:INDENT$}{part}", "");
            column = INDENT + length;
        } else {
            let space = if at == 0 { "" } else { " " };
            let _ = write!(text, "{space}{part}");
            column += space.len() + length;
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn long_lists_are_broken_before_the_edge() {
        let parts: Vec<_> = (0..12).map(|n| format!("send_new_kyc_link {n}00,")).collect();
        let text = plain(&block("to do", &parts));
        assert!(text.lines().count() > 2);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.starts_with("  to do      send"), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with(&" ".repeat(INDENT))));
    }

    #[test]
    fn parts_are_joined_by_commas() {
        let parts = ["since run a:", "1 high (0 new)", "2 low (2 new)"].map(str::to_owned);
        assert_eq!(joined(parts.to_vec()).join(" "), "since run a: 1 high (0 new), 2 low (2 new)");
    }
}
