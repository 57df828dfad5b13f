//! Deriving: from the evidence of a run to a whole report that nobody sees yet. A function of evidence and policy.

pub(super) mod evidence;
pub(super) mod findings;
mod ledger;
mod tables;

use std::path::Path;

use self::{
    evidence::{Evidence, Facts},
    ledger::Ledger,
};
use super::grouping;
use crate::{
    assess::policy::Policy,
    disk,
    error::Error,
    kyc::catalogue,
    model::{
        event::{Event, Observer},
        verdict::Verdict,
    },
    report::{
        certificate::{Certificate, PolicyFacts, Statement},
        csv::ByteOrderMark,
        dictionary,
        equation::Recounts,
        error::ReportError,
        mail, package,
        page::{Page, RuleText},
        parquet,
        publish::Staging,
        statistics,
        summary::Summary,
        summary_schema,
    },
    settings::SettingsError,
    tally::{
        runner::{self, Answered},
        statistic,
    },
};

/// All that a report depends on: the same inputs give the same bytes.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub(super) evidence: &'a dyn Evidence,
    pub(super) policy: &'a Policy,
}

/// Lays the whole report out below a directory of work.
pub(super) fn derive(
    inputs: Inputs<'_>,
    work: &Path,
    observer: &Observer,
) -> Result<Staging, Error> {
    let tell = |step| observer(&Event::Deriving { step });
    let facts = inputs.evidence.facts();
    let staging = Staging::begin(work, facts.derivation.csv)?;
    tell("flattening and judging");
    let ledger = tables::write(inputs, &staging)?;
    tell("computing the statistics");
    let statistics = statistic::of_run(&grouping::groupings(
        &facts.derivation.by,
        &facts.derivation.roster_columns,
    )?);
    let answers = runner::run(&staging.tables(), &statistics)?;
    tell("writing the report");
    write_statistics(&staging, &answers, facts.derivation.mark())?;
    let recounts = findings::recount(&answers)?;
    let certificate = certify(facts, inputs.policy, &ledger, recounts)?;
    write_pages(&staging, &certificate, &answers, inputs)?;
    Ok(staging)
}

/// Checks that the policy can be decided over the columns of a run whose roster has these other ones.
pub(super) fn check_policy(policy: &Policy, roster_columns: &[String]) -> Result<(), Error> {
    let users = parquet::schema(&catalogue::users_table(roster_columns));
    policy.check(&users).map_err(|flaw| Error::Settings(SettingsError::Policy(flaw)))
}

fn write_statistics(
    staging: &Staging,
    answers: &[Answered],
    mark: ByteOrderMark,
) -> Result<(), ReportError> {
    answers.iter().try_for_each(|answer| {
        statistics::write(&staging.statistics(), answer.name, answer.sql, &answer.frame, mark)
    })
}

fn certify(
    facts: &Facts,
    policy: &Policy,
    ledger: &Ledger,
    recounts: Recounts,
) -> Result<Certificate, Error> {
    let certificate = Certificate::issue(Statement {
        run_id: &facts.run_id,
        environment: facts.environment,
        incomplete_because: ledger.incomplete_because(),
        population: ledger.population(facts.counts),
        recounts,
        input_sha256: facts.input_sha256.clone(),
        ids: &ledger.ids,
        tables: ledger.rows.clone(),
        policy: PolicyFacts {
            name: policy.name().to_owned(),
            version: policy.version().to_owned(),
            sha256: policy.digest(),
        },
        base_url: facts.base_url.clone(),
        quotas: &facts.quotas,
        tool_version: env!("CARGO_PKG_VERSION"),
        operator: facts.operator.clone(),
        host: facts.host.clone(),
        started_at: facts.started_at,
        ended_at: facts.ended_at,
        fetched_at: ledger.fetched_at,
        derivation: facts.derivation.clone(),
    });
    Ok(certificate.map_err(ReportError::Certificate)?)
}

fn write_pages(
    staging: &Staging,
    certificate: &Certificate,
    answers: &[Answered],
    inputs: Inputs<'_>,
) -> Result<(), Error> {
    let facts = inputs.evidence.facts();
    let discretion = facts.derivation.privacy;
    let summary = Summary::of(certificate, findings::gather(answers)?);
    disk::write_private(&staging.file("policy.toml"), inputs.policy.text().as_bytes())?;
    disk::write_private(&staging.file("policy.sql"), inputs.policy.as_sql().as_bytes())?;
    certificate.write(&staging.file("certificate.json"))?;
    summary.write(&staging.file("summary.json"))?;
    summary_schema::write(&staging.file("summary.schema.json"))?;
    mail::write(&staging.file("summary.md"), &summary, discretion)?;
    let rules = rules(inputs.policy);
    let page = Page { certificate, summary: &summary, rules: &rules, breaks: &[], discretion };
    page.write(&staging.file("report.html"))?;
    let tables = tables::published(&facts.derivation.roster_columns);
    dictionary::write(&staging.file("dictionary.md"), &tables)?;
    if facts.derivation.csv {
        package::write(staging, certificate, &tables, facts.derivation.mark())?;
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
            source: rule.source.clone(),
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
