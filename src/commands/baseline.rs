//! The baseline: the published run with which another one is compared. Chosen once, when the run starts, and noted in its
//! journal: what `latest` points to may change before the run ends, and two halves of a night have one baseline.

pub(super) mod noted;

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::{batches::ReportTables, published::Published};
use crate::{
    console::log::Log,
    disk,
    error::Error,
    model::ids::RunId,
    report::{
        baseline::BaselineFacts,
        certificate::Certificate,
        error::ReportError,
        manifest::{self, Manifest},
    },
    settings::{Address, Settings, baseline::Choice},
};

/// The files of a baseline that a comparison reads.
const READ: [&str; 3] =
    ["tables/users.parquet", "tables/aml_entities.parquet", "tables/breaks.parquet"];

/// A published run to compare with. What of it is read is what was published.
pub(super) struct Baseline {
    pub(super) run: Published,
    pub(super) run_id: RunId,
    pub(super) started_at: Timestamp,
    pub(super) manifest_sha256: String,
    base_url: String,
}

/// What came of looking for a baseline.
pub(super) enum Chosen {
    Run(Baseline),
    /// With the reason, where there is a run that might have been expected.
    Nothing {
        because: Option<String>,
    },
}

/// The baseline that the settings choose for a run against this partner. Reads only.
pub(super) fn choose<P>(settings: &Settings<P>, partner: Option<&str>) -> Result<Chosen, Error> {
    match &settings.baseline {
        Choice::None => Ok(Chosen::Nothing { because: None }),
        Choice::Named(run) => {
            let baseline = Baseline::open(Published::named(&settings.reports, run)?)?;
            match baseline.misfit(partner) {
                Some(why) => Err(Error::BaselineUnfit { run: baseline.run_id.to_string(), why }),
                None => Ok(Chosen::Run(baseline)),
            }
        }
        Choice::Latest => latest(&settings.reports, partner),
    }
}

/// The run to which `latest` points. One that does not fit is passed over; one that was altered is not, or whoever alters
/// it would have switched the comparison off.
fn latest(reports: &Path, partner: Option<&str>) -> Result<Chosen, Error> {
    let Some(name) = disk::latest(reports).filter(|name| reports.join(name).is_dir()) else {
        return Ok(Chosen::Nothing { because: None });
    };
    let passed_over =
        |why: &str| Chosen::Nothing { because: Some(format!("latest is run {name}, {why}")) };
    let run = Published::named(reports, Path::new(&name))?;
    if let Err(ReportError::Version { .. }) = Certificate::read(&run.file("certificate.json")) {
        return Ok(passed_over("of another version of kyc-recon"));
    }
    let baseline = Baseline::open(run)?;
    Ok(match baseline.misfit(partner) {
        Some(why) => passed_over(&why),
        None => Chosen::Run(baseline),
    })
}

impl Chosen {
    fn tell(&self, log: &Log) {
        match self {
            Self::Run(Baseline { run_id, .. }) => {
                let fields = [("baseline", json!(run_id.as_str()))];
                log.line("baseline", &format!("to be compared with run {run_id}"), &fields);
            }
            Self::Nothing { because: Some(why) } => {
                log.line("baseline", &format!("compared with no earlier run: {why}"), &[]);
            }
            Self::Nothing { because: None } => {}
        }
    }
}

impl Baseline {
    /// Opens a published run for a comparison.
    pub(super) fn open(run: Published) -> Result<Self, Error> {
        Self::read(run).map_err(Error::unreadable)
    }

    fn read(run: Published) -> Result<Self, ReportError> {
        let path = run.file("certificate.json");
        let certificate = Certificate::read(&path)?;
        let manifest = Manifest::read(run.dir())?;
        for name in READ.into_iter().chain(["certificate.json"]) {
            manifest.check(run.dir(), name)?;
        }
        let damaged = |field: &str| {
            let what = format!("`{field}` cannot be understood");
            ReportError::Damaged { path: path.clone(), what }
        };
        Ok(Self {
            run_id: RunId::parse(&certificate.run_id).map_err(|_| damaged("run_id"))?,
            started_at: certificate.started_at.parse().map_err(|_| damaged("started_at"))?,
            manifest_sha256: disk::sha256_file(&run.file(manifest::NAME))?.to_string(),
            base_url: certificate.base_url,
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
