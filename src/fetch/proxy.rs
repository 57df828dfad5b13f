//! Which way the requests would take: straight to the partner, or by a proxy that the environment names.
//!
//! The HTTP client reads the same variables by the same library, so what is said here is what it does.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;

use super::http::{Url, is_loopback};

/// The way to the partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// No proxy is named.
    Direct,
    /// The partner is this machine; proxies are passed by, or the key would travel in the clear.
    Loopback,
    /// A proxy is named, and `NO_PROXY` excepts the partner from it.
    Excepted,
    /// By this proxy: scheme, host and port, without user name and password.
    Proxy(String),
}

impl Route {
    /// The way to this base URL in the environment of this process.
    #[must_use]
    pub fn to(base_url: &Url) -> Self {
        Self::by(&Matcher::from_env(), base_url)
    }

    fn by(matcher: &Matcher, base_url: &Url) -> Self {
        if is_loopback(base_url) {
            return Self::Loopback;
        }
        match (proxy(matcher, base_url.as_str()), proxy(matcher, "https://excepted.invalid/")) {
            (Some(proxy), _) => Self::Proxy(proxy),
            (None, Some(_)) => Self::Excepted,
            (None, None) => Self::Direct,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("direct, no proxy is set"),
            Self::Loopback => f.write_str("direct, this machine is never asked through a proxy"),
            Self::Excepted => f.write_str("direct, excepted by NO_PROXY"),
            Self::Proxy(proxy) => write!(f, "through the proxy {proxy}"),
        }
    }
}

fn proxy(matcher: &Matcher, url: &str) -> Option<String> {
    let intercept = matcher.intercept(&url.parse().ok()?)?;
    let uri = intercept.uri();
    let (scheme, host) = (uri.scheme_str().unwrap_or("http"), uri.host()?);
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::http::{self, DoorError};

    #[test]
    fn a_proxy_is_named_without_its_password_and_never_for_this_machine() -> Result<(), DoorError> {
        let proxied = || Matcher::builder().all("http://user:secret@proxy.example:3128");
        let capa = http::base_url("https://staging-api.capa.fi")?;
        let by_proxy = Route::Proxy("http://proxy.example:3128".to_owned());
        assert_eq!(Route::by(&proxied().build(), &capa), by_proxy);
        assert_eq!(Route::by(&proxied().no("capa.fi").build(), &capa), Route::Excepted);
        assert_eq!(Route::by(&proxied().no("example.org").build(), &capa), by_proxy);
        assert_eq!(Route::by(&Matcher::builder().build(), &capa), Route::Direct);
        let here = http::base_url("http://127.0.0.1:8080")?;
        assert_eq!(Route::by(&proxied().build(), &here), Route::Loopback);
        Ok(())
    }
}
