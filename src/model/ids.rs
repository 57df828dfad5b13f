//! Identifiers: of a user at the partner, and of a run of ours.

use std::fmt;

/// The longest user id we are ready to put into a query string, in bytes.
const LONGEST_USER_ID: usize = 256;

/// A user's id as the partner knows it: opaque text, trimmed, never empty.
///
/// Deliberately without `Display`: an id reaches a log or a message only where somebody wrote `as_str`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(String);

/// Names of what stands beside the runs in a reports directory or a bucket.
const TAKEN: [&str; 3] = ["latest", "latest.json", "ledger.jsonl"];

/// Why a text is not a user id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAUserId {
    #[error("the id is empty")]
    Empty,
    #[error("the id is longer than {LONGEST_USER_ID} bytes")]
    TooLong,
    #[error("the id contains a control character or a space")]
    Unprintable,
}

impl UserId {
    /// Reads an id, ignoring white space around it.
    ///
    /// # Errors
    /// When nothing is left, when it is longer than 256 bytes, or when it holds white space or control characters.
    pub fn parse(text: &str) -> Result<Self, NotAUserId> {
        let id = text.trim();
        if id.is_empty() {
            return Err(NotAUserId::Empty);
        }
        if id.len() > LONGEST_USER_ID {
            return Err(NotAUserId::TooLong);
        }
        if id.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(NotAUserId::Unprintable);
        }
        Ok(Self(id.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(…)")
    }
}

/// The name of a run: also the name of its directory, so only letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(String);

/// Why a text cannot name a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a run id is 1 to 100 letters, digits, `-`, `_` or `.`, starts with a letter or digit, and is not `latest` or `ledger.jsonl`"
)]
pub struct NotARunId;

impl RunId {
    /// Reads the name of a run.
    ///
    /// # Errors
    /// When it could not be the name of a directory of its own under `reports/`.
    pub fn parse(text: &str) -> Result<Self, NotARunId> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let good = (1..=100).contains(&text.len())
            && text.chars().all(plain)
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !TAKEN.contains(&text);
        good.then(|| Self(text.to_owned())).ok_or(NotARunId)
    }

    /// The default name: the UTC start in seconds, as `20261123T040500Z`.
    #[must_use]
    pub fn from_start(start: jiff::Timestamp) -> Self {
        Self(start.strftime("%Y%m%dT%H%M%SZ").to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for RunId {
    type Err = NotARunId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_trimmed_and_kept_as_text() {
        assert_eq!(
            UserId::parse("  007 \t").map(|id| id.as_str().to_owned()),
            Ok("007".to_owned())
        );
        assert_eq!(UserId::parse(" \t"), Err(NotAUserId::Empty));
        assert_eq!(UserId::parse("a b"), Err(NotAUserId::Unprintable));
        assert_eq!(UserId::parse("a\u{0}b"), Err(NotAUserId::Unprintable));
        assert_eq!(UserId::parse(&"x".repeat(257)), Err(NotAUserId::TooLong));
    }

    #[test]
    fn an_id_does_not_show_itself_in_debug_output() -> Result<(), NotAUserId> {
        assert_eq!(format!("{:?}", UserId::parse("secret-person")?), "UserId(…)");
        Ok(())
    }

    #[test]
    fn a_run_id_cannot_leave_its_directory() {
        for bad in
            ["", ".", "..", ".work", "a/b", "latest", "ledger.jsonl", "ä", "-x", &"x".repeat(101)]
        {
            assert!(RunId::parse(bad).is_err(), "{bad}");
        }
        assert!(RunId::parse("2026-11-23_night.1").is_ok());
    }
}
