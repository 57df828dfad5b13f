//! What the catalogue has no place for, kept as JSON by JSON pointer.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::kyc::json;

/// Pieces of a document that found no cell, in the order they were met.
#[derive(Default)]
pub(super) struct Unmapped<'d>(Vec<Piece<'d>>);

struct Piece<'d> {
    pointer: String,
    json: Cow<'d, str>,
    /// The same value stands in the document's cells already: it was sent twice, and nothing is in doubt.
    is_echo: bool,
}

impl<'d> Unmapped<'d> {
    /// Keeps the JSON text of a value.
    pub(super) fn keep(&mut self, pointer: String, json: impl Into<Cow<'d, str>>) {
        let json = match json.into() {
            Cow::Borrowed(sent) => json::compact(sent),
            Cow::Owned(made) => Cow::Owned(json::compact(&made).into_owned()),
        };
        self.0.push(Piece { pointer, json, is_echo: false });
    }

    /// Keeps the JSON text of a value that was sent before at the same place.
    pub(super) fn keep_echo(&mut self, pointer: String, json: &'d str) {
        self.0.push(Piece { pointer, json: json::compact(json), is_echo: true });
    }

    /// Puts another JSON text in place of each that was kept, or forgets it.
    pub(super) fn rewrite(&mut self, mut read: impl FnMut(&str, &str) -> Option<String>) {
        let pieces = std::mem::take(&mut self.0).into_iter();
        let rewritten = pieces.filter_map(|piece| {
            let json = read(&piece.pointer, &piece.json)?;
            Some(Piece { json: Cow::Owned(json), ..piece })
        });
        self.0 = rewritten.collect();
    }

    /// Whether a value at this place, or at one around it, was kept: it could not be read, or was not the only one.
    pub(super) fn holds(&self, pointer: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let ends = pointer.match_indices('/').skip(1).map(|(end, _)| end).chain([pointer.len()]);
        let mut places = ends.filter_map(|end| pointer.get(..end));
        places.any(|place| self.in_doubt().any(|kept| json::is_same_key(kept, place)))
    }

    /// Where something was kept that the cells do not say.
    fn in_doubt(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|piece| !piece.is_echo).map(|piece| piece.pointer.as_str())
    }

    /// All pieces: the pointer, and the JSON text.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|piece| (piece.pointer.as_str(), piece.json.as_ref()))
    }

    /// Whether anything inside this place was kept, or the place itself.
    pub(super) fn holds_within(&self, pointer: &str) -> bool {
        self.in_doubt().any(|kept| {
            let depth = pointer.matches('/').count();
            let ends = kept.match_indices('/').map(|(at, _)| at).chain([kept.len()]);
            let head = ends.skip(1).nth(depth - 1).and_then(|end| kept.get(..end));
            head.is_some_and(|head| json::is_same_key(head, pointer))
        })
    }

    /// A JSON object by pointer, or none if nothing was kept; a pointer met again gets `#2`, `#3`, ….
    pub(super) fn to_json(&self) -> Option<String> {
        let mut names = Names::default();
        let member = |(pointer, json)| format!("{}:{json}", json::quote(&names.distinct(pointer)));
        let members: Vec<_> = self.entries().map(member).collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }
}

/// Pointers given out so far, and how often each was met: a key may occur a million times in one body.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
    met: BTreeMap<String, u32>,
}

impl Names {
    fn distinct(&mut self, pointer: &str) -> String {
        let met = self.met.entry(pointer.to_owned()).or_default();
        loop {
            *met += 1;
            let name = if *met == 1 { pointer.to_owned() } else { format!("{pointer}#{met}") };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_with_all_that_is_in_it() {
        let mut unmapped = Unmapped::default();
        unmapped.keep("/id_info".to_owned(), "1");
        unmapped.keep("/media/novelty".to_owned(), "1");
        assert!(unmapped.holds("/idInfo") && unmapped.holds("/idInfo/result"));
        assert!(!unmapped.holds("/media") && !unmapped.holds("/media/selfieImageUrl"));
    }

    #[test]
    fn what_was_sent_twice_is_kept_and_is_not_in_doubt() {
        let mut unmapped = Unmapped::default();
        unmapped.keep_echo("/idInfo".to_owned(), "{ }");
        assert!(!unmapped.holds("/idInfo") && !unmapped.holds_within("/idInfo"));
        assert_eq!(unmapped.to_json().as_deref(), Some(r#"{"/idInfo":{}}"#));
    }

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
