//! The page for people, at most 96 columns wide where words allow it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::{Answer, Cell, Drift, Judgement, Page, Record, Roster, Row, Ruling, Table};
use crate::{
    console::paper::{self, BOLD, SOFT, plain},
    report::{environment::Environment, figures::grouped},
};

/// The longest text of a cell that is shown whole, unless everything is.
const LONGEST: usize = 240;

/// The whole page; without `all`, empty cells are left out and long texts are cut.
pub(super) fn text(page: &Page, all: bool) -> String {
    let mut text = head(page);
    text.push_str(&roster(&page.roster));
    text.push_str(&attempts(&page.attempts));
    text.push_str(&answer(&page.answer));
    for one in &page.tables {
        text.push_str(&table(one, all));
    }
    text.push_str(&drift(&page.drift));
    text.push_str(&judgement(&page.judgement));
    text
}

fn head(page: &Page) -> String {
    let mut text =
        format!("\n  {BOLD}{}{BOLD:#} in run {}", plain(&page.user_id), plain(&page.run_id));
    if page.environment == Environment::Sandbox {
        let mark = AnsiColor::Black.on(AnsiColor::Yellow).bold();
        let _ = write!(text, "  {mark} SANDBOX: invented people {mark:#}");
    }
    let Judgement { published_verdict, reason, .. } = &page.judgement;
    let style = paper::verdict(published_verdict);
    let _ = write!(text, "\n  {style}{}{style:#}", plain(published_verdict));
    if let Some(reason) = reason {
        let _ = write!(text, ": {}", plain(reason));
    }
    text.push('\n');
    text
}

fn roster(roster: &Roster) -> String {
    let number = |number: Option<u64>| number.map_or("?".to_owned(), grouped);
    let mut text = paper::heading("roster");
    let _ = writeln!(text, "    line {}, user {}", number(roster.line), number(roster.position));
    for (header, value) in &roster.columns {
        text.push_str(&paper::block(4, &format!("{} = {}", plain(header), shown(value))));
    }
    text
}

fn attempts(attempts: &[Record]) -> String {
    let mut text = paper::heading("requests");
    if attempts.is_empty() {
        text.push_str("    none\n");
    }
    for attempt in attempts {
        let cell = |column: &str| attempt.get(column).map_or(String::new(), shown);
        let ended = if attempt.get("fault").is_none_or(Value::is_null) {
            format!("HTTP {}", cell("http_status"))
        } else {
            format!("fault {}", cell("fault"))
        };
        let _ = writeln!(
            text,
            "    {}. {}  {} ms  {ended}: {}",
            cell("attempt"),
            cell("started_at"),
            cell("elapsed_ms"),
            cell("reason"),
        );
        let _ = write!(text, "       {SOFT}request id {}", cell("request_id"));
        if attempt.get("asked_wait_ms").is_some_and(|wait| !wait.is_null()) {
            let _ = write!(text, ", asked to wait {} ms", cell("asked_wait_ms"));
        }
        let _ = writeln!(text, "{SOFT:#}");
    }
    text
}

fn answer(answer: &Answer) -> String {
    let or_none = |text: &Option<String>| text.as_deref().map_or("none".to_owned(), plain);
    let mut text = paper::heading("settling answer");
    let status = answer.http_status.map_or("no answer".to_owned(), |code| format!("HTTP {code}"));
    let _ = writeln!(
        text,
        "    outcome {}: {status}, {}, fetched {}",
        or_none(&answer.outcome),
        or_none(&answer.content_type),
        or_none(&answer.fetched_at),
    );
    let Some(bytes) = answer.bytes else {
        text.push_str("    no bytes were kept\n");
        return text;
    };
    let _ = writeln!(text, "    {} bytes, {}", grouped(bytes), or_none(&answer.holds));
    let _ = writeln!(text, "    SHA-256 {}", or_none(&answer.sha256));
    let (style, said) = if answer.digests_agree {
        (AnsiColor::Green.on_default(), "recomputed from the archived bytes: it matches".to_owned())
    } else {
        let found = or_none(&answer.recomputed_sha256);
        (AnsiColor::Red.on_default(), format!("DOES NOT MATCH: the bytes give {found}"))
    };
    let _ = writeln!(text, "    {style}{said}{style:#}");
    text
}

fn table(table: &Table, all: bool) -> String {
    if table.rows.is_empty() {
        return format!("\n  {BOLD}{}{BOLD:#}  {SOFT}no rows{SOFT:#}\n", table.name);
    }
    let of = table.rows.len();
    (1..).zip(&table.rows).map(|(number, one)| row(table.name, number, of, one, all)).collect()
}

