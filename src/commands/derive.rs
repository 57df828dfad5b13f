//! Deriving: from the evidence of a run to a whole report that nobody sees yet. A function of evidence, policy and baseline.

pub(super) mod evidence;
pub(super) mod exports;
pub(super) mod findings;
mod actions;
mod breaks;
mod gates;
mod gravest;
mod ledger;
mod narrow;
mod relay;
mod rows;
pub(super) mod tables;

use std::path::Path;

use self::{
    evidence::{Evidence, Facts},
    ledger::Ledger,
};
use super::{baseline::Baseline, grouping};
use crate::{
    assess::policy::Policy,
    disk,
    error::Error,
    kyc::catalogue,
    model::{
        event::{Event, Observer},
        secret::PseudonymKey,
        verdict::Verdict,
    },
    reconcile::{books::Books, bound::BoundBooks, gates::Gates},
    report::{
        certificate::{Certificate, PolicyFacts, Statement},
        csv::ByteOrderMark,
        derivation::Derivation,
        dictionary,
        equation::Recounts,
        error::ReportError,
        export::totals::ExportTotals,
        gate::GateResult,
        mail, package,
        page::{Page, RuleText, changes::ShownBreak},
        parquet,
        publish::Staging,
        statistics,
        summary::Summary,
        summary_schema,
    },
    settings::error::SettingsError,
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
    /// The run that the evidence's derivation names, if it names one.
    pub(super) baseline: Option<&'a Baseline>,
    /// None: exports with pseudonyms are counted and not written.
    pub(super) pseudonym_key: Option<&'a PseudonymKey>,
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
    let mut ledger = tables::write(inputs, &staging)?;
    tell("reconciling");
    let (books, gates) = terms(facts)?;
    breaks::write(inputs, &books, &staging, &mut ledger)?;
    actions::write(inputs, &staging, &mut ledger)?;
    tell("computing the statistics");
    let statistics = statistic::of_run(&grouping::groupings(
        &facts.derivation.by,
        &facts.derivation.roster_columns,
    )?);
    let narrow = work.join("narrow");
    narrow::copy(inputs, &staging, &statistics, &narrow)?;
    let answers = runner::run(&[&staging.tables(), &narrow], &statistics)?;
    disk::remove_dir(&narrow)?;
    tell("writing the report");
    write_statistics(&staging, &answers, facts.derivation.mark())?;
    let recounts = findings::recount(&answers)?;
    let gates = gates::evaluate(&gates, inputs, &books, &ledger);
    tell("writing the exports");
    let exports = exports::write(inputs, &staging)?;
    let totals = Totals { recounts, gates, exports };
    let certificate = certify(facts, inputs.policy, &ledger, totals)?;
    write_pages(&staging, &certificate, &answers, ledger.gravest.breaks(), inputs)?;
    Ok(staging)
}

/// Checks that the policy can be decided over the columns of a run whose roster has these other ones.
pub(super) fn check_policy(policy: &Policy, roster_columns: &[String]) -> Result<(), Error> {
    let users = parquet::schema(&catalogue::users_table(roster_columns));
    policy.check(&users).map_err(|flaw| Error::Settings(SettingsError::Policy(flaw)))
}

/// The books and the gates of the run, as its derivation states them. A shard is held against no gate: its limits are those
/// of the whole.
fn terms(facts: &Facts) -> Result<(BoundBooks, Gates), Error> {
    let Derivation { books, gates, roster_columns, shard, .. } = &facts.derivation;
    let unclear = |what: &'static str| Error::Unclear { run: facts.run_id.clone(), what };
    let books = Books::parse(books).ok_or_else(|| unclear("books"))?;
    let gates = match shard {
        None => Gates::parse(gates).ok_or_else(|| unclear("gates"))?,
        Some(_) => Gates::default(),
    };
    Ok((bind(&books, roster_columns)?, gates))
}

/// Finds the columns of the books among the other columns of a roster.
pub(super) fn bind(books: &Books, roster_columns: &[String]) -> Result<BoundBooks, Error> {
    books.bind(roster_columns).map_err(|flaw| Error::Settings(SettingsError::Books(flaw)))
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

/// What is counted and measured once the tables are there.
struct Totals {
    recounts: Recounts,
    gates: Vec<GateResult>,
    exports: Vec<ExportTotals>,
}

fn certify(
    facts: &Facts,
    policy: &Policy,
    ledger: &Ledger,
    totals: Totals,
) -> Result<Certificate, Error> {
    let Totals { recounts, gates, exports } = totals;
    let certificate = Certificate::issue(Statement {
        run_id: &facts.run_id,
        environment: facts.environment,
        incomplete_because: ledger.incomplete_because(),
        population: ledger.population(facts.counts),
        recounts,
        input_sha256: facts.input_sha256.clone(),
        ids: &ledger.ids,
        tables: ledger.rows.clone(),
        exports,
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
        gates,
        derivation: facts.derivation.clone(),
    });
    Ok(certificate.map_err(ReportError::Certificate)?)
}

fn write_pages(
    staging: &Staging,
    certificate: &Certificate,
    answers: &[Answered],
    breaks: &[ShownBreak],
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
    let page = Page { certificate, summary: &summary, rules: &rules, breaks, discretion };
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
