//! `ledger.jsonl`: which runs of a reports directory were published and pruned. A hash chain: each line holds the SHA-256 of
//! the line before it, so none can be altered, taken out or put between unnoticed. Who keeps the SHA-256 of the last line
//! elsewhere would also notice if lines were cut off at the end.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    disk::{self, appending},
    model::digest::Digest,
    report::error::ReportError,
};

/// Its name in the reports directory.
pub const NAME: &str = "ledger.jsonl";

/// Raised when a reader of older ledgers would misread a newer line.
const VERSION: u32 = 1;

/// What happened to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Happening {
    Published,
    /// It stood there, published, without a line: of an older version, restored, put there by somebody, or of a run that was
    /// killed in the last instant.
    Found,
    Pruned,
}

/// What a line says of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub event: Happening,
    pub run_id: String,
    /// SHA-256 of its manifest, and by that of all its files.
    pub manifest_sha256: String,
    /// When the line was written: UTC, RFC 3339.
    pub at: String,
    /// The user of the system who did it.
    pub operator: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub ledger_version: u32,
    /// From 1.
    pub number: u64,
    #[serde(flatten)]
    pub entry: Entry,
    /// SHA-256 of the line before, its end included; of nothing before the first line.
    pub previous_sha256: String,
}

/// A ledger as it was read.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    lines: Vec<Vec<u8>>,
    /// Whether a kill left a piece of a line at the end. It was never waited for, and goes with the next line.
    pub is_torn: bool,
}

impl Ledger {
    /// Reads the ledger of a reports directory; none is an empty one.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(reports: &Path) -> Result<Self, ReportError> {
        let path = reports.join(NAME);
        let appending::Lines { whole: lines, torn } = appending::lines(&path)?;
        Ok(Self { path, lines, is_torn: torn > 0 })
    }

    /// How many lines it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// SHA-256 of the last line, which stands for all of them.
    #[must_use]
    pub fn head(&self) -> Digest {
        Digest::of(self.lines.last().map_or(&[], Vec::as_slice))
    }

    /// What it says last of each run, as far as its lines can be understood.
    #[must_use]
    pub fn last_words(&self) -> BTreeMap<String, Entry> {
        let lines = self.lines.iter().filter_map(|line| parse(line));
        lines.map(|line| (line.entry.run_id.clone(), line.entry)).collect()
    }

    /// The first line that is not as it was written: its number, and what is wrong with it.
    #[must_use]
    pub fn first_flaw(&self) -> Option<(usize, &'static str)> {
        let mut previous = Digest::of(&[]);
        for (number, bytes) in (1..).zip(&self.lines) {
            let Some(line) = parse(bytes) else {
                return Some((number, "is no line of a ledger"));
            };
            if line.number != number as u64 {
                return Some((number, "has another number"));
            }
            if line.previous_sha256 != previous.to_string() {
                return Some((number, "holds another SHA-256 than that of the line before it"));
            }
            previous = Digest::of(bytes);
        }
        None
    }

    /// Writes one line, which is on the disk when this comes back. To be done under the lock of the reports directory.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub fn append(&mut self, entry: Entry) -> Result<(), ReportError> {
        let line = Line {
            ledger_version: VERSION,
            number: self.lines.len() as u64 + 1,
            entry,
            previous_sha256: self.head().to_string(),
        };
        let json = serde_json::to_vec(&line);
        let mut bytes =
            json.map_err(|source| ReportError::Json { path: self.path.clone(), source })?;
        bytes.push(b'\n');
        let whole: usize = self.lines.iter().map(Vec::len).sum();
        appending::append(&self.path, whole as u64, &bytes)?;
        self.is_torn = false;
        self.lines.push(bytes);
        Ok(())
    }
}

/// A line, if it is one of this version.
fn parse(bytes: &[u8]) -> Option<Line> {
    let line: Line = serde_json::from_slice(bytes).ok()?;
    (line.ledger_version == VERSION).then_some(line)
}

/// The digest by which a ledger knows a published run, if there is one in this directory.
#[must_use]
pub fn seal(run: &Path) -> Option<String> {
    disk::sha256_file(&run.join(super::manifest::NAME)).ok().map(|sha256| sha256.to_string())
}

#[cfg(test)]
mod tests {
    use std::{error::Error, fs};

    use super::*;

    fn entry(event: Happening, run_id: &str) -> Entry {
        Entry {
            event,
            run_id: run_id.to_owned(),
            manifest_sha256: Digest::of(run_id.as_bytes()).to_string(),
            at: "1970-01-01T00:00:00.000000Z".to_owned(),
            operator: "nobody".to_owned(),
        }
    }

    fn written(reports: &Path) -> Result<String, Box<dyn Error>> {
        let mut ledger = Ledger::read(reports)?;
        for run in ["one", "two", "three"] {
            ledger.append(entry(Happening::Published, run))?;
        }
        ledger.append(entry(Happening::Pruned, "one"))?;
        Ok(fs::read_to_string(reports.join(NAME))?)
    }

    #[test]
    fn a_ledger_is_read_as_it_was_written() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let text = written(place.path())?;
        assert!(
            text.starts_with(
                r#"{"ledger_version":1,"number":1,"event":"published","run_id":"one""#
            )
        );
        let ledger = Ledger::read(place.path())?;
        assert_eq!((ledger.len(), ledger.first_flaw(), ledger.is_torn), (4, None, false));
        let last = ledger.last_words();
        assert_eq!(last["one"].event, Happening::Pruned);
        assert_eq!(last["two"].event, Happening::Published);
        Ok(())
    }

    #[test]
    fn the_first_line_that_was_altered_is_found() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let text = written(place.path())?;
        let lines: Vec<_> = text.lines().collect();
        let joined = |lines: &[&str]| lines.join("\n") + "\n";
        for (spoiled, wanted) in [
            (text.replacen("nobody", "nobodi", 1), 2),
            (text.replacen("\"two\"", "\"tw0\"", 1), 3),
            (joined(&[lines[0], lines[2], lines[3]]), 2),
            (joined(&[lines[0], lines[0], lines[1]]), 2),
            (joined(&[lines[1], lines[2], lines[3]]), 1),
            (joined(&[lines[0], "", lines[1]]), 2),
            (text.replacen("\"ledger_version\":1", "\"ledger_version\":9", 1), 1),
        ] {
            fs::write(place.path().join(NAME), &spoiled)?;
            let found = Ledger::read(place.path())?.first_flaw().map(|(number, _)| number);
            assert_eq!(found, Some(wanted), "{spoiled}");
        }
        Ok(())
    }

    #[test]
    fn after_a_torn_line_the_chain_goes_on() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let text = written(place.path())?;
        fs::write(place.path().join(NAME), &text[..text.len() - 20])?;
        let mut ledger = Ledger::read(place.path())?;
        assert!(ledger.is_torn && ledger.first_flaw().is_none() && ledger.len() == 3);
        ledger.append(entry(Happening::Pruned, "one"))?;
        assert_eq!(fs::read_to_string(place.path().join(NAME))?, text);
        Ok(())
    }
}
