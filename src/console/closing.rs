//! What the operator reads when the run is over: whether it passed, what changed, what needs a person; then what was found,
//! and where the report is.

mod first;

use std::{fmt::Write as _, path::Path};

use anstyle::{AnsiColor, Style};

use super::terminal::print;
use crate::{
    model::provenance::Provenance,
    report::{
        environment::Environment,
        figures::percent,
        population::Count,
        summary::{Rate, Summary},
    },
    settings::Output,
};

/// How many reasons are named.
const TOP: usize = 5;
const BOLD: Style = Style::new().bold();
const SOFT: Style = Style::new().dimmed();

/// Shows the summary of the report at `report`: as JSON for programs, or as a table for people.
pub fn show(summary: &Summary, report: &Path, output: Output) {
    if output.json {
        print(&summary.to_json(report).unwrap_or_default());
    } else if !output.quiet {
        print(&table(summary, report));
    }
}

fn table(summary: &Summary, report: &Path) -> String {
    let population = &summary.population;
    let mut text = String::new();
    text.push_str(&headline(summary));
    text.push('\n');
    text.push_str(&first::changes_and_actions(summary));
    text.push_str(&verdicts(&population.verdicts, population.unique_users));
    text.push('\n');
    for rate in &summary.findings.rates {
        text.push_str(&rate_line(rate));
    }
    let _ = writeln!(text, "\n  {BOLD}outcomes{BOLD:#}   {}", listed(&population.outcomes));
    let _ = writeln!(text, "  {BOLD}decisions{BOLD:#}  {}", listed(&summary.findings.decisions));
    let _ = writeln!(text, "  {BOLD}asking{BOLD:#}     {}", asking(summary));
    text.push_str(&answers(summary));
    text.push_str(&rereads(summary));
    text.push_str(&reasons(summary));
    let _ =
        writeln!(text, "\n  {BOLD}report{BOLD:#}     {}\n", report.join("report.html").display());
    text
}

fn headline(summary: &Summary) -> String {
    let population = &summary.population;
    let mut text = format!("\n  {BOLD}KYC report {}{BOLD:#}", summary.run_id);
    if summary.environment == Environment::Sandbox {
        let mark = AnsiColor::Black.on(AnsiColor::Yellow).bold();
        let _ = write!(text, "  {mark} SANDBOX: invented people {mark:#}");
    }
    if let Some(note) = summary.shard_note() {
        let _ = write!(text, "\n  {BOLD}{note}{BOLD:#}");
    }
    text.push_str(&first::gates(summary));
    let (style, word) = match &summary.incomplete_because {
        None => (AnsiColor::Green.on_default().bold(), "complete".to_owned()),
        Some(why) => (AnsiColor::Red.on_default().bold(), format!("NOT COMPLETE: {why}")),
    };
    let _ = write!(
        text,
        "\n  {style}{word}{style:#} {SOFT}·{SOFT:#} {}\n",
        population.told(|count| count.to_string()),
    );
    text
}

fn verdicts(verdicts: &[Count], users: u64) -> String {
    let mut text = format!("\n  {SOFT}{:<11}{:>9}{:>9}{SOFT:#}\n", "verdict", "users", "share");
    for verdict in verdicts {
        let style = colour(&verdict.name);
        let share = share(verdict.count, users);
        let bar = bar(verdict.count, users);
        let _ = writeln!(
            text,
            "  {style}{:<11}{style:#}{:>9}{:>9}  {style}{bar}{style:#}",
            verdict.name,
            verdict.count,
            percent(share),
        );
    }
    text
}

fn share(count: u64, of: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of people stay below 2^53")]
    let share = (of > 0).then(|| count as f64 / of as f64);
    share
}

/// A bar of at most 30 blocks; one as soon as there is anybody.
fn bar(count: u64, of: u64) -> String {
    let blocks = (count * 30).div_ceil(of.max(1));
    "█".repeat(usize::try_from(blocks).unwrap_or(30))
}

fn colour(verdict: &str) -> Style {
    match verdict {
        "pass" => AnsiColor::Green.on_default(),
        "fail" => AnsiColor::Red.on_default(),
        "review" => AnsiColor::Yellow.on_default(),
        _ => AnsiColor::Blue.on_default(),
    }
}

fn rate_line(rate: &Rate) -> String {
    format!(
        "  {SOFT}{:<20}{SOFT:#}{:>9}  {SOFT}{} of {}{SOFT:#}\n",
        rate.name,
        percent(rate.value),
        rate.numerator,
        rate.denominator,
    )
}

fn asking(summary: &Summary) -> String {
    let fetch = &summary.findings.fetch;
    let mut text = format!("{} requests, {} retries", fetch.requests, fetch.retries);
    if let (Some(median), Some(max)) = (fetch.latency_ms.p50, fetch.latency_ms.max) {
        let _ = write!(text, ", answered in {median:.0} ms (median), {max:.0} ms at most");
    }
    text
}

/// Where the answers come from, when not all were fetched by this run; and how old they are.
fn answers(summary: &Summary) -> String {
    let population = &summary.population;
    if population.answers(Provenance::Carried) == 0 {
        return String::new();
    }
    let (answers, ages) = (listed(&population.answers), listed(&population.ages));
    format!("  {BOLD}answers{BOLD:#}    {answers}; {SOFT}age{SOFT:#} {ages}\n")
}

/// What asking a sample once more has shown.
fn rereads(summary: &Summary) -> String {
    let statistic = summary.findings.statistics.iter().find(|one| one.name == "rereads");
    let number = |column: &str| {
        let statistic = statistic?;
        let at = statistic.columns.iter().position(|name| name == column)?;
        statistic.rows.first()?.get(at)?.as_u64()
    };
    let numbers = [number("sampled"), number("compared"), number("changed")];
    let ([Some(sampled), Some(compared), Some(changed)], Some(decisions)) =
        (numbers, number("decisions_changed"))
    else {
        return String::new();
    };
    if sampled == 0 {
        return String::new();
    }
    format!(
        "  {BOLD}rereads{BOLD:#}    {compared} of a sample of {sampled} compared: {changed} had changed, {decisions} of them in the decision\n"
    )
}

fn reasons(summary: &Summary) -> String {
    let reasons = &summary.findings.reasons;
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n  {SOFT}{:>7}  {:<10} {}{SOFT:#}\n",
        "users", "verdict", "rules that held most often"
    );
    for reason in reasons.iter().take(TOP) {
        let style = colour(&reason.verdict);
        let _ = writeln!(
            text,
            "  {:>7}  {style}{:<10}{style:#} {}",
            reason.users, reason.verdict, reason.says
        );
    }
    text
}

fn listed(counts: &[Count]) -> String {
    let present = counts.iter().filter(|count| count.count > 0);
    let words: Vec<_> = present.map(|count| format!("{} {}", count.name, count.count)).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
