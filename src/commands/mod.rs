//! One file per subcommand, each a table of contents of its work. The only place that knows all stages.

pub mod compare;
pub mod merge;
pub mod plan;
pub mod run;
pub mod runs;
pub mod rebuild;
pub mod derive_stream;
pub mod explain;
pub mod verify;
pub mod prune;
pub mod schema;
pub mod sandbox;
pub mod completions;
pub mod man;

mod baseline;
mod collect;
mod batches;
mod carry;
mod derive;
mod ending;
mod grouping;
mod ledger;
mod publish;
mod published;
mod reconcile;
mod roster;
mod signals;
mod trail;
mod watch;
mod workplace;

use crate::{
    cli::{Command, PublishedArgs, VerifyArgs},
    error::{Error, ExitStatus},
    settings::{
        PlanSettings,
        merge::MergeSettings,
        pseudonym,
        published::{CompareSettings, ListSettings, PruneSettings, PublishedSettings},
        rebuild::RebuildSettings,
    },
};

/// Runs a subcommand.
///
/// # Errors
/// What stopped the job.
pub fn run(command: Command) -> Result<ExitStatus, Error> {
    match command {
        Command::Run(args) => run::run(*args),
        Command::Plan(args) => plan::plan(&PlanSettings::gather(*args)?),
        Command::Merge(args) => merge::merge(&MergeSettings::gather(args)?),
        Command::Compare(args) => compare::compare(&CompareSettings::gather(args)?),
        Command::Runs(args) => runs::runs(&ListSettings::gather(args)?),
        Command::Rebuild(args) => rebuild::rebuild(&RebuildSettings::gather(args)?),
        Command::DeriveStream(args) => derive_stream::derive_stream(&args),
        Command::Explain(args) => {
            let settings = PublishedSettings::gather(args.published)?;
            explain::explain(&settings, &args.user, args.all)
        }
        Command::Verify(VerifyArgs { run: Some(run), place, .. }) => {
            let settings = PublishedSettings::gather(PublishedArgs { run, place })?;
            verify::verify(&settings, pseudonym::key()?.as_ref())
        }
        Command::Verify(VerifyArgs { run: None, place, .. }) => {
            verify::ledger::verify(&ListSettings::gather(place)?)
        }
        Command::Prune(args) => prune::prune(&PruneSettings::gather(args)?),
        Command::Schema(args) => schema::schema(&args),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Completions(args) => Ok(completions::completions(args.shell)),
        Command::Man(args) => man::man(args.out.as_deref()),
    }
}
