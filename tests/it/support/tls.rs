//! A partner behind TLS: an authority made for the test, a server that it vouches for, and what arrived there.

use std::{
    error::Error,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, extract::Request, response::Response, serve::Listener};
use kyc_recon::sandbox::{answer::Answer, options::DEFAULT_SEED, wire::whole};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Whom the certificates of a test come from.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(crate) struct Vouched {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    /// Both, as a file for `--client-cert`.
    pub(crate) pem: String,
}

/// A running partner; stops when dropped.
pub(crate) struct TlsPartner {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    _runtime: Runtime,
}

/// Whether clients must show a certificate.
pub(crate) enum Clients<'a> {
    Anybody,
    VouchedBy(&'a Authority),
}

impl Authority {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// Its certificate, as a file for `--ca-cert`.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Vouches for a host.
    pub(crate) fn vouch(&self, name: &str) -> Result<Vouched, Box<dyn Error>> {
        let key = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec![name.to_owned()])?.signed_by(&key, &self.0)?;
        Ok(Vouched {
            pem: certificate.pem() + &key.serialize_pem(),
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der())?,
        })
    }
}

impl TlsPartner {
    /// Answers as the sandbox would, under this certificate, in one of these protocols.
    pub(crate) fn start(
        host: Vouched,
        clients: &Clients<'_>,
        protocols: &[&str],
    ) -> Result<Self, Box<dyn Error>> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let tcp = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let address = tcp.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::new(config(host, clients, protocols)?));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&seen);
        let answer = async move |request: Request| answer(&request, &notes);
        let router: Router = Router::new().fallback(answer);
        runtime.spawn(async move { axum::serve(Entrance { tcp, acceptor }, router).await });
        Ok(Self { address, seen, _runtime: runtime })
    }

    pub(crate) fn base_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The HTTP version of each request that arrived.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(request: &Request, seen: &Mutex<Vec<String>>) -> Response {
    let version = format!("{:?}", request.version());
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(version);
    let query = request.uri().query().unwrap_or_default();
    whole(Answer::about(DEFAULT_SEED, query.trim_start_matches("userId=")))
}

fn config(
    host: Vouched,
    clients: &Clients<'_>,
    protocols: &[&str],
) -> Result<ServerConfig, Box<dyn Error>> {
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match clients {
        Clients::Anybody => builder.with_no_client_auth(),
        Clients::VouchedBy(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.0.der().clone())?;
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(vec![host.certificate], host.key)?;
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(config)
}

/// Listens, and lets in who completes the handshake.
struct Entrance {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Entrance {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            if let Ok((stream, address)) = self.tcp.accept().await
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