fn row(table: &str, number: usize, of: usize, row: &Row, all: bool) -> String {
    let mut text = match &row.pointer {
        None => paper::heading(table),
        Some(pointer) => {
            format!(
                "\n  {BOLD}{table}{BOLD:#}  {SOFT}{number} of {of}, at {}{SOFT:#}\n",
                plain(pointer)
            )
        }
    };
    let is_shown = |cell: &&Cell| all || !cell.value.is_null();
    row.cells.iter().filter(is_shown).for_each(|one| text.push_str(&cell(one, all)));
    text
}

/// The value, and below it what the document holds there; a value that is not the document's says whose it is.
fn cell(cell: &Cell, all: bool) -> String {
    let value = cut(&shown(&cell.value), all);
    let Some((pointer, raw)) = cell.pointer.as_deref().zip(cell.raw.as_deref()) else {
        let absent = if cell.from == "document" { "not in the document" } else { cell.from };
        return paper::block(4, &format!("{} = {value}  ({absent})", cell.column));
    };
    let source = format!("{}: {}", plain(pointer), cut(&plain(raw), all));
    paper::block(4, &format!("{} = {value}", cell.column)) + &paper::styled_block(SOFT, 8, &source)
}

fn drift(drift: &[Drift]) -> String {
    let mut text = paper::heading("drift of this document");
    if drift.is_empty() {
        text.push_str("    none: the catalogue knows everything in it\n");
    }
    for seen in drift {
        let mut line = format!("{} at {}", shown(&seen.kind), shown(&seen.pointer));
        if !seen.sample.is_null() {
            let _ = write!(line, ": {}", shown(&seen.sample));
        }
        let _ = write!(line, " ({} times)", shown(&seen.occurrences));
        text.push_str(&paper::block(4, &line));
    }
    text
}

fn judgement(judgement: &Judgement) -> String {
    let Judgement { policy, version, sha256, .. } = judgement;
    let mut text = paper::heading("rules");
    let _ = writeln!(text, "    {SOFT}policy {} version {}{SOFT:#}", plain(policy), plain(version));
    let _ = writeln!(text, "    {SOFT}SHA-256 {sha256}{SOFT:#}");
    judgement.rules.iter().for_each(|rule| text.push_str(&ruling(rule)));
    text.push_str(&paper::heading("condition of a pass"));
    text.push_str(&ruling(&judgement.pass));
    text.push_str(&verdict(judgement));
    text
}

fn ruling(ruling: &Ruling) -> String {
    let (style, word) = match ruling.holds {
        Some(true) => (paper::verdict(ruling.verdict), "HOLDS "),
        Some(false) => (Style::new(), "no    "),
        None => (Style::new(), "null  "),
    };
    let mut text = format!(
        "    {style}{word}{style:#}{BOLD}{}{BOLD:#}  {}: {}\n",
        ruling.rule,
        ruling.verdict,
        plain(&ruling.says)
    );
    text.push_str(&paper::styled_block(SOFT, 10, &plain(&ruling.when)));
    let saw: Vec<_> = ruling.saw.iter().map(|seen| told(&seen.column, &seen.value)).collect();
    text.push_str(&paper::block(10, &format!("saw {}", saw.join(", "))));
    text
}

fn verdict(judgement: &Judgement) -> String {
    let mut text = paper::heading("verdict");
    let style = paper::verdict(judgement.verdict);
    let _ = write!(text, "    {style}{}{style:#}", judgement.verdict);
    if let Some(reason) = &judgement.reason {
        let _ = write!(text, ": {}", plain(reason));
    }
    text.push('\n');
    if !judgement.agrees {
        let red = AnsiColor::Red.on_default();
        let published = plain(&judgement.published_verdict);
        let _ = writeln!(text, "    {red}BUT `{published}` IS PUBLISHED: verify this run{red:#}");
    }
    text.push('\n');
    text
}

/// A column and its value, texts in quotes: in a list of them a null must not look like one.
fn told(column: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{column} = '{}'", plain(text)),
        other => format!("{column} = {other}"),
    }
}

/// A value as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

/// The beginning of a long text, and how much there is.
fn cut(text: &str, all: bool) -> String {
    let letters = text.chars().count();
    if all || letters <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}… ({} characters, --all shows them)", grouped(letters as u64))
}
