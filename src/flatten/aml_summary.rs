//! The summary of AML hits by type, and whether it can be true of the entities listed.

use std::collections::{BTreeMap, BTreeSet};

use crate::kyc::{json, values, words};

/// `amlHitSummary`: how many hits of each type there are said to be.
pub(super) enum Summary {
    /// Null, missing or empty: it says nothing.
    Silent,
    /// The types, folded, with their numbers; sent as numbers or in strings.
    Counted(BTreeMap<String, f64>),
    /// Something else, or a number that is none.
    Unreadable,
}

/// How the hits that are listed divide into types. The notes do not say whether the summary counts entities or hits.
#[derive(Default)]
pub(super) struct Listed {
    /// By type: the entities that have such a hit, and the number of these hits.
    types: BTreeMap<String, (BTreeSet<i64>, u32)>,
    /// Hits without a type, and entities without a hit: they may be of any type.
    untyped: u32,
}

impl Summary {
    /// Reads the JSON text of the summary.
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(json) = text.and_then(json::parse) else { return Self::Silent };
        let Some(entries) = json::entries(json.value()) else {
            return if json::is_empty(json.value()) { Self::Silent } else { Self::Unreadable };
        };
        let sent = entries.filter(|(_, value)| !json::is_empty(*value));
        let mut counts = BTreeMap::new();
        for (key, value) in sent {
            let count = values::scalar(value).text().and_then(values::float);
            let Some(count) = count.filter(|count| *count >= 0.0) else { return Self::Unreadable };
            let before = counts.insert(words::fold(&key).into_owned(), count);
            if before.is_some_and(|before| before.total_cmp(&count).is_ne()) {
                return Self::Unreadable;
            }
        }
        if counts.is_empty() { Self::Silent } else { Self::Counted(counts) }
    }

    /// Whether it names a number of hits other than zero.
    pub(super) fn counts_hits(&self) -> bool {
        matches!(self, Self::Counted(counts) if counts.values().any(|count| *count > 0.0))
    }

    /// Whether it cannot be true of what is listed, whichever of the two it counts.
    pub(super) fn contradicts(&self, listed: &Listed) -> bool {
        let Self::Counted(counts) = self else { return false };
        let is_named = |word: &String| counts.contains_key(word);
        let others = listed.types.iter().filter(|(word, _)| !is_named(word));
        let others: u32 = others.map(|(_, (_, hits))| hits).sum();
        let any = listed.untyped.saturating_add(others);
        counts.iter().any(|(word, count)| {
            let (entities, hits) =
                listed.types.get(word).map_or((0, 0), |(entities, hits)| (entities.len(), *hits));
            *count < entities as f64 || *count > f64::from(hits.saturating_add(any))
        })
    }
}

impl Listed {
    /// Adds a hit of an entity.
    pub(super) fn hit(&mut self, entity: i64, word: Option<&str>) {
        match word.filter(|word| !word.trim().is_empty()) {
            None => self.untyped = self.untyped.saturating_add(1),
            Some(word) => {
                let (entities, hits) =
                    self.types.entry(words::fold(word).into_owned()).or_default();
                entities.insert(entity);
                *hits += 1;
            }
        }
    }

    /// Adds an entity of which no hit is listed.
    pub(super) fn entity_without_hits(&mut self) {
        self.untyped = self.untyped.saturating_add(1);
    }

    /// Notes that there are more hits than are listed, nobody knows of which types.
    pub(super) fn more_hits(&mut self) {
        self.untyped = u32::MAX;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_that_counts_hits_is_not_clean() {
        let counts_hits = |text| Summary::read(Some(text)).counts_hits();
        assert!(counts_hits(r#"{"SANCTION":0,"PEP":"1"}"#));
        assert!(!counts_hits(r#"{"SANCTION":0,"PEP":"0"}"#));
        assert!(!counts_hits("[]"));
    }

    #[test]
    fn what_counts_nothing_readable_is_told_from_what_says_nothing() {
        for silent in [None, Some("{}"), Some("[]"), Some(r#"{"PEP":null}"#)] {
            assert!(matches!(Summary::read(silent), Summary::Silent), "{silent:?}");
        }
        for text in [r#"{"PEP":"some"}"#, r#"{"PEP":-1}"#, r#"{"PEP":{"n":1}}"#, "[1]", "7"] {
            assert!(matches!(Summary::read(Some(text)), Summary::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_summary_may_count_entities_or_hits_but_nothing_else() {
        let mut listed = Listed::default();
        for (entity, word) in [(1, "PEP"), (1, "pep"), (2, "PEP"), (2, "SANCTION")] {
            listed.hit(entity, Some(word));
        }
        for (summary, contradicts) in [
            (r#"{"PEP":2,"SANCTION":1}"#, false),
            (r#"{"PEP":"3","SANCTION":1,"WARNING":0}"#, false),
            (r#"{"PEP":1}"#, true),
            (r#"{"PEP":5}"#, true),
            (r#"{"PEP":2,"SANCTION":1,"WARNING":1}"#, true),
            ("{}", false),
        ] {
            assert_eq!(Summary::read(Some(summary)).contradicts(&listed), contradicts, "{summary}");
        }
        listed.entity_without_hits();
        listed.hit(2, None);
        assert!(!Summary::read(Some(r#"{"PEP":2,"WARNING":2}"#)).contradicts(&listed));
        assert!(Summary::read(Some(r#"{"PEP":2,"WARNING":4}"#)).contradicts(&listed));
    }
}
