//! The baseline in the journal of a run: noted once, and kept however often the run is resumed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Baseline, choose};
use crate::{
    commands::published::Published,
    console::log::Log,
    error::Error,
    journal::store::Journal,
    model::ids::RunId,
    settings::{RunSettings, baseline::Choice},
};

/// The fact in the journal.
const FACT: &str = "baseline";

/// What a journal says of the baseline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::commands) enum Noted {
    /// There is none.
    None,
    Run {
        run_id: String,
        manifest_sha256: String,
        dir: PathBuf,
    },
}

/// The baseline of a run: the one that its journal names, else the one that the settings choose, which is noted.
pub(in crate::commands) fn of_run(
    journal: &Journal,
    run_id: &RunId,
    settings: &RunSettings,
    log: &Log,
) -> Result<Option<Baseline>, Error> {
    if let Some(noted) = Noted::read(journal)? {
        noted.check_same(run_id, settings)?;
        return noted.open();
    }
    let partner = settings.partner.to_string();
    let chosen = choose(&settings.baseline, &settings.reports, Some(&partner))?;
    let baseline = chosen.told(&settings.policy, log);
    let noted = serde_json::to_string(&Noted::of(baseline.as_ref())).unwrap_or_default();
    journal.note(FACT, &noted)?;
    Ok(baseline)
}

impl Noted {
    /// What the journal says; nothing yet, if the run was stopped before.
    pub(in crate::commands) fn read(journal: &Journal) -> Result<Option<Self>, Error> {
        let text = journal.fact(FACT)?;
        let read = |text: String| {
            serde_json::from_str(&text)
                .map_err(|_| journal.corrupt("`baseline` cannot be understood"))
        };
        Ok(text.map(read).transpose()?)
    }

    /// The id of the baseline, if there is one.
    pub(in crate::commands) fn run_id(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Run { run_id, .. } => Some(run_id),
        }
    }

    fn of(baseline: Option<&Baseline>) -> Self {
        let Some(baseline) = baseline else { return Self::None };
        let dir = baseline.run.dir();
        Self::Run {
            run_id: baseline.run_id.to_string(),
            manifest_sha256: baseline.manifest_sha256.clone(),
            dir: dir.canonicalize().unwrap_or_else(|_| dir.to_owned()),
        }
    }

    fn open(&self) -> Result<Option<Baseline>, Error> {
        let Self::Run { run_id, manifest_sha256, dir } = self else { return Ok(None) };
        let missing = |_| Error::BaselineMissing { run: run_id.clone(), place: dir.clone() };
        let run = Published::at(dir).map_err(missing)?;
        Baseline::open_unaltered(run, manifest_sha256).map(Some)
    }

    /// Refuses another baseline than that with which the run was started, if one is named.
    fn check_same(&self, run: &RunId, settings: &RunSettings) -> Result<(), Error> {
        let now = match &settings.baseline {
            Choice::Latest => return Ok(()),
            Choice::None => None,
            Choice::Named(name) => {
                Some(Baseline::open(Published::named(&settings.reports, name)?)?.run_id.to_string())
            }
        };
        if self.run_id() == now.as_deref() {
            return Ok(());
        }
        let then = self.run_id().unwrap_or("none").to_owned();
        let now = now.unwrap_or_else(|| "none".to_owned());
        Err(Error::Differs { run: run.clone(), what: "the baseline", then, now })
    }
}
