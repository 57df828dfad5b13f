//! Our own books: which column of the roster says what we believe of which column of `users`.

use std::collections::BTreeMap;

use super::{books_file::Entry, normal};
use crate::{
    kyc::{
        catalogue::{self, Column, Kind},
        decision::Decision,
    },
    model::{likeness::nearest, verdict::Verdict},
};

/// The `[books]` of the settings, checked against the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    pub(super) beliefs: Vec<Belief>,
    text: String,
}

/// One column of the roster, and what it is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Belief {
    /// The header in the roster.
    pub(super) header: String,
    /// The column of `users`.
    pub(super) column: &'static Column,
    /// Our words, folded, and what each stands for; none where our values are the partner's.
    pub(super) words: Option<BTreeMap<String, String>>,
}

/// Why the `[books]` cannot be obeyed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BooksFlaw {
    #[error("[books] {header}: `users` has no column `{column}`{}", suggested(nearest.as_deref()))]
    UnknownColumn { header: String, column: String, nearest: Option<String> },
    #[error("[books] {header}: the values of `{column}` cannot be held against those of a roster")]
    Uncomparable { header: String, column: String },
    #[error(
        "[books] {header}: `{word}` is neither a verdict nor a decision, or not one of the same kind as the others"
    )]
    NoVerdictOrDecision { header: String, word: String },
    #[error(
        "[books] {header}: these words are verdicts as well as decisions; say which by {{ column = \"decision\", words = {{ … }} }}"
    )]
    VerdictOrDecision { header: String },
    #[error("[books] {header}: `{column}` never is `{word}`")]
    NeverThat { header: String, column: String, word: String },
    #[error("[books] {header}: `{word}` stands in the word table in two spellings")]
    TwoSpellings { header: String, word: String },
    #[error("[books] {header}: `{column}` is held against `{other}` already")]
    Twice { header: String, other: String, column: String },
    #[error("[books] {header}: the roster has no such column{}", suggested(nearest.as_deref()))]
    NoSuchHeader { header: String, nearest: Option<String> },
}

fn suggested(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

impl Books {
    /// Checks the entries of the settings file, each by its roster column.
    ///
    /// # Errors
    /// The first entry that cannot be obeyed.
    pub fn read(entries: BTreeMap<String, Entry>) -> Result<Self, BooksFlaw> {
        // A name and a text, or a table of texts: there is nothing in it that TOML could not write.
        let text = toml::to_string(&entries).unwrap_or_default();
        let mut books = Self { beliefs: Vec::new(), text };
        for (header, entry) in entries {
            let belief = Belief::read(header, entry)?;
            if let Some(other) = books.beliefs.iter().find(|known| known.column == belief.column) {
                return Err(BooksFlaw::Twice {
                    header: belief.header,
                    other: other.header.clone(),
                    column: other.column.name.clone(),
                });
            }
            books.beliefs.push(belief);
        }
        Ok(books)
    }

    /// The entries as TOML, each in one spelling: what a certificate states of the books.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads the entries that [`Self::text`] wrote; none if the text is of somebody else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(toml::from_str(text).ok()?).ok()
    }

    /// Whether nothing is to be held against our books.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.beliefs.is_empty()
    }
}

impl Belief {
    fn read(header: String, entry: Entry) -> Result<Self, BooksFlaw> {
        let (column, words) = match entry {
            Entry::Column(column) => (column, None),
            Entry::Explicit { column, words } => (column, Some(words)),
            Entry::Words(words) => (axis(&header, &words)?.to_owned(), Some(words)),
        };
        let column = comparable(&header, &column)?;
        let words = words.map(|words| fold(&header, column, words)).transpose()?;
        Ok(Self { header, column, words })
    }
}

/// Whether a word table speaks of verdicts or of decisions.
fn axis(header: &str, words: &BTreeMap<String, String>) -> Result<&'static str, BooksFlaw> {
    let is_verdict = |word: &String| Verdict::parse(word).is_some();
    let is_decision = |word: &String| Decision::ALL.iter().any(|known| known.as_str() == word);
    match (words.values().all(is_verdict), words.values().all(is_decision)) {
        (true, false) => Ok("verdict"),
        (false, true) => Ok("decision"),
        (true, true) => Err(BooksFlaw::VerdictOrDecision { header: header.to_owned() }),
        (false, false) => {
            let stranger = words.values().find(|word| !is_verdict(word) && !is_decision(word));
            let word = stranger.or_else(|| words.values().find(|word| !is_verdict(word)));
            let word = word.cloned().unwrap_or_default();
            Err(BooksFlaw::NoVerdictOrDecision { header: header.to_owned(), word })
        }
    }
}

