//! The exports of the settings: what can be checked before the roster is known.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    entry::{ColumnEntry, Entry, FileFormat, Showing},
    flaw::{ExportFlaw, Flaw},
};
use crate::{model::ids::RunId, report::environment::Environment};

/// Every `[export.NAME]`, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exports {
    profiles: Vec<Profile>,
    text: String,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub(super) name: String,
    pub(super) entry: Entry,
}

impl Exports {
    /// Checks the entries of the settings file.
    ///
    /// # Errors
    /// The first entry that cannot be obeyed, whatever the roster.
    pub fn read(entries: BTreeMap<String, Entry>) -> Result<Self, ExportFlaw> {
        // Texts, lists of texts and tables of texts: there is nothing in it that TOML could not write.
        let text = toml::to_string(&entries).unwrap_or_default();
        let checked = |(name, entry): (String, Entry)| match check(&name, &entry) {
            Ok(()) => Ok(Profile { name, entry }),
            Err(flaw) => Err(ExportFlaw { name, flaw }),
        };
        Ok(Self { profiles: entries.into_iter().map(checked).collect::<Result<_, _>>()?, text })
    }

    /// The entries as TOML, each in one spelling: what a certificate states of them.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the entries that [`Self::text`] wrote; none if the text is of somebody else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(toml::from_str(text).ok()?).ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter()
    }

    /// The first export that shows pseudonyms, and so needs their key.
    #[must_use]
    pub fn first_with_pseudonyms(&self) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.has_pseudonyms())
    }
}

impl Profile {
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which users, as SQL; none: everybody.
    #[must_use]
    pub fn rows(&self) -> Option<&str> {
        self.entry.rows.as_deref()
    }

    /// Whether it asks for pseudonyms anywhere.
    #[must_use]
    pub fn has_pseudonyms(&self) -> bool {
        let own = self.entry.columns.iter().filter_map(ColumnEntry::privacy);
        own.chain(self.entry.privacy).any(|showing| showing == Showing::Pseudonym)
    }

    /// Name of the file in a run, by the UTC day of its start. That of invented people says so, whatever its name.
    #[must_use]
    pub fn file(&self, run_id: &RunId, started_at: Timestamp, environment: Environment) -> String {
        let mark = match environment {
            Environment::Sandbox => "SANDBOX-",
            Environment::Live => "",
        };
        mark.to_owned() + &self.named(run_id, started_at)
    }

    fn named(&self, run_id: &RunId, started_at: Timestamp) -> String {
        let date = started_at.to_zoned(TimeZone::UTC).date();
        let usual = || format!("{{name}}-{{date}}.{}", self.entry.format.extension());
        self.entry
            .file
            .clone()
            .unwrap_or_else(usual)
            .replace("{date}", &date.to_string())
            .replace("{yyyymmdd}", &date.strftime("%Y%m%d").to_string())
            .replace("{name}", &self.name)
            .replace("{run_id}", run_id.as_str())
    }
}

fn check(name: &str, entry: &Entry) -> Result<(), Flaw> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
        return Err(Flaw::Name);
    }
    check_columns(&entry.columns)?;
    check_file(entry.file.as_deref())?;
    match &entry.csv {
        Some(_) if entry.format == FileFormat::Parquet => Err(Flaw::CsvOfParquet),
        Some(form) => Ok(form.check()?),
        None => Ok(()),
    }
}

fn check_columns(columns: &[ColumnEntry]) -> Result<(), Flaw> {
    if columns.is_empty() {
        return Err(Flaw::NoColumns);
    }
    let mut shown = BTreeSet::new();
    match columns.iter().map(ColumnEntry::shown_as).find(|name| !shown.insert(*name)) {
        Some(twice) => Err(Flaw::Twice { shown_as: twice.to_owned() }),
        None => Ok(()),
    }
}

