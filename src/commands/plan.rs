//! `plan`: what `run` with the same flags would do. Sends nothing, writes nothing, needs no key.

mod campaign;
mod earlier;
mod survey;

use std::time::Duration;

use self::{
    campaign::Known,
    earlier::{Comparison, Earlier},
    survey::Survey,
};
use super::{
    baseline::{self, Chosen},
    derive, grouping, workplace,
};
use crate::{
    clock,
    console::planned::{self, Disk, Plan, Pledge, Requests, Roster, State, Time, Undone, Users},
    disk,
    error::{Error, ExitStatus},
    fetch::{forecast::Forecast, proxy::Route},
    model::quota::Quota,
    settings::{PlanSettings, Settings, partner::Address},
};

/// Bytes of the journal for a user: id, attempt, and the compressed answer of a person with an ordinary history.
const JOURNAL_BYTES_A_USER: u64 = 3_000;
/// Bytes of the report for a user: evidence and Parquet tables.
const REPORT_BYTES_A_USER: u64 = 2_000;
/// Bytes for a user that the CSV copies of the tables add.
const CSV_BYTES_A_USER: u64 = 3_000;

/// Counts the roster, looks at what an earlier session of the run has settled, and foresees the rest.
pub(super) fn plan(settings: &PlanSettings) -> Result<ExitStatus, Error> {
    let survey = survey::survey(settings)?;
    let earlier = Earlier::look(settings, &survey.facts)?;
    derive::check_policy(&settings.policy, &survey.facts.columns)?;
    derive::bind(&settings.books, &survey.facts.columns)?;
    grouping::groupings(&settings.by, &survey.facts.columns)?;
    derive::exports::bind(&settings.exports, &survey.facts.columns)?;
    let (baseline, no_baseline_because) = baseline(settings, &earlier)?;
    let known = campaign::look(settings, &survey, &earlier)?;
    let plan = foresee(settings, survey, earlier, known)?;
    planned::show(&Plan { baseline, no_baseline_because, ..plan }, settings.output);
    Ok(ExitStatus::Complete)
}

/// The id of the run to compare with, or why it is not `latest`: as noted by an earlier session, else as chosen now.
fn baseline(
    settings: &PlanSettings,
    earlier: &Earlier,
) -> Result<(Option<String>, Option<String>), Error> {
    if let Comparison::Settled(baseline) = &earlier.comparison {
        return Ok((baseline.clone(), None));
    }
    if settings.part.is_some() {
        return Ok((None, None));
    }
    let partner = settings.partner.as_ref().map(ToString::to_string);
    let Settings { baseline: choice, reports, .. } = settings;
    Ok(match baseline::choose(choice, reports, partner.as_deref())? {
        Chosen::Run(baseline) => (Some(baseline.run_id.to_string()), None),
        Chosen::Nothing { because } => (None, because),
    })
}

fn foresee(
    settings: &PlanSettings,
    survey: Survey,
    earlier: Earlier,
    known: Option<Known>,
) -> Result<Plan, Error> {
    let current = known.as_ref().map_or(0, |known| known.current);
    let (settled, pending) = (earlier.settled + current, earlier.pending - current);
    let forecast = Forecast::new(&settings.quotas, earlier.past);
    Ok(Plan {
        run_id: settings.run_id.as_ref().map(ToString::to_string),
        state: earlier.state,
        partner: settings.partner.as_ref().map(ToString::to_string),
        route: settings.partner.as_ref().map(|partner| route(partner).to_string()),
        baseline: None,
        no_baseline_because: None,
        users: Users { settled, pending },
        requests: Requests {
            at_least: pending,
            at_most: pending.saturating_mul(settings.attempts.into()),
            attempts: settings.attempts,
        },
        quotas: pledges(&forecast, pending),
        finish: (!settings.quotas.is_empty()).then(|| from_now(forecast.time_for(pending))),
        undone: undone(settings, &forecast, pending),
        campaign: known.map(|known| known.foresee(settings, &forecast, survey.facts.unique)),
        disk: disk_use(settings, earlier.state, settled, pending),
        lock: workplace::owners(&settings.reports)?.into_iter().map(|owner| owner.said).next(),
        roster: Roster::from(survey),
    })
}

/// The way of the requests; to the built-in partner it does not leave this machine.
fn route(partner: &Address) -> Route {
    match partner {
        Address::Sandbox(_) => Route::Loopback,
        Address::Live(base_url) => Route::to(base_url),
    }
}

/// Each quota with its time; the longest binds.
fn pledges(forecast: &Forecast, pending: u64) -> Vec<Pledge> {
    let each = forecast.each(pending);
    let longest = each.iter().map(|(_, time)| *time).max().unwrap_or_default();
    let pledge = |(quota, time): (Quota, Duration)| Pledge {
        quota: quota.to_string(),
        seconds: whole_seconds(time),
        binds: !time.is_zero() && time == longest,
    };
    each.into_iter().map(pledge).collect()
}

/// Who stays pending because the session ends before: by its deadline, and by its number of requests.
fn undone(settings: &PlanSettings, forecast: &Forecast, pending: u64) -> Vec<Undone> {
    let deadline = settings.deadline.map(|deadline| {
        let time = deadline.from(&clock::local());
        let users = pending - forecast.within(time, pending);
        Undone { limit: format!("--deadline {}", from_now(time).at), users }
    });
    let requests = settings.max_requests.map(|requests| Undone {
        limit: format!("--max-requests {requests}"),
        users: pending.saturating_sub(requests),
    });
    deadline.into_iter().chain(requests).collect()
}

/// What the journal still grows by, and what the report will take. The journal goes when the report is published.
fn disk_use(settings: &PlanSettings, state: State, settled: u64, pending: u64) -> Disk {
    let csv = if settings.csv { CSV_BYTES_A_USER } else { 0 };
    let report_bytes_a_user = REPORT_BYTES_A_USER + csv;
    let to_report = if state == State::Published { 0 } else { settled + pending };
    Disk {
        journal_bytes: pending.saturating_mul(JOURNAL_BYTES_A_USER),
        report_bytes: to_report.saturating_mul(report_bytes_a_user),
        journal_bytes_a_user: JOURNAL_BYTES_A_USER,
        report_bytes_a_user,
        free_bytes: disk::free_space(&settings.reports),
    }
}

fn from_now(time: Duration) -> Time {
    let at = clock::local().checked_add(time);
    let at = at.map_or("never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S %Z").to_string());
    Time { seconds: whole_seconds(time), at }
}

/// Rounded up: something is never nothing.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}
