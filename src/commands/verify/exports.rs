//! The exports: each is there, and has the rows that the certificate states.

use super::careful::careful;
use crate::{
    commands::published::Published,
    console::verified::Step,
    error::Error,
    report::{
        certificate::Certificate,
        export::{reading, totals::ExportTotals},
        figures::grouped,
    },
};

pub(super) fn check(run: &Published, certificate: Option<&Certificate>) -> Step {
    let mut step = Step::new("exports");
    let Some(certificate) = certificate else {
        step.skipped = Some("certificate.json cannot be read".to_owned());
        return step;
    };
    for export in &certificate.exports {
        careful(&mut step, &export.file, |step| count(run, export, step));
    }
    let rows = grouped(certificate.exports.iter().map(|export| export.written).sum());
    step.checked = match certificate.exports.len() {
        1 => format!("1 file for others, {rows} rows"),
        files => format!("{files} files for others, {rows} rows"),
    };
    step
}

fn count(run: &Published, export: &ExportTotals, step: &mut Step) -> Result<(), Error> {
    let rows = reading::rows(&run.file(&export.file)).map_err(Error::unreadable)?;
    if rows != export.written {
        let stated = export.written;
        step.find(&export.file, format!("has {rows} rows, the certificate states {stated}"));
    }
    Ok(())
}
