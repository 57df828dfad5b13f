//! What the catalogue has no place for, kept as JSON by JSON pointer.

use std::{borrow::Cow, collections::BTreeSet};

use crate::kyc::json;

/// Pieces of a document that found no cell, in the order they were met.
#[derive(Default)]
pub(super) struct Unmapped<'d>(Vec<(String, Cow<'d, str>)>);

impl<'d> Unmapped<'d> {
    /// Keeps the JSON text of a value.
    pub(super) fn keep(&mut self, pointer: String, json: &'d str) {
        self.0.push((pointer, json::compact(json)));
    }

    /// A JSON object by pointer, or none if nothing was kept; a pointer met again gets `#2`, `#3`, ….
    pub(super) fn to_json(&self) -> Option<String> {
        let mut taken = BTreeSet::new();
        let members: Vec<_> = self
            .0
            .iter()
            .map(|(pointer, json)| {
                let pointer = distinct(pointer, &mut taken);
                format!("{}:{json}", json::quote(&pointer))
            })
            .collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }
}

fn distinct<'a>(pointer: &'a str, taken: &mut BTreeSet<Cow<'a, str>>) -> Cow<'a, str> {
    let mut free = Cow::Borrowed(pointer);
    let mut number = 1;
    while !taken.insert(free.clone()) {
        number += 1;
        free = Cow::Owned(format!("{pointer}#{number}"));
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_twice_under_one_pointer() {
        let mut unmapped = Unmapped::default();
        assert_eq!(unmapped.to_json(), None);
        for (pointer, json) in [("/a", "[ 1 ]"), ("/a#2", "2"), ("/a", "3"), ("/a", "4")] {
            unmapped.keep(pointer.to_owned(), json);
        }
        let kept = r#"{"/a":[1],"/a#2":2,"/a#3":3,"/a#4":4}"#;
        assert_eq!(unmapped.to_json().as_deref(), Some(kept));
    }
}
