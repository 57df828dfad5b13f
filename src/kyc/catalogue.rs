//! The catalogue: every table and column we publish, declared once.
//!
//! Flattening, the dictionary, the data package and the drift detector all read it. A new field of the partner is one
//! new entry in `users` or `children`: its name, its place in the walk and its `_raw` companion follow.

pub mod naming;
pub mod keys;
mod source;
mod sections;
mod users;
mod children;
mod ledgers;
#[cfg(test)]
mod documented;

use std::sync::LazyLock;

use super::country;

/// The version of this catalogue, for files that are read long after. It rises when a column changes its name, its type
/// or its meaning, or is gone; a column more does not change it.
pub const VERSION: u32 = 1;

/// The type of a column; the same every night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    Int,
    Float,
    Bool,
    /// A calendar date without a time zone.
    Date,
    /// An instant in UTC, in microseconds.
    Timestamp,
}

/// How much care a column asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Privacy {
    /// Says nothing about a person by itself.
    None,
    /// An identifier that names a person only to those who hold the key to it.
    Pseudonym,
    /// Names, dates, numbers and addresses of a person, or free text that may hold them.
    Personal,
    /// Biometrics, or suspicion of a crime.
    Sensitive,
    /// Opens a door: a media address that may be signed, or text that may hold one.
    Secret,
}

impl Privacy {
    /// Whether a value of this class may be shown outside its own column, as in a sample of drift.
    #[must_use]
    pub const fn is_showable(self) -> bool {
        matches!(self, Self::None | Self::Pseudonym)
    }
}

/// Where the value of a column comes from. Pointers are JSON pointers from the place a row stands for (see [`Table::rows`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A scalar of the document, read into the column's type.
    Document(String),
    /// Whatever stands there in the document, kept as compact JSON text.
    Json(String),
    /// The text of a scalar whose typing may lose something.
    Raw(String),
    /// Computed from the document.
    Derived,
    /// Known to the run: the roster, the journal, the policy.
    Run,
}

impl Origin {
    /// The JSON pointer behind the column, if the document holds its value.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Document(pointer) | Self::Json(pointer) | Self::Raw(pointer) => Some(pointer),
            Self::Derived | Self::Run => None,
        }
    }
}

/// One column of a published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The JSON path in `snake_case`, or a name of its own if the value is derived or the run's.
    pub name: String,
    pub kind: Kind,
    pub privacy: Privacy,
    pub origin: Origin,
    /// One sentence for the dictionary.
    pub meaning: &'static str,
    /// Who says that there is such a thing, or what it rests on: a document, the API notes, one of our own inputs.
    pub source: &'static str,
    /// The words the column may hold. Closed for our own columns; for a word of the partner those known so far. Empty: any.
    pub words: Vec<&'static str>,
}

/// One published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    /// One sentence: what a row stands for.
    pub meaning: &'static str,
    /// The places in the document whose elements are rows, `*` standing for an index: `""` for the document itself,
    /// an array for a child table; empty for a table that is not flattened from documents.
    pub rows: Vec<String>,
    pub columns: Vec<Column>,
}

impl Table {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The sections of the document that carry a result, warnings and reasons, by JSON pointer.
pub const SECTIONS: [&str; 6] = [
    "/idInfo",
    "/faceMatchInfo",
    "/faceLivenessInfo",
    "/fraudInsights",
    "/fraudInsights/relatedSessionInsights",
    AML,
];

/// The section of the AML screening, whose word alone does not decide its check.
pub const AML: &str = "/amlInfo";

/// Every published table, in order of publication; `users` without the roster's own columns.
#[must_use]
pub fn tables() -> &'static [Table] {
    static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
        let mut tables = vec![users::table()];
        tables.extend(children::tables());
        tables.extend(ledgers::tables());
        tables
    });
    &TABLES
}

/// The table of this name, if there is one.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    tables().iter().find(|table| table.name == name)
}

/// The `users` table with the roster's other columns behind its own, each as `roster_<name>`.
#[must_use]
pub fn users_table(roster_columns: &[String]) -> Table {
    let mut table = users::table();
    for name in naming::roster_names(roster_columns) {
        table.columns.push(run(
            &name,
            Kind::Text,
            Privacy::Personal,
            "Value of the roster's column of this name.",
            source::ROSTER,
        ));
    }
    table
}

/// A scalar of the document at `pointer`; a date or time gets its `_raw` companion from [`with_raw_texts`].
fn sent(pointer: &str, kind: Kind, privacy: Privacy, meaning: &'static str) -> Column {
    Column {
        name: naming::from_pointer(pointer),
        kind,
        privacy,
        origin: Origin::Document(pointer.to_owned()),
        meaning,
        source: source::CAPA,
        words: Vec::new(),
    }
}

