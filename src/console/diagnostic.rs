//! The diagnostic of a job that could not go on: what could not be done, why, and what to do now.

use std::error::Error as _;

use anstyle::{AnsiColor, Style};
use serde_json::json;

use super::terminal::complain;
use crate::{cli::LogFormat, clock, error::Error};

/// Shows the error in the form of the log: what and where, the chain of reasons, and the hint.
pub fn show(error: &Error, form: LogFormat) {
    complain(&match form {
        LogFormat::Text => text(error),
        LogFormat::Json => json(error),
    });
}

fn text(error: &Error) -> String {
    let red = AnsiColor::Red.on_default().bold();
    let bold = Style::new().bold();
    let because = |reason| format!("  {bold}because:{bold:#} {reason}");
    let what = format!("{red}error:{red:#} {error}");
    let what_now = format!("  {bold}what now:{bold:#} {}", error.hint());
    let why = reasons(error).into_iter().map(because);
    std::iter::once(what).chain(why).chain([what_now]).collect::<Vec<_>>().join("\n")
}

fn json(error: &Error) -> String {
    json!({
        "time": format!("{:.3}", clock::now()),
        "event": "failed",
        "message": error.to_string(),
        "because": reasons(error),
        "what_now": error.hint(),
        "exit_status": error.exit_status() as i32,
    })
    .to_string()
}

/// Why, from the nearest reason to the deepest.
fn reasons(error: &Error) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut next = error.source();
    while let Some(reason) = next {
        reasons.push(reason.to_string());
        next = reason.source();
    }
    reasons
}
