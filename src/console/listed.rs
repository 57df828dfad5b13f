//! What the operator reads about all runs: what was published, what was interrupted, and how to go on.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::terminal::print;
use crate::{
    model::{ids::RunId, verdict::Verdict},
    report::{environment::Environment, figures::grouped, population::Count},
};

const BOLD: Style = Style::new().bold();
const SOFT: Style = Style::new().dimmed();
/// The verdicts that have a column.
const SHOWN: [Verdict; 3] = [Verdict::Pass, Verdict::Fail, Verdict::Review];

/// The runs of a reports directory, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Runs {
    pub reports: String,
    pub runs: Vec<Run>,
}

/// A run as far as its directory tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    pub run_id: String,
    pub state: State,
    /// Whether `latest` points to it.
    pub latest: bool,
    pub environment: Option<Environment>,
    #[serde(serialize_with = "as_text")]
    pub started_at: Option<Timestamp>,
    pub users: Option<u64>,
    /// How many of the users have an outcome; only of unfinished runs.
    pub settled: Option<u64>,
    /// Only of published runs.
    pub verdicts: Option<Vec<Count>>,
    /// Why it is incomplete or unreadable.
    pub why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Published, everybody determined.
    Complete,
    /// Published, somebody was asked in vain.
    Incomplete,
    /// Under way: it holds the lock.
    Running,
    /// Not published, and nobody works on it.
    Interrupted,
    Unreadable,
}

impl Run {
    /// A run of which nothing but this is known.
    #[must_use]
    pub fn new(run_id: &RunId, state: State) -> Self {
        Self {
            run_id: run_id.to_string(),
            state,
            latest: false,
            environment: None,
            started_at: None,
            users: None,
            settled: None,
            verdicts: None,
            why: None,
        }
    }

    /// What to add about the run.
    fn remark(&self) -> Option<String> {
        match self.state {
            State::Interrupted => Some(format!(
                "to go on: the command that started it, with `--run-id {}`; nobody settled is asked again",
                self.run_id
            )),
            _ => self.why.clone(),
        }
    }

    fn verdict(&self, verdict: Verdict) -> Option<u64> {
        let verdicts = self.verdicts.as_ref()?;
        verdicts.iter().find(|count| count.name == verdict.as_str()).map(|count| count.count)
    }
}

#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn as_text<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_string()).serialize(serializer)
}

/// Shows the list: as JSON for programs, or as a table for people.
pub fn show(runs: &Runs, json: bool) {
    if json {
        print(&(serde_json::to_string_pretty(runs).unwrap_or_default() + "\n"));
    } else {
        print(&table(runs));
    }
}

fn table(runs: &Runs) -> String {
    if runs.runs.is_empty() {
        return format!("no runs in {}\n", runs.reports);
    }
    let width = runs.runs.iter().map(|run| run.run_id.len()).max().unwrap_or(0).max(3);
    let mut text = format!(
        "\n  {BOLD}{:<width$}  {:<11}  {:<7}  {:<20}{:>9}{:>9}{:>9}{:>9}{:>9}{BOLD:#}\n",
        "run", "state", "people", "started", "users", "settled", "pass", "fail", "review",
    );
    for run in &runs.runs {
        text.push_str(&row(run, width));
        if let Some(remark) = run.remark() {
            let _ = writeln!(text, "      {SOFT}{remark}{SOFT:#}");
        }
    }
    if runs.runs.iter().any(|run| run.latest) {
        let _ = writeln!(text, "\n  {SOFT}* `latest` points to it{SOFT:#}");
    }
    text.push('\n');
    text
}

fn row(run: &Run, width: usize) -> String {
    let mark = if run.latest { '*' } else { ' ' };
    let (style, state) = state(run.state);
    let environment = run.environment.map_or("–", Environment::as_str);
    let started =
        run.started_at.map_or("–".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
    let figure = |number: Option<u64>| number.map_or("–".to_owned(), grouped);
    let mut text = format!(
        "{mark} {:<width$}  {style}{state:<11}{style:#}  {environment:<7}  {started:<20}{:>9}{:>9}",
        run.run_id,
        figure(run.users),
        figure(run.settled),
    );
    for verdict in SHOWN {
        let _ = write!(text, "{:>9}", figure(run.verdict(verdict)));
    }
    text.push('\n');
    text
}

fn state(state: State) -> (Style, &'static str) {
    match state {
        State::Complete => (AnsiColor::Green.on_default(), "complete"),
        State::Incomplete => (AnsiColor::Red.on_default(), "incomplete"),
        State::Running => (AnsiColor::Blue.on_default(), "running"),
        State::Interrupted => (AnsiColor::Yellow.on_default(), "interrupted"),
        State::Unreadable => (AnsiColor::Red.on_default(), "unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::NotARunId;

    fn listed(runs: Vec<Run>) -> String {
        let runs = Runs { reports: "reports".to_owned(), runs };
        anstream::adapter::strip_str(&table(&runs)).to_string()
    }

    #[test]
    fn each_run_has_a_line_and_an_interrupted_one_says_how_to_go_on() -> Result<(), NotARunId> {
        let night = Run {
            users: Some(12_000),
            settled: Some(120),
            ..Run::new(&RunId::parse("night")?, State::Interrupted)
        };
        let dawn = Run {
            latest: true,
            environment: Some(Environment::Live),
            started_at: Some(Timestamp::UNIX_EPOCH),
            users: Some(7),
            verdicts: Some(vec![Count::new("pass", 4), Count::new("fail", 2)]),
            ..Run::new(&RunId::parse("dawn")?, State::Complete)
        };
        let text = listed(vec![night, dawn]);
        let lines: Vec<Vec<_>> =
            text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[2], ["night", "interrupted", "–", "–", "12,000", "120", "–", "–", "–"]);
        assert!(lines[3].contains(&"night`;"), "{text}");
        let dawn = "* dawn complete live 1970-01-01 00:00:00Z 7 – 4 2 –";
        assert_eq!(lines[4].join(" "), dawn);
        Ok(())
    }

    #[test]
    fn no_runs_are_said_to_be_none() {
        assert_eq!(listed(Vec::new()), "no runs in reports\n");
    }
}
