//! `rebuild`: derives a published run again from its archive, offline, and compares the two. Only reads what is published.

mod comparison;
mod site;

use std::{path::Path, sync::Arc};

use self::site::Site;
use super::{
    baseline::Baseline,
    derive::{
        self, Inputs,
        evidence::{Evidence as _, archived::Archived},
        exports,
    },
    published::Published,
};
use crate::{
    console::{progress::Progress, rebuilt},
    error::{Error, ExitStatus},
    model::{event::Observer, secret::PseudonymKey},
    report::{certificate::Certificate, error::ReportError, manifest::Manifest},
    settings::rebuild::RebuildSettings,
};

/// Derives the run again, lays the report out in a place of its own, and says how it differs from the published one.
pub(super) fn rebuild(settings: &RebuildSettings) -> Result<ExitStatus, Error> {
    let published = Published::find(&settings.published)?;
    rebuild_run(settings, &published).map_err(|error| published.error(error))
}

fn rebuild_run(settings: &RebuildSettings, published: &Published) -> Result<ExitStatus, Error> {
    let original = Original::read(published).map_err(Error::unreadable)?;
    let evidence = original.evidence(published).map_err(Error::unreadable)?;
    let csv = settings.csv.unwrap_or(evidence.facts().derivation.csv);
    let evidence = evidence.with_csv(csv);
    let facts = evidence.facts();
    let policy = match &settings.policy {
        Some(policy) => policy.clone(),
        None => published.own_policy(&original.certificate)?,
    };
    derive::check_policy(&policy, &facts.derivation.roster_columns)?;

    let site = Site::prepare(settings, published, &facts.run_id)?;
    let progress = Progress::new(settings.output, &facts.run_id, &[]);
    let baseline = original.baseline(published, settings.baseline.as_deref())?;
    let pseudonym_key = settings.pseudonym_key.as_ref();
    let baseline = baseline.as_ref();
    let inputs = Inputs { evidence: &evidence, policy: &policy, baseline, pseudonym_key };
    let report = derive::derive(inputs, site.work(), &progress.observer())?;
    report.publish(site.out())?;

    let out_of_reach = exports::out_of_reach(&original.certificate, pseudonym_key);
    let rebuilt = comparison::compare(published, &original, site.out(), out_of_reach)?;
    rebuilt::show(&rebuilt, settings.output);
    if rebuilt.is_a_contradiction() {
        let (differing, files) = (rebuilt.differing.len(), rebuilt.files);
        return Err(Error::NotReproduced { run: rebuilt.run_id, differing, files });
    }
    Ok(ExitStatus::Complete)
}

/// Derives the run once more as it was derived, by its own policy, into a directory of that name.
pub(super) fn again(
    published: &Published,
    pseudonym_key: Option<&PseudonymKey>,
    work: &Path,
    out: &Path,
) -> Result<(), Error> {
    let original = Original::read(published).map_err(Error::unreadable)?;
    let evidence = original.evidence(published).map_err(Error::unreadable)?;
    let policy = published.own_policy(&original.certificate)?;
    let baseline = original.baseline(published, None)?;
    let baseline = baseline.as_ref();
    let inputs = Inputs { evidence: &evidence, policy: &policy, baseline, pseudonym_key };
    let nobody: Observer = Arc::new(|_| {});
    derive::derive(inputs, work, &nobody)?.publish(out)?;
    Ok(())
}

/// What a published report says about itself.
struct Original {
    certificate: Certificate,
    manifest: Manifest,
}

impl Original {
    fn read(published: &Published) -> Result<Self, ReportError> {
        Ok(Self {
            certificate: Certificate::read(&published.file("certificate.json"))?,
            manifest: Manifest::read(published.dir())?,
        })
    }

    fn baseline(
        &self,
        published: &Published,
        named: Option<&Path>,
    ) -> Result<Option<Baseline>, Error> {
        let stated = self.certificate.derivation.baseline.as_ref();
        stated.map(|stated| Baseline::of_published(published, stated, named)).transpose()
    }

    fn evidence(&self, published: &Published) -> Result<Archived, ReportError> {
        Archived::open(published.dir(), &self.certificate, &self.manifest)
    }
}
