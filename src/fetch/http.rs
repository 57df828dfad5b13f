//! The door to the partner: one request, one answer or fault. The only place that knows the HTTP client and the key.

use std::{future::Future, time::Duration};

pub use reqwest::Url;
use reqwest::{
    Certificate, Client, ClientBuilder, Identity, Response,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    redirect,
};

use super::body;
use crate::model::{
    attempt::{Answer, Fault, PacingHeaders, SANDBOX_HEADER},
    ids::UserId,
    secret::{ApiKey, SecretBytes},
};

/// Header of the partner that carries the key (API notes A1).
const KEY_HEADER: HeaderName = HeaderName::from_static("partner-api-key");
/// Header by which the partner's log and our `attempts` table can be matched.
const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Path of the endpoint below the base URL (API notes A2).
const PATH: &str = "api/partner/v2/kyc/details";

/// How to reach the partner.
#[derive(Debug, Clone)]
pub struct Transport {
    /// The longest time for one exchange, connecting included.
    pub timeout: Duration,
    /// The largest body we hold, before and after decompression, in bytes.
    pub max_body: usize,
    /// Certificates to trust beside the system's, as PEM.
    pub ca_cert: Option<Vec<u8>>,
    /// Our own certificate and its key, as PEM, for gateways that ask for one.
    pub client_cert: Option<SecretBytes>,
}

/// One exchange with a server. Real over HTTP; scripted in tests of what lies above.
pub trait Exchange: Send + Sync {
    /// Asks about one user.
    fn ask(
        &self,
        user: &UserId,
        request_id: &str,
    ) -> impl Future<Output = Result<Answer, Fault>> + Send;
}

/// Why the door cannot be opened; all of it is known before the first request.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("the base URL `{url}` is not an http or https URL with a host")]
    NotAnUrl { url: String },
    #[error("the base URL `{url}` holds a user name, password, query or fragment")]
    Cluttered { url: String },
    #[error(
        "the base URL `{url}` is plain http to another machine: the key would travel in the clear"
    )]
    InTheClear { url: String },
    #[error("this system has no certificates by which a server could be trusted")]
    NoAuthorities,
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
    #[error("the file named by {setting} holds no usable PEM")]
    Certificate { setting: &'static str, source: reqwest::Error },
}

/// The partner's endpoint over HTTP.
#[derive(Debug)]
pub struct Door {
    client: Client,
    endpoint: Url,
    key: ApiKey,
    max_body: usize,
}

impl Door {
    /// Opens the door: checks the address and sets up the client. Sends nothing.
    ///
    /// # Errors
    /// When the URL cannot carry the key safely, or the client cannot be built.
    pub fn open(base_url: &Url, key: ApiKey, transport: &Transport) -> Result<Self, DoorError> {
        let client = client(base_url, transport.timeout);
        let client = with_certificates(client, transport)?.build().map_err(no_client)?;
        let mut endpoint = base_url.clone();
        endpoint.set_path(&format!("{}/{PATH}", base_url.path().trim_end_matches('/')));
        Ok(Self { client, endpoint, key, max_body: transport.max_body })
    }

    async fn exchange(&self, user: &UserId, request_id: &str) -> Result<Answer, Fault> {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut().append_pair("userId", user.as_str());
        let response = self
            .client
            .get(url)
            .header(KEY_HEADER, self.key_value()?)
            .header(REQUEST_ID_HEADER, request_id)
            .send()
            .await
            .map_err(|error| fault(&error))?;
        receive(response, self.max_body).await
    }

