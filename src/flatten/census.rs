//! The census: which numbers of documents, and which tax ids, several users of a run share.
//!
//! It is taken before anybody is flattened, because the first user of a pair must know of the second. Only a hash of
//! each number is kept, eight bytes a user, and after closing only what occurs more than once.

use crate::{
    kyc::{
        envelope::{self, Opened},
        identity::{self, is_stateless, number_of},
    },
    model::identity::Identity,
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

/// How often each number occurs that more than one user has, country by country, ordered by hash.
struct Repeated(Box<[(u64, u32)]>);

impl Census {
    /// A census of at most so many users, for whom the memory is taken at once: growing on demand would take double.
    #[must_use]
    pub fn of(users: usize) -> Self {
        Self { documents: Vec::with_capacity(users), tax_ids: Vec::with_capacity(users) }
    }

    /// Counts the numbers of one user.
    pub fn note(&mut self, identity: Identity) {
        self.documents.extend(identity.document);
        self.tax_ids.extend(identity.tax_id);
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

/// The numbers in the answer about one user; none without a document. Of that, only what they are made of is read.
#[must_use]
pub fn numbers(answer: &[u8]) -> Identity {
    match envelope::open(answer) {
        Opened::Document(document) => identity::find(document.value()),
        _ => Identity::default(),
    }
}

impl Shared {
    /// The census that others have taken: numbers, each once, and how many users have it. Those of one user may be left out.
    #[must_use]
    pub fn of(documents: Vec<(u64, u32)>, tax_ids: Vec<(u64, u32)>) -> Self {
        Self { documents: Repeated::of(documents), tax_ids: Repeated::of(tax_ids) }
    }

    /// How many users have this user's document number, and how many this tax id; none without a number.
    pub(super) fn users_with(&self, identity: Identity) -> (Option<i64>, Option<i64>) {
        let document = identity.document.map(|number| self.documents.users_with(number));
        (document, identity.tax_id.map(|number| self.tax_ids.users_with(number)))
    }
}

impl Repeated {
    fn among(mut numbers: Vec<u64>) -> Self {
        numbers.sort_unstable();
        let shared =
            numbers.chunk_by(|a, b| number_of(*a) == number_of(*b)).filter(|of| of.len() > 1);
        let runs = shared.flat_map(|of| of.chunk_by(PartialEq::eq));
        let counted = runs.filter_map(|run| Some((*run.first()?, u32::try_from(run.len()).ok()?)));
        Self(counted.collect())
    }

    fn of(mut counted: Vec<(u64, u32)>) -> Self {
        counted.sort_unstable();
        Self(counted.into())
    }

    /// The users with this number, whose countries are not known to be different: without a country it may be of any.
    fn users_with(&self, hash: u64) -> i64 {
        let number = number_of(hash);
        let start = self.0.partition_point(|(known, _)| number_of(*known) < number);
        let same = self.0.iter().skip(start).take_while(|(known, _)| number_of(*known) == number);
        let is_alike = |known: u64| known == hash || is_stateless(known) || is_stateless(hash);
        let users: i64 =
            same.filter(|(known, _)| is_alike(*known)).map(|(_, users)| i64::from(*users)).sum();
        users.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of a made-up number in a made-up country, zero for none.
    const fn hash(number: u64, country: u64) -> u64 {
        (number << 10) | country
    }

    #[test]
    fn only_what_repeats_is_kept() {
        let [once, twice, thrice] = [hash(1, 5), hash(2, 5), hash(3, 5)];
        let repeated = Repeated::among(vec![thrice, twice, thrice, once, twice, thrice]);
        assert_eq!(*repeated.0, [(twice, 2), (thrice, 3)]);
        assert_eq!(
            [thrice, twice, once, 0].map(|number| repeated.users_with(number)),
            [3, 2, 1, 1]
        );
    }

    #[test]
    fn a_number_without_a_country_may_be_of_any() {
        let (here, there, anywhere) = (hash(7, 1), hash(7, 2), hash(7, 0));
        let apart = Repeated::among(vec![here, there]);
        assert_eq!([here, there].map(|number| apart.users_with(number)), [1, 1]);
        let repeated = Repeated::among(vec![here, there, here, anywhere]);
        assert_eq!([here, there, anywhere].map(|number| repeated.users_with(number)), [3, 2, 4]);
    }

    #[test]
    fn an_empty_census_closes() {
        let shared = Census::of(0).close();
        let identity = Identity { document: Some(1), tax_id: None };
        assert_eq!(shared.users_with(identity), (Some(1), None));
    }
}
