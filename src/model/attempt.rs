//! One exchange with the server for one user, and what it brought.

use jiff::Timestamp;

/// Header by which our pretend partner says what it is, so that no report about invented people can pass for a real
/// one.
pub const SANDBOX_HEADER: &str = "x-kyc-recon-sandbox";

/// One exchange with the server: when, how long, and an answer or a fault.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Position of the attempt among those for this user, from 1.
    pub number: u32,
    /// The id sent as `x-request-id`, so that the partner's log and ours can be matched.
    pub request_id: String,
    pub started_at: Timestamp,
    pub elapsed_ms: u64,
    pub result: Result<Answer, Fault>,
}

impl Attempt {
    /// Whether a server answered that says of itself that it is our pretend partner.
    #[must_use]
    pub fn is_from_sandbox(&self) -> bool {
        self.result.as_ref().is_ok_and(|answer| answer.from_sandbox)
    }
}

/// What a server sent: status, the headers we act on, and the body byte for byte (after content decoding).
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status, 100 to 599 as a rule; whatever the server sent.
    pub status: u16,
    pub content_type: Option<String>,
    pub headers: PacingHeaders,
    /// The server said of itself that it is our pretend partner.
    pub from_sandbox: bool,
    pub body: Vec<u8>,
}

/// The headers by which a server asks for a pace, line by line as sent. `fetch::retry` and `fetch::announced` read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PacingHeaders(Vec<(&'static str, String)>);

impl PacingHeaders {
    /// The names of the headers that are kept.
    pub const NAMES: [&'static str; 13] = [
        "date",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ];

    /// Whether the server announces a quota in any dialect.
    #[must_use]
    pub fn announce(&self) -> bool {
        self.0.iter().any(|(of, _)| !matches!(*of, "date" | "retry-after"))
    }

    /// The lines of this header, in the order in which they were sent; a header may have several.
    pub fn lines(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(of, _)| *of == name).map(|(_, line)| line.as_str())
    }
}

impl FromIterator<(&'static str, String)> for PacingHeaders {
    fn from_iter<T: IntoIterator<Item = (&'static str, String)>>(lines: T) -> Self {
        Self(lines.into_iter().collect())
    }
}

/// Why an attempt brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No complete answer within the time allowed.
    Timeout,
    /// No connection: refused, unreachable, no such host.
    Connect,
    /// The TLS handshake failed, or the certificate is not trusted.
    Tls,
    /// The connection ended before the answer did.
    Cut,
    /// The body is larger than we are ready to hold, before or after decompression.
    Oversized,
    /// The body does not decode by its `content-encoding`.
    Encoding,
}

impl Fault {
    pub const ALL: [Self; 6] =
        [Self::Timeout, Self::Connect, Self::Tls, Self::Cut, Self::Oversized, Self::Encoding];

    /// The word in the `attempts` table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Cut => "cut",
            Self::Oversized => "oversized",
            Self::Encoding => "encoding",
        }
    }
}
