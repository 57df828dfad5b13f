//! Tests of the promise that nothing is lost: every leaf of every document ends in a cell, in a child row or in `unmapped`.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use super::{
    flattened::{Flattened, TABLES},
    mutation::{edited, edits, full_document, raw_tree},
};
use crate::kyc::{
    catalogue::{self, Origin, Table},
    json, values,
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
    raw_tree(json::parse(json).expect("JSON text")).leaves().len()
}

#[test]
fn the_full_document_leaves_nothing_unmapped() {
    let flat = Flattened::from(full_document().to_string());
    assert_eq!(arrived(&flat).0, full_document().leaves().len());
    for table in TABLES {
        let unmapped = (0..flat.height(table)).filter_map(|row| flat.cell(table, row, "unmapped"));
        assert_eq!(unmapped.count(), 0, "{table}");
    }
    assert_eq!(TABLES.map(|table| flat.height(table)), [1, 2, 1, 10, 5]);
    assert_eq!(flat.drift(), Vec::<String>::new());
}

/// Whether a leaf can be found in the text that arrived; what may have become a number or a boolean is only counted.
fn is_in(texts: &str, leaf: &str) -> bool {
    let (text, _) = if leaf.starts_with('"') { json::unquote(leaf) } else { (leaf.into(), true) };
    let is_typed = values::float(&text).is_some() || values::boolean(&text).is_some();
    is_typed || texts.contains(text.as_ref()) || texts.contains(leaf)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_leaf_is_lost_whatever_the_partner_changes(edits in edits(), enveloped in any::<bool>()) {
        let document = edited(&edits);
        let body = if enveloped { format!("{{\"success\":true,\"data\":{document}}}") } else { document.to_string() };
        let (leaves, texts) = arrived(&Flattened::from(body.clone()));
        prop_assert_eq!(leaves, document.leaves().len(), "{}", body);
        for leaf in document.leaves() {
            prop_assert!(is_in(&texts, leaf), "{leaf} of {body}");
        }
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
