//! The ids the pretend partner offers to whoever needs a roster.

use crate::sandbox::chance::Chance;

/// The id of the `number`-th person under this seed: in the form of a UUID.
#[must_use]
pub fn user_id(seed: u64, number: usize) -> String {
    Chance::new(seed, "population", &number.to_string()).uuid()
}

/// A roster of the first `users` ids, as pieces of a CSV file with a header line.
pub fn roster(seed: u64, users: usize) -> impl Iterator<Item = String> + Send + use<> {
    const LINES: usize = 1_000;
    let pieces = (0..users).step_by(LINES).map(move |first| {
        let last = users.min(first + LINES);
        (first..last).map(|number| user_id(seed, number) + "\n").collect()
    });
    std::iter::once("user_id\n".to_owned()).chain(pieces)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_roster_holds_as_many_different_ids_as_asked_for() {
        for users in [0, 1, 1_000, 2_345] {
            let text: String = roster(7, users).collect();
            let ids: HashSet<&str> = text.lines().skip(1).collect();
            assert_eq!((text.lines().count(), ids.len()), (users + 1, users));
        }
    }
}
