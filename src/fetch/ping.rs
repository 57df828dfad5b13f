//! Calling those who watch over the job, in the form of healthchecks.io: `URL/start`, then `URL/STATUS`.
//!
//! The address is all that its owner checks, so it is shown nowhere: not in an error, and not by what refuses it.

use std::time::Duration;

use super::http::{self, Url, is_loopback};
use crate::model::{attempt::Fault, secret::PingUrl};

/// The longest time for one call: the job waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ping {
    Start,
    /// With the exit status; 0 is a success.
    End(i32),
}

/// Why nobody was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unheard {
    #[error("the ping URL is no https URL with a host, nor http to this machine")]
    Address,
    #[error("the ping failed: {}", .0.as_str())]
    Fault(Fault),
    #[error("the ping was answered with status {0}")]
    Refused(u16),
}

/// Checks that an address can be called, without calling.
///
/// # Errors
/// When it is none, or would travel in the clear.
pub fn check(url: &PingUrl) -> Result<(), Unheard> {
    address(url, Ping::Start).map(drop)
}

/// Calls once.
///
/// # Errors
/// When nobody heard it.
pub async fn ping(url: &PingUrl, ping: Ping) -> Result<(), Unheard> {
    let status = http::call(address(url, ping)?, PATIENCE).await.map_err(Unheard::Fault)?;
    if (200..300).contains(&status) { Ok(()) } else { Err(Unheard::Refused(status)) }
}

/// The address of one ping: a step below the URL, whose query stays.
fn address(url: &PingUrl, ping: Ping) -> Result<Url, Unheard> {
    let mut url = Url::parse(url.expose()).map_err(|_| Unheard::Address)?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(Unheard::Address);
    }
    let step = match ping {
        Ping::Start => "start".to_owned(),
        Ping::End(status) => status.to_string(),
    };
    url.path_segments_mut().map_err(|()| Unheard::Address)?.pop_if_empty().push(&step);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(url: &str, ping: Ping) -> Result<String, Unheard> {
        address(&PingUrl::from(url.to_owned()), ping).map(|url| url.to_string())
    }

    #[test]
    fn a_step_is_put_behind_the_path_and_the_query_stays() {
        for (url, wanted) in [
            ("https://watch.example/token", "https://watch.example/token/start"),
            ("https://watch.example/token/", "https://watch.example/token/start"),
            (" https://watch.example/a/b?create=1\n", "https://watch.example/a/b/start?create=1"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/start"),
        ] {
            assert_eq!(called(url, Ping::Start), Ok(wanted.to_owned()), "{url}");
        }
        let end = called("https://watch.example/token", Ping::End(75));
        assert_eq!(end, Ok("https://watch.example/token/75".to_owned()));
    }

    #[test]
    fn what_cannot_be_called_is_refused_without_being_quoted() {
        for url in ["canary", "http://watch.example/canary", "file:///canary", "mailto:canary@x"] {
            let refused = called(url, Ping::Start);
            assert_eq!(refused, Err(Unheard::Address), "{url}");
        }
        assert!(!Unheard::Address.to_string().contains("canary"));
    }
}
