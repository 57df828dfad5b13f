//! Which users of the baseline were met in the new roster: one bit each.

use super::person::Person;

/// The places in the baseline's roster that were met.
#[derive(Debug, Default)]
pub struct Seen {
    bits: Vec<u64>,
}

impl Seen {
    pub(super) fn mark(&mut self, person: &Person) {
        let Some((word, bit)) = place(person) else { return };
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= bit;
    }

    /// Whether this user of the baseline is in the new roster too.
    #[must_use]
    pub fn holds(&self, person: &Person) -> bool {
        place(person)
            .is_some_and(|(word, bit)| self.bits.get(word).is_some_and(|bits| bits & bit != 0))
    }
}

fn place(person: &Person) -> Option<(usize, u64)> {
    let position = usize::try_from(person.position).ok()?;
    Some((position / 64, 1 << (position % 64)))
}
