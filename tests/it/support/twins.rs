//! Two reports of the same people by the same policy, compared cell by cell.

use std::{error::Error, fs};

use crate::support::{place::Tested, report::Report};

/// What two reports need not share.
pub(crate) struct Exempt {
    /// Columns of a table or of the archive; every other cell must be the same.
    columns: Vec<(&'static str, &'static str)>,
    /// Files that are not compared byte for byte. Parquet files among them are compared row by row all the same.
    files: Vec<(&'static str, &'static str)>,
    /// Tables that are not compared at all.
    tables: &'static [&'static str],
}

/// Columns that hold the readings of a clock, which no two runs share.
const CLOCK_READINGS: [(&str, &str); 7] = [
    ("users", "fetched_at"),
    ("attempts", "started_at"),
    ("attempts", "elapsed_ms"),
    ("responses", "fetched_at"),
    ("responses", "elapsed_ms"),
    // Not a clock, but it names the session, and a killed run has more of them.
    ("attempts", "request_id"),
    ("responses", "request_id"),
];

/// Files whose content is made from the readings of a clock.
const FROM_THE_CLOCK: [(&str, &str); 13] = [
    ("certificate.json", "start and end"),
    ("summary.json", "start, end, latencies"),
    ("summary.md", "start, end, latencies"),
    ("report.html", "start, end, latencies"),
    ("manifest-sha256.txt", "digests of these files"),
    ("datapackage.json", "end; digests of the tables as CSV"),
    ("archive/responses.parquet", "fetched_at; compared row by row"),
    ("csv/users.csv", "fetched_at; its table is compared row by row"),
    ("csv/attempts.csv", "started_at, elapsed_ms; its table is compared row by row"),
    ("statistics/asking.csv", "latencies"),
    ("statistics/latencies.csv", "latencies"),
    ("statistics/latency_histogram.csv", "latencies"),
    ("statistics/latency_quantiles.csv", "latencies"),
];

/// Cells that say how often somebody was asked.
const ATTEMPTS_MADE: [(&str, &str); 4] = [
    ("users", "attempts"),
    ("responses", "attempts"),
    ("responses", "request_id"),
    // The sandbox mislabels an answer once, not always.
    ("responses", "content_type"),
];

/// Files that say how often anybody was asked.
const FROM_THE_ATTEMPTS: [(&str, &str); 1] =
    [("statistics/http_statuses.csv", "attempts by status and fault")];

/// The readings of a clock.
pub(crate) fn clock_readings() -> Exempt {
    Exempt { columns: CLOCK_READINGS.to_vec(), files: FROM_THE_CLOCK.to_vec(), tables: &[] }
}

/// The readings of a clock, and how often somebody had to be asked.
pub(crate) fn how_they_were_asked() -> Exempt {
    Exempt {
        columns: [CLOCK_READINGS.as_slice(), &ATTEMPTS_MADE].concat(),
        files: [FROM_THE_CLOCK.as_slice(), &FROM_THE_ATTEMPTS].concat(),
        tables: &["attempts"],
    }
}

/// Two reports are the same but for what is exempt.
pub(crate) fn assert_same(one: &Report, other: &Report, but: &Exempt) -> Tested {
    assert_eq!(one.files()?, other.files()?);
    for file in one.files()? {
        let exempt = but.files.iter().any(|(exempt, _)| *exempt == file);
        if !exempt && !file.starts_with("tables/") {
            assert_eq!(fs::read(one.path(&file))?, fs::read(other.path(&file))?, "{file}");
        }
    }
    for file in one.files()?.iter().filter(|file| file.ends_with(".parquet")) {
        let table = name_of(file)?;
        if !but.tables.contains(&table) {
            assert_same_rows(one, other, file, but)?;
        }
    }
    Ok(())
}

fn assert_same_rows(one: &Report, other: &Report, file: &str, but: &Exempt) -> Tested {
    let table = name_of(file)?;
    let (one, other) = (one.rows(file)?, other.rows(file)?);
    assert_eq!((one.len(), one.columns()), (other.len(), other.columns()), "{table}");
    for column in one.columns() {
        if !but.columns.contains(&(table, &column)) {
            let cells = one.column(&column).into_iter().zip(other.column(&column));
            let differing = cells.enumerate().find(|(_, (one, other))| one != other);
            assert_eq!(differing, None, "{table}.{column}");
        }
    }
    Ok(())
}

/// The table in a Parquet file.
fn name_of(file: &str) -> Result<&str, Box<dyn Error>> {
    let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".parquet"));
    name.ok_or_else(|| format!("{file} is not Parquet").into())
}
