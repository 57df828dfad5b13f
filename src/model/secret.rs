//! The partner's API key: it can be sent, and nothing else.

use secrecy::{ExposeSecret, SecretString};

/// The partner's API key. Prints as `[REDACTED]`, is wiped when dropped, and is exposed in one place: the HTTP door.
#[derive(Debug, Clone)]
pub struct ApiKey(SecretString);

/// Why a text cannot be sent as a key. Never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKey {
    #[error("the key is empty")]
    Empty,
    #[error("the key holds a character that cannot be sent in an HTTP header")]
    Unsendable,
}

impl ApiKey {
    /// Reads a key, ignoring white space around it (files end in a newline).
    ///
    /// # Errors
    /// When nothing is left, or when it is not visible ASCII.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let key = text.trim();
        if key.is_empty() {
            return Err(NotAKey::Empty);
        }
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(NotAKey::Unsendable);
        }
        Ok(Self(SecretString::from(key)))
    }

    /// The key itself, for the header of a request and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_itself() -> Result<(), NotAKey> {
        let key = ApiKey::parse("canary-key\n")?;
        assert!(!format!("{key:?}").contains("canary"));
        assert_eq!(key.expose(), "canary-key");
        Ok(())
    }

    #[test]
    fn an_unusable_key_is_refused_without_being_quoted() {
        let refused = ApiKey::parse("canary\u{7f}key").map(drop);
        assert_eq!(refused, Err(NotAKey::Unsendable));
        assert!(!NotAKey::Unsendable.to_string().contains("canary"));
        assert_eq!(ApiKey::parse(" \n").map(drop), Err(NotAKey::Empty));
    }
}
