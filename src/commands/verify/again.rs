//! The chain from the evidence to every other file: derived again from the archive, all bytes are the same.

use std::path::Path;

use super::careful::{careful, reason};
use crate::{
    commands::{baseline::Baseline, published::Published, rebuild, signals::Clearing},
    console::verified::Step,
    disk::{self, passing::PassingDir},
    error::Error,
    report::certificate::Certificate,
};

/// Beginning of the name of the directory in which the run is derived again.
const PLACE: &str = "kyc-recon-verify";
/// The files that say again what the certificate states.
const STATED: [&str; 4] = ["report.html", "summary.json", "summary.md", "datapackage.json"];

pub(super) fn check(run: &Published, certificate: Option<&Certificate>) -> Step {
    let mut step = Step::new("derivation");
    let Some(certificate) = certificate else {
        step.skipped = Some("certificate.json cannot be read".to_owned());
        return step;
    };
    let (then, now) = (certificate.tool_version.as_str(), env!("CARGO_PKG_VERSION"));
    if then != now {
        step.skipped = Some(format!("published by kyc-recon {then}, and this is {now}"));
        return step;
    }
    if let Some(stated) = &certificate.derivation.baseline
        && let Err(error) = Baseline::of_published(run, stated, None)
    {
        step.skipped = Some(format!("{error}: {}", reason(&error)));
        return step;
    }
    let files = careful(&mut step, "archive", |step| derive(run, step)).unwrap_or(0);
    step.checked = format!("{files} files, derived once more from the archive");
    step
}

/// Derives the run again where only we can read it, and compares file by file; gives how many files there are.
fn derive(run: &Published, step: &mut Step) -> Result<usize, Error> {
    let place = PassingDir::make(PLACE)?;
    let clearing = Clearing::of(place.path())?;
    let again = place.path().join("again");
    rebuild::again(run, place.path(), &again)?;
    let files = compare(run, &again, step);
    drop(clearing);
    files
}

/// Compares both ways: a file too many or too few may be missing in a manifest that was made to fit, too.
fn compare(run: &Published, again: &Path, step: &mut Step) -> Result<usize, Error> {
    let (given, found) = (disk::files_below(again)?, run.files()?);
    for file in &given {
        let name = file.display().to_string();
        if !found.contains(file) {
            step.find(&name, "is missing: certificate.json and the archive give it");
        } else if disk::sha256_file(&run.file(file))? != disk::sha256_file(&again.join(file))? {
            step.find(&name, differs(&name));
        }
    }
    for file in found.iter().filter(|file| !given.contains(file)) {
        step.find(&file.display().to_string(), "is one too many: the archive does not give it");
    }
    Ok(given.len())
}

/// What the archive does not hold, as the operator's name, comes from the certificate alone.
fn differs(name: &str) -> &'static str {
    if STATED.contains(&name) {
        "is not what certificate.json and the archive give: it was altered, or certificate.json"
    } else {
        "is not what the archive gives"
    }
}
