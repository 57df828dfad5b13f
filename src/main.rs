//! The door: parse, run, show the diagnostic, return the exit status.

use std::process::ExitCode;

use clap::Parser as _;
use kyc_recon::{cli::Cli, commands, console::diagnostic, settings::log::ErrorForm};

/// What was freed goes back to the system; `.cargo/config.toml` says how soon.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let form = ErrorForm::of(&command);
    match commands::run(command) {
        Ok(status) => status.into(),
        Err(error) => {
            diagnostic::show(&error, form.find());
            error.exit_status().into()
        }
    }
}
