//! A control total over the ids: which people a report is about, whatever their order.

use crate::model::{digest::Digest, ids::UserId};

/// The sum modulo 2^256 of the SHA-256 of each id (UTF-8 bytes, big-endian numbers).
///
/// Two rosters of the same people in another order have the same digest. It finds errors, as a control total does;
/// it is no protection from somebody who searches for a second set of ids with the same sum. A sum, and not an
/// exclusive or, because there an id that comes twice would vanish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdDigest {
    sum: [u8; 32],
    ids: u64,
}

/// How the digest is made, in the words of the certificate.
pub const METHOD: &str = "sum modulo 2^256 of the SHA-256 of each user id";

impl IdDigest {
    /// Adds an id.
    pub fn add(&mut self, user_id: &UserId) {
        let digest = Digest::of(user_id.as_str().as_bytes());
        let mut carry = 0;
        for (sum, byte) in self.sum.iter_mut().zip(digest.as_bytes()).rev() {
            let [high, low] = (u16::from(*sum) + u16::from(*byte) + carry).to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
        self.ids += 1;
    }

    /// How many ids were added.
    #[must_use]
    pub fn ids(&self) -> u64 {
        self.ids
    }

    /// The digest of all ids added so far.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.sum.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::NotAUserId;

    fn digest(ids: &[&str]) -> Result<Digest, NotAUserId> {
        let mut all = IdDigest::default();
        for id in ids {
            all.add(&UserId::parse(id)?);
        }
        Ok(all.digest())
    }

    #[test]
    fn the_order_of_the_roster_does_not_matter_and_the_people_do() -> Result<(), NotAUserId> {
        assert_eq!(digest(&["a", "b", "c"])?, digest(&["c", "a", "b"])?);
        assert_ne!(digest(&["a", "b", "c"])?, digest(&["a", "b", "d"])?);
        assert_ne!(digest(&["a", "b", "b"])?, digest(&["a"])?);
        assert_eq!(digest(&["a"])?, Digest::of(b"a"));
        Ok(())
    }

    #[test]
    fn the_sum_carries_over_every_byte() -> Result<(), NotAUserId> {
        let mut almost_full = IdDigest { sum: [0xff; 32], ids: 0 };
        almost_full.add(&UserId::parse("a")?);
        let mut one_less = *Digest::of(b"a").as_bytes();
        one_less[31] -= 1;
        assert_eq!(almost_full.digest(), Digest::from(one_less));
        Ok(())
    }
}
