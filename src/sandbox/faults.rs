//! The ways in which an answer goes wrong between the truth and the client.

use std::{fmt, str::FromStr};

/// One thing that goes wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// 500 in the partner's JSON.
    InternalError,
    /// 502 as a gateway's page.
    BadGateway,
    /// 503 without a word of when to come back.
    Unavailable,
    /// 504 as a gateway's page.
    GatewayTimeout,
    /// 429, asking for a second of patience in one of the dialects.
    Throttled,
    /// The true answer, after a second and a half.
    Slow,
    /// The true answer at once, but its body piece by piece for a second and a half.
    Trickle,
    /// No answer at all.
    Hang,
    /// The connection is reset before any byte of an answer.
    Refuse,
    /// The connection ends in the middle of the body.
    Cut,
    /// The connection is reset in the middle of the body.
    Reset,
    /// Half of the JSON under 200, as if it were all.
    TruncatedJson,
    /// A gateway's page of HTML under 200.
    GatewayPage,
    /// An error object under 200.
    ErrorObject,
    /// 200 and nothing.
    EmptyBody,
    /// 10 kB that decompress to 10 MB.
    GzipBomb,
    /// The true answer, said to be plain text.
    WrongContentType,
    /// A redirect to another host.
    Redirect,
    /// 401 about the key, though the key is right.
    BadKey,
}

/// Why a text does not name a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no fault has this name")]
pub struct NotAFault;

impl Fault {
    pub const ALL: [Self; 19] = [
        Self::InternalError,
        Self::BadGateway,
        Self::Unavailable,
        Self::GatewayTimeout,
        Self::Throttled,
        Self::Slow,
        Self::Trickle,
        Self::Hang,
        Self::Refuse,
        Self::Cut,
        Self::Reset,
        Self::TruncatedJson,
        Self::GatewayPage,
        Self::ErrorObject,
        Self::EmptyBody,
        Self::GzipBomb,
        Self::WrongContentType,
        Self::Redirect,
        Self::BadKey,
    ];

    /// The word in flags and in the server's statistics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InternalError => "internal_error",
            Self::BadGateway => "bad_gateway",
            Self::Unavailable => "unavailable",
            Self::GatewayTimeout => "gateway_timeout",
            Self::Throttled => "throttled",
            Self::Slow => "slow",
            Self::Trickle => "trickle",
            Self::Hang => "hang",
            Self::Refuse => "refuse",
            Self::Cut => "cut",
            Self::Reset => "reset",
            Self::TruncatedJson => "truncated_json",
            Self::GatewayPage => "gateway_page",
            Self::ErrorObject => "error_object",
            Self::EmptyBody => "empty_body",
            Self::GzipBomb => "gzip_bomb",
            Self::WrongContentType => "wrong_content_type",
            Self::Redirect => "redirect",
            Self::BadKey => "bad_key",
        }
    }

    /// True where the client gets the true answer all the same.
    #[must_use]
    pub const fn tells_the_truth(self) -> bool {
        matches!(self, Self::Slow | Self::Trickle | Self::WrongContentType)
    }

    /// True where a client could take what comes for an answer about the user, or for a word about the whole job. It
    /// may not happen twice in a row, or the client would be right to believe it.
    #[must_use]
    pub const fn is_believable(self) -> bool {
        matches!(
            self,
            Self::TruncatedJson
                | Self::GatewayPage
                | Self::ErrorObject
                | Self::EmptyBody
                | Self::GzipBomb
                | Self::Redirect
                | Self::BadKey
        )
    }

    /// True for the statuses of a server that is down, which come in bursts.
    #[must_use]
    pub const fn comes_in_bursts(self) -> bool {
        matches!(
            self,
            Self::InternalError | Self::BadGateway | Self::Unavailable | Self::GatewayTimeout
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Fault {
    type Err = NotAFault;

    /// Reads the word, with `-` for `_` as people type it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = text.trim().replace('-', "_");
        Self::ALL.into_iter().find(|fault| fault.as_str() == word).ok_or(NotAFault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_called_by_its_word() {
        for fault in Fault::ALL {
            assert_eq!(fault.as_str().parse(), Ok(fault));
        }
        assert_eq!("gzip-bomb".parse(), Ok(Fault::GzipBomb));
        assert_eq!("earthquake".parse::<Fault>(), Err(NotAFault));
    }
}