/// One file, in its own directory: no path, nothing hidden, and not in the place of its dictionary, of which also a run may
/// have the name.
fn check_file(file: Option<&str>) -> Result<(), Flaw> {
    let Some(file) = file else { return Ok(()) };
    let placeholders = ["{date}", "{yyyymmdd}", "{run_id}", "{name}"];
    let bare = placeholders.iter().fold(file.to_owned(), |bare, known| bare.replace(known, "x"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good = bare.starts_with(|c: char| c.is_ascii_alphanumeric())
        && bare.chars().all(plain)
        && Path::new(&bare).extension().is_none_or(|ending| ending != "md");
    if good { Ok(()) } else { Err(Flaw::File { file: file.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn read(text: &str) -> Result<Result<Exports, ExportFlaw>, toml::de::Error> {
        Ok(Exports::read(toml::from_str(text)?))
    }

    fn flaw(text: &str) -> Result<String, Box<dyn Error>> {
        Ok(read(text)?.err().ok_or("no flaw")?.to_string())
    }

    #[test]
    fn exports_can_be_read_again_from_their_own_text() -> Result<(), Box<dyn Error>> {
        let text = r#"
            [a]
            columns = ["user_id", { column = "verdict", as = "RESULT \"x\"" }]
            rows = "verdict = 'fail'"
            order = ["created_at DESC"]
            privacy = "pseudonym"
            [a.csv]
            delimiter = "\t"
            dates = "%d/%m/%Y"
            [b]
            columns = ["verdict"]
            format = "parquet"
        "#;
        let exports = read(text)??;
        assert_eq!(Exports::parse(exports.text()), Some(exports));
        assert_eq!(Exports::parse(""), Some(Exports::default()));
        assert_eq!(Exports::parse("a = 1"), None);
        Ok(())
    }

    #[test]
    fn a_file_is_named_after_its_run() -> Result<(), Box<dyn Error>> {
        let exports = read(
            "a = { columns = ['verdict'] }\n\
             b = { columns = ['verdict'], file = 'KYC_{yyyymmdd}_{run_id}.txt' }\n\
             c = { columns = ['verdict'], format = 'parquet' }",
        )??;
        let (run_id, start) = (RunId::parse("night-1")?, Timestamp::from_second(1_700_000_000)?);
        let names = |environment| -> Vec<_> {
            exports.iter().map(|profile| profile.file(&run_id, start, environment)).collect()
        };
        assert_eq!(
            names(Environment::Live),
            ["a-2023-11-14.csv", "KYC_20231114_night-1.txt", "c-2023-11-14.parquet"]
        );
        assert_eq!(names(Environment::Sandbox)[0], "SANDBOX-a-2023-11-14.csv");
        Ok(())
    }

    #[test]
    fn what_cannot_be_obeyed_is_refused() -> Result<(), Box<dyn Error>> {
        for (text, says) in [
            ("A = { columns = ['verdict'] }", "[export.A]: the name of an export"),
            ("a = { columns = [] }", "no columns"),
            (
                "a = { columns = ['verdict', { column = 'decision', as = 'verdict' }] }",
                "named `verdict`",
            ),
            ("a = { columns = ['verdict'], file = '../x.csv' }", "no name of a file"),
            ("a = { columns = ['verdict'], file = '{day}.csv' }", "{yyyymmdd}"),
            ("a = { columns = ['verdict'], file = 'dictionary.md' }", "no name of a file"),
            ("dictionary = { columns = ['verdict'], file = '{name}.md' }", "no name of a file"),
            ("a = { columns = ['verdict'], format = 'parquet', csv = { bom = true } }", "Parquet"),
            ("a = { columns = ['verdict'], csv = { decimal_mark = ',' } }", "csv: `delimiter` and"),
        ] {
            let told = flaw(text)?;
            assert!(told.contains(says), "{text}: {told}");
        }
        assert!(read("a = { columns = ['verdict'], rowz = 'x' }").is_err());
        Ok(())
    }
}
