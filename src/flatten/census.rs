//! The census: which numbers of documents, and which tax ids, several users of a run share.
//!
//! It is taken before anybody is flattened, because the first user of a pair must know of the second. Only a hash of
//! each number is kept, eight bytes a user, and after closing only what occurs more than once.

use super::{
    flattener::Subject,
    identity::{self, Identity},
};
use crate::{
    kyc::envelope::{self, Opened},
    model::outcome::Outcome,
};

/// The numbers met so far.
pub struct Census {
    documents: Vec<u64>,
    tax_ids: Vec<u64>,
}

/// Who shares a number with others, after the census of a whole run.
pub struct Shared {
    documents: Repeated,
    tax_ids: Repeated,
}

/// How often each number occurs that occurs more than once, ordered by its hash.
struct Repeated(Box<[(u64, u32)]>);

impl Census {
    /// A census of at most so many users, for whom the memory is taken at once: growing on demand would take double.
    #[must_use]
    pub fn of(users: usize) -> Self {
        Self { documents: Vec::with_capacity(users), tax_ids: Vec::with_capacity(users) }
    }

    /// Counts the numbers of one user. Of the document, only what they are made of is read.
    pub fn note(&mut self, subject: &Subject<'_>) {
        let Some(body) = subject.body.filter(|_| subject.outcome == Outcome::Answered) else {
            return;
        };
        if let Opened::Document(document) = envelope::open(body) {
            let identity = identity::find(&document.text);
            self.documents.extend(identity.document);
            self.tax_ids.extend(identity.tax_id);
        }
    }

    /// Ends the census.
    #[must_use]
    pub fn close(self) -> Shared {
        Shared {
            documents: Repeated::among(self.documents),
            tax_ids: Repeated::among(self.tax_ids),
        }
    }
}

impl Shared {
    /// How many users have this user's document number, and how many this tax id; none without a number.
    pub(super) fn users_with(&self, identity: Identity) -> (Option<i64>, Option<i64>) {
        let document = identity.document.map(|number| self.documents.users_with(number));
        (document, identity.tax_id.map(|number| self.tax_ids.users_with(number)))
    }
}

impl Repeated {
    fn among(mut numbers: Vec<u64>) -> Self {
        numbers.sort_unstable();
        let runs = numbers.chunk_by(PartialEq::eq).filter(|run| run.len() > 1);
        let counted = runs.filter_map(|run| Some((*run.first()?, u32::try_from(run.len()).ok()?)));
        Self(counted.collect())
    }

    fn users_with(&self, number: u64) -> i64 {
        let at = self.0.binary_search_by_key(&number, |(known, _)| *known);
        at.ok().and_then(|at| self.0.get(at)).map_or(1, |(_, users)| i64::from(*users))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_repeats_is_kept() {
        let repeated = Repeated::among(vec![7, 3, 7, u64::MAX, 3, 7, 0]);
        assert_eq!(*repeated.0, [(3, 2), (7, 3)]);
        assert_eq!([7, 3, 0, 5].map(|number| repeated.users_with(number)), [3, 2, 1, 1]);
    }

    #[test]
    fn an_empty_census_closes() {
        let shared = Census::of(0).close();
        let identity = Identity { document: Some(1), tax_id: None };
        assert_eq!(shared.users_with(identity), (Some(1), None));
    }
}
