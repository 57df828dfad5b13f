//! The chain from the evidence to every other file: derived again from the archive, all bytes are the same.

use std::path::Path;

use super::careful::{careful, reason};
use crate::{
    commands::{
        baseline::Baseline, derive::exports, published::Published, rebuild, signals::Clearing,
    },
    console::verified::Step,
    disk::{self, passing::PassingDir},
    error::Error,
    model::secret::PseudonymKey,
    report::{certificate::Certificate, manifest},
};

/// Beginning of the name of the directory in which the run is derived again.
const PLACE: &str = "kyc-recon-verify";
/// The files that say again what the certificate states.
const STATED: [&str; 4] = ["report.html", "summary.json", "summary.md", "datapackage.json"];

pub(super) fn check(
    run: &Published,
    certificate: Option<&Certificate>,
    pseudonym_key: Option<&PseudonymKey>,
) -> Step {
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
    let out_of_reach = exports::out_of_reach(certificate, pseudonym_key);
    let derived =
        careful(&mut step, "archive", |step| derive(run, pseudonym_key, &out_of_reach, step));
    step.checked =
        format!("{} files, derived once more from the archive", derived.unwrap_or_default());
    if !out_of_reach.is_empty() {
        let (are, files) = (step.checked.clone(), out_of_reach.join(", "));
        step.checked = format!("{are}; without the key of their pseudonyms not {files}");
    }
    step
}

/// Derives the run again where only we can read it, and compares file by file; gives how many files there are.
fn derive(
    run: &Published,
    pseudonym_key: Option<&PseudonymKey>,
    out_of_reach: &[String],
    step: &mut Step,
) -> Result<usize, Error> {
    let place = PassingDir::make(PLACE)?;
    let clearing = Clearing::of(place.path())?;
    let again = place.path().join("again");
    rebuild::again(run, pseudonym_key, place.path(), &again)?;
    let files = compare(run, &again, out_of_reach, step);
    drop(clearing);
    files
}

/// Compares both ways: a file too many or too few may be missing in a manifest that was made to fit, too.
fn compare(
    run: &Published,
    again: &Path,
    out_of_reach: &[String],
    step: &mut Step,
) -> Result<usize, Error> {
    let (given, found) = (disk::listing::files_below(again)?, run.files()?);
    for file in &given {
        let name = file.display().to_string();
        if name == manifest::NAME && !out_of_reach.is_empty() {
            // It cannot be the same one; an earlier step holds it against the files.
            continue;
        }
        if !found.contains(file) {
            step.find(&name, "is missing: certificate.json and the archive give it");
        } else if disk::sha256_file(&run.file(file))? != disk::sha256_file(&again.join(file))? {
            step.find(&name, differs(&name));
        }
    }
    for file in found.iter().filter(|file| !given.contains(file)) {
        let name = file.display().to_string();
        if !out_of_reach.contains(&name) {
            step.find(&name, "is one too many: the archive does not give it");
        }
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
