//! The runs to merge: all shards of one job, each once, of one roster, by one policy, or nothing.

use std::path::Path;

use super::joint;
use crate::{
    assess::policy::Policy,
    commands::{
        baseline::Baseline,
        derive::{
            evidence::{archived::Archived, merged::Merged},
            exports,
        },
        published::Published,
    },
    disk,
    error::Error,
    model::{ids::RunId, secret::PseudonymKey},
    report::{
        certificate::Certificate,
        derivation::{Derivation, MergedRun, ShardFacts},
        error::ReportError,
        manifest::{self, Manifest},
    },
    settings::merge::MergeSettings,
};

/// All shards of a job, in their order.
pub(super) struct Whole {
    job: RunId,
    shards: Vec<ShardRun>,
}

/// The published run of a shard.
struct ShardRun {
    run: Published,
    certificate: Certificate,
    manifest: Manifest,
    stated: ShardFacts,
    merged: MergedRun,
}

impl Whole {
    /// Finds the runs, and checks that they are a whole.
    pub(super) fn find(settings: &MergeSettings) -> Result<Self, Error> {
        let runs = settings.runs.iter();
        let shards = runs.map(|run| ShardRun::open(Published::named(&settings.reports, run)?));
        let mut shards: Vec<_> = shards.collect::<Result<_, Error>>()?;
        shards.sort_by_key(|shard| shard.stated.index);
        check_agreement(&shards)?;
        check_complete(&shards)?;
        let named = shards.first().and_then(|shard| RunId::parse(&shard.stated.job).ok());
        let job = named.ok_or_else(|| no_whole("the job has no name"))?;
        Ok(Self { job, shards })
    }

    /// The name that the shards share.
    pub(super) fn job(&self) -> &RunId {
        &self.job
    }

    /// Whom the shards asked.
    pub(super) fn partner(&self) -> &str {
        &self.first().certificate.base_url
    }

    /// The policy by which the shards were judged.
    pub(super) fn policy(&self) -> Result<Policy, Error> {
        self.first().run.own_policy(&self.first().certificate)
    }

    /// Refuses to publish exports without the pseudonyms that they are to show.
    pub(super) fn check_key(&self, key: Option<&PseudonymKey>) -> Result<(), Error> {
        let exports = exports::out_of_reach(&self.first().certificate, key);
        if exports.is_empty() {
            return Ok(());
        }
        Err(no_whole("their exports show pseudonyms, and the key of the shards is not there"))
    }

    /// The evidence of all shards, as that of one run.
    pub(super) fn evidence(
        &self,
        run_id: &RunId,
        baseline: Option<&Baseline>,
    ) -> Result<Merged, Error> {
        let open =
            |shard: &ShardRun| Archived::open(shard.run.dir(), &shard.certificate, &shard.manifest);
        let archives = self.shards.iter().map(open).collect::<Result<Vec<_>, _>>();
        let archives = archives.map_err(Error::unreadable)?;
        let mut facts = joint::facts(run_id, &self.first().stated, &archives)?;
        facts.derivation.baseline = baseline.map(Baseline::facts);
        facts.derivation.merged_from = self.merged_from();
        Ok(Merged::new(facts, archives))
    }

    /// Checks that what is published under this name was merged from the same runs.
    pub(super) fn check_same(&self, run: &RunId, published: &Path) -> Result<(), Error> {
        let path = published.join("certificate.json");
        let then = Certificate::read(&path).map_err(Error::unreadable)?.derivation.merged_from;
        let now = self.merged_from();
        if then == now {
            return Ok(());
        }
        let name = |runs: &[MergedRun]| {
            let names: Vec<_> = runs.iter().map(|run| run.run_id.as_str()).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        };
        let (then, now) = (name(&then), name(&now));
        Err(Error::Differs { run: run.clone(), what: "the evidence of shards", then, now })
    }

    fn merged_from(&self) -> Vec<MergedRun> {
        self.shards.iter().map(|shard| shard.merged.clone()).collect()
    }

    /// A whole has at least one shard: `check_complete` has seen it.
    fn first(&self) -> &ShardRun {
        &self.shards[0]
    }
}

impl ShardRun {
    fn open(run: Published) -> Result<Self, Error> {
        let read = || -> Result<_, ReportError> {
            let manifest = Manifest::read(run.dir())?;
            manifest.check(run.dir(), "certificate.json")?;
            let certificate = Certificate::read(&run.file("certificate.json"))?;
            Ok((manifest, certificate, disk::sha256_file(&run.file(manifest::NAME))?))
        };
        let (manifest, certificate, sha256) = read().map_err(Error::unreadable)?;
        let stated = certificate.derivation.shard.clone();
        let stated =
            stated.ok_or_else(|| no_whole(format!("run {} is no shard", certificate.run_id)))?;
        let merged =
            MergedRun { run_id: certificate.run_id.clone(), manifest_sha256: sha256.to_string() };
        Ok(Self { run, certificate, manifest, stated, merged })
    }

    /// What all shards of a job have in common, in words.
    fn terms(&self) -> [(&'static str, String); 7] {
        let Certificate { input_sha256, base_url, policy, tool_version, .. } = &self.certificate;
        let ShardFacts { job, of, quotas, .. } = &self.stated;
        [
            ("the job", job.clone()),
            ("the number of shards", of.to_string()),
            ("the SHA-256 of the roster", input_sha256.clone()),
            ("the partner", base_url.clone()),
            ("the SHA-256 of the policy", policy.sha256.clone()),
            ("the version of kyc-recon", tool_version.clone()),
            ("the quotas of the job", quotas.join(", ")),
        ]
    }

    /// The settings of the derivation that all shards have in common.
    fn settings(&self) -> Derivation {
        Derivation { shard: None, carried_from: Vec::new(), ..self.certificate.derivation.clone() }
    }
}

fn check_agreement(shards: &[ShardRun]) -> Result<(), Error> {
    for pair in shards.windows(2) {
        let [one, other] = pair else { continue };
        let names = [one, other].map(|shard| shard.merged.run_id.as_str());
        for ((what, then), (_, now)) in one.terms().into_iter().zip(other.terms()) {
            if then != now {
                let [one, other] = names;
                return Err(no_whole(format!("{what} of {one} is {then}, and of {other} {now}")));
            }
        }
        if one.settings() != other.settings() {
            return Err(no_whole(format!(
                "{} were derived by other settings (format, csv_bom, media, by, privacy, books, gates), or the id by \
                 another column",
                names.join(" and ")
            )));
        }
    }
    Ok(())
}

/// Checks that every shard is there once. They are in their order.
fn check_complete(shards: &[ShardRun]) -> Result<(), Error> {
    let indexes: Vec<_> = shards.iter().map(|shard| shard.stated.index).collect();
    let twice = indexes.iter().zip(indexes.iter().skip(1)).find(|(one, next)| one == next);
    if let Some((index, _)) = twice {
        return Err(no_whole(format!("shard {index} is there twice")));
    }
    let of = shards.first().map_or(0, |shard| shard.stated.of);
    let missing: Vec<_> = (1..=of)
        .filter(|index| !indexes.contains(index))
        .map(|index| format!("{index}/{of}"))
        .collect();
    if missing.is_empty() && of > 0 {
        return Ok(());
    }
    Err(no_whole(format!("missing: shard {}", missing.join(", "))))
}

fn no_whole(why: impl Into<String>) -> Error {
    Error::NoWhole { why: why.into() }
}
