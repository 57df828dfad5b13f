//! Where in a document a column's value stands: the way back from a cell to the bytes.
//!
//! Keys are read as the flattening reads them: in any spelling, and of two members under one key the first that holds
//! anything.

use super::{
    catalogue::{Column, Origin, Table, naming},
    json::{self, Shape, Value},
};

/// A value of the document: its JSON pointer with the keys as they were sent, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<'d> {
    pub pointer: String,
    pub text: &'d str,
}

/// Finds the value behind a column of the row that stands at `row` in the document; `""` is the document itself.
#[must_use]
pub fn locate<'d>(document: Value<'d>, row: &str, column: &Column) -> Option<Located<'d>> {
    let pointer = column.origin.pointer()?;
    let takes_empty = matches!(column.origin, Origin::Json(_));
    let mut place = Located { pointer: String::new(), text: document.text() };
    let mut keys = row.split('/').skip(1).chain(pointer.split('/').skip(1)).peekable();
    let mut value = document;
    while let Some(key) = keys.next() {
        let takes_empty = takes_empty && keys.peek().is_none();
        let (sent, found) = step(value, key, takes_empty)?;
        place.pointer = format!("{}/{}", place.pointer, escaped(&sent));
        value = found;
    }
    place.text = value.text();
    Some(place)
}

/// The JSON pointer of a row of a child table, from its section and from its places in the lists, each from 1.
#[must_use]
pub fn row_pointer(table: &Table, section: Option<&str>, places: &[u64]) -> Option<String> {
    let is_of_section = |pointer: &&String| {
        let parent = pointer.rsplit_once('/').map(|(parent, _)| naming::from_pointer(parent));
        section.is_none() || parent.as_deref() == section
    };
    let pattern = table.rows.iter().find(is_of_section)?;
    let mut places = places.iter().map(|place| place.saturating_sub(1));
    let mut pointer = String::new();
    for key in pattern.split('/').skip(1) {
        pointer.push('/');
        match key {
            "*" => pointer.push_str(&places.next()?.to_string()),
            key => pointer.push_str(key),
        }
    }
    Some(format!("{pointer}/{}", places.next()?))
}

/// One step down: into the element of an array, or to the member of an object; with the key as it was sent.
fn step<'d>(value: Value<'d>, key: &str, takes_empty: bool) -> Option<(String, Value<'d>)> {
    if json::shape(value) == Shape::Array {
        let element = json::elements(value)?.nth(key.parse().ok()?);
        return element.map(|element| (key.to_owned(), element));
    }
    let holds_something = |value: Value<'_>| {
        if takes_empty { json::shape(value) != Shape::Null } else { !json::is_empty(value) }
    };
    json::entries(value)?
        .find(|(sent, value)| json::is_same_key(sent, key) && holds_something(*value))
        .map(|(sent, value)| (sent.into_owned(), value))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::kyc::catalogue;

    fn found(document: &str, table: &str, row: &str, column: &str) -> Option<(String, String)> {
        let column = catalogue::table(table)?.column(column)?;
        let document = json::parse(document)?;
        let located = locate(document.value(), row, column)?;
        Some((located.pointer, located.text.to_owned()))
    }

    #[test]
    fn a_cell_is_found_in_any_spelling_and_behind_an_empty_twin() {
        let is = |pointer: &str, text: &str| Some((pointer.to_owned(), text.to_owned()));
        for (document, expected) in [
            (r#"{"idInfo":{"fullName":"Ana"}}"#, is("/idInfo/fullName", "\"Ana\"")),
            (r#"{"id_info":{"FullName":7}}"#, is("/id_info/FullName", "7")),
            (r#"{"idInfo":{},"idInfo":{"fullName":"Ana"}}"#, is("/idInfo/fullName", "\"Ana\"")),
            (r#"{"idInfo":{"fullName":null,"full_name":"B"}}"#, is("/idInfo/full_name", "\"B\"")),
            (r#"{"idInfo":{"fullName":"A","fullName":"B"}}"#, is("/idInfo/fullName", "\"A\"")),
            (r#"{"idInfo":"no object"}"#, None),
            ("{}", None),
        ] {
            assert_eq!(found(document, "users", "", "id_info_full_name"), expected, "{document}");
        }
    }

    #[test]
    fn a_part_kept_as_json_is_found_also_when_it_is_empty() {
        let document = r#"{"amlInfo":{"amlHitSummary":{}}}"#;
        let expected = Some(("/amlInfo/amlHitSummary".to_owned(), "{}".to_owned()));
        assert_eq!(found(document, "users", "", "aml_info_aml_hit_summary"), expected);
    }

    #[test]
    fn a_row_of_a_child_table_is_found_by_its_places() -> Result<(), Box<dyn Error>> {
        let hits = catalogue::table("aml_hits").ok_or("no table")?;
        let row = row_pointer(hits, None, &[2, 1]).ok_or("no row")?;
        assert_eq!(row, "/amlInfo/entityHits/1/amlHits/0");
        let document = r#"{"amlInfo":{"entity_hits":[{},{"aml_hits":[{"hit_type":"PEP"}]}]}}"#;
        let expected = ("/amlInfo/entity_hits/1/aml_hits/0/hit_type", "\"PEP\"");
        let expected = Some((expected.0.to_owned(), expected.1.to_owned()));
        assert_eq!(found(document, "aml_hits", &row, "hit_type"), expected);

        let warnings = catalogue::table("warnings").ok_or("no table")?;
        let row = row_pointer(warnings, Some("fraud_insights"), &[3]);
        assert_eq!(row.as_deref(), Some("/fraudInsights/warnings/2"));
        assert_eq!(row_pointer(warnings, Some("no such section"), &[3]), None);
        Ok(())
    }
}
