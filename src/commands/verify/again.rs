//! The chain from the evidence to every other file: derived again from the archive, all bytes are the same.

use std::path::Path;

use super::careful::{careful, reason};
use crate::{
    commands::{baseline::Baseline, published::Published, rebuild},
    console::verified::Step,
    disk::{self, DiskError},
    error::Error,
    report::certificate::Certificate,
};

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
    let place = disk::passing_dir("kyc-recon-verify-")?;
    let again = place.path().join("again");
    rebuild::again(run, place.path(), &again)?;
    let files = disk::files_below(&again)?;
    for file in &files {
        let (there, here) = (run.dir().join(file), again.join(file));
        if !is_same(&there, &here)? {
            step.find(&file.display().to_string(), "is not what the archive gives");
        }
    }
    Ok(files.len())
}

/// Whether two files hold the same; one that is missing was found missing before.
fn is_same(there: &Path, here: &Path) -> Result<bool, DiskError> {
    Ok(!there.exists() || disk::sha256_file(there)? == disk::sha256_file(here)?)
}
