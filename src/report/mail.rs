//! `summary.md`: the run in figures, short enough for a mail.

use std::{fmt::Write as _, path::Path};

use crate::{
    disk,
    report::{
        discretion::{self, Discretion},
        environment::Environment,
        error::ReportError,
        figures::{grouped, percent},
        population::{Count, Population},
        summary::{Fetch, Rate, Reason, Summary},
    },
};

/// The most rows of a list of reasons or warnings.
const LONGEST_LIST: usize = 10;

/// Writes the mail.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, summary: &Summary, discretion: Discretion) -> Result<(), ReportError> {
    Ok(disk::write_private(path, markdown(summary, discretion).as_bytes())?)
}

/// The summary as Markdown.
#[must_use]
pub fn markdown(summary: &Summary, discretion: Discretion) -> String {
    let (population, findings) = (&summary.population, &summary.findings);
    [
        head(summary),
        table("Roster", ["", "count"], rows(population)),
        table("Verdicts", ["verdict", "users"], counts(&population.verdicts, discretion)),
        table(
            "Rates",
            ["rate", "value", "users"],
            findings.rates.iter().map(|rate| shown_rate(rate, discretion)),
        ),
        table(
            "Decisions of the partner",
            ["decision", "users"],
            counts(&findings.decisions, discretion),
        ),
        table("Outcomes of asking", ["outcome", "users"], counts(&population.outcomes, discretion)),
        table(
            "Top reasons",
            ["users", "verdict", "reason"],
            reasons(top(&findings.reasons), discretion),
        ),
        table("Top warnings", ["warning", "count"], counts(top(&findings.warnings), discretion)),
        table("Asking", ["", "count"], fetch(&findings.fetch, discretion)),
    ]
    .concat()
}

fn head(summary: &Summary) -> String {
    let mut text = format!("# KYC report {}\n\n", summary.run_id);
    if summary.environment == Environment::Sandbox {
        text.push_str("**SANDBOX: invented people. This is not a report about anybody.**\n\n");
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

fn top<T>(list: &[T]) -> &[T] {
    &list[..list.len().min(LONGEST_LIST)]
}

/// Counts of one list, as many as may be shown.
fn figures(counts: impl Iterator<Item = u64>, discretion: Discretion) -> Vec<String> {
    discretion.figures(&counts.collect::<Vec<_>>()).into_iter().map(discretion::shown).collect()
}

fn counts(counts: &[Count], discretion: Discretion) -> impl Iterator<Item = [String; 2]> {
    let shown = figures(counts.iter().map(|count| count.count), discretion);
    counts.iter().zip(shown).map(|(count, shown)| [cell(&count.name), shown])
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

fn shown_rate(rate: &Rate, discretion: Discretion) -> [String; 3] {
    let (value, numerator) = discretion.share(rate.value, rate.numerator, rate.denominator);
    let users = format!("{} of {}", discretion::shown(numerator), grouped(rate.denominator));
    [cell(&rate.name), percent(value), users]
}

fn reasons(reasons: &[Reason], discretion: Discretion) -> impl Iterator<Item = [String; 3]> {
    let shown = figures(reasons.iter().map(|reason| reason.users), discretion);
    let row =
        |(reason, shown): (&Reason, String)| [shown, cell(&reason.verdict), cell(&reason.says)];
    reasons.iter().zip(shown).map(row)
}

fn fetch(fetch: &Fetch, discretion: Discretion) -> Vec<[String; 2]> {
    let row = |name: &str, count: u64| [name.to_owned(), grouped(count)];
    let mut rows = vec![row("requests", fetch.requests), row("retries", fetch.retries)];
    let statuses = counts(&fetch.http_statuses, discretion);
    rows.extend(statuses.map(|[status, shown]| [format!("HTTP {status}"), shown]));
    rows.extend(counts(&fetch.faults, discretion));
    rows
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::summary::tests::summed_up;

    #[test]
    fn a_mail_about_the_sandbox_says_so_first() -> Result<(), Box<dyn Error>> {
        let (_, summary) = summed_up()?;
        let text = markdown(&summary, Discretion::Ids);
        assert!(text.starts_with("# KYC report night-1\n\n**SANDBOX: "));
        assert!(text.contains("| pass_of_population | 33.3 % | 2 of 6 |\n"));
        assert!(text.contains("| pass_of_determined | – | 0 of 0 |\n"));
        assert!(text.contains("| not_attempted | 1 |\n"));
        assert!(text.contains("- **incomplete**: 1 user was not attempted\n"));
        assert!(text.contains("| &lt;img src=x onerror=alert(1)>\\| | 1 |\n"));
        assert!(text.len() < 4000);
        Ok(())
    }

    #[test]
    fn a_discreet_mail_withholds_small_figures() -> Result<(), Box<dyn Error>> {
        let (_, summary) = summed_up()?;
        let text = markdown(&summary, Discretion::Aggregate);
        assert!(text.contains("| pass_of_population | – | withheld of 6 |\n"), "{text}");
        assert!(text.contains("| approved | withheld |\n"), "{text}");
        Ok(())
    }

    #[test]
    fn a_mail_about_real_people_does_not_mention_the_sandbox() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        summary.environment = Environment::Live;
        assert!(!markdown(&summary, Discretion::Ids).contains("SANDBOX"));
        Ok(())
    }
}
