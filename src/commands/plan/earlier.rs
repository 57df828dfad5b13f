//! What earlier sessions of the same run have done.

use std::time::Duration;

use crate::{
    clock,
    commands::{
        baseline::noted::Noted,
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
    /// Whether it is settled already whose answers are carried.
    pub(super) carries: bool,
    /// Ages of their requests that still count against the quotas.
    pub(super) past: Vec<Duration>,
    pub(super) comparison: Comparison,
}

/// Whether the run has its baseline already.
pub(super) enum Comparison {
    Open,
    /// With this run, or with none.
    Settled(Option<String>),
}

impl Earlier {
    /// Looks at the run that the settings name. Refuses what `run` would refuse: another roster, another partner.
    pub(super) fn look(settings: &PlanSettings, facts: &RosterFacts) -> Result<Self, Error> {
        let new = Self {
            state: State::New,
            settled: 0,
            pending: facts.unique,
            carries: false,
            past: Vec::new(),
            comparison: Comparison::Open,
        };
        let Some(run_id) = &settings.run_id else { return Ok(new) };
        let report = settings.reports.join(run_id.as_str());
        if report.exists() {
            let summary = Summary::read(&report.join("summary.json"))?;
            let settled = summary.population.unique_users;
            let comparison = Comparison::Settled(summary.baseline.map(|baseline| baseline.run_id));
            return Ok(Self { state: State::Published, settled, pending: 0, comparison, ..new });
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
        let count = journal.count()?;
        let settled = count.settled + count.current;
        Ok(Self {
            state: State::Unfinished,
            settled,
            pending: facts.unique.saturating_sub(settled),
            carries: journal.carries()?,
            past: journal.past(clock::now(), longest)?.ages,
            comparison: comparison(journal)?,
        })
    }
}

fn comparison(journal: &Journal) -> Result<Comparison, Error> {
    let noted = Noted::read(journal)?;
    Ok(noted
        .map_or(Comparison::Open, |noted| Comparison::Settled(noted.run_id().map(str::to_owned))))
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
