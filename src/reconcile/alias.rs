//! One AML entity under two fields: with its id at the provider in one run, and by its name alone in the other.

use std::{collections::BTreeMap, mem};

use super::{earlier::Earlier, person::Person};

/// Gives the entities of the baseline, and of the breaks that go on, the fields that tonight has for them.
///
/// Two ids under one name are two entities; only a missing id is made up for by the name.
pub(super) fn align(before: Option<&mut Person>, after: &Person, earlier: &mut [Earlier]) {
    let mut renamed = BTreeMap::new();
    if let Some(before) = before {
        for field in before.hits.keys() {
            let new = field_tonight(field, before.entity_names.get(field), after);
            if let Some(new) = new.filter(|new| !before.hits.contains_key(*new)) {
                renamed.insert(field.clone(), new.to_owned());
            }
        }
        rename(before, &renamed);
    }
    for field in earlier.iter_mut().filter_map(|earlier| earlier.finding.field.as_mut()) {
        let known = renamed.get(field).map(String::as_str);
        if let Some(new) = known.or_else(|| field_tonight(field, None, after)) {
            *field = new.to_owned();
        }
    }
}

/// The other field of an entity that is not listed under this one.
fn field_tonight<'a>(field: &str, name: Option<&String>, after: &'a Person) -> Option<&'a str> {
    if after.hits.contains_key(field) {
        return None;
    }
    let by_name = || after.hits.get_key_value(name?).map(|(field, _)| field);
    let mut named = after.entity_names.iter();
    let by_id = named.find(|(_, name)| *name == field).map(|(field, _)| field);
    by_id.or_else(by_name).map(String::as_str)
}

fn rename(person: &mut Person, renamed: &BTreeMap<String, String>) {
    let new = |field: String| renamed.get(&field).cloned().unwrap_or(field);
    let hits = mem::take(&mut person.hits).into_iter();
    person.hits = hits.map(|(field, is_open)| (new(field), is_open)).collect();
    let listings = mem::take(&mut person.listings).into_iter();
    person.listings = listings.map(|(field, listing)| (new(field), listing)).collect();
}
