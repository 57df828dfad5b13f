//! The door: parse, run, show the diagnostic, return the exit status.

use std::process::ExitCode;

use clap::Parser as _;
use kyc_recon::{cli::Cli, commands, console::diagnostic};

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let log_format = command.log_format();
    match commands::run(command) {
        Ok(status) => status.into(),
        Err(error) => {
            diagnostic::show(&error, log_format);
            error.exit_status().into()
        }
    }
}
