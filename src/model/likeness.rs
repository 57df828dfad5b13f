//! Which of the names there are was meant.

/// How alike two names must be, from 0 to 1, for one to be suggested in the place of the other.
const ALIKE: f64 = 0.75;

/// The candidate most like the name, if one is alike at all, in whatever case; of equals the first.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let name = name.to_lowercase();
    candidates
        .map(|candidate| (strsim::jaro_winkler(&name, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_is_meant_if_any() {
        let words = ["approved", "rejected", "review"];
        for (name, meant) in [
            ("aproved", Some("approved")),
            ("APPROVED", Some("approved")),
            ("reject", Some("rejected")),
            ("banana", None),
        ] {
            assert_eq!(nearest(name, words.into_iter()).as_deref(), meant, "{name}");
        }
    }
}
