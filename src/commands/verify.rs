//! `verify`: whether a published run is as it was published, or the ledger of all runs as it was written. Reads only; what
//! cannot be read of a run is a finding, not an error.
//!
//! From the outside in: the files against the manifest, the evidence against its digests, the tables against the
//! evidence and among themselves, the numbers against the tables; in the end everything against what the evidence gives.

mod careful;
mod files;
mod archive;
mod chain;
mod tables;
mod statistics;
mod statement;
mod exports;
mod again;
pub(super) mod ledger;

use self::careful::Silence;
use super::published::Published;
use crate::{
    console::verified::{self, Step, Verified},
    disk,
    error::{Error, ExitStatus},
    model::secret::PseudonymKey,
    report::{certificate::Certificate, manifest},
    settings::published::PublishedSettings,
};

/// Checks the run and names what was altered.
pub(super) fn verify(
    settings: &PublishedSettings,
    pseudonym_key: Option<&PseudonymKey>,
) -> Result<ExitStatus, Error> {
    let run = Published::find(settings)?;
    let silence = Silence::begin();
    let verified = verified(&run, pseudonym_key);
    drop(silence);
    verified::show(&verified, settings.json);
    Ok(if verified.intact { ExitStatus::Complete } else { ExitStatus::Malformed })
}

/// Whether the files of the run are those that its manifest lists, and as it says.
pub(super) fn has_its_files(run: &Published) -> bool {
    let silence = Silence::begin();
    let step = files::check(run);
    drop(silence);
    step.is_good()
}

fn verified(run: &Published, pseudonym_key: Option<&PseudonymKey>) -> Verified {
    let certificate = Certificate::read(&run.file("certificate.json")).ok();
    let sha256 = disk::sha256_file(&run.file(manifest::NAME)).ok();
    Verified {
        manifest_sha256: sha256.map(|sha256| sha256.to_string()),
        input_sha256: certificate.as_ref().map(|certificate| certificate.input_sha256.clone()),
        ..Verified::of(run.shown().to_owned(), steps(run, certificate.as_ref(), pseudonym_key))
    }
}

fn steps(
    run: &Published,
    certificate: Option<&Certificate>,
    pseudonym_key: Option<&PseudonymKey>,
) -> Vec<Step> {
    let mut steps = vec![files::check(run), archive::check(run)];
    let (tables, counted) = tables::check(run, certificate);
    // The engine that runs queries is given only what could be read from the first row to the last.
    let readable = counted.all_readable;
    steps.extend([chain::check(run), tables]);
    let asked = statistics::of_run(certificate);
    let (statistics, answers) = statistics::check(run, certificate, &asked, readable);
    steps.push(statistics);
    steps.push(statement::check(run, certificate, &counted.rows, answers.as_deref()));
    steps.push(exports::check(run, certificate));
    steps.push(again::check(run, certificate, pseudonym_key));
    steps.into_iter().map(|step| step.told(|text| run.told(text))).collect()
}
