//! Chance that remembers: the same seed, topic and id draw the same lots for ever.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A stream of draws about one user and one topic.
///
/// Each topic has a stream of its own, so that a new draw in one of them does not change the others' people.
/// The draws are written out here rather than taken from a crate's distributions, whose values may move with its versions.
#[derive(Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The draws about `id` on `topic`, under `seed`.
    #[must_use]
    pub fn new(seed: u64, topic: &str, id: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(seed.to_le_bytes())
            .chain_update(topic)
            .chain_update([0])
            .chain_update(id)
            .finalize();
        Self(ChaCha8Rng::from_seed(digest.into()))
    }

    /// 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `end`, without `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        // The high half of the product is below `end`, so the conversion loses nothing.
        u32::try_from((u64::from(self.0.next_u32()) * u64::from(end)) >> 32).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True in `per_mille` of a thousand draws.
    pub fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list, all alike. The list must not be empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.index(list.len())]
    }

    /// One of a list of weights and things. The list must not be empty.
    pub fn weigh<T: Copy>(&mut self, list: &[(u32, T)]) -> T {
        let mut left = self.below(list.iter().map(|(weight, _)| weight).sum());
        for &(weight, thing) in list {
            if left < weight {
                return thing;
            }
            left -= weight;
        }
        list[0].1
    }

    /// Up to `count` different things of a list, in an order of chance.
    pub fn several<T: Copy>(&mut self, list: &[T], count: u32) -> Vec<T> {
        let mut left = list.to_vec();
        (0..count)
            .map_while(|_| (!left.is_empty()).then(|| left.swap_remove(self.index(left.len()))))
            .collect()
    }

    /// Text of this length over an alphabet of ASCII characters.
    pub fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet))).collect()
    }

    pub fn digits(&mut self, length: usize) -> String {
        self.text(b"0123456789", length)
    }

    pub fn hex(&mut self, length: usize) -> String {
        self.text(HEX, length)
    }

    /// A UUID in the form of version 4.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.word() & !0xf000 | 0x4000, self.word() & !(0b11 << 62) | 1 << 63);
        let digits = [high, low].into_iter().flat_map(nibbles).map(|digit| HEX[digit]);
        let mut text = String::with_capacity(36);
        for (place, digit) in digits.enumerate() {
            if matches!(place, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(char::from(digit));
        }
        text
    }

    fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }
}

/// The sixteen hexadecimal digits of a word, the highest first.
fn nibbles(word: u64) -> impl Iterator<Item = usize> {
    (0..16).rev().map(move |place| (word >> (4 * place) & 0xf) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_draws_the_same_lots_and_another_does_not() {
        let draw = |seed, topic, id| Chance::new(seed, topic, id).uuid();
        assert_eq!(draw(7, "person", "a"), draw(7, "person", "a"));
        assert_ne!(draw(7, "person", "a"), draw(8, "person", "a"));
        assert_ne!(draw(7, "person", "a"), draw(7, "case", "a"));
        assert_ne!(draw(7, "person", "a"), draw(7, "person", "b"));
    }

    #[test]
    fn a_uuid_has_the_form_of_one() {
        let id = Chance::new(1, "t", "x").uuid();
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::new(1, "t", "x");
        let heads = (0..10_000).filter(|_| chance.weigh(&[(9, true), (1, false)])).count();
        assert!((8_800..9_200).contains(&heads), "{heads}");
        assert_eq!(chance.several(&[1, 2, 3], 9).len(), 3);
    }
}
