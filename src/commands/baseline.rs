//! The baseline: the published run with which another one is compared. Chosen once, when the run starts, and noted in its
//! journal: what `latest` points to may change before the run ends, and two halves of a night have one baseline.

pub(super) mod noted;

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::{batches::ReportTables, published::Published};
use crate::{
    assess::policy::Policy,
    console::log::Log,
    disk,
    error::Error,
    model::ids::RunId,
    report::{
        baseline::{BaselineFacts, judged_otherwise},
        certificate::{Certificate, PolicyFacts},
        error::ReportError,
        manifest::{self, Manifest},
    },
    settings::{baseline::Choice, partner::Address},
};

/// The files of a baseline that a comparison reads.
const READ: [&str; 4] = [
    "tables/users.parquet",
    "tables/aml_entities.parquet",
    "tables/aml_hits.parquet",
    "tables/breaks.parquet",
];

/// A published run to compare with. What of it is read is what was published.
pub(super) struct Baseline {
    pub(super) run: Published,
    pub(super) run_id: RunId,
    pub(super) started_at: Timestamp,
    pub(super) manifest_sha256: String,
    base_url: String,
    policy: PolicyFacts,
}

/// What came of looking for a baseline.
pub(super) enum Chosen {
    Run(Baseline),
    /// With the reason, where there is a run that might have been expected.
    Nothing {
        because: Option<String>,
    },
}

/// The baseline that the operator chooses for a run against this partner. Reads only.
pub(super) fn choose(
    choice: &Choice,
    reports: &Path,
    partner: Option<&str>,
) -> Result<Chosen, Error> {
    match choice {
        Choice::None => Ok(Chosen::Nothing { because: None }),
        Choice::Named(run) => {
            let baseline = Baseline::open(Published::named(reports, run)?)?;
            match baseline.misfit(partner) {
                Some(why) => Err(Error::BaselineUnfit { run: baseline.run_id.to_string(), why }),
                None => Ok(Chosen::Run(baseline)),
            }
        }
        Choice::Latest => latest(reports, partner),
    }
}

/// The run to which `latest` points. One of another partner is passed over. One that is gone, was altered, or cannot be
/// read by this version is not: comparison and gates would be switched off by it, and nobody would notice.
fn latest(reports: &Path, partner: Option<&str>) -> Result<Chosen, Error> {
    let Some(name) = disk::publishing::latest(reports) else {
        return Ok(Chosen::Nothing { because: None });
    };
    let place = reports.join(&name);
    let run = Published::at(&place)
        .map_err(|_| Error::LatestMissing { run: name.clone(), place: place.clone() })?;
    let baseline = Baseline::read(run).map_err(|error| match error {
        ReportError::Version { .. } => {
            Error::BaselineUnfit { run: name.clone(), why: error.to_string() }
        }
        error => Error::unreadable(error),
    })?;
    Ok(match baseline.misfit(partner) {
        Some(why) => Chosen::Nothing { because: Some(format!("latest is run {name}, {why}")) },
        None => Chosen::Run(baseline),
    })
}

impl Chosen {
    /// The run, if one was chosen; the log says which, or why none.
    pub(super) fn told(self, policy: &Policy, log: &Log) -> Option<Baseline> {
        self.tell(policy, log);
        match self {
            Self::Run(baseline) => Some(baseline),
            Self::Nothing { .. } => None,
        }
    }

    fn tell(&self, policy: &Policy, log: &Log) {
        match self {
            Self::Run(baseline) => baseline.tell(policy, log),
            Self::Nothing { because: Some(why) } => {
                log.line("baseline", &format!("compared with no earlier run: {why}"), &[]);
            }
            Self::Nothing { because: None } => {}
        }
    }
}

impl Baseline {
    fn tell(&self, policy: &Policy, log: &Log) {
        let run_id = &self.run_id;
        let fields = [("baseline", json!(run_id.as_str()))];
        log.line("baseline", &format!("to be compared with run {run_id}"), &fields);
        if self.policy.sha256 != policy.digest() {
            let PolicyFacts { name, version, sha256 } = &self.policy;
            let fields =
                [("policy", json!(name)), ("version", json!(version)), ("sha256", json!(sha256))];
            log.line("policy_changed", &judged_otherwise(&self.policy), &fields);
        }
    }

    /// Opens a published run for a comparison.
    pub(super) fn open(run: Published) -> Result<Self, Error> {
        Self::read(run).map_err(Error::unreadable)
    }

    fn read(run: Published) -> Result<Self, ReportError> {
        // What was altered is told as altered, whatever it says of itself: so the manifest comes first.
        let manifest = Manifest::read(run.dir())?;
        for name in READ.into_iter().chain(["certificate.json"]) {
            manifest.check(run.dir(), name)?;
        }
        let path = run.file("certificate.json");
        let certificate = Certificate::read(&path)?;
        let damaged = |field: &str| {
            let what = format!("`{field}` cannot be understood");
            ReportError::Damaged { path: path.clone(), what }
        };
        Ok(Self {
            run_id: RunId::parse(&certificate.run_id).map_err(|_| damaged("run_id"))?,
            started_at: certificate.started_at.parse().map_err(|_| damaged("started_at"))?,
            manifest_sha256: disk::sha256_file(&run.file(manifest::NAME))?.to_string(),
            base_url: certificate.base_url,
            policy: certificate.policy,
            run,
        })
    }

    /// The same run as long as its manifest is this one.
    pub(super) fn open_unaltered(run: Published, manifest_sha256: &str) -> Result<Self, Error> {
        let baseline = Self::open(run)?;
        if baseline.manifest_sha256 == manifest_sha256 {
            return Ok(baseline);
        }
        let path = baseline.run.file(manifest::NAME);
        let what = "its SHA-256 is not the one noted with the run that is compared".to_owned();
        Err(Error::unreadable(ReportError::Damaged { path, what }))
    }

    pub(super) fn tables(&self) -> ReportTables {
        ReportTables::tables(&self.run.file("tables"))
    }

    /// What certificate and summary state of it.
    pub(super) fn facts(&self) -> BaselineFacts {
        BaselineFacts {
            run_id: self.run_id.to_string(),
            started_at: format!("{:.6}", self.started_at),
            manifest_sha256: self.manifest_sha256.clone(),
            policy: self.policy.clone(),
        }
    }

    /// The baseline that a published run states: in the place that is named, else beside that run.
    pub(super) fn of_published(
        run: &Published,
        stated: &BaselineFacts,
        named: Option<&Path>,
    ) -> Result<Self, Error> {
        let beside = || run.dir().canonicalize().ok()?.parent().map(|dir| dir.join(&stated.run_id));
        let place = named.map(Path::to_owned).or_else(beside).unwrap_or_default();
        let missing =
            |_| Error::BaselineMissing { run: stated.run_id.clone(), place: place.clone() };
        Self::open_unaltered(Published::at(&place).map_err(missing)?, &stated.manifest_sha256)
    }

    /// Why a run against this partner cannot be compared with it. The same name means the same environment too: the
    /// pretend partner has a name that no address can have.
    fn misfit(&self, partner: Option<&str>) -> Option<String> {
        let is_other = partner.is_some_and(|now| !Address::are_of_one_partner(now, &self.base_url));
        is_other.then(|| format!("which asked another partner ({})", self.base_url))
    }
}