    fn key_value(&self) -> Result<HeaderValue, Fault> {
        // `ApiKey` is visible ASCII, so this cannot fail; if it did, nothing would have been sent.
        let mut value = HeaderValue::from_str(self.key.expose()).map_err(|_| Fault::Connect)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Exchange for Door {
    async fn ask(&self, user: &UserId, request_id: &str) -> Result<Answer, Fault> {
        self.exchange(user, request_id).await
    }
}

/// Sends one request to an address that is not the partner's, without a key, and gives the status of the answer.
///
/// # Errors
/// When there was no answer in time; without the address, which may hold a token.
pub async fn call(url: Url, timeout: Duration) -> Result<u16, Fault> {
    let client = client(&url, timeout).build().map_err(|_| Fault::Tls)?;
    let response = client.get(url).send().await.map_err(|error| fault(&error))?;
    Ok(response.status().as_u16())
}

fn client(url: &Url, timeout: Duration) -> ClientBuilder {
    // The cryptography of rustls is chosen per process; a second choice changes nothing, and that is not an error.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = Client::builder()
        .redirect(redirect::Policy::none())
        // A request that the client sent again by itself would pass neither the gate nor the journal.
        .retry(reqwest::retry::never())
        .timeout(timeout)
        .default_headers(headers());
    if is_loopback(url) {
        // A proxy from the environment would get the key, in the clear, on its way to this very machine.
        client = client.no_proxy();
    }
    if url.scheme() == "http" {
        // Nobody is trusted, for nobody has to be: a machine without certificates can still try the sandbox.
        client = client.tls_certs_only([]);
    }
    client
}

/// Why there is no client. The system's certificates are read when it is built; that there are none, which rustls has no
/// word for, is its only general error then.
fn no_client(source: reqwest::Error) -> DoorError {
    if matches!(tls_error(&source), Some(rustls::Error::General(_))) {
        return DoorError::NoAuthorities;
    }
    DoorError::Client(source)
}

fn with_certificates(
    mut client: ClientBuilder,
    transport: &Transport,
) -> Result<ClientBuilder, DoorError> {
    if let Some(pem) = &transport.ca_cert {
        let setting = "--ca-cert";
        let roots = Certificate::from_pem_bundle(pem)
            .map_err(|source| DoorError::Certificate { setting, source })?;
        client = client.tls_certs_merge(roots);
    }
    if let Some(pem) = &transport.client_cert {
        let setting = "--client-cert";
        let identity = Identity::from_pem(pem.expose())
            .map_err(|source| DoorError::Certificate { setting, source })?;
        client = client.identity(identity);
    }
    Ok(client)
}

/// Reads a base URL and checks that the key may travel there: https anywhere, http only to this machine.
///
/// # Errors
/// When it is not such a URL; the message shows the URL without user name and password.
pub fn base_url(text: &str) -> Result<Url, DoorError> {
    let url = Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .ok_or_else(|| DoorError::NotAnUrl {
            url: text.split('@').next_back().unwrap_or("").to_owned(),
        })?;
    let shown = shown(&url);
    if shown != url.as_str() {
        return Err(DoorError::Cluttered { url: shown });
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(DoorError::InTheClear { url: shown });
    }
    Ok(url)
}

/// The URL without what could be a secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

fn headers() -> HeaderMap {
    let agent = concat!("kyc-recon/", env!("CARGO_PKG_VERSION"));
    HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/json")),
        (header::ACCEPT_ENCODING, HeaderValue::from_static(body::ACCEPTED)),
        (header::USER_AGENT, HeaderValue::from_static(agent)),
    ])
}

/// Takes the answer in, with a cap on the bytes received and on the bytes decoded.
async fn receive(mut response: Response, max_body: usize) -> Result<Answer, Fault> {
    // What the server says of the length is a hint, and no reason to hold more than we are ready to.
    let expected = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut received = Vec::with_capacity(expected.unwrap_or_default().min(max_body));
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if received.len() + chunk.len() > max_body {
            return Err(Fault::Oversized);
        }
        received.extend_from_slice(&chunk);
    }
    let headers = response.headers();
    let body =
        body::decode(text(headers, &header::CONTENT_ENCODING).as_deref(), received, max_body)?;
    Ok(Answer {
        status: response.status().as_u16(),
        content_type: text(headers, &header::CONTENT_TYPE),
        headers: pacing(headers),
        from_sandbox: headers.contains_key(SANDBOX_HEADER),
        body,
    })
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn pacing(headers: &HeaderMap) -> PacingHeaders {
    let lines = headers.iter().filter_map(|(name, line)| {
        let name = PacingHeaders::NAMES.into_iter().find(|known| name == known)?;
        Some((name, line.to_str().ok()?.to_owned()))
    });
    lines.collect()
}

/// Which fault an error of the client is. The error itself is dropped: it may quote the URL, and with it the user's id.
fn fault(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        Fault::Timeout
    } else if tls_error(error).is_some() {
        // Also when it is no error of connecting: in TLS 1.3 a server refuses our certificate after the handshake.
        Fault::Tls
    } else if error.is_connect() {
        Fault::Connect
    } else {
        Fault::Cut
    }
}

/// The error of TLS at the bottom of another one.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    // The source of an I/O error is that of what it wraps: what it wraps would be left out.
    match wrapped {
        Some(wrapped) => tls_error(wrapped),
        None => error.downcast_ref().or_else(|| tls_error(error.source()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_travels_by_https_or_stays_on_this_machine() {
        for good in [
            "https://staging-api.capa.fi",
            "https://gateway.example/capa/",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:9",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "staging-api.capa.fi",
            "ftp://capa.fi",
            "http://staging-api.capa.fi",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "https://user:secret@capa.fi",
            "https://capa.fi/?key=secret",
        ] {
            let refused = base_url(bad).err().map(|e| e.to_string());
            assert!(refused.is_some_and(|message| !message.contains("secret")), "{bad}");
        }
    }

    #[test]
    fn every_line_of_a_header_about_pace_is_kept_and_no_other() {
        let line = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let mut headers = HeaderMap::new();
        for (name, value) in [
            line("retry-after", "5"),
            line("retry-after", "7"),
            line("ratelimit", "\"default\";r=1"),
            line("x-rate-limit-remaining", "9"),
            line("server", "nobody"),
        ] {
            headers.append(name, value);
        }
        let kept = pacing(&headers);
        assert_eq!(kept.lines("retry-after").collect::<Vec<_>>(), ["5", "7"]);
        assert_eq!(
            kept.lines("ratelimit").count() + kept.lines("x-rate-limit-remaining").count(),
            2
        );
        assert_eq!(kept.lines("server").count(), 0);
    }
}
