//! Whether what found no place in a document holds a decision against the person.

use super::{
    plan::Plan,
    sheet::{Row, Sheet},
    unmapped::Unmapped,
};
use crate::kyc::{json, verdict_words};

/// Whether something unmapped in the user's row, or in that of an AML entity, reads as another decision than an approval.
pub(super) fn is_raised(plan: &Plan, sheet: &Sheet<'_>, user: &Row<'_>) -> bool {
    let entities = plan.number("aml_entities").map_or(&[][..], |table| &sheet.tables[table]);
    std::iter::once(user).chain(entities).any(|row| contests(&row.unmapped))
}

fn contests(unmapped: &Unmapped<'_>) -> bool {
    unmapped.entries().any(|(pointer, json)| {
        let key = pointer.rsplit('/').next().unwrap_or_default();
        json::parse(json).is_some_and(|json| verdict_words::contest(key, json.value()))
    })
}
