//! Where reports are in object storage: `s3://bucket/prefix`, and its like.

use std::{fmt, path::PathBuf, str::FromStr};

use url::Url;

/// An address of a kind that we can reach. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) kind: Kind,
    pub(super) url: Url,
}

/// The kinds of object storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Amazon S3, and whatever speaks its protocol.
    S3,
    Google,
    Azure,
    /// A directory, as of a mounted share.
    File,
}

/// Why a text is no address of object storage. Never quotes what may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    #[error("it is no URL")]
    NoUrl,
    #[error("it begins with none of s3://, gs://, az://, file:///")]
    Scheme,
    #[error("it names no bucket")]
    NoBucket,
    #[error("it has more than a bucket and a prefix; keys come from the environment")]
    TooMuch,
}

impl Address {
    /// Whether a text that may also be a path is meant as an address.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.contains("://")
    }

    /// The address of a run in it.
    #[must_use]
    pub fn of_run(&self, run: &str) -> String {
        format!("{}/{run}", self.to_string().trim_end_matches('/'))
    }

    /// Takes the name of a run off the end; none where nothing would be left.
    #[must_use]
    pub fn split_run(mut self) -> Option<(Self, String)> {
        let run = self.prefix().rsplit('/').next().filter(|run| !run.is_empty())?.to_owned();
        self.url.path_segments_mut().ok()?.pop_if_empty().pop();
        Some((self, run))
    }

    /// The directory that is meant, if it is one.
    pub(super) fn dir(&self) -> Option<PathBuf> {
        if self.kind == Kind::File { self.url.to_file_path().ok() } else { None }
    }

    /// What stands behind the bucket, as in the URL, without a slash at either end.
    pub(super) fn prefix(&self) -> &str {
        self.url.path().trim_matches('/')
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| NotAnAddress::NoUrl)?;
        let kind = match url.scheme() {
            "s3" => Kind::S3,
            "gs" => Kind::Google,
            "az" => Kind::Azure,
            "file" => Kind::File,
            _ => return Err(NotAnAddress::Scheme),
        };
        let has_bucket = url.host_str().is_some_and(|host| !host.is_empty());
        if has_bucket == (kind == Kind::File) {
            return Err(NotAnAddress::NoBucket);
        }
        let is_plain = url.username().is_empty() && url.password().is_none();
        if !is_plain || url.query().is_some() || url.fragment().is_some() {
            return Err(NotAnAddress::TooMuch);
        }
        Ok(Self { kind, url })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_kinds_of_storage_are_known() -> Result<(), NotAnAddress> {
        for (text, prefix) in [
            ("s3://reports/kyc/nightly", "kyc/nightly"),
            ("s3://reports", ""),
            ("gs://reports/kyc/", "kyc"),
            ("az://container/kyc", "kyc"),
            ("file:///mnt/share/kyc", "mnt/share/kyc"),
        ] {
            let address: Address = text.parse()?;
            assert_eq!(address.prefix(), prefix, "{text}");
            assert_eq!(address.of_run("night"), format!("{}/night", text.trim_end_matches('/')));
        }
        Ok(())
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_quoted() {
        for (text, why) in [
            ("s3:///kyc", NotAnAddress::NoBucket),
            ("file://share/kyc", NotAnAddress::NoBucket),
            ("https://bucket.s3.amazonaws.com/x", NotAnAddress::Scheme),
            ("s3://key:canary@bucket/x", NotAnAddress::TooMuch),
            ("az://container/x?sig=canary", NotAnAddress::TooMuch),
            ("reports", NotAnAddress::NoUrl),
        ] {
            assert_eq!(text.parse::<Address>(), Err(why), "{text}");
            assert!(!why.to_string().contains("canary"));
        }
    }

    #[test]
    fn a_run_is_the_last_part_of_its_address() -> Result<(), Box<dyn std::error::Error>> {
        let split = |text: &str| -> Result<_, NotAnAddress> {
            let split = text.parse::<Address>()?.split_run();
            Ok(split.map(|(address, run)| (address.to_string(), run)))
        };
        let expected = Some(("s3://reports/kyc".to_owned(), "night".to_owned()));
        assert_eq!(split("s3://reports/kyc/night")?, expected);
        assert_eq!(split("s3://reports/kyc/night/")?, expected);
        assert_eq!(split("s3://reports/latest")?.map(|(_, run)| run).as_deref(), Some("latest"));
        assert_eq!(split("s3://reports")?, None);
        Ok(())
    }
}
