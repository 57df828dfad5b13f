//! Deriving: from the journal to a whole report that nobody sees yet. A function of journal, policy and settings.

mod findings;
mod ledger;
mod tables;

use jiff::Timestamp;

use self::ledger::Ledger;
use super::{roster::RosterFacts, workplace::Workplace};
use crate::{
    assess::policy::Policy,
    disk,
    error::Error,
    journal::{error::JournalError, store::Journal},
    model::{
        event::{Event, Observer},
        verdict::Verdict,
    },
    report::{
        certificate::{Certificate, PolicyFacts, Statement},
        dictionary,
        discretion::Discretion,
        environment::Environment,
        equation::Recounts,
        error::ReportError,
        mail, package,
        page::{Page, RuleText},
        publish::Staging,
        statistics,
        summary::Summary,
    },
    settings::{Partner, RunSettings},
    tally::runner::{self, Answered},
};

/// Lays the whole report out in the run's workplace.
pub(super) fn derive(
    place: &Workplace,
    settings: &RunSettings,
    facts: &RosterFacts,
    observer: &Observer,
) -> Result<Staging, Error> {
    let tell = |step| observer(&Event::Deriving { step });
    let journal = Journal::open_for_reading(&place.journal())?;
    let staging = Staging::begin(&place.unfinished(), settings.csv)?;
    tell("flattening and judging");
    let environment = environment(&journal, settings)?;
    let ledger = tables::write(&journal, &staging, place, settings, facts, environment)?;
    tell("computing the statistics");
    let answers = runner::run(&staging.tables())?;
    tell("writing the report");
    write_statistics(&staging, &answers)?;
    let recounts = findings::recount(&answers)?;
    let certificate = certify(&journal, place, settings, facts, &ledger, recounts, environment)?;
    write_pages(&staging, &certificate, &answers, place, settings, facts)?;
    Ok(staging)
}

fn write_statistics(staging: &Staging, answers: &[Answered]) -> Result<(), ReportError> {
    answers.iter().try_for_each(|answer| {
        statistics::write(&staging.statistics(), answer.name, answer.sql, &answer.frame)
    })
}

fn certify(
    journal: &Journal,
    place: &Workplace,
    settings: &RunSettings,
    facts: &RosterFacts,
    ledger: &Ledger,
    recounts: Recounts,
    environment: Environment,
) -> Result<Certificate, Error> {
    let certificate = Certificate::issue(Statement {
        run_id: &place.run_id,
        environment,
        incomplete_because: ledger.incomplete_because(),
        population: ledger.population(facts.counts()),
        recounts,
        input_sha256: facts.sha256.clone(),
        ids: &ledger.ids,
        tables: ledger.rows.clone(),
        policy: PolicyFacts {
            name: settings.policy.name().to_owned(),
            version: settings.policy.version().to_owned(),
            sha256: settings.policy.digest(),
        },
        base_url: settings.partner.to_string(),
        quotas: &settings.quotas,
        tool_version: env!("CARGO_PKG_VERSION"),
        operator: noted(journal, "operator")?,
        host: noted(journal, "host")?,
        started_at: instant(journal, "started_at")?,
        ended_at: instant(journal, "ended_at")?,
        fetched_at: ledger.fetched_at,
    });
    Ok(certificate.map_err(ReportError::Certificate)?)
}

fn write_pages(
    staging: &Staging,
    certificate: &Certificate,
    answers: &[Answered],
    place: &Workplace,
    settings: &RunSettings,
    facts: &RosterFacts,
) -> Result<(), Error> {
    let summary = Summary::of(certificate, findings::gather(answers)?);
    disk::write_private(&staging.file("policy.toml"), settings.policy.text().as_bytes())?;
    certificate.write(&staging.file("certificate.json"))?;
    summary.write(&staging.file("summary.json"))?;
    mail::write(&staging.file("summary.md"), &summary)?;
    let rules = rules(&settings.policy);
    let page = Page { certificate, summary: &summary, rules: &rules, discretion: Discretion::Ids };
    page.write(&staging.file("report.html"))?;
    let tables = tables::published(&facts.columns);
    dictionary::write(&staging.file("dictionary.md"), &tables)?;
    if settings.csv {
        package::write(&staging.file("datapackage.json"), &place.run_id, &tables)?;
    }
    Ok(())
}

/// The policy for the page: every rule, the condition of a pass last.
fn rules(policy: &Policy) -> Vec<RuleText> {
    let mut rules: Vec<_> = policy
        .rules()
        .iter()
        .map(|rule| RuleText {
            id: rule.id.clone(),
            verdict: rule.verdict.as_str().to_owned(),
            says: rule.says.clone(),
            source: None,
            sql: rule.when.sql().to_owned(),
        })
        .collect();
    rules.push(RuleText {
        id: "pass".to_owned(),
        verdict: Verdict::Pass.as_str().to_owned(),
        says: "the condition without which nobody passes".to_owned(),
        source: None,
        sql: policy.pass().sql().to_owned(),
    });
    rules
}

/// Whether the people in the report are invented: because we started the partner, or because it said so itself.
fn environment(journal: &Journal, settings: &RunSettings) -> Result<Environment, Error> {
    let said = journal.fact("sandbox")?.is_some();
    let started = matches!(settings.partner, Partner::Sandbox(_));
    Ok(if said || started { Environment::Sandbox } else { Environment::Live })
}

fn noted(journal: &Journal, key: &str) -> Result<String, JournalError> {
    Ok(journal.fact(key)?.unwrap_or_default())
}

fn instant(journal: &Journal, key: &'static str) -> Result<Timestamp, JournalError> {
    let text = noted(journal, key)?;
    text.parse().map_err(|_| journal.corrupt(format!("`{key}` is not a time")))
}
