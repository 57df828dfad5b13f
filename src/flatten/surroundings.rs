//! What stands around a document in its envelope: kept in `unmapped` like anything else that has no place.

use super::{
    drift::{Sighting, Surprise},
    plan::Plan,
    pointer,
    sheet::{At, Record, Sheet, USERS},
};
use crate::kyc::{envelope::Document, surroundings::Standing};

/// Before the pointer of something that stands outside the document, which no JSON pointer into it can name.
const OUTSIDE: &str = "envelope:";

/// Keeps what is around the document, says whether it contests it, and returns what nobody expected there.
pub(super) fn keep<'p, 'd>(
    plan: &Plan,
    document: &'d Document<'_>,
    sheet: &mut Sheet<'d>,
) -> Vec<Sighting<'p>> {
    let row = sheet.row(At::USER);
    for beside in &document.around {
        let pointer = format!("{OUTSIDE}{}", pointer::written([beside.key.as_str()].into_iter()));
        row.unmapped.keep(pointer, beside.json.as_str());
    }
    Record { plan: &plan.tables[USERS], row }.set("envelope_contested", document.is_contested);
    let sighted = document.around.iter().map(|beside| {
        let surprise = match beside.standing {
            Standing::Contesting => Surprise::Contradiction,
            Standing::Unknown => Surprise::UnknownField,
        };
        let pointer = format!("{OUTSIDE}{}", pointer::shown([beside.key.as_str()].into_iter()));
        Sighting::new(surprise, "users", None, &pointer, Some(beside.shape.as_str()))
    });
    sighted.collect()
}
