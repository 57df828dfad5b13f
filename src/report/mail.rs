//! `summary.md`: the run in figures, short enough for a mail.

use std::{fmt::Write as _, path::Path};

use crate::{
    disk,
    report::{
        discretion::{self, Discretion},
        environment::Environment,
        error::ReportError,
        figures::{grouped, moment, percent},
        population::Count,
        summary::{BreakCount, Reason, Summary},
    },
};

/// The most rows of a list of reasons or breaks; how many more there are is said below it.
const LONGEST_LIST: usize = 8;

/// Writes the mail.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, summary: &Summary, discretion: Discretion) -> Result<(), ReportError> {
    Ok(disk::write_private(path, markdown(summary, discretion).as_bytes())?)
}

/// The summary as Markdown: about one screen, what somebody has to act on first.
#[must_use]
pub fn markdown(summary: &Summary, discretion: Discretion) -> String {
    let (population, findings) = (&summary.population, &summary.findings);
    let rates = findings.rates.iter().zip(discretion.rates(&findings.rates));
    let rates = rates.map(|(rate, shown)| [cell(&rate.name), percent(shown.value), shown.users()]);
    [
        head(summary, discretion),
        table("To do", ["action", "users"], counts(&findings.actions, discretion)),
        changes(summary, discretion),
        table("Verdicts", ["verdict", "users"], counts(&population.verdicts, discretion)),
        table("Rates", ["rate", "value", "users"], rates),
        table(
            "Top reasons",
            ["users", "verdict", "reason"],
            reasons(top(&findings.reasons), discretion),
        ),
        cut(findings.reasons.len(), "reason"),
        "\nThe whole report is `report.html`; who has to do what is in `actions.csv`.\n".to_owned(),
    ]
    .concat()
}

fn head(summary: &Summary, discretion: Discretion) -> String {
    let mut text = format!("# KYC report {}\n\n", summary.run_id);
    if summary.environment == Environment::Sandbox {
        text.push_str("**SANDBOX: invented people. This is not a report about anybody.**\n\n");
    }
    if let Some(note) = summary.shard_note() {
        let _ = writeln!(text, "- **{}**", cell(&note));
    }
    for gate in summary.failed_gates() {
        let told = match discretion {
            Discretion::Ids => gate.told(),
            Discretion::Aggregate => gate.told_discreetly(),
        };
        let _ = writeln!(text, "- **gate failed**: {}", cell(&told));
    }
    let complete = match (&summary.incomplete_because, discretion) {
        (None, _) => "complete".to_owned(),
        (Some(why), Discretion::Ids) => format!("**incomplete**: {}", cell(why)),
        (Some(_), Discretion::Aggregate) => "**incomplete**".to_owned(),
    };
    let Summary { environment, started_at, ended_at, policy, population, .. } = summary;
    let _ = write!(
        text,
        "- {complete}\n- environment: {}\n- asked from {} to {}\n- policy: {} {}\n\
         - {}\n- outcomes: {}\n",
        environment.as_str(),
        moment(started_at),
        moment(ended_at),
        cell(&policy.name),
        cell(&policy.version),
        population.told(grouped),
        listed(&population.outcomes, discretion),
    );
    text
}

/// Counts in one line, those of nobody left out.
fn listed(list: &[Count], discretion: Discretion) -> String {
    let shown = list.iter().zip(counts(list, discretion)).filter(|(count, _)| count.count > 0);
    let words: Vec<_> = shown.map(|(_, [name, figure])| format!("{name} {figure}")).collect();
    words.join(", ")
}

/// The open breaks by kind, the worst first.
fn changes(summary: &Summary, discretion: Discretion) -> String {
    let title = match &summary.baseline {
        Some(baseline) => format!("Changes since run {}", cell(&baseline.run_id)),
        None => "Changes".to_owned(),
    };
    let text = table(
        &title,
        ["kind", "severity", "breaks", "new"],
        kinds(top(&summary.findings.breaks), discretion),
    ) + &cut(summary.findings.breaks.len(), "kind");
    if summary.baseline.is_none() {
        return text + "\nThere is no earlier run to compare with.\n";
    }
    let notes = summary.roster_note().into_iter().chain(summary.policy_note());
    notes.fold(text, |text, note| format!("{text}\n**{}**\n", cell(&note)))
}

