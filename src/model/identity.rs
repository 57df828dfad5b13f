//! The numbers by which a person may be known to a state.

/// Hashes of a user's numbers, the same for everybody who shows the same number; none where there is no number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Identity {
    pub document: Option<u64>,
    pub tax_id: Option<u64>,
}
