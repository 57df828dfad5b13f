//! The numbers by which a person may be known to a state.

use std::fmt;

/// Hashes of a user's numbers, the same for everybody who shows the same number; none where there is no number.
///
/// They have no key, so a number can be guessed from its hash: `Debug` shows only which ones there are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Identity {
    pub document: Option<u64>,
    pub tax_id: Option<u64>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Identity");
        shown.field("document", &self.document.is_some());
        shown.field("tax_id", &self.tax_id.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_not_shown() {
        let shown = format!("{:?}", Identity { document: Some(4_242), tax_id: None });
        assert_eq!(shown, "Identity { document: true, tax_id: false }");
    }
}
