//! Countries as ISO alpha-2, beside the codes and names that were sent.

use super::{
    drift::{Sighting, Surprise},
    sheet::Record,
};
use crate::kyc::{catalogue::Origin, country};

/// Column of a country, and the columns that may name it, the best one first.
const COUNTRIES: [(&str, &[&str]); 3] = [
    ("id_info_issue_country_alpha2", &["id_info_issue_country_code", "id_info_issue_country"]),
    ("id_info_nationality_alpha2", &["id_info_nationality_code", "id_info_nationality"]),
    (
        "client_reference_data_personal_info_birth_country_alpha2",
        &["client_reference_data_personal_info_birth_country"],
    ),
];

/// Fills the columns of countries, and returns what could not be read on the way to one.
pub(super) fn read<'p>(user: &mut Record<'p, '_, '_>) -> Vec<Sighting<'p>> {
    let mut sightings = Vec::new();
    for (name, sent) in COUNTRIES {
        if sent.iter().any(|from| is_contested(user, from)) {
            continue;
        }
        let reading = country::read(sent.iter().map(|from| user.cell(from).text()));
        let from = |place: usize| sent.get(place).copied().unwrap_or(name);
        for from in reading.unknown.into_iter().map(from) {
            let text = user.cell(from).text().unwrap_or_default();
            sightings.push(sighting(user, Surprise::NewWord, from, from, text));
        }
        if let Some((place, countries)) = reading.contradiction {
            let both = countries.join("-");
            sightings.push(sighting(user, Surprise::Contradiction, name, from(place), &both));
        }
        user.set(name, reading.country);
    }
    sightings
}

/// Whether what was sent for a column is not the only thing, or cannot be read at all.
fn is_contested(user: &Record<'_, '_, '_>, column: &str) -> bool {
    user.row.unmapped.holds(pointer_of(user, column))
}

fn pointer_of<'p>(user: &Record<'p, '_, '_>, column: &str) -> &'p str {
    let column = user.plan.column(column);
    column.map(|column| &column.origin).and_then(Origin::pointer).unwrap_or_default()
}

/// What was seen about a column, at the place in the document where the text stood.
fn sighting<'p>(
    user: &Record<'p, '_, '_>,
    surprise: Surprise,
    column: &str,
    from: &str,
    sample: &str,
) -> Sighting<'p> {
    let (table, column) = (user.plan.table.name, user.plan.column(column));
    Sighting::new(surprise, table, column, pointer_of(user, from), Some(sample))
}
