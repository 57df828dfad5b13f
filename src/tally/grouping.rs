//! Verdicts by a column of the roster: one query, written once, for whichever columns the operator names.

use super::statistic::Statistic;

const TEMPLATE: &str = include_str!("verdicts_by_roster.sql");

/// What a query says of a name that is not ASCII. Between double quotes Spark would take it for a string and count
/// everybody under that; without any quote it refuses, which at least is heard.
const FOR_SPARK: &str = "\n-- Spark reads the name of this column only between backticks.\nSELECT";

/// The longest name of a file, in bytes.
const LONGEST_FILE_NAME: usize = 255;

/// A column of `users` by which verdicts are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    column: String,
}

/// Why verdicts cannot be counted by a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAGrouping {
    #[error("SQL engines do not agree on how to write a name with `{0}`")]
    Letter(char),
    #[error("its name is too long for a file")]
    Length,
}

impl Grouping {
    /// Takes a column whose name every engine reads as it stands.
    ///
    /// There is no portable quote: what is a quoted name to one engine is a string to another. So the name must do
    /// without: letters, digits and `_`, and a letter first (the names of roster columns begin with `roster_`). Letters
    /// beyond ASCII are read so by polars and `DuckDB`, not by Spark, and the query says so. Whatever is none of these
    /// could also be the end of the name and the beginning of other SQL.
    ///
    /// # Errors
    /// When the name holds something else, or is too long for the name of a file.
    pub fn by(column: &str) -> Result<Self, NotAGrouping> {
        let is_plain = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
        if let Some(odd) = column.chars().find(|c| !is_plain(*c)) {
            return Err(NotAGrouping::Letter(odd));
        }
        let grouping = Self { column: column.to_owned() };
        if grouping.statistic().name.len() + ".sql".len() > LONGEST_FILE_NAME {
            return Err(NotAGrouping::Length);
        }
        Ok(grouping)
    }

    /// The column of `users`.
    #[must_use]
    pub fn column(&self) -> &str {
        &self.column
    }

    pub(super) fn statistic(&self) -> Statistic {
        let column = &self.column;
        let sql = TEMPLATE.replace("{column}", column);
        let sql = if column.is_ascii() { sql } else { sql.replacen("\nSELECT", FOR_SPARK, 1) };
        Statistic { name: format!("verdicts_by_{column}").into(), sql: sql.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_any_script_becomes_a_statistic_of_its_own() {
        for column in ["roster_our_status", "roster_país", "roster_国家_2"] {
            let statistic = Grouping::by(column).map(|grouping| grouping.statistic());
            let statistic = statistic.as_ref();
            assert_eq!(statistic.map(|s| &*s.name), Ok(&*format!("verdicts_by_{column}")));
            assert!(statistic.is_ok_and(|s| s.question().contains(column)));
            assert!(statistic.is_ok_and(|s| !s.sql.contains(['{', '}'])));
            assert!(statistic.is_ok_and(|s| s.sql.contains("Spark") != column.is_ascii()));
        }
    }

    #[test]
    fn a_name_that_could_be_more_than_a_name_is_refused() {
        for (column, odd) in [
            ("roster_a b", ' '),
            ("roster_a\"b", '"'),
            ("roster_a`b", '`'),
            ("roster_a;--", ';'),
            ("roster_m²", '²'),
            ("roster_a\nb", '\n'),
        ] {
            assert_eq!(Grouping::by(column), Err(NotAGrouping::Letter(odd)));
        }
        assert_eq!(Grouping::by(&"n".repeat(300)), Err(NotAGrouping::Length));
    }
}