fn comparable(header: &str, column: &str) -> Result<&'static Column, BooksFlaw> {
    let columns = catalogue::table("users").map_or(&[][..], |users| &users.columns);
    let Some(known) = columns.iter().find(|known| known.name == column) else {
        let nearest = nearest(column, columns.iter().map(|column| column.name.as_str()));
        let (header, column) = (header.to_owned(), column.to_owned());
        return Err(BooksFlaw::UnknownColumn { header, column, nearest });
    };
    // A score or an instant is never the same in two records; equal by chance is no agreement.
    if matches!(known.kind, Kind::Float | Kind::Timestamp) {
        let (header, column) = (header.to_owned(), column.to_owned());
        return Err(BooksFlaw::Uncomparable { header, column });
    }
    Ok(known)
}

fn fold(
    header: &str,
    column: &Column,
    words: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, BooksFlaw> {
    let is_closed = ["verdict", "decision"].contains(&column.name.as_str());
    let mut folded = BTreeMap::new();
    for (ours, meant) in words {
        if is_closed && !column.words.contains(&meant.as_str()) {
            let (header, column) = (header.to_owned(), column.name.clone());
            return Err(BooksFlaw::NeverThat { header, column, word: meant });
        }
        if folded.insert(normal::text(&ours).unwrap_or_default(), meant).is_some() {
            return Err(BooksFlaw::TwoSpellings { header: header.to_owned(), word: ours });
        }
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn read(text: &str) -> Result<Result<Books, BooksFlaw>, toml::de::Error> {
        Ok(Books::read(toml::from_str(text)?))
    }

    fn flaw(text: &str) -> Result<String, Box<dyn Error>> {
        Ok(read(text)?.err().ok_or("no flaw")?.to_string())
    }

    #[test]
    fn a_word_table_alone_says_whether_it_means_verdicts_or_decisions() -> Result<(), Box<dyn Error>>
    {
        for (text, column) in [
            ("our_status = { active = 'pass', blocked = 'fail' }", "verdict"),
            ("our_status = { ok = 'approved', look = 'review' }", "decision"),
            ("s = { column = 'decision', words = { look = 'review' } }", "decision"),
            ("land = 'id_info_issue_country_code'", "id_info_issue_country_code"),
        ] {
            let books = read(text)??;
            assert_eq!(books.beliefs[0].column.name, column, "{text}");
        }
        assert!(flaw("s = { look = 'review' }")?.contains("verdicts as well as decisions"));
        assert!(flaw("s = { a = 'pass', b = 'approved' }")?.contains("`approved` is neither"));
        assert!(flaw("s = { a = 'good' }")?.contains("`good` is neither"));
        Ok(())
    }

    #[test]
    fn books_can_be_read_again_from_their_own_text() -> Result<(), Box<dyn Error>> {
        let text = "'Our Status' = { active = 'pass' }\nb = 'id_info_birth_date'\n\
            c = { column = 'decision', words = { 'x y' = 'review' } }";
        let books = read(text)??;
        assert_eq!(Books::parse(books.text()), Some(books));
        assert_eq!(Books::parse(""), Some(Books::default()));
        assert_eq!(Books::parse("a = 1"), None);
        Ok(())
    }

    #[test]
    fn what_cannot_be_obeyed_is_refused_with_a_suggestion() -> Result<(), Box<dyn Error>> {
        assert_eq!(
            flaw("country = 'id_issue_country_code'")?,
            "[books] country: `users` has no column `id_issue_country_code`; \
             did you mean `id_info_issue_country_code`?"
        );
        assert!(flaw("score = 'face_score'")?.contains("cannot be held against"));
        assert!(flaw("a = 'gender'")?.contains("no column `gender`"));
        assert!(flaw("a = 'id_info_gender'\nb = 'id_info_gender'")?.contains("against `a`"));
        assert!(flaw("s = { Active = 'pass', ACTIVE = 'fail' }")?.contains("two spellings"));
        let never = "s = { column = 'verdict', words = { x = 'approved' } }";
        assert!(flaw(never)?.contains("`verdict` never is `approved`"));
        Ok(())
    }
}
