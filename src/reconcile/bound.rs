//! Our books on one roster: each belief with its column in the published `users`.

use super::{
    books::{Belief, Books, BooksFlaw},
    identity, normal,
};
use crate::kyc::{
    catalogue::{self, naming},
    country, values,
};
use crate::model::{disagreement::Kind, likeness::nearest};

/// Our books, bound to the columns of one roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoundBooks {
    pub(super) beliefs: Vec<BoundBelief>,
}

/// A belief, and the column of `users` that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BoundBelief {
    belief: Belief,
    roster_column: String,
}

impl Books {
    /// Finds the beliefs among a roster's other columns, given by their headers in order.
    ///
    /// # Errors
    /// When the roster has no column of a name.
    pub fn bind(&self, headers: &[String]) -> Result<BoundBooks, BooksFlaw> {
        let names = naming::roster_names(headers);
        let bind = |belief: &Belief| {
            let at = headers.iter().position(|header| header.trim() == belief.header.trim());
            match at.and_then(|at| names.get(at)) {
                Some(name) => {
                    Ok(BoundBelief { belief: belief.clone(), roster_column: name.clone() })
                }
                None => Err(BooksFlaw::NoSuchHeader {
                    header: belief.header.clone(),
                    nearest: nearest(&belief.header, headers.iter().map(String::as_str)),
                }),
            }
        };
        Ok(BoundBooks { beliefs: self.beliefs.iter().map(bind).collect::<Result<_, _>>()? })
    }
}

impl BoundBooks {
    /// Whether nothing is to be held against our books.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.beliefs.is_empty()
    }

    /// The columns of `users` that hold what the partner says, in the order of the books.
    pub(super) fn users_columns(&self) -> impl Iterator<Item = &str> {
        self.beliefs.iter().map(BoundBelief::column)
    }

    /// The columns of `users` that hold what we say, in the same order.
    pub(super) fn roster_columns(&self) -> impl Iterator<Item = &str> {
        self.beliefs.iter().map(|bound| bound.roster_column.as_str())
    }

    /// Whether a column of `users` is held against our books.
    pub(super) fn covers(&self, column: &str) -> bool {
        self.users_columns().any(|known| known == column)
    }
}

impl BoundBelief {
    pub(super) fn column(&self) -> &str {
        &self.belief.column.name
    }

    /// What a disagreement about this column is.
    pub(super) fn kind(&self) -> Kind {
        match self.column() {
            "verdict" => Kind::BooksVerdict,
            "decision" => Kind::BooksDecision,
            column if identity::is_part(column) => Kind::BooksIdentity,
            _ => Kind::BooksField,
        }
    }

    /// Our word in the partner's terms; none if the word table does not know it.
    pub(super) fn translate(&self, ours: &str) -> Option<String> {
        match &self.belief.words {
            Some(words) => words.get(&normal::text(ours)?).cloned(),
            None => Some(ours.to_owned()),
        }
    }

    /// One spelling for all spellings of a value of this column.
    pub(super) fn spell(&self, value: &str) -> Option<String> {
        let column = self.column();
        let speaks_of = |words: &[&str]| words.iter().any(|word| column.contains(word));
        match self.belief.column.kind {
            catalogue::Kind::Date => normal::date(value),
            catalogue::Kind::Bool => {
                values::boolean(value).map(|yes| yes.to_string()).or_else(|| normal::text(value))
            }
            catalogue::Kind::Int => {
                values::int(value).map(|whole| whole.to_string()).or_else(|| normal::text(value))
            }
            _ if column.ends_with("_alpha2") => {
                country::alpha2(value).map(str::to_owned).or_else(|| normal::text(value))
            }
            _ if identity::is_name(column) => normal::name(value),
            _ if speaks_of(&["number", "tax_id"]) => normal::number(value),
            _ => normal::text(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_country_in_our_books_is_the_same_in_any_spelling() -> Result<(), Box<dyn Error>> {
        let column = "id_info_issue_country_alpha2";
        let books = Books::read(toml::from_str(&format!("country = '{column}'"))?)?;
        let bound = books.bind(&["country".to_owned()])?;
        let spelt = |value| bound.beliefs[0].spell(value);
        let partner = spelt("MX");
        assert!(["Mexico", "mex", " México ", "mx"].into_iter().all(|ours| spelt(ours) == partner));
        assert_ne!(spelt("Peru"), partner);
        assert_ne!(spelt("Atlantis"), partner);
        Ok(())
    }

    #[test]
    fn a_belief_is_found_by_the_header_of_the_roster() -> Result<(), Box<dyn Error>> {
        let books = Books::read(toml::from_str("'Our Status' = { active = 'pass' }")?)?;
        let bound = books.bind(&["x".to_owned(), "Our Status".to_owned()])?;
        assert_eq!(bound.roster_columns().collect::<Vec<_>>(), ["roster_our_status"]);
        assert!(bound.covers("verdict") && !bound.covers("decision"));
        let missing = books.bind(&["our_status".to_owned()]).err().ok_or("found")?;
        assert!(missing.to_string().contains("did you mean `our_status`?"), "{missing}");
        Ok(())
    }
}
