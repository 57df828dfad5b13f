//! The tables: each can be read, has the rows that the certificate states, and is the same as Parquet and as CSV.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
};

use super::{archive::ARCHIVE, careful::careful};
use crate::{
    commands::published::Published,
    console::verified::Step,
    disk,
    error::Error,
    report::{certificate::Certificate, csv, figures::grouped, reading::PublishedTable},
};

/// What a spreadsheet may have been given in front of a CSV file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What was found in the tables.
pub(super) struct Counted {
    /// The rows of each table that could be read to its end; of the archive as `responses`.
    pub(super) rows: BTreeMap<String, u64>,
    pub(super) all_readable: bool,
}

/// Checks the tables, and counts their rows.
pub(super) fn check(run: &Published, certificate: Option<&Certificate>) -> (Step, Counted) {
    let mut step = Step::new("tables");
    let mut counted = Counted { rows: BTreeMap::new(), all_readable: true };
    for (name, path) in published(run, &mut step) {
        let has_copy = certificate.is_some_and(|certificate| certificate.derivation.csv);
        if has_copy && name != "responses" && !run.file(copy_path(&name)).exists() {
            step.find(&copy_path(&name), "is missing: the certificate states CSV files");
        }
        match careful(&mut step, &path, |step| table(run, &name, &path, step)) {
            Some(rows) => drop(counted.rows.insert(name, rows)),
            None => counted.all_readable = false,
        }
    }
    if let Some(certificate) = certificate {
        compare(certificate, &counted.rows, &mut step);
    }
    step.checked = format!(
        "{} tables, {} rows, against the certificate and the CSV files",
        counted.rows.len(),
        grouped(counted.rows.values().sum())
    );
    (step, counted)
}

/// Name and path of every Parquet file.
fn published(run: &Published, step: &mut Step) -> Vec<(String, String)> {
    let files =
        careful(step, ".", |_| Ok(disk::listing::files_below(run.dir())?)).unwrap_or_default();
    let name = |path: &str| match path {
        ARCHIVE => Some("responses".to_owned()),
        path => Some(path.strip_prefix("tables/")?.strip_suffix(".parquet")?.to_owned()),
    };
    let paths = files.iter().filter_map(|path| path.to_str());
    paths.filter_map(|path| Some((name(path)?, path.to_owned()))).collect()
}

/// Reads a table from its first row to its last, beside its CSV file if there is one; gives the number of rows.
fn table(run: &Published, name: &str, path: &str, step: &mut Step) -> Result<u64, Error> {
    let table = PublishedTable::open(&run.file(path))?;
    let copy_path = copy_path(name);
    let mut copy = Copy::open(run, &copy_path)?;
    let header = csv::header(table.columns().iter().map(String::as_str));
    copy.expect(header.as_bytes(), || "its header".to_owned())?;
    let mut rows = 0;
    for batch in table.batches(None) {
        let batch = batch?;
        let (first, last) = (rows + 1, rows + batch.height() as u64);
        if copy.is_open() {
            copy.expect(csv::rows(&batch)?.as_bytes(), || {
                format!("one of its rows {first} to {last}")
            })?;
        }
        rows = last;
    }
    if let Some(difference) = copy.finish()? {
        step.find(&copy_path, format!("{difference} is not what {path} holds"));
        step.find(path, format!("does not hold what {copy_path} holds: {difference}"));
    }
    Ok(rows)
}

fn copy_path(name: &str) -> String {
    format!("csv/{name}.csv")
}

fn compare(certificate: &Certificate, counted: &BTreeMap<String, u64>, step: &mut Step) {
    let path = |name: &str| match name {
        "responses" => ARCHIVE.to_owned(),
        name => format!("tables/{name}.parquet"),
    };
    for (name, rows) in counted {
        match certificate.tables.get(name) {
            Some(stated) if stated == rows => {}
            Some(stated) => {
                step.find(&path(name), format!("has {rows} rows, the certificate states {stated}"));
            }
            None => step.find(&path(name), "is one too many: the certificate does not state it"),
        }
    }
    for name in certificate.tables.keys().filter(|name| !counted.contains_key(*name)) {
        step.find(&path(name), "cannot be read, or is missing: the certificate states its rows");
    }
}

/// The CSV copy of a table, compared as far as it goes.
struct Copy {
    /// None when there is no copy, or when the first difference was found.
    file: Option<BufReader<File>>,
    difference: Option<String>,
}

impl Copy {
    fn open(run: &Published, path: &str) -> Result<Self, Error> {
        let path = run.file(path);
        let Ok(file) = disk::open(&path) else { return Ok(Self { file: None, difference: None }) };
        let mut copy = Self { file: Some(BufReader::new(file)), difference: None };
        let mut mark = [0; BYTE_ORDER_MARK.len()];
        let marked = copy.read(&mut mark)? == mark.len() && mark == BYTE_ORDER_MARK;
        if !marked {
            copy.file = Some(BufReader::new(disk::open(&path)?));
        }
        Ok(copy)
    }

    fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// Reads on, and compares what is there with what should be.
    fn expect(&mut self, bytes: &[u8], place: impl FnOnce() -> String) -> Result<(), Error> {
        if !self.is_open() {
            return Ok(());
        }
        let mut found = vec![0; bytes.len()];
        let read = self.read(&mut found)?;
        if found.get(..read) != Some(bytes) {
            self.difference = Some(place());
            self.file = None;
        }
        Ok(())
    }

    /// The first difference, if there was one; the end must be the end.
    fn finish(mut self) -> Result<Option<String>, Error> {
        if self.is_open() && self.read(&mut [0])? > 0 {
            self.difference = Some("what follows its last row".to_owned());
        }
        Ok(self.difference)
    }

    /// Fills the buffer as far as the file goes.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let Some(file) = &mut self.file else { return Ok(0) };
        let mut read = 0;
        while read < buffer.len() {
            match file.read(&mut buffer[read..]).map_err(Error::Reading)? {
                0 => break,
                more => read += more,
            }
        }
        Ok(read)
    }
}
