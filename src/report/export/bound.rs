//! A profile, bound to the `users` table of one run: its columns found, and a word about each that is personal.

use super::{
    entry::{Entry, FileFormat, Showing},
    flaw::{ExportFlaw, Flaw},
    form::CsvForm,
    profiles::Profile,
};
use crate::{
    kyc::catalogue::{Column, Privacy, Table},
    model::likeness::nearest,
};

/// An export that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundExport {
    pub(super) profile: Profile,
    pub(super) columns: Vec<BoundColumn>,
    order: Vec<Sorting>,
}

/// A column of the file, and the one of `users` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BoundColumn {
    pub(super) column: Column,
    pub(super) shown_as: String,
    pub(super) showing: Showing,
}

/// A column by which the rows are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    pub column: String,
    pub descending: bool,
}

impl Profile {
    /// Finds the columns in the `users` of a run.
    ///
    /// # Errors
    /// On the first column that is not there, or of whose privacy nothing is said.
    pub fn bind(&self, users: &Table) -> Result<BoundExport, ExportFlaw> {
        self.find(users).map_err(|flaw| ExportFlaw { name: self.name.clone(), flaw })
    }

    fn find(&self, users: &Table) -> Result<BoundExport, Flaw> {
        let Entry { columns, order, privacy, .. } = &self.entry;
        let column = |entry: &super::entry::ColumnEntry| {
            let column = known(users, entry.column())?.clone();
            let showing = showing(&column, entry.privacy(), *privacy)?;
            Ok(BoundColumn { column, shown_as: entry.shown_as().to_owned(), showing })
        };
        Ok(BoundExport {
            profile: self.clone(),
            columns: columns.iter().map(column).collect::<Result<_, Flaw>>()?,
            order: order.iter().map(|text| sorting(users, text)).collect::<Result<_, _>>()?,
        })
    }
}

impl BoundExport {
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The columns of `users` that it shows.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|bound| bound.column.name.as_str())
    }

    /// Whether it shows pseudonyms, which cannot be made without their key.
    #[must_use]
    pub fn has_pseudonyms(&self) -> bool {
        self.columns.iter().any(|bound| bound.showing == Showing::Pseudonym)
    }

    /// By what the rows are ordered; empty: as they come.
    #[must_use]
    pub fn order(&self) -> &[Sorting] {
        &self.order
    }

    /// How a CSV file is written; none for Parquet.
    pub(super) fn csv(&self) -> Option<CsvForm> {
        let Entry { format, csv, .. } = &self.profile.entry;
        (*format == FileFormat::Csv).then(|| csv.clone().unwrap_or_default())
    }
}

fn known<'a>(users: &'a Table, name: &str) -> Result<&'a Column, Flaw> {
    users.column(name).ok_or_else(|| {
        let names = users.columns.iter().map(|column| column.name.as_str());
        Flaw::UnknownColumn { column: name.to_owned(), nearest: nearest(name, names) }
    })
}

/// What is said of the column itself goes before what is said of all. Silence about a person shows nothing.
fn showing(column: &Column, own: Option<Showing>, all: Option<Showing>) -> Result<Showing, Flaw> {
    let of_class = match column.privacy {
        Privacy::None => Some(Showing::AsIs),
        Privacy::Pseudonym => all.or(Some(Showing::AsIs)),
        Privacy::Personal | Privacy::Sensitive | Privacy::Secret => all,
    };
    own.or(of_class).ok_or_else(|| Flaw::Unsaid { column: column.name.clone() })
}

fn sorting(users: &Table, text: &str) -> Result<Sorting, Flaw> {
    let words: Vec<_> = text.split_whitespace().collect();
    let (name, descending) = match words[..] {
        [name] => (name, false),
        [name, way] if way.eq_ignore_ascii_case("asc") => (name, false),
        [name, way] if way.eq_ignore_ascii_case("desc") => (name, true),
        _ => return Err(Flaw::Order { order: text.to_owned() }),
    };
    Ok(Sorting { column: known(users, name)?.name.clone(), descending })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::{kyc::catalogue, report::export::profiles::Exports};

    fn bound(text: &str) -> Result<Result<BoundExport, String>, Box<dyn Error>> {
        let exports = Exports::read(toml::from_str(&format!("[a]\n{text}"))?)?;
        let profile = exports.iter().next().ok_or("no profile")?;
        let users = catalogue::users_table(&["Our Status".to_owned()]);
        Ok(profile.bind(&users).map_err(|flaw| flaw.to_string()))
    }

    #[test]
    fn nothing_about_a_person_is_shown_without_a_word() -> Result<(), Box<dyn Error>> {
        let told = bound("columns = ['user_id', 'id_info_full_name']")?.err().unwrap_or_default();
        assert!(told.contains("[export.a]: `id_info_full_name` is personal"), "{told}");
        let showing = |text: &str| -> Result<Vec<Showing>, Box<dyn Error>> {
            Ok(bound(text)??.columns.iter().map(|column| column.showing).collect())
        };
        let columns = "columns = ['verdict', 'user_id', { column = 'id_info_full_name', privacy = 'masked' }]";
        assert_eq!(showing(columns)?, [Showing::AsIs, Showing::AsIs, Showing::Masked]);
        assert_eq!(
            showing(&format!("{columns}\nprivacy = 'pseudonym'"))?,
            [Showing::AsIs, Showing::Pseudonym, Showing::Masked]
        );
        Ok(())
    }

    #[test]
    fn an_unknown_column_is_refused_with_the_nearest_name() -> Result<(), Box<dyn Error>> {
        for text in ["columns = ['verdct']", "columns = ['verdict']\norder = ['verdct DESC']"] {
            let told = bound(text)?.err().unwrap_or_default();
            assert!(told.contains("did you mean `verdict`?"), "{told}");
        }
        let order = "columns = ['verdict']\norder = ['verdict upwards']";
        assert!(bound(order)?.is_err_and(|told| told.contains("ASC or DESC")));
        Ok(())
    }

    #[test]
    fn the_rosters_own_columns_are_there_too() -> Result<(), Box<dyn Error>> {
        let text = "columns = [{ column = 'roster_our_status', as = 'status', privacy = 'as_is' }]";
        let export = bound(&format!("{text}\norder = ['created_at desc', 'user_id']"))??;
        assert_eq!(export.sources().collect::<Vec<_>>(), ["roster_our_status"]);
        let order: Vec<_> = export.order().iter().map(|sorting| sorting.descending).collect();
        assert_eq!(order, [true, false]);
        Ok(())
    }
}
