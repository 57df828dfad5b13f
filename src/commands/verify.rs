//! `verify`: whether a published run is as it was published. Reads only; what cannot be read is a finding, not an error.
//!
//! From the outside in: the files against the manifest, the evidence against its digests, the tables against the
//! evidence and among themselves, the numbers against the tables, the pages against the numbers.

mod careful;
mod files;
mod archive;
mod chain;
mod tables;
mod encoding;
mod verdicts;
mod statistics;
mod statement;
mod pages;

use self::careful::Silence;
use super::published::Published;
use crate::{
    console::verified::{self, Step, Verified},
    disk,
    error::{Error, ExitStatus},
    report::{certificate::Certificate, manifest},
    settings::PublishedSettings,
};

/// Checks the run and names what was altered.
pub(super) fn verify(settings: &PublishedSettings) -> Result<ExitStatus, Error> {
    let run = Published::find(settings)?;
    let silence = Silence::begin();
    let verified = verified(&run);
    drop(silence);
    verified::show(&verified, settings.json);
    Ok(if verified.intact { ExitStatus::Complete } else { ExitStatus::Malformed })
}

fn verified(run: &Published) -> Verified {
    let certificate = Certificate::read(&run.file("certificate.json")).ok();
    let sha256 = disk::sha256_file(&run.file(manifest::NAME)).ok();
    Verified {
        manifest_sha256: sha256.map(|sha256| sha256.to_string()),
        input_sha256: certificate.as_ref().map(|certificate| certificate.input_sha256.clone()),
        ..Verified::of(run.dir().display().to_string(), steps(run, certificate.as_ref()))
    }
}

fn steps(run: &Published, certificate: Option<&Certificate>) -> Vec<Step> {
    let mut steps = vec![files::check(run), archive::check(run)];
    let (tables, counted) = tables::check(run, certificate);
    // The engine that runs queries is given only what could be read from the first row to the last.
    let readable = counted.all_readable;
    steps.extend([chain::check(run), tables]);
    steps.push(encoding::check(run, certificate, readable));
    steps.push(verdicts::check(run, readable));
    let (statistics, answers) = statistics::check(run, readable);
    steps.push(statistics);
    steps.push(statement::check(run, certificate, &counted.rows, answers.as_deref()));
    steps.push(pages::check(run, certificate, answers.as_deref()));
    // A step that derives the run again from its archive and compares all bytes has its place here.
    steps
}

/// Why bytes cannot be compared: another version writes the same tables in other words.
fn another_version(certificate: &Certificate) -> Option<String> {
    let (then, now) = (certificate.tool_version.as_str(), env!("CARGO_PKG_VERSION"));
    (then != now).then(|| format!("published by kyc-recon {then}, and this is {now}"))
}
