//! What the tables show of media addresses, which may be signed: whoever has such a text has the picture.

use serde::{Deserialize, Serialize};

/// What the tables show of a media address. The archive keeps every answer as it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// All of it.
    Keep,
    /// The address without its query and fragment, where a signature stands: it says what there is and opens nothing.
    #[default]
    Strip,
    /// Nothing.
    Drop,
}

impl Media {
    pub const ALL: [Self; 3] = [Self::Keep, Self::Strip, Self::Drop];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Strip => "strip",
            Self::Drop => "drop",
        }
    }

    /// Reads one of the words above.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str() == word)
    }

    /// What is shown of an address.
    #[must_use]
    pub fn shown(self, address: &str) -> Option<&str> {
        match self {
            Self::Keep => Some(address),
            Self::Strip => address.split(['?', '#']).next(),
            Self::Drop => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_shown_only_where_all_is_kept() {
        let address = "https://cdn.invalid/a.jpg?X-Signature=s#t";
        let shown = Media::ALL.map(|media| media.shown(address));
        assert_eq!(shown, [Some(address), Some("https://cdn.invalid/a.jpg"), None]);
        assert_eq!(Media::ALL.map(|media| Media::parse(media.as_str())), Media::ALL.map(Some));
    }
}
