//! The pages: summary, mail, page, dictionary and package are those of this certificate and these statistics.

use super::careful::careful;
use crate::{
    commands::{derive::findings, published::Published},
    console::verified::Step,
    disk,
    error::Error,
    model::ids::RunId,
    report::{certificate::Certificate, dictionary, mail, package, page, summary::Summary},
    tally::runner::Answered,
};

const SUMMARY: &str = "summary.json";

pub(super) fn check(
    run: &Published,
    certificate: Option<&Certificate>,
    answers: Option<&[Answered]>,
) -> Step {
    let mut step = Step::new("pages");
    let Some((certificate, answers)) = certificate.zip(answers) else {
        step.skipped = Some("certificate or statistics cannot be had".to_owned());
        return step;
    };
    if let Some(skipped) = super::another_version(certificate) {
        step.skipped = Some(skipped);
        return step;
    }
    let texts = careful(&mut step, SUMMARY, |_| texts(run, certificate, answers));
    let texts = texts.unwrap_or_default();
    for (path, text) in &texts {
        careful(&mut step, path, |step| {
            if disk::read(&run.file(path))? != text.as_bytes() {
                step.find(path, "is not what these tables and certificate.json give");
            }
            Ok(())
        });
    }
    step.checked = format!("{} files, made once more", texts.len());
    step
}

/// Every page as it should be.
fn texts(
    run: &Published,
    certificate: &Certificate,
    answers: &[Answered],
) -> Result<Vec<(&'static str, String)>, Error> {
    let summary = Summary::of(certificate, findings::gather(answers)?);
    let tables = run.tables()?;
    let mut texts = vec![
        (SUMMARY, summary.to_json(&run.file(SUMMARY))?),
        ("summary.md", mail::markdown(&summary)),
        ("report.html", page::html(certificate, &summary)?),
        ("dictionary.md", dictionary::markdown(&tables)),
    ];
    if let (true, Ok(run_id)) = (run.file("csv").is_dir(), RunId::parse(&certificate.run_id)) {
        texts.push(("datapackage.json", package::text(&run_id, &tables)));
    }
    Ok(texts)
}
