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
        let (country, seen) = country(user, name, sent);
        user.set(name, country);
        sightings.extend(seen);
    }
    sightings
}

/// The country that the first readable text names. A later text that names another one takes it back: of a code and a
/// name that contradict each other nobody knows which one is right.
fn country<'p>(
    user: &Record<'p, '_, '_>,
    name: &str,
    sent: &[&str],
) -> (Option<&'static str>, Vec<Sighting<'p>>) {
    let mut country = None;
    let mut sightings = Vec::new();
    for from in sent {
        let Some(text) = user.cell(from).text().filter(|text| !text.trim().is_empty()) else {
            continue;
        };
        match (country, country::alpha2(text)) {
            (None, None) => sightings.push(sighting(user, Surprise::NewWord, from, from, text)),
            (None, found) => country = found,
            (Some(first), Some(second)) if first != second => {
                let both = format!("{first} {second}");
                sightings.push(sighting(user, Surprise::Contradiction, name, from, &both));
                return (None, sightings);
            }
            (Some(_), _) => {}
        }
    }
    (country, sightings)
}

/// What was seen about a column, at the place in the document where the text stood.
fn sighting<'p>(
    user: &Record<'p, '_, '_>,
    surprise: Surprise,
    column: &str,
    from: &str,
    sample: &str,
) -> Sighting<'p> {
    let table = &user.plan.table;
    let pointer = table.column(from).map(|column| &column.origin).and_then(Origin::pointer);
    let pointer = pointer.unwrap_or_default();
    Sighting::new(surprise, table.name, table.column(column), pointer, Some(sample))
}
