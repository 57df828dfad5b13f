//! Tests of the promise that nothing is lost: every leaf of every document ends in a cell, in a child row or in `unmapped`.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use super::{
    flattened::{Flattened, TABLES},
    mutation::{edited, edits, full_document, raw_tree},
};
use crate::kyc::{
    catalogue::{self, Kind, Origin, Table},
    json, times, values,
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// The leaves that arrived, and all text that arrived.
fn arrived(flat: &Flattened) -> (usize, String) {
    let mut texts = String::new();
    let leaves = TABLES.map(|name| {
        let table = catalogue::table(name).expect("a table");
        (0..flat.height(name)).map(|row| leaves_of_row(table, flat, row, &mut texts)).sum::<usize>()
    });
    (leaves.iter().sum(), texts)
}

fn leaves_of_row(table: &Table, flat: &Flattened, row: usize, texts: &mut String) -> usize {
    let mut leaves = 0;
    for column in &table.columns {
        let own = flat.cell(table.name, row, &column.name);
        texts.extend(own.as_deref().map(|text| format!("{text}\n")));
        leaves += match &column.origin {
            Origin::Json(_) => own.map_or(0, |json| leaves_of_json(&json)),
            _ if column.name == "unmapped" => own.map_or(0, |json| leaves_of_json(&json)),
            Origin::Document(_) => {
                let raw = table.column(&format!("{}_raw", column.name));
                let raw = raw.and_then(|raw| flat.cell(table.name, row, &raw.name));
                usize::from(own.or(raw).is_some())
            }
            Origin::Raw(_) | Origin::Derived | Origin::Run => 0,
        };
    }
    leaves
}

fn leaves_of_json(json: &str) -> usize {
    raw_tree(json::parse(json).expect("JSON text").value()).leaves().len()
}

#[test]
fn the_full_document_leaves_nothing_unmapped() {
    let flat = Flattened::from(full_document().to_string());
    assert_eq!(arrived(&flat).0, full_document().leaves().len());
    for table in TABLES {
        let unmapped = (0..flat.height(table)).filter_map(|row| flat.cell(table, row, "unmapped"));
        assert_eq!(unmapped.count(), 0, "{table}");
    }
    assert_eq!(TABLES.map(|table| flat.height(table)), [1, 2, 1, 12, 6]);
    assert_eq!(flat.drift(), Vec::<String>::new());
}

/// Whether a leaf can be found in the text that arrived; what may have become a number or a boolean by its value.
fn is_in(texts: &str, leaf: &str) -> bool {
    let (text, _) = if leaf.starts_with('"') { json::unquote(leaf) } else { (leaf.into(), true) };
    let (number, boolean) = (values::float(&text), values::boolean(&text));
    let is_it = |cell: &str| {
        let is_number = number.is_some() && values::float(cell) == number;
        is_number || (boolean.is_some() && values::boolean(cell) == boolean)
    };
    texts.contains(text.as_ref()) || texts.contains(leaf) || texts.lines().any(is_it)
}

/// The typed cells that are not what their text reads as.
fn mistyped(flat: &Flattened) -> Vec<String> {
    let tables = TABLES.map(|name| catalogue::table(name).expect("a table"));
    let columns = tables.iter().flat_map(|table| table.columns.iter().map(move |c| (table, c)));
    let dates = columns.filter(|(table, column)| {
        column.kind == Kind::Date && table.column(&format!("{}_raw", column.name)).is_some()
    });
    let cells = dates.flat_map(|(table, column)| {
        let typed = flat.column(table.name, &column.name);
        let raw = flat.column(table.name, &format!("{}_raw", column.name));
        typed.into_iter().zip(raw)
    });
    let is_wrong = |(typed, raw): &(String, String)| {
        *typed != times::date(raw).map_or_else(|| "-".to_owned(), |date| date.to_string())
    };
    cells.filter(is_wrong).map(|(typed, raw)| format!("{typed} of {raw}")).collect()
}

/// Envelopes with `@` in place of the document, and what else is in them that may not be lost.
const ENVELOPES: [(&str, &[&str]); 4] = [
    ("@", &[]),
    (r#"{"success":true,"data":@}"#, &[]),
    (
        r#"{"status":"PENDING","message":"still running","data":@}"#,
        &[r#""PENDING""#, r#""still running""#],
    ),
    (
        r#"{"warnings":["hold",7],"data":@,"Data":{"second":"one"}}"#,
        &[r#""hold""#, "7", r#""one""#],
    ),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_leaf_is_lost_whatever_the_partner_changes(edits in edits(), envelope in 0..ENVELOPES.len()) {
        let document = edited(&edits);
        let (envelope, beside) = ENVELOPES[envelope];
        let body = envelope.replace('@', &document.to_string());
        let flat = Flattened::from(body.clone());
        let (leaves, texts) = arrived(&flat);
        let sent: Vec<_> = document.leaves().into_iter().chain(beside.iter().copied()).collect();
        prop_assert_eq!(leaves, sent.len(), "{}", body);
        for leaf in sent {
            prop_assert!(is_in(&texts, leaf), "{leaf} of {body}");
        }
        prop_assert_eq!(mistyped(&flat), Vec::<String>::new(), "{}", body);
    }

    #[test]
    fn no_body_is_ever_a_crash(cut in any::<Index>(), noise in vec(any::<u8>(), 0..40)) {
        let mut body = full_document().to_string().into_bytes();
        let at = cut.index(body.len());
        body.splice(at..(at + noise.len() / 2).min(body.len()), noise.iter().copied());
        prop_assert_eq!(Flattened::from(&body).height("users"), 1);
        body.truncate(at);
        prop_assert_eq!(Flattened::from(&body).height("users"), 1);
        prop_assert_eq!(Flattened::from(&noise).height("users"), 1);
    }
}
