//! One file per subcommand, each a table of contents of its work. The only place that knows all stages.

pub mod run;
pub mod sandbox;

mod collect;
mod derive;
mod roster;
mod workplace;

use crate::{
    cli::Command,
    error::{Error, ExitStatus},
    settings::RunSettings,
};

/// Runs a subcommand.
///
/// # Errors
/// What stopped the job.
pub fn run(command: Command) -> Result<ExitStatus, Error> {
    match command {
        Command::Run(args) => run::run(&RunSettings::gather(*args).map_err(Error::Settings)?),
        Command::Sandbox(args) => sandbox::run(&args),
    }
}