fn kinds(breaks: &[BreakCount], discretion: Discretion) -> impl Iterator<Item = [String; 4]> {
    let all = figures(breaks.iter().map(|kind| kind.breaks), discretion);
    let new = figures(breaks.iter().map(|kind| kind.new_breaks), discretion);
    let row = |((kind, all), new): ((&BreakCount, String), String)| {
        [cell(&kind.kind), cell(&kind.severity), all, new]
    };
    breaks.iter().zip(all).zip(new).map(row)
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

/// How many rows a list does not show; nothing where it shows all.
fn cut(rows: usize, what: &str) -> String {
    match rows.saturating_sub(LONGEST_LIST) {
        0 => String::new(),
        1 => format!("\nOne more {what} is in `report.html`.\n"),
        more => format!("\n{more} more {what}s are in `report.html`.\n"),
    }
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

fn reasons(reasons: &[Reason], discretion: Discretion) -> impl Iterator<Item = [String; 3]> {
    let shown = figures(reasons.iter().map(|reason| reason.users), discretion);
    let row =
        |(reason, shown): (&Reason, String)| [shown, cell(&reason.verdict), cell(&reason.says)];
    reasons.iter().zip(shown).map(row)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::{gate::GateResult, summary::tests::summed_up};

    #[test]
    fn a_mail_about_the_sandbox_says_so_first() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        summary.findings.reasons[0].says = "the <img src=x onerror=alert(1)>| partner".to_owned();
        let text = markdown(&summary, Discretion::Ids);
        assert!(text.starts_with("# KYC report night-1\n\n**SANDBOX: "));
        assert!(text.contains("| pass_of_population | 33.3 % | 2 of 6 |\n"));
        assert!(text.contains("| pass_of_determined | – | 0 of 0 |\n"));
        assert!(
            text.contains(
                "- outcomes: answered 3, no_verification 1, exhausted 1, not_attempted 1\n"
            )
        );
        assert!(text.contains("- **incomplete**: 1 user was not attempted\n"));
        assert!(text.contains("| 1 | fail | the &lt;img src=x onerror=alert(1)>\\| partner |\n"));
        assert!(text.contains("| regression | high | 3 | 2 |\n"));
        assert!(text.contains("| manual_review | 4 |\n"));
        assert!(text.lines().count() < 60);
        Ok(())
    }

    #[test]
    fn a_list_that_is_cut_says_how_much_is_missing() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        assert!(!markdown(&summary, Discretion::Ids).contains(" more "));
        let kind = summary.findings.breaks[0].clone();
        summary.findings.breaks = vec![kind; LONGEST_LIST + 3];
        let reason = summary.findings.reasons[0].clone();
        summary.findings.reasons = vec![reason; LONGEST_LIST + 1];
        for discretion in [Discretion::Ids, Discretion::Aggregate] {
            let text = markdown(&summary, discretion);
            assert_eq!(text.matches("| regression | high |").count(), LONGEST_LIST);
            assert!(text.contains("|\n\n3 more kinds are in `report.html`.\n"), "{text}");
            assert!(text.contains("|\n\nOne more reason is in `report.html`.\n"), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_discreet_mail_withholds_small_figures() -> Result<(), Box<dyn Error>> {
        let (_, summary) = summed_up()?;
        let text = markdown(&summary, Discretion::Aggregate);
        assert!(text.contains("| pass_of_population | – | withheld of 6 |\n"), "{text}");
        assert!(text.contains("| manual_review | withheld |\n"), "{text}");
        assert!(text.contains("- **incomplete**\n"), "{text}");
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
        assert!(markdown(&summary, Discretion::Ids).starts_with(start));
        let discreet =
            "- **gate failed**: max_regressions is 1, and what the run has is withheld\n";
        assert!(markdown(&summary, Discretion::Aggregate).contains(discreet));
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
