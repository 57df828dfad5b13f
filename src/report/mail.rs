//! `summary.md`: the run in figures, short enough for a mail.

use std::{fmt::Write as _, path::Path};

use crate::{
    disk,
    report::{
        environment::Environment,
        error::ReportError,
        figures::{grouped, percent},
        population::{Count, Population},
        summary::{BreakCount, Fetch, Rate, Reason, Summary},
    },
};

/// The most rows of a list of reasons or warnings.
const LONGEST_LIST: usize = 10;

/// Writes the mail.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, summary: &Summary) -> Result<(), ReportError> {
    Ok(disk::write_private(path, markdown(summary).as_bytes())?)
}

/// The summary as Markdown.
#[must_use]
pub fn markdown(summary: &Summary) -> String {
    let (population, findings) = (&summary.population, &summary.findings);
    [
        head(summary),
        changes(summary),
        table("To do", ["action", "users"], counts(&findings.actions)),
        table("Roster", ["", "count"], rows(population)),
        table("Verdicts", ["verdict", "users"], counts(&population.verdicts)),
        table("Rates", ["rate", "value", "users"], findings.rates.iter().map(rate)),
        table("Decisions of the partner", ["decision", "users"], counts(&findings.decisions)),
        table("Outcomes of asking", ["outcome", "users"], counts(&population.outcomes)),
        table("Top reasons", ["users", "verdict", "reason"], top(&findings.reasons).map(reason)),
        table("Top warnings", ["warning", "count"], counts(top(&findings.warnings))),
        table("Asking", ["", "count"], fetch(&findings.fetch)),
    ]
    .concat()
}

fn head(summary: &Summary) -> String {
    let mut text = format!("# KYC report {}\n\n", summary.run_id);
    if summary.environment == Environment::Sandbox {
        text.push_str("**SANDBOX: invented people. This is not a report about anybody.**\n\n");
    }
    for gate in summary.failed_gates() {
        let _ = writeln!(text, "- **gate failed**: {}", cell(&gate.told()));
    }
    let complete = match &summary.incomplete_because {
        None => "complete".to_owned(),
        Some(why) => format!("**incomplete**: {}", cell(why)),
    };
    let Summary { environment, started_at, ended_at, policy, tool_version, .. } = summary;
    let _ = write!(
        text,
        "- {complete}\n- environment: {}\n- asked from {started_at} to {ended_at}\n\
         - policy: {} {} (sha256 {})\n- kyc-recon {tool_version}\n",
        environment.as_str(),
        cell(&policy.name),
        cell(&policy.version),
        policy.sha256,
    );
    text
}

/// The open breaks by kind, the worst first.
fn changes(summary: &Summary) -> String {
    let title = match &summary.baseline {
        Some(baseline) => format!("Changes since run {}", cell(&baseline.run_id)),
        None => "Changes".to_owned(),
    };
    let breaks = top(&summary.findings.breaks);
    let text = table(&title, ["kind", "severity", "breaks", "new"], breaks.map(kind));
    if summary.baseline.is_none() {
        return text + "\nThere is no earlier run to compare with.\n";
    }
    text
}

fn kind(kind: &BreakCount) -> [String; 4] {
    let BreakCount { kind, severity, breaks, new_breaks, .. } = kind;
    [cell(kind), cell(severity), grouped(*breaks), grouped(*new_breaks)]
}

fn table<const N: usize>(
    title: &str,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let line = |cells: [&str; N]| format!("| {} |\n", cells.join(" | "));
    let rows: String =
        rows.into_iter().map(|row| line(row.each_ref().map(String::as_str))).collect();
    if rows.is_empty() {
        return format!("\n## {title}\n\nnone\n");
    }
    format!("\n## {title}\n\n{}{}{rows}", line(header), line(["---"; N]))
}

/// A text that a partner or a roster may have chosen, harmless in a table of a mail that may be shown as HTML.
fn cell(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '[' | ']' | '`' | '*' | '\\' => safe.extend(['\\', c]),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
        safe
    })
}

fn top<T>(list: &[T]) -> std::slice::Iter<'_, T> {
    list[..list.len().min(LONGEST_LIST)].iter()
}

fn counts<'a>(counts: impl IntoIterator<Item = &'a Count>) -> impl Iterator<Item = [String; 2]> {
    counts.into_iter().map(|count| [cell(&count.name), grouped(count.count)])
}

fn rows(population: &Population) -> [[String; 2]; 5] {
    let Population { input_rows, unique_users, duplicates, blanks, rejects, .. } = population;
    [
        ("input rows", input_rows),
        ("unique users", unique_users),
        ("duplicates", duplicates),
        ("blanks", blanks),
        ("rejects", rejects),
    ]
    .map(|(name, count)| [name.to_owned(), grouped(*count)])
}

fn rate(rate: &Rate) -> [String; 3] {
    let users = format!("{} of {}", grouped(rate.numerator), grouped(rate.denominator));
    [cell(&rate.name), percent(rate.value), users]
}

fn reason(reason: &Reason) -> [String; 3] {
    [grouped(reason.users), cell(&reason.verdict), cell(&reason.says)]
}

fn fetch(fetch: &Fetch) -> Vec<[String; 2]> {
    let row = |name: &str, count: u64| [name.to_owned(), grouped(count)];
    let mut rows = vec![row("requests", fetch.requests), row("retries", fetch.retries)];
    rows.extend(fetch.http_statuses.iter().map(|c| row(&format!("HTTP {}", c.name), c.count)));
    rows.extend(fetch.faults.iter().map(|c| row(&cell(&c.name), c.count)));
    rows
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::{gate::GateResult, summary::tests::summed_up};

    #[test]
    fn a_mail_about_the_sandbox_says_so_first() -> Result<(), Box<dyn Error>> {
        let (_, summary) = summed_up()?;
        let text = markdown(&summary);
        assert!(text.starts_with("# KYC report night-1\n\n**SANDBOX: "));
        assert!(text.contains("| pass_of_population | 33.3 % | 2 of 6 |\n"));
        assert!(text.contains("| pass_of_determined | – | 0 of 0 |\n"));
        assert!(text.contains("| not_attempted | 1 |\n"));
        assert!(text.contains("- **incomplete**: 1 user was not attempted\n"));
        assert!(text.contains("| &lt;img src=x onerror=alert(1)>\\| | 1 |\n"));
        assert!(text.contains("| regression | high | 3 | 2 |\n"));
        assert!(text.contains("| manual_review | 4 |\n"));
        assert!(text.len() < 4000);
        Ok(())
    }

    #[test]
    fn a_gate_that_failed_comes_before_everything_else() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        summary.environment = Environment::Live;
        summary.gates.push(GateResult {
            name: "max_regressions".to_owned(),
            limit: 1.0,
            actual: Some(2.0),
            passed: false,
        });
        let start = "# KYC report night-1\n\n\
            - **gate failed**: max_regressions is 1, and the run has 2\n- **incomplete**";
        assert!(markdown(&summary).starts_with(start));
        Ok(())
    }

    #[test]
    fn a_mail_about_real_people_does_not_mention_the_sandbox() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        summary.environment = Environment::Live;
        assert!(!markdown(&summary).contains("SANDBOX"));
        Ok(())
    }
}
