//! Pseudonyms: HMAC-SHA-256 of a value under a key of ours. The same value has the same one in every file and every night.

use std::fmt::Write as _;

use ring::hmac::{HMAC_SHA256, Key, Tag, sign};

use crate::model::secret::PseudonymKey;

/// What the check of a key is the pseudonym of. No cell is this text.
const CHECK: &str = "kyc-recon, check of the pseudonym key\n";

/// Makes pseudonyms under one key.
#[derive(Debug, Clone)]
pub struct Pseudonyms(Key);

impl Pseudonyms {
    /// Those of this key.
    #[must_use]
    pub fn of(key: &PseudonymKey) -> Self {
        Self(Key::new(HMAC_SHA256, key.expose().as_bytes()))
    }

    /// The pseudonym of a text, in hex.
    #[must_use]
    pub fn pseudonym(&self, text: &str) -> String {
        hex(&sign(&self.0, text.as_bytes()))
    }

    /// A text by which the key is known again. It gives no more away than any pseudonym.
    #[must_use]
    pub fn check(&self) -> String {
        self.pseudonym(CHECK)
    }
}

fn hex(tag: &Tag) -> String {
    tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    /// The figure is that of `printf %s user-1 | openssl dgst -sha256 -hmac KEY`.
    #[test]
    fn a_pseudonym_is_what_any_other_tool_makes_of_it() -> Result<(), Box<dyn Error>> {
        let of = |key: &str| PseudonymKey::parse(key).map(|key| Pseudonyms::of(&key));
        let pseudonyms = of("0123456789abcdef0123456789abcdef")?;
        assert_eq!(pseudonyms.pseudonym("user-1"), EXPECTED);
        let other = of("fedcba9876543210fedcba9876543210")?;
        assert_ne!(other.pseudonym("user-1"), EXPECTED);
        assert_ne!(other.check(), pseudonyms.check());
        Ok(())
    }

    const EXPECTED: &str = "813a2f79241b5fddb4dd0b6cdab3ce807c6a46dfd59f772580bf84b2df5e98dc";
}
