//! The terminal: the one place that writes to standard output and standard error.

use std::io::{self, IsTerminal as _, Write as _};

use crate::{cli::LogFormat, settings::Output};

/// Whether a moving progress bar makes sense.
#[must_use]
pub fn shows_a_bar(output: Output) -> bool {
    !output.quiet && output.log_format == LogFormat::Text && io::stderr().is_terminal()
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
