//! Secrets: the partner's API key, the key of a certificate, the key of the pseudonyms, an address that holds a token. Each
//! goes to one place, and is never shown.

use secrecy::{ExposeSecret, SecretSlice, SecretString};

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

/// Secret bytes, such as the key of a certificate. Print as `[REDACTED]` and are wiped when dropped.
#[derive(Debug, Clone)]
pub struct SecretBytes(SecretSlice<u8>);

impl SecretBytes {
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves, for the library that needs them and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// The key of the pseudonyms. Prints as `[REDACTED]`, is wiped when dropped, and is exposed where they are made.
#[derive(Debug, Clone)]
pub struct PseudonymKey(SecretString);

/// Fewer characters could be guessed by whoever knows the ids.
const LEAST: usize = 32;

/// A text that is too short to be the key of pseudonyms. Never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it has less than {LEAST} characters")]
pub struct TooShort;

impl PseudonymKey {
    /// Reads a key, ignoring white space around it (files end in a newline).
    ///
    /// # Errors
    /// When it is too short to be a secret.
    pub fn parse(text: &str) -> Result<Self, TooShort> {
        let key = text.trim();
        if key.chars().count() < LEAST { Err(TooShort) } else { Ok(Self(SecretString::from(key))) }
    }

    /// The key itself, for the making of pseudonyms and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The address that is called when a run starts and ends: whoever knows it can say that all is well. Prints as
/// `[REDACTED]`. Any text is taken, because whoever refuses one on the command line quotes it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(from = "String")]
pub struct PingUrl(SecretString);

impl PingUrl {
    /// The address itself, for the client that calls it and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for PingUrl {
    fn from(text: String) -> Self {
        Self(SecretString::from(text.trim()))
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
    fn an_address_with_a_token_never_shows_itself() {
        let url = PingUrl::from("https://watch.example/canary\n".to_owned());
        assert!(!format!("{url:?}").contains("canary"));
        assert_eq!(url.expose(), "https://watch.example/canary");
    }

    #[test]
    fn an_unusable_key_is_refused_without_being_quoted() {
        let refused = ApiKey::parse("canary\u{7f}key").map(drop);
        assert_eq!(refused, Err(NotAKey::Unsendable));
        assert!(!NotAKey::Unsendable.to_string().contains("canary"));
        assert_eq!(ApiKey::parse(" \n").map(drop), Err(NotAKey::Empty));
    }

    #[test]
    fn a_key_of_pseudonyms_is_long_and_never_shows_itself() -> Result<(), TooShort> {
        let key = PseudonymKey::parse(" canary-canary-canary-canary-cana\n")?;
        assert!(!format!("{key:?}").contains("canary"));
        assert_eq!(key.expose().len(), 32);
        assert_eq!(PseudonymKey::parse("canary").map(drop), Err(TooShort));
        assert!(!TooShort.to_string().contains("canary"));
        Ok(())
    }
}
