//! The published report and the rebuilt one, compared file by file.

use std::path::Path;

use super::Original;
use crate::{
    commands::published::Published,
    console::rebuilt::{Change, Rebuilt, VerdictChange},
    error::Error,
    report::{
        certificate::Certificate, error::ReportError, manifest::Manifest, reading::PublishedTable,
    },
};

/// Compares, but for the files out of reach, what the two manifests and certificates say, and the rows of the tables that differ.
pub(super) fn compare(
    published: &Published,
    original: &Original,
    out: &Path,
    out_of_reach: Vec<String>,
) -> Result<Rebuilt, Error> {
    let (mut before, then) = (original.manifest.clone(), &original.certificate);
    before.files.retain(|path, _| !out_of_reach.contains(path));
    let after = Manifest::read(out).map_err(Error::unreadable)?;
    let now = Certificate::read(&out.join("certificate.json")).map_err(Error::unreadable)?;
    let differs = |path: &&String, digest: &String| {
        after.files.get(*path).is_some_and(|other| other != digest)
    };
    let differing = before.files.iter().filter(|(path, digest)| differs(path, digest));
    let differing: Vec<_> = differing.map(|(path, _)| path.clone()).collect();
    Ok(Rebuilt {
        run_id: then.run_id.clone(),
        environment: then.environment,
        published: published.dir().display().to_string(),
        rebuilt: out.display().to_string(),
        policy: Change::new(&then.policy, &now.policy),
        tool_version: Change::new(&then.tool_version, &now.tool_version),
        csv: Change::new(&then.derivation.csv, &now.derivation.csv),
        files: after.files.len(),
        identical: before == after,
        tables: tables(published, out, &differing).map_err(Error::unreadable)?,
        statistics: names(&differing, "statistics/", ".csv"),
        differing,
        only_published: missing(&before, &after),
        only_rebuilt: missing(&after, &before),
        out_of_reach,
        verdicts: verdicts(then, &now),
    })
}

/// The files of one report that the other has not.
fn missing(there: &Manifest, here: &Manifest) -> Vec<String> {
    there.files.keys().filter(|path| !here.files.contains_key(*path)).cloned().collect()
}

/// The tables whose rows differ: the file of one may differ in what it says about itself alone.
fn tables(
    published: &Published,
    out: &Path,
    differing: &[String],
) -> Result<Vec<String>, ReportError> {
    let mut changed = Vec::new();
    for table in names(differing, "tables/", ".parquet") {
        let file = format!("tables/{table}.parquet");
        let before = PublishedTable::open(&published.file(&file))?;
        if !before.has_the_rows_of(&PublishedTable::open(&out.join(&file))?)? {
            changed.push(table);
        }
    }
    Ok(changed)
}

/// The files of one kind, by their bare names.
fn names(files: &[String], folder: &str, suffix: &str) -> Vec<String> {
    let bare = |file: &String| Some(file.strip_prefix(folder)?.strip_suffix(suffix)?.to_owned());
    files.iter().filter_map(bare).collect()
}

fn verdicts(then: &Certificate, now: &Certificate) -> Vec<VerdictChange> {
    let counts = then.population.verdicts.iter().zip(&now.population.verdicts);
    counts
        .map(|(then, now)| VerdictChange {
            verdict: then.name.clone(),
            published: then.count,
            rebuilt: now.count,
        })
        .collect()
}
