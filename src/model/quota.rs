//! A quota as people write it: `300/60s`.

use std::{
    fmt,
    num::{NonZeroU16, NonZeroU32},
    str::FromStr,
    time::Duration,
};

/// Never more than `requests` in any window of length `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub requests: NonZeroU32,
    pub per: Duration,
}

/// Why a text is not a quota.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuota {
    #[error("a quota is written REQUESTS/DURATION, for example 300/60s or 10000/1d")]
    Form,
    #[error("the number of requests must be a whole number from 1 to {}", u32::MAX)]
    Requests,
    #[error("the window must be a duration such as 500ms, 60s, 5m, 1h or 1d, and not zero")]
    Window,
}

impl Quota {
    /// The part of it that each of several processes may use, so that all together never use more in any window: rounded
    /// down. None where there are more processes than requests. A longer window would not help: one request each, all in
    /// the same moment, would be too many.
    #[must_use]
    pub fn share(self, of: NonZeroU16) -> Option<Self> {
        let requests = NonZeroU32::new(self.requests.get() / u32::from(of.get()))?;
        Some(Self { requests, ..self })
    }
}

impl FromStr for Quota {
    type Err = NotAQuota;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (requests, per) = text.split_once('/').ok_or(NotAQuota::Form)?;
        let requests = requests.trim().parse().map_err(|_| NotAQuota::Requests)?;
        let per = humantime::parse_duration(per)
            .ok()
            .filter(|per| !per.is_zero())
            .ok_or(NotAQuota::Window)?;
        Ok(Self { requests, per })
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.requests, humantime::format_duration(self.per))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_shows_as_it_was_written() -> Result<(), NotAQuota> {
        for text in ["300/1m", "1/10s", "5000/1s", "10000/2days", "7/500ms"] {
            assert_eq!(text.parse::<Quota>()?.to_string(), text);
        }
        for (text, why) in [
            ("300", NotAQuota::Form),
            ("0/1s", NotAQuota::Requests),
            ("300/0s", NotAQuota::Window),
            ("300/x", NotAQuota::Window),
        ] {
            assert_eq!(text.parse::<Quota>(), Err(why), "{text}");
        }
        Ok(())
    }

    #[test]
    fn the_shares_together_are_never_more_than_the_whole() -> Result<(), NotAQuota> {
        for (whole, of, share) in [
            ("300/1m", 4, Some("75/1m")),
            ("300/1m", 7, Some("42/1m")),
            ("4/1s", 4, Some("1/1s")),
            ("3/1s", 4, None),
        ] {
            let of = NonZeroU16::new(of).unwrap_or(NonZeroU16::MAX);
            let shared = whole.parse::<Quota>()?.share(of);
            assert_eq!(shared.map(|quota| quota.to_string()).as_deref(), share, "{whole}");
        }
        Ok(())
    }
}
