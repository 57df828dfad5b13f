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

/// Why, from the nearest reason to the deepest. Some libraries repeat a deeper one in their own words; it is told once.
fn reasons(error: &Error) -> Vec<String> {
    if let Error::OfCopy { copy, original, error } = error {
        let reasons = reasons(error).into_iter();
        return reasons.map(|reason| reason.replace(copy, original)).collect();
    }
    let mut reasons: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(reason) = next {
        let text = reason.to_string();
        if !reasons.last().is_some_and(|said| said.ends_with(&text)) {
            reasons.push(text);
        }
        next = reason.source();
    }
    reasons
}

#[cfg(test)]
mod tests {
    use std::{fmt, io};

    use super::*;

    /// What the connection said, in the words of one library and again in those of the next.
    #[derive(Debug)]
    struct Repeating(Option<Box<Repeating>>, &'static str);

    impl fmt::Display for Repeating {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.1)
        }
    }

    impl std::error::Error for Repeating {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            self.0.as_deref().map(|error| error as _)
        }
    }

    #[test]
    fn a_reason_that_was_told_in_the_one_before_is_not_told_again() {
        let refused = Repeating(None, "connection refused");
        let sending = Repeating(Some(Box::new(refused)), "error sending request");
        let storage = Repeating(Some(Box::new(sending)), "after 3 retries: error sending request");
        let error = Error::Reading(io::Error::other(storage));
        assert_eq!(
            reasons(&error),
            ["after 3 retries: error sending request", "connection refused"]
        );
    }
}
