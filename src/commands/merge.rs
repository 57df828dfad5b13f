//! `merge`: joins the published runs of all shards of a job into one run, derived from the evidence of all. Sends nothing.

mod joint;
mod whole;

use std::sync::Arc;

use self::whole::Whole;
use super::{
    baseline,
    derive::{self, Inputs},
    ending, publish,
    workplace::Workplace,
};
use crate::{
    console::progress::Progress,
    error::{Error, ExitStatus},
    settings::merge::MergeSettings,
};

/// Joins the shards and publishes the whole; or shows it, if it is published already.
pub(super) fn merge(settings: &MergeSettings) -> Result<ExitStatus, Error> {
    let whole = Whole::find(settings)?;
    let run_id = settings.run_id.as_ref().unwrap_or(whole.job());
    let place = Workplace::enter(&settings.reports, Some(run_id))?;
    let progress = Progress::new(settings.output, &place.run_id, &[]);
    if place.published().exists() {
        whole.check_same(&place.run_id, &place.published())?;
        let text = format!("run {} is published already", place.run_id);
        progress.log().line("published", &text, &[]);
        return end(&place, settings, &progress);
    }
    if place.journal().exists() {
        return Err(Error::NoWhole { why: format!("{run_id} is an unfinished run of its own") });
    }
    let published = lay_out(&whole, &place, settings, &progress);
    if published.is_err() {
        place.leave()?;
    }
    published?;
    end(&place, settings, &progress)
}

fn end(
    place: &Workplace,
    settings: &MergeSettings,
    progress: &Progress,
) -> Result<ExitStatus, Error> {
    ending::end(place, settings.keeps_latest, settings.output, |summary| {
        publish::publish(place, settings.publish.as_ref(), summary, progress.log())
    })
}

fn lay_out(
    whole: &Whole,
    place: &Workplace,
    settings: &MergeSettings,
    progress: &Arc<Progress>,
) -> Result<(), Error> {
    whole.check_key(settings.pseudonym_key.as_ref())?;
    let policy = whole.policy()?;
    let chosen = baseline::choose(&settings.baseline, &settings.reports, Some(whole.partner()))?;
    let baseline = chosen.told(&policy, progress.log());
    let evidence = whole.evidence(&place.run_id, baseline.as_ref())?;
    let inputs = Inputs {
        evidence: &evidence,
        policy: &policy,
        baseline: baseline.as_ref(),
        pseudonym_key: settings.pseudonym_key.as_ref(),
    };
    let report = derive::derive(inputs, &place.unfinished(), &progress.observer())?;
    Ok(report.publish(&place.published())?)
}
