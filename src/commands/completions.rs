//! `completions`: what a shell needs to complete our commands and flags.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::{cli::Cli, console::terminal, error::ExitStatus};

/// Prints the script for this shell.
pub(super) fn completions(shell: Shell) -> ExitStatus {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "kyc-recon", &mut script);
    terminal::print(&String::from_utf8_lossy(&script));
    ExitStatus::Complete
}
