//! The report of `input/users.csv`, made once for all tests that only read it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use crate::support::{
    job::{Ended, Job},
    report::Report,
};

/// The roster of the repository.
pub(crate) fn roster() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("input/users.csv")
}

/// The run and its report. The directory stays after the tests, for whoever wants to look, and is made anew each time.
pub(crate) struct Sample {
    pub(crate) ended: Ended,
    pub(crate) reports: PathBuf,
    pub(crate) report: Report,
}

/// Runs the job over `input/users.csv` against the built-in sandbox, or waits for whoever does.
pub(crate) fn sample() -> Result<&'static Sample, &'static io::Error> {
    static SAMPLE: LazyLock<io::Result<Sample>> = LazyLock::new(make);
    SAMPLE.as_ref()
}

fn make() -> io::Result<Sample> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    let job = Job::new(&place, ["run", "--sandbox", "--run-id", "sample"]).args([roster()]);
    let reports = place.join("reports");
    Ok(Sample { ended: job.end()?, report: Report::at(reports.join("sample")), reports })
}
