//! The facts of the whole, from those of its shards.

use crate::{
    commands::derive::evidence::{Evidence as _, Facts, archived::Archived},
    error::Error,
    model::{ids::RunId, quota::Quota},
    report::{
        derivation::{Derivation, ShardFacts},
        environment::Environment,
    },
    roster::counts::RosterCounts,
};

/// The facts of a run with this name that all shards are parts of; these state the same of it.
pub(super) fn facts(
    run_id: &RunId,
    stated: &ShardFacts,
    shards: &[Archived],
) -> Result<Facts, Error> {
    let parts: Vec<_> = shards.iter().map(Archived::facts).collect();
    let unclear = |what| Error::Unclear { run: run_id.clone(), what };
    let first = parts.first().copied().ok_or_else(|| unclear("shards"))?;
    let quotas = stated.quotas.iter().map(|quota| quota.parse());
    let start = parts.iter().map(|part| part.started_at).min();
    let end = parts.iter().map(|part| part.ended_at).max();
    Ok(Facts {
        run_id: run_id.clone(),
        environment: environment(&parts),
        counts: counts(&parts),
        quotas: quotas.collect::<Result<Vec<Quota>, _>>().map_err(|_| unclear("quotas"))?,
        operator: distinct(parts.iter().map(|part| &part.operator)).join(", "),
        host: distinct(parts.iter().map(|part| &part.host)).join(", "),
        started_at: start.unwrap_or(first.started_at),
        ended_at: end.unwrap_or(first.ended_at),
        derivation: Derivation {
            shard: None,
            carried_from: distinct(parts.iter().flat_map(|part| &part.derivation.carried_from)),
            ..first.derivation.clone()
        },
        ..first.clone()
    })
}

/// A sandbox says so in its answers, and a shard without users has none: one that heard it knows for all.
fn environment(parts: &[&Facts]) -> Environment {
    let invented = parts.iter().any(|part| part.environment == Environment::Sandbox);
    if invented { Environment::Sandbox } else { Environment::Live }
}

/// Each shard has read every row, and owns some. Nobody is asked about by others any more: if the shards do not own all
/// rows, the certificate does not close.
fn counts(parts: &[&Facts]) -> RosterCounts {
    let sum = |of: fn(&RosterCounts) -> u64| parts.iter().map(|part| of(&part.counts)).sum();
    RosterCounts {
        input_rows: parts.first().map_or(0, |part| part.counts.input_rows),
        unique: sum(|counts| counts.unique),
        duplicates: sum(|counts| counts.duplicates),
        blanks: sum(|counts| counts.blanks),
        rejects: sum(|counts| counts.rejects),
        other_shards: 0,
    }
}

/// Each text once, in the order of its first appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(text) {
            seen.push(text.clone());
        }
    }
    seen
}
