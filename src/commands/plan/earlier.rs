//! What earlier sessions of the same run have done.

use std::time::Duration;

use crate::{
    clock,
    commands::{
        baseline,
        roster::{self, RosterFacts},
        workplace,
    },
    console::planned::State,
    error::Error,
    journal::store::Journal,
    model::ids::RunId,
    report::summary::Summary,
    settings::PlanSettings,
};

/// What earlier sessions of the same run have done.
pub(super) struct Earlier {
    pub(super) state: State,
    pub(super) settled: u64,
    pub(super) pending: u64,
    /// Ages of their requests that still count against the quotas.
    pub(super) past: Vec<Duration>,
    /// The baseline that was noted when the run started; none inside: there is none.
    pub(super) baseline: Option<Option<String>>,
}

impl Earlier {
    /// Looks at the run that the settings name. Refuses what `run` would refuse: another roster, another partner.
    pub(super) fn look(settings: &PlanSettings, facts: &RosterFacts) -> Result<Self, Error> {
        let new = Self {
            state: State::New,
            settled: 0,
            pending: facts.unique,
            past: Vec::new(),
            baseline: None,
        };
        let Some(run_id) = &settings.run_id else { return Ok(new) };
        let report = settings.reports.join(run_id.as_str());
        if report.exists() {
            let summary = Summary::read(&report.join("summary.json"))?;
            let settled = summary.population.unique_users;
            let baseline = Some(summary.baseline.map(|baseline| baseline.run_id));
            return Ok(Self { state: State::Published, settled, pending: 0, baseline, ..new });
        }
        let path = workplace::journal(&settings.reports, run_id);
        let journal = if path.exists() { Journal::look(&path)? } else { None };
        journal.map_or(Ok(new), |journal| Self::read(&journal, run_id, settings, facts))
    }

    fn read(
        journal: &Journal,
        run_id: &RunId,
        settings: &PlanSettings,
        facts: &RosterFacts,
    ) -> Result<Self, Error> {
        check_partner(journal, run_id, settings)?;
        if let Some(noted) = roster::noted(journal)? {
            roster::check_same(run_id, &noted, &facts.sha256)?;
        }
        let longest = settings.quotas.iter().map(|quota| quota.per).max().unwrap_or_default();
        let settled = journal.count()?.settled;
        Ok(Self {
            state: State::Unfinished,
            settled,
            pending: facts.unique.saturating_sub(settled),
            past: journal.past(clock::now(), longest)?.ages,
            baseline: baseline::noted_id(journal)?,
        })
    }
}

fn check_partner(journal: &Journal, run: &RunId, settings: &PlanSettings) -> Result<(), Error> {
    let (Some(then), Some(now)) = (journal.fact("partner")?, &settings.partner) else {
        return Ok(());
    };
    let now = now.to_string();
    if then == now {
        return Ok(());
    }
    Err(Error::Differs { run: run.clone(), what: "the partner", then, now })
}
