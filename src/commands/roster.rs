//! The roster's way into the journal, and the proof on resuming that it is still the same roster.

use std::{fs::File, io, path::Path};

use crate::{
    error::Error,
    journal::{
        load::{Loading, Taken},
        store::Journal,
    },
    model::{ids::RunId, shard::Shard},
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
    /// The part that the run asks about; none: all of it.
    pub(super) shard: Option<String>,
    pub(super) input_rows: u64,
    pub(super) unique: u64,
    pub(super) duplicates: u64,
    pub(super) blanks: u64,
    pub(super) rejects: u64,
    pub(super) other_shards: u64,
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
    let shard = settings.part.as_ref().map(|part| part.shard);
    if let Some(noted) = noted(journal)? {
        check_same_shard(run, &noted, shard)?;
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
        let counts = load(loading, &mut reader, shard)?;
        let end = reader.finish()?;
        check_usable(&name, &end)?;
        let loaded = facts.insert(RosterFacts::new(name, columns, shard, counts, &end));
        let text = serde_json::to_string(loaded).unwrap_or_default();
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

fn check_same_shard(run: &RunId, noted: &RosterFacts, shard: Option<Shard>) -> Result<(), Error> {
    let name = |shard: Option<String>| shard.unwrap_or_else(|| "none".to_owned());
    let (then, now) = (name(noted.shard.clone()), name(shard.map(|shard| shard.to_string())));
    if then == now {
        return Ok(());
    }
    Err(Error::Differs { run: run.clone(), what: "--shard", then, now })
}

/// What the journal knows of its roster.
pub(super) fn noted(journal: &Journal) -> Result<Option<RosterFacts>, Error> {
    let text = journal.fact("roster")?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|_| journal.corrupt("`roster` cannot be understood"))
    };
    Ok(text.map(read).transpose()?)
}

/// Whether a shard asks about the user of this line, or counts it if it names nobody; without shards every line is ours.
pub(super) fn owns(shard: Option<Shard>, line: &Line) -> bool {
    shard.is_none_or(|shard| match line {
        Line::Entry { user_id, .. } => shard.owns(user_id),
        Line::Blank { .. } | Line::Reject { .. } => shard.owns_nameless_lines(),
    })
}

/// Hands every line of the shard to the journal, and counts where each line went.
fn load<R: io::Read>(
    loading: &mut Loading<'_>,
    reader: &mut Reader<R>,
    shard: Option<Shard>,
) -> Result<RosterCounts, Error> {
    let mut counts = RosterCounts::default();
    for line in reader {
        match line? {
            line if !owns(shard, &line) => counts.other_shards += 1,
            Line::Entry { line, user_id, extra } => match loading.user(line, &user_id, &extra)? {
                Taken::New => counts.unique += 1,
                Taken::Duplicate => counts.duplicates += 1,
            },
            Line::Reject { line, reason, detail } => {
                loading.reject(line, reason.as_str(), &detail)?;
                counts.rejects += 1;
            }
            Line::Blank { .. } => counts.blanks += 1,
        }
    }
    Ok(counts)
}

/// Refuses what is no roster: a report about nobody would look like one about everybody, and a file of another kind is not
/// to be sent to the partner line by line. Each shard looks at the whole; its own part may be empty.
fn check_usable(source: &str, whole: &RosterEnd) -> Result<(), Error> {
    let roster = source.to_owned();
    if whole.rejects > whole.entries {
        let (rejects, rows) = (whole.rejects, whole.input_rows);
        return Err(Error::RosterMostlyRejected { roster, rejects, rows });
    }
    if whole.entries == 0 { Err(Error::RosterEmpty { roster }) } else { Ok(()) }
}

impl RosterFacts {
    pub(super) fn new(
        source: String,
        columns: Vec<String>,
        shard: Option<Shard>,
        counts: RosterCounts,
        whole: &RosterEnd,
    ) -> Self {
        Self {
            source,
            sha256: whole.sha256.to_string(),
            columns,
            shard: shard.map(|shard| shard.to_string()),
            input_rows: whole.input_rows,
            unique: counts.unique,
            duplicates: counts.duplicates,
            blanks: counts.blanks,
            rejects: counts.rejects,
            other_shards: counts.other_shards,
        }
    }

    pub(super) fn counts(&self) -> RosterCounts {
        RosterCounts {
            input_rows: self.input_rows,
            unique: self.unique,
            duplicates: self.duplicates,
            blanks: self.blanks,
            rejects: self.rejects,
            other_shards: self.other_shards,
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
