//! The files: those that the manifest lists, none else, and each with its digest.

use std::{collections::BTreeSet, path::Path};

use super::careful::careful;
use crate::{
    commands::published::Published,
    console::verified::Step,
    disk,
    error::Error,
    report::{figures::grouped, manifest, manifest::Manifest},
};

pub(super) fn check(run: &Published) -> Step {
    let mut step = Step::new("manifest");
    let listed = careful(&mut step, manifest::NAME, |step| {
        let text = disk::read(&run.file(manifest::NAME))?;
        let listed = Manifest::parse(&String::from_utf8_lossy(&text));
        if !listed.well_formed {
            step.find(manifest::NAME, "is not as kyc-recon writes it");
        }
        Ok(listed)
    });
    if let Some(listed) = listed {
        careful(&mut step, ".", |step| compare(run, &listed, step));
        careful(&mut step, ".", |step| refuse_strange(run, step));
        step.checked =
            format!("{} files against their SHA-256", grouped(listed.files.len() as u64));
    }
    step
}

/// Opens only what is in the report: a path of the manifest may point anywhere.
fn compare(run: &Published, listed: &Manifest, step: &mut Step) -> Result<(), Error> {
    let found: BTreeSet<_> = run
        .files()?
        .iter()
        .map(|path| path.display().to_string())
        .filter(|path| path != manifest::NAME)
        .collect();
    for path in listed.files.keys().filter(|path| !found.contains(*path)) {
        step.find(path, "is missing: the manifest lists it");
    }
    // What is no file is not opened: reading a pipe would never end.
    let strange = run.strange()?;
    for path in found.iter().filter(|path| !strange.iter().any(|other| other == Path::new(path))) {
        match listed.files.get(path) {
            None => step.find(path, "is one too many: the manifest does not list it"),
            Some(sha256) => {
                careful(step, path, |step| digest(run, path, sha256, step));
            }
        }
    }
    Ok(())
}

/// A link may lead to the same bytes today, and to others tomorrow.
fn refuse_strange(run: &Published, step: &mut Step) -> Result<(), Error> {
    for path in run.strange()? {
        let what = match run.file(&path).symlink_metadata() {
            Ok(found) if found.is_dir() => "is one too many: a directory with nothing in it",
            Ok(found) if found.is_symlink() => "is a link, and was published as a file",
            _ => "is no file",
        };
        step.find(&path.display().to_string(), what);
    }
    Ok(())
}

fn digest(run: &Published, path: &str, listed: &str, step: &mut Step) -> Result<(), Error> {
    let found = disk::sha256_file(&run.file(path))?.to_string();
    if found != listed {
        step.find(
            path,
            format!(
                "its SHA-256 is {found}, not the one in {}: one of the two was altered",
                manifest::NAME
            ),
        );
    }
    Ok(())
}
