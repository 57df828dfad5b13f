//! The tables of the page, with every figure in words already.

use serde::Serialize;
use serde_json::Value;

use super::changes;
use crate::report::{
    certificate::Certificate,
    derivation::{Derivation, ShardFacts},
    discretion::{self, Discretion},
    figures,
    gate::GateResult,
    population::Count,
    statistics::Statistic,
    summary::Rate,
    withholding::WITHHELD,
};

/// How often something occurs.
#[derive(Serialize)]
pub(super) struct Listed<'a> {
    name: &'a str,
    figure: String,
}

impl<'a> Listed<'a> {
    pub(super) fn all(counts: &'a [Count], discretion: Discretion) -> Vec<Self> {
        let plain: Vec<_> = counts.iter().map(|count| count.count).collect();
        let rows = counts.iter().zip(discretion.figures(&plain));
        rows.map(|(count, figure)| Self { name: &count.name, figure: discretion::shown(figure) })
            .collect()
    }
}

/// A share, with what it is a share of.
#[derive(Serialize)]
pub(super) struct ShownRate<'a> {
    name: &'a str,
    value: String,
    users: String,
}

impl<'a> ShownRate<'a> {
    pub(super) fn all(rates: &'a [Rate], discretion: Discretion) -> Vec<Self> {
        let shown = rates.iter().zip(discretion.rates(rates));
        shown
            .map(|(rate, shown)| Self {
                name: &rate.name,
                value: figures::percent(shown.value),
                users: shown.users(),
            })
            .collect()
    }
}

/// A gate that is set, and how the run stands to it.
#[derive(Serialize)]
pub(super) struct ShownGate<'a> {
    name: &'a str,
    limit: String,
    actual: String,
    passed: bool,
}

impl<'a> ShownGate<'a> {
    pub(super) fn all(gates: &'a [GateResult], discretion: Discretion) -> Vec<Self> {
        gates.iter().map(|gate| Self::of(gate, discretion)).collect()
    }

    fn of(gate: &'a GateResult, discretion: Discretion) -> Self {
        let actual = match (gate.actual, discretion) {
            (None, _) => "nothing to measure".to_owned(),
            (Some(actual), Discretion::Ids) => figures::plain(actual),
            (Some(_), Discretion::Aggregate) => discretion::shown(None),
        };
        Self { name: &gate.name, limit: figures::plain(gate.limit), actual, passed: gate.passed }
    }
}

/// The answer to a statistic.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    name: &'a str,
    question: &'a str,
    columns: Vec<Head<'a>>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Serialize)]
struct Head<'a> {
    name: &'a str,
    is_figure: bool,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    is_figure: bool,
}

impl<'a> Answer<'a> {
    /// Every statistic but those that the page shows otherwise where figures are withheld.
    pub(super) fn all(statistics: &'a [Statistic], discretion: Discretion) -> Vec<Self> {
        let told = |name: &str| discretion == Discretion::Ids || !changes::is_matrix(name);
        statistics.iter().filter(|statistic| told(&statistic.name)).map(Self::of).collect()
    }

    fn of(statistic: &'a Statistic) -> Self {
        let Statistic { name, question, columns, rows } = statistic;
        let is_figure = |cell: &Value| cell.is_number() || *cell == WITHHELD;
        let heads = columns.iter().enumerate().map(|(at, name)| Head {
            name,
            is_figure: rows.iter().any(|row| row.get(at).is_some_and(is_figure)),
        });
        let cell = |cell| Cell { text: figures::shown(cell), is_figure: is_figure(cell) };
        Self {
            name,
            question,
            columns: heads.collect(),
            rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        }
    }
}

/// The certificate as the page shows it.
#[derive(Serialize)]
pub(super) struct Certified {
    equations: Vec<ShownEquation>,
    facts: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ShownEquation {
    says: String,
    total: u64,
    parts: String,
    closes: bool,
}

impl Certified {
    pub(super) fn of(certificate: &Certificate, discretion: Discretion) -> Self {
        let equations = certificate.equations.iter().map(|equation| ShownEquation {
            says: equation.says.clone(),
            total: equation.total,
            parts: sum(&equation.parts, discretion),
            closes: equation.closes,
        });
        Self { equations: equations.collect(), facts: facts(certificate, discretion) }
    }
}

fn sum(parts: &[Count], discretion: Discretion) -> String {
    let parts: Vec<_> = parts.iter().map(|part| part.count).collect();
    let shown: Vec<_> = discretion.figures(&parts).into_iter().map(discretion::shown).collect();
    shown.join(" + ")
}

fn facts(certificate: &Certificate, discretion: Discretion) -> Vec<(String, String)> {
    let time = |time: &Option<String>| time.clone().unwrap_or_else(|| "none".to_owned());
    let mut facts: Vec<_> = [
        ("environment", certificate.environment.as_str().to_owned()),
        ("partner", certificate.base_url.clone()),
        ("quotas", certificate.quotas.join(", ")),
        ("SHA-256 of the roster as read", certificate.input_sha256.clone()),
        ("digest of the ids", certificate.ids_digest.clone()),
        ("how it is made", certificate.ids_digest_method.clone()),
        ("SHA-256 of the policy", certificate.policy.sha256.clone()),
        ("first answer", time(&certificate.first_fetched_at)),
        ("last answer", time(&certificate.last_fetched_at)),
        ("operator", certificate.operator.clone()),
        ("host", certificate.host.clone()),
        ("kyc-recon", certificate.tool_version.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    facts.extend(parts(&certificate.derivation));
    facts.extend(certificate.tables.iter().map(|(table, rows)| {
        let rows = discretion.figures(&[*rows]).first().copied().flatten();
        (format!("rows of {table}"), discretion::shown(rows))
    }));
    facts
}

/// Which part of a roster this is, or of which it was joined.
fn parts(derivation: &Derivation) -> Vec<(String, String)> {
    let shard = derivation.shard.iter().map(|ShardFacts { job, index, of, quotas }| {
        let quotas = quotas.join(", ");
        ("shard".to_owned(), format!("{index} of {of} of job {job}; quotas of the job: {quotas}"))
    });
    let merged = derivation.merged_from.iter().map(|run| {
        (
            format!("merged from {}", run.run_id),
            format!("manifest of SHA-256 {}", run.manifest_sha256),
        )
    });
    shard.chain(merged).collect()
}
