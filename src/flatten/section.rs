//! The sections of a document, with the places and the columns that deriving asks each of them about.

use crate::kyc::catalogue::{SECTIONS, naming};

/// A section that the partner checks.
pub(super) struct Section {
    pub(super) pointer: &'static str,
    /// The column of its state.
    pub(super) check: String,
    pub(super) result: Word,
    pub(super) status: Word,
    pub(super) warnings: String,
    pub(super) status_reasons: String,
}

/// A word of a section: where it stands, and its column.
pub(super) struct Word {
    pub(super) pointer: String,
    pub(super) column: String,
}

impl Section {
    pub(super) fn all() -> Vec<Self> {
        SECTIONS.into_iter().map(Self::at).collect()
    }

    fn at(pointer: &'static str) -> Self {
        let name = naming::from_pointer(pointer);
        let word =
            |key| Word { pointer: format!("{pointer}/{key}"), column: format!("{name}_{key}") };
        Self {
            pointer,
            check: format!("{name}_check"),
            result: word("result"),
            status: word("status"),
            warnings: format!("{pointer}/warnings"),
            status_reasons: format!("{pointer}/statusReasons"),
        }
    }
}
