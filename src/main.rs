//! The door: parse, run, show the diagnostic, return the exit status.

use std::process::ExitCode;

use clap::Parser as _;
use kyc_recon::{cli::Cli, commands, console::diagnostic};

fn main() -> ExitCode {
    match commands::run(Cli::parse().command) {
        Ok(status) => status.into(),
        Err(error) => {
            diagnostic::show(&error);
            error.exit_status().into()
        }
    }
}
