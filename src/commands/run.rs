//! `run`: the job.

use std::sync::Arc;

use tokio::runtime::Runtime;

use super::{
    baseline::{self, Baseline},
    carry, collect,
    derive::{self, Inputs, evidence::unfinished::Unfinished},
    ending, grouping, publish,
    roster::{self, RosterFacts},
    signals::Signals,
    trail,
    watch::Watch,
    workplace::Workplace,
};
use crate::{
    cli::run::RunArgs,
    clock,
    console::{log::Log, progress::Progress},
    disk,
    error::{Error, ExitStatus},
    journal::store::Journal,
    report::certificate::Certificate,
    settings::{self, RunSettings},
};

/// Does the job, and tells who watches over it how it ended: also when it could not begin.
pub(super) fn run(args: RunArgs) -> Result<ExitStatus, Error> {
    let salvaged = settings::watch::Watch::salvage(&args);
    let settings = RunSettings::gather(args).map_err(Error::Settings);
    let told = settings.as_ref().map_or(salvaged, |settings| settings.watch.clone());
    let watch = Arc::new(Watch::new(told));
    let ended = settings.and_then(|settings| job(&settings, &watch));
    watch.end(ended.as_ref().map_or_else(Error::exit_status, |status| *status));
    ended
}

/// Collects, derives, publishes; or goes on where an earlier call of the same run was stopped.
fn job(settings: &RunSettings, watch: &Arc<Watch>) -> Result<ExitStatus, Error> {
    let place = enter(settings)?;
    let progress = Progress::new(settings.output, &place.run_id, &settings.quotas);
    let runtime = Runtime::new().map_err(Error::Runtime)?;
    let signals = Signals::of(&place, settings.output.log_format, watch);
    runtime.spawn(signals.clone().obey());
    watch.begin(&place, settings, progress.log());
    let roster = roster::open(settings)?;
    if place.published().exists() {
        check_same_job(&place, settings, roster)?;
        progress.log().line(
            "published",
            &format!("run {} is published already", place.run_id),
            &[],
        );
        return finish(&place, settings, progress.log());
    }
    check_fit(settings, roster.columns())?;
    let Begun { journal, baseline, facts } = begin(&place, settings, roster, progress.log())?;
    collect::collect(journal, &place, settings, &progress, &runtime, &signals)?;
    let evidence = Unfinished::open(&place, settings, &facts, baseline.as_ref())?;
    let inputs = Inputs {
        evidence: &evidence,
        policy: &settings.policy,
        baseline: baseline.as_ref(),
        pseudonym_key: settings.pseudonym_key.as_ref(),
    };
    let report = derive::derive(inputs, &place.unfinished(), &progress.observer())?;
    report.publish(&place.published())?;
    finish(&place, settings, progress.log())
}

fn enter(settings: &RunSettings) -> Result<Workplace, Error> {
    let (reports, run_id) = (&settings.reports, settings.run_id.as_ref());
    match run_id.zip(settings.part.as_ref()) {
        Some((run_id, part)) => Workplace::enter_beside(reports, run_id, part.shard),
        None => Workplace::enter(reports, run_id),
    }
}

/// Checks that policy, books, groupings and exports fit a roster with these other columns: before anything of the run is
/// on the disk.
fn check_fit(settings: &RunSettings, columns: &[String]) -> Result<(), Error> {
    derive::check_policy(&settings.policy, columns)?;
    derive::bind(&settings.books, columns)?;
    grouping::groupings(&settings.by, columns)?;
    derive::exports::bind(&settings.exports, columns)?;
    Ok(())
}

/// What is fixed before anybody is asked.
struct Begun {
    journal: Journal,
    baseline: Option<Baseline>,
    facts: RosterFacts,
}

/// Begins the run, or goes on with it. One that cannot begin leaves nothing: nobody was asked, and it would be listed as
/// one to go on with.
fn begin(
    place: &Workplace,
    settings: &RunSettings,
    roster: roster::Opened,
    log: &Log,
) -> Result<Begun, Error> {
    let is_new = !place.unfinished().exists();
    let begun = take_in(place, settings, roster, log);
    if is_new && begun.is_err() {
        place.leave()?;
    }
    begun
}

fn take_in(
    place: &Workplace,
    settings: &RunSettings,
    roster: roster::Opened,
    log: &Log,
) -> Result<Begun, Error> {
    let journal = open_journal(place, settings)?;
    // A shard is compared with nothing: all users of the other shards would have vanished.
    let baseline = match settings.part {
        None => baseline::noted::of_run(&journal, &place.run_id, settings, log)?,
        Some(_) => None,
    };
    let facts = roster::take_in(&journal, &place.run_id, settings, roster)?;
    carry::take_in(&journal, place, settings, log)?;
    Ok(Begun { journal, baseline, facts })
}

/// Checks that what was published under this name is the same job: else a job with a fixed name would be done once, and
/// look successful ever after.
fn check_same_job(
    place: &Workplace,
    settings: &RunSettings,
    roster: roster::Opened,
) -> Result<(), Error> {
    let certificate = Certificate::read(&place.published().join("certificate.json"))
        .map_err(Error::unreadable)?;
    let roster = roster.finish()?.sha256.to_string();
    for (what, then, now) in [
        ("the roster of SHA-256", certificate.input_sha256, roster),
        ("the partner", certificate.base_url, settings.partner.to_string()),
        ("the policy of SHA-256", certificate.policy.sha256, settings.policy.digest()),
    ] {
        if then != now {
            return Err(Error::Differs { run: place.run_id.clone(), what, then, now });
        }
    }
    Ok(())
}

fn open_journal(place: &Workplace, settings: &RunSettings) -> Result<Journal, Error> {
    disk::private_dir(&place.unfinished())?;
    drop(disk::lasting_file(&place.journal())?);
    let journal = Journal::open(&place.journal())?;
    journal.note("started_at", &clock::now().to_string())?;
    journal.note("operator", &whoami::username().unwrap_or_default())?;
    journal.note("host", &whoami::hostname().unwrap_or_default())?;
    let now = settings.partner.to_string();
    let then = journal.note("partner", &now)?;
    if then != now {
        return Err(Error::Differs { run: place.run_id.clone(), what: "the partner", then, now });
    }
    if let Some(part) = &settings.part {
        // Shards by other quotas are no whole, and whoever learned it only from `merge` would have to ask everybody again.
        let quotas: Vec<_> = part.quotas.iter().map(ToString::to_string).collect();
        let now = quotas.join(", ");
        let then = journal.note("quotas", &now)?;
        if then != now {
            return Err(Error::Differs { run: place.run_id.clone(), what: "--rate", then, now });
        }
    }
    Ok(journal)
}

/// Ends a published run. What it sent lately is left to later ones before its journal goes.
fn finish(place: &Workplace, settings: &RunSettings, log: &Log) -> Result<ExitStatus, Error> {
    ending::end(place, settings.keeps_latest, settings.output, |summary| {
        publish::publish(place, settings.publish.as_ref(), summary, log)?;
        trail::leave(place, settings)
    })
}
