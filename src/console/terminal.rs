//! How the operator wants to be spoken to.

use std::io::{self, IsTerminal as _, Write as _};

use crate::cli::LogFormat;

/// How the operator wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// The summary on standard output is JSON.
    pub json: bool,
    /// Nothing is said but errors.
    pub quiet: bool,
    pub log_format: LogFormat,
}

impl Terminal {
    /// Whether a moving progress bar makes sense.
    #[must_use]
    pub fn shows_a_bar(&self) -> bool {
        !self.quiet && self.log_format == LogFormat::Text && io::stderr().is_terminal()
    }
}

/// Writes to standard output, coloured only if it is a terminal. Whoever closed it does not want to hear more.
pub fn print(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
    let _ = anstream::stdout().flush();
}

/// Writes a line to standard error, coloured only if it is a terminal.
pub fn complain(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