/// A part of the document at `pointer` that is kept as JSON text.
fn json(pointer: &str, privacy: Privacy, meaning: &'static str) -> Column {
    let origin = Origin::Json(pointer.to_owned());
    Column { origin, ..sent(pointer, Kind::Text, privacy, meaning) }
}

fn derived(
    name: &str,
    kind: Kind,
    privacy: Privacy,
    meaning: &'static str,
    source: &'static str,
) -> Column {
    Column { origin: Origin::Derived, ..run(name, kind, privacy, meaning, source) }
}

fn run(
    name: &str,
    kind: Kind,
    privacy: Privacy,
    meaning: &'static str,
    source: &'static str,
) -> Column {
    let (name, origin, words) = (name.to_owned(), Origin::Run, Vec::new());
    Column { name, kind, privacy, origin, meaning, source, words }
}

impl Column {
    /// The only words the column can hold; empty where any may come, as in whatever the partner words.
    #[must_use]
    pub fn closed_words(&self) -> &[&'static str] {
        match self.origin {
            // Not in `words`: two hundred codes in the dictionary would say less than the name of their standard.
            Origin::Derived if self.is_country() => country::codes(),
            Origin::Derived | Origin::Run => &self.words,
            Origin::Document(_) | Origin::Json(_) | Origin::Raw(_) => &[],
        }
    }

    /// Whether the column holds countries as ISO 3166-1 alpha-2.
    #[must_use]
    pub fn is_country(&self) -> bool {
        self.origin == Origin::Derived && self.name.ends_with("_alpha2")
    }

    fn of_words(mut self, words: impl IntoIterator<Item = &'static str>) -> Self {
        for word in words {
            if !self.words.contains(&word) {
                self.words.push(word);
            }
        }
        self
    }

    fn of_source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }
}

/// Sets the text of every date and time of the document beside it: typing them may lose something.
fn with_raw_texts(columns: Vec<Column>) -> Vec<Column> {
    columns
        .into_iter()
        .flat_map(|column| {
            let raw = raw_text_of(&column);
            std::iter::once(column).chain(raw)
        })
        .collect()
}

fn raw_text_of(typed: &Column) -> Option<Column> {
    let (Origin::Document(pointer), Kind::Date | Kind::Timestamp) = (&typed.origin, typed.kind)
    else {
        return None;
    };
    Some(Column {
        name: format!("{}_raw", typed.name),
        kind: Kind::Text,
        origin: Origin::Raw(pointer.clone()),
        meaning: "Text of the column before it, as sent.",
        words: Vec::new(),
        ..typed.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_starts_with_the_run_and_no_name_occurs_twice() {
        for table in tables() {
            assert!(table.columns.first().is_some_and(|c| c.name == "run_id"), "{}", table.name);
            let names: BTreeSet<_> = table.columns.iter().map(|column| &column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
        let names: BTreeSet<_> = tables().iter().map(|table| table.name).collect();
        assert_eq!(names.len(), tables().len());
    }

    #[test]
    fn every_column_has_a_meaning_of_one_sentence() {
        for column in tables().iter().flat_map(|table| &table.columns) {
            assert!(column.meaning.ends_with('.'), "{}: {}", column.name, column.meaning);
            assert!(!column.source.is_empty() && !column.source.contains('|'), "{}", column.name);
        }
    }

    #[test]
    fn a_list_of_words_names_each_word_once() {
        for column in tables().iter().flat_map(|table| &table.columns) {
            let words: BTreeSet<_> = column.words.iter().collect();
            assert_eq!(words.len(), column.words.len(), "{}", column.name);
        }
    }

    #[test]
    fn the_roster_s_columns_come_last_and_never_clash() {
        let headers = ["Our Status", "our_status", "país"].map(str::to_owned);
        let table = users_table(&headers);
        let last: Vec<_> =
            table.columns.iter().rev().take(4).rev().map(|c| c.name.as_str()).collect();
        assert_eq!(last, ["unmapped", "roster_our_status", "roster_our_status_2", "roster_país"]);
    }

    #[test]
    fn every_time_of_the_document_has_its_text_beside_it() {
        for table in tables() {
            for (at, typed) in table.columns.iter().enumerate() {
                if let Some(raw) = raw_text_of(typed) {
                    assert_eq!(table.columns.get(at + 1), Some(&raw), "{}", typed.name);
                }
            }
        }
    }
}
