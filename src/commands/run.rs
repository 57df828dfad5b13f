//! `run`: the job.

use std::sync::Arc;

use tokio::runtime::Runtime;

use super::{
    baseline::{self, Baseline},
    carry, collect,
    derive::{self, Inputs, evidence::unfinished::Unfinished},
    grouping, ledger, publish,
    roster::{self, RosterFacts},
    signals::Signals,
    trail,
    watch::Watch,
    workplace::Workplace,
};
use crate::{
    cli::RunArgs,
    clock,
    console::{closing, log::Log, progress::Progress},
    disk,
    error::{Error, ExitStatus},
    journal::store::Journal,
    report::{
        certificate::Certificate, environment::Environment, gate::GateResult, summary::Summary,
    },
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
    let place = Workplace::enter(settings)?;
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

/// Checks that policy, books, groupings and exports fit a roster with these other columns: before anything of the run is on the disk.
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
    let baseline = baseline::noted::of_run(&journal, &place.run_id, settings, log)?;
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
    Ok(journal)
}

/// Whether `latest` may move to this run: not from a newer one, and not from real people to invented ones.
fn may_be_latest(place: &Workplace, summary: &Summary) -> bool {
    let known = Summary::read(&place.reports().join("latest").join("summary.json"));
    known.map_or(true, |known| {
        let to_invented = summary.environment == Environment::Sandbox
            && known.environment != Environment::Sandbox;
        !to_invented && known.started_at <= summary.started_at
    })
}

/// Moves `latest` to a complete run that passed its gates, unless it is to stay, brings the report to its bucket, and clears
/// its workplace, which stays while the bucket lacks the report. Also done for a run that was killed right after it was
/// published; `latest` never moves a second time: the workplace is gone then.
fn finish(place: &Workplace, settings: &RunSettings, log: &Log) -> Result<ExitStatus, Error> {
    let summary = Summary::read(&place.published().join("summary.json"));
    let summary = summary.map_err(Error::unreadable)?;
    ledger::keep(place)?;
    let shortcoming = shortcoming(&summary);
    let is_candidate = shortcoming.is_none() && !settings.keeps_latest;
    if is_candidate && place.unfinished().exists() && may_be_latest(place, &summary) {
        disk::point_latest(place.reports(), &place.run_id)?;
    }
    let sent = publish::publish(place, settings, &summary, log);
    if sent.is_ok() {
        trail::leave(place, settings)?;
        place.leave()?;
    }
    closing::show(&summary, &place.published(), settings.output);
    sent?;
    shortcoming.map_or(Ok(ExitStatus::Complete), Err)
}

/// What is wrong with a published run, if anything is. A gate comes before incompleteness: it is a limit that the operator
/// set, and with 3 the next night may be well by itself.
fn shortcoming(summary: &Summary) -> Option<Error> {
    let run = summary.run_id.clone();
    let failed: Vec<_> = summary.failed_gates().map(GateResult::told).collect();
    if !failed.is_empty() {
        return Some(Error::GateFailed { run, failed });
    }
    let why = || summary.incomplete_because.clone().unwrap_or_default();
    (!summary.complete).then(|| Error::Incomplete { run, why: why() })
}
