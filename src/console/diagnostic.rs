//! The diagnostic of a job that could not go on: what could not be done, why, and what to do now.

use std::error::Error as _;

use anstyle::{AnsiColor, Style};

use super::terminal::complain;
use crate::error::Error;

/// Shows the error: what and where, the chain of reasons, and the hint.
pub fn show(error: &Error) {
    let red = AnsiColor::Red.on_default().bold();
    let bold = Style::new().bold();
    complain(&format!("{red}error:{red:#} {error}"));
    let mut cause = error.source();
    while let Some(reason) = cause {
        complain(&format!("  {bold}because:{bold:#} {reason}"));
        cause = reason.source();
    }
    complain(&format!("  {bold}what now:{bold:#} {}", error.hint()));
}
