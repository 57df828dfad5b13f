//! One file per subcommand, each a table of contents of its work. The only place that knows all stages.

pub mod compare;
pub mod plan;
pub mod run;
pub mod runs;
pub mod rebuild;
pub mod explain;
pub mod verify;
pub mod schema;
pub mod sandbox;

mod baseline;
mod collect;
mod batches;
mod carry;
mod derive;
mod grouping;
mod publish;
mod published;
mod reconcile;
mod roster;
mod signals;
mod trail;
mod workplace;

use crate::{
    cli::Command,
    error::{Error, ExitStatus},
    settings::{
        CompareSettings, ListSettings, PlanSettings, PublishedSettings, RunSettings, pseudonym,
        rebuild::RebuildSettings,
    },
};

/// Runs a subcommand.
///
/// # Errors
/// What stopped the job.
pub fn run(command: Command) -> Result<ExitStatus, Error> {
    match command {
        Command::Run(args) => run::run(&RunSettings::gather(*args).map_err(Error::Settings)?),
        Command::Plan(args) => plan::plan(&PlanSettings::gather(*args)?),
        Command::Compare(args) => compare::compare(&CompareSettings::gather(args)?),
        Command::Runs(args) => runs::runs(&ListSettings::gather(args)?),
        Command::Rebuild(args) => rebuild::rebuild(&RebuildSettings::gather(args)?),
        Command::Explain(args) => {
            let settings = PublishedSettings::gather(args.published)?;
            explain::explain(&settings, &args.user, args.all)
        }
        Command::Verify(args) => {
            let settings = PublishedSettings::gather(args.published)?;
            verify::verify(&settings, pseudonym::key()?.as_ref())
        }
        Command::Schema(args) => schema::schema(&args),
        Command::Sandbox(args) => sandbox::run(&args),
    }
}
