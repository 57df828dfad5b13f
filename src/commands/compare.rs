//! `compare`: two published runs, what changed from one to the other. Reads only, but for the file that --csv names.

use std::path::Path;

use super::{
    batches::ReportTables,
    published::Published,
    reconcile::{self, Sides},
};
use crate::{
    console::compared::{self, Compared, Shown},
    error::{Error, ExitStatus},
    kyc::catalogue,
    model::ids::RunId,
    reconcile::{
        bound::BoundBooks,
        breaks::{Break, Night},
        frame,
    },
    report::{
        csv::{ByteOrderMark, CsvTableWriter},
        summary::Summary,
    },
    settings::published::CompareSettings,
};

/// Breaks that are shown one by one.
const SHOWN: usize = 20;

/// Compares two published runs.
pub(super) fn compare(settings: &CompareSettings) -> Result<ExitStatus, Error> {
    let base = Published::anywhere(&settings.reports, &settings.base)?;
    let head = Published::anywhere(&settings.reports, &settings.head)?;
    compare_runs(settings, [&base, &head]).map_err(|error| head.error(base.error(error)))
}

fn compare_runs(settings: &CompareSettings, runs: [&Published; 2]) -> Result<ExitStatus, Error> {
    let (base_summary, head_summary) = (summary(runs[0])?, summary(runs[1])?);
    let [base, head] = runs.map(|run| ReportTables::tables(&run.file("tables")));
    let (base_id, head_id) = (run_id(&base_summary)?, run_id(&head_summary)?);
    let night = Night {
        run_id: &head_id,
        started_at: head_summary.started_at.parse().unwrap_or_default(),
        baseline: Some(&base_id),
        books: &BoundBooks::default(),
    };
    let sides = Sides { head: &head, baseline: Some(&base), earlier: None };
    let mut file = settings.csv.as_deref().map(csv).transpose()?;
    let mut shown = Vec::new();
    let figures = reconcile::reconcile(sides, &night, |breaks| {
        shown.extend(breaks.iter().take(SHOWN - shown.len()).map(Shown::of));
        file.as_mut().map_or(Ok(()), |file| append(file, &night, breaks))
    })?;
    if let Some(file) = file {
        file.finish()?;
    }
    let compared = Compared::new(&base_summary, &head_summary, &figures, shown);
    compared::show(&compared, settings.json);
    Ok(ExitStatus::Complete)
}

/// What a published run sums up to.
fn summary(run: &Published) -> Result<Summary, Error> {
    Summary::read(&run.file("summary.json")).map_err(Error::unreadable)
}

/// A summary that names no run is none of ours.
fn run_id(summary: &Summary) -> Result<RunId, Error> {
    RunId::parse(&summary.run_id).map_err(|_| Error::RunMissing { run: (&summary.run_id).into() })
}

fn csv(path: &Path) -> Result<CsvTableWriter, Error> {
    let columns = catalogue::table("breaks").map_or(&[][..], |table| &table.columns);
    let mark = ByteOrderMark::Without;
    Ok(CsvTableWriter::create(path, mark, columns.iter().map(|column| column.name.as_str()))?)
}

fn append(file: &mut CsvTableWriter, night: &Night<'_>, breaks: &[Break]) -> Result<(), Error> {
    Ok(file.append(&frame::frame(night, breaks)?)?)
}
