//! The roster's way into the journal, and the proof on resuming that it is still the same roster.

use std::{fs::File, io, path::Path};

use crate::{
    error::Error,
    journal::{
        load::{Loading, Taken},
        store::Journal,
    },
    model::ids::RunId,
    roster::{
        counts::RosterCounts,
        reader::{Line, Reader, RosterEnd},
    },
    settings::{RunSettings, Settings, Source},
};

/// The facts about the roster as they are noted in the journal.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub(super) struct RosterFacts {
    pub(super) source: String,
    pub(super) sha256: String,
    /// Headers of the columns other than the id's.
    pub(super) columns: Vec<String>,
    pub(super) input_rows: u64,
    pub(super) unique: u64,
    pub(super) duplicates: u64,
    pub(super) blanks: u64,
    pub(super) rejects: u64,
}

/// Loads the roster into the journal, or, when it is there, checks that this roster has the same bytes and is read in
/// the same way.
pub(super) fn take_in(
    journal: &Journal,
    run: &RunId,
    settings: &RunSettings,
    mut reader: Opened,
) -> Result<RosterFacts, Error> {
    let name = name(&settings.roster);
    if let Some(noted) = noted(journal)? {
        let columns = reader.columns().to_vec();
        check_same(run, &noted, &reader.finish()?.sha256.to_string())?;
        if noted.columns != columns {
            let (then, now) = (noted.columns.join(", "), columns.join(", "));
            return Err(Error::Differs { run: run.clone(), what: "the other columns", then, now });
        }
        return Ok(noted);
    }
    let mut facts = None;
    journal.load::<Error>(|loading| {
        let columns = reader.columns().to_vec();
        let duplicates = load(loading, &mut reader)?;
        let loaded = facts.insert(RosterFacts::new(name, columns, duplicates, &reader.finish()?));
        let text = serde_json::to_string(loaded).unwrap_or_default();
        loaded.check_usable()?;
        Ok(vec![("roster", text)])
    })?;
    noted(journal)?.ok_or(Error::RosterEmpty { roster: String::new() })
}

/// Checks that a roster is the one with which the run was started.
pub(super) fn check_same(run: &RunId, noted: &RosterFacts, sha256: &str) -> Result<(), Error> {
    if noted.sha256 == sha256 {
        return Ok(());
    }
    let (then, now) = (format!("SHA-256 {}", noted.sha256), format!("SHA-256 {sha256}"));
    Err(Error::Differs { run: run.clone(), what: "the roster of", then, now })
}

/// What the journal knows of its roster.
pub(super) fn noted(journal: &Journal) -> Result<Option<RosterFacts>, Error> {
    let text = journal.fact("roster")?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|_| journal.corrupt("`roster` cannot be understood"))
    };
    Ok(text.map(read).transpose()?)
}

/// Hands every line to the journal; gives the number of duplicates.
fn load<R: io::Read>(loading: &mut Loading<'_>, reader: &mut Reader<R>) -> Result<u64, Error> {
    let mut duplicates = 0;
    for line in reader {
        match line? {
            Line::Entry { line, user_id, extra } => {
                let taken = loading.user(line, &user_id, &extra)?;
                duplicates += u64::from(taken == Taken::Duplicate);
            }
            Line::Reject { line, reason, detail } => {
                loading.reject(line, reason.as_str(), &detail)?;
            }
            Line::Blank { .. } => {}
        }
    }
    Ok(duplicates)
}

impl RosterFacts {
    pub(super) fn new(
        source: String,
        columns: Vec<String>,
        duplicates: u64,
        end: &RosterEnd,
    ) -> Self {
        Self {
            source,
            sha256: end.sha256.to_string(),
            columns,
            input_rows: end.input_rows,
            unique: end.entries - duplicates,
            duplicates,
            blanks: end.blanks,
            rejects: end.rejects,
        }
    }

    /// Refuses what is no roster: a report about nobody would look like one about everybody, and a file of another kind
    /// is not to be sent to the partner line by line.
    fn check_usable(&self) -> Result<(), Error> {
        let roster = || self.source.clone();
        if self.rejects > self.unique + self.duplicates {
            let (rejects, rows) = (self.rejects, self.input_rows);
            return Err(Error::RosterMostlyRejected { roster: roster(), rejects, rows });
        }
        if self.unique == 0 { Err(Error::RosterEmpty { roster: roster() }) } else { Ok(()) }
    }

    pub(super) fn counts(&self) -> RosterCounts {
        RosterCounts {
            input_rows: self.input_rows,
            unique: self.unique,
            duplicates: self.duplicates,
            blanks: self.blanks,
            rejects: self.rejects,
        }
    }
}

/// A roster whose header is read.
pub(super) type Opened = Reader<Box<dyn io::Read>>;

/// Opens the roster and reads its header.
pub(super) fn open<P>(settings: &Settings<P>) -> Result<Opened, Error> {
    let source: Box<dyn io::Read> = match &settings.roster {
        Source::StandardInput => Box::new(io::stdin().lock()),
        Source::File(path) => open_file(path)?,
    };
    Ok(Reader::open(source, &name(&settings.roster), &settings.dialect)?)
}

fn open_file(path: &Path) -> Result<Box<dyn io::Read>, Error> {
    let missing = |source| Error::RosterMissing { path: path.to_owned(), source };
    let file = File::open(path).map_err(missing)?;
    if file.metadata().map_err(missing)?.is_dir() {
        return Err(missing(io::ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(file))
}

pub(super) fn name(source: &Source) -> String {
    match source {
        Source::StandardInput => "standard input".to_owned(),
        Source::File(path) => path.display().to_string(),
    }
}
