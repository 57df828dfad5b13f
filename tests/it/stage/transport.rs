//! The way to the partner: TLS, certificates of both sides, HTTP/1.1 and HTTP/2, proxies.

use kyc_recon::sandbox::options::Options;

use crate::support::{
    job::{Job, KEY},
    memory::faults,
    place::{Place, Tested},
    pretend::Pretend,
    proxy::Proxy,
    tls::{Authority, Clients, TlsPartner},
};

const PEOPLE: [&str; 3] = ["approved-1", "missing-1", "rejected-1"];
const BOTH: [&str; 2] = ["h2", "http/1.1"];

fn trusting(place: &Place, authority: &Authority, url: &str) -> Result<Job, std::io::Error> {
    place.write("ca.pem", authority.pem())?;
    Ok(place.run("night").asking(url).args(["--ca-cert", "ca.pem"]))
}

/// The job gives up: it is told to after a second, which spares the test the half minute of probes.
fn gives_up_with(place: &Place, job: Job, known: &[&str]) -> Tested {
    let ended = job.args(["--deadline", "1500ms", "--max-in-flight", "2"]).end()?;
    assert_eq!(ended.code, Some(75), "{}", ended.stderr);
    assert_eq!(place.published()?, [""; 0]);
    let faults = faults(&place.reports(), "night")?;
    assert!(
        !faults.is_empty() && faults.iter().all(|found| known.contains(&found.as_str())),
        "{faults:?}"
    );
    Ok(())
}

#[test]
fn https_works_in_the_protocol_that_the_server_prefers() -> Tested {
    let authority = Authority::new()?;
    for (protocols, version) in
        [(BOTH.as_slice(), "HTTP/2.0"), (&["http/1.1"], "HTTP/1.1"), (&[], "HTTP/1.1")]
    {
        let host = authority.vouch("localhost")?;
        let partner = TlsPartner::start(host, &Clients::Anybody, protocols)?;
        let place = Place::with_roster(PEOPLE)?;
        let ended = trusting(&place, &authority, &partner.base_url())?.end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(partner.seen(), [version; 3]);
    }
    Ok(())
}

#[test]
fn a_server_that_nobody_vouches_for_is_told_nothing() -> Tested {
    let (authority, another) = (Authority::new()?, Authority::new()?);
    for (name, trusted) in [
        ("localhost", None),
        ("localhost", Some(&another)),
        ("elsewhere.invalid", Some(&authority)),
    ] {
        let partner = TlsPartner::start(authority.vouch(name)?, &Clients::Anybody, &BOTH)?;
        let place = Place::with_roster(PEOPLE)?;
        let job = match trusted {
            Some(trusted) => trusting(&place, trusted, &partner.base_url())?,
            None => place.run("night").asking(&partner.base_url()),
        };
        gives_up_with(&place, job, &["tls"])?;
        assert_eq!(partner.seen(), [""; 0], "the key was sent to a stranger");
    }
    Ok(())
}

/// A machine whose system trusts nobody, as a container without `ca-certificates`.
fn trusting_nobody(job: Job) -> Job {
    job.env("SSL_CERT_FILE", "no-such-file").env("SSL_CERT_DIR", "no-such-directory")
}

#[test]
fn without_certificates_of_the_system_https_says_so_and_how_to_mend_it() -> Tested {
    let authority = Authority::new()?;
    let partner = TlsPartner::start(authority.vouch("localhost")?, &Clients::Anybody, &BOTH)?;
    let place = Place::with_roster(PEOPLE)?;
    let ended = trusting_nobody(place.run("night").asking(&partner.base_url())).end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    for said in
        ["no certificates by which a server could be trusted", "ca-certificates", "--ca-cert"]
    {
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("plain http"), "{}", ended.stderr);
    let job = trusting(&place, &authority, &partner.base_url())?;
    assert_eq!(trusting_nobody(job).end()?.code, Some(0), "those of --ca-cert are enough");
    Ok(())
}

#[test]
fn plain_http_on_this_machine_needs_no_certificates() -> Tested {
    let sandbox = Pretend::start(Options::default())?;
    let place = Place::with_roster(PEOPLE)?;
    for job in
        [place.run("within").args(["--sandbox"]), place.run("beside").asking(&sandbox.base_url())]
    {
        let ended = trusting_nobody(job).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    Ok(())
}

#[test]
fn our_certificate_is_shown_to_a_gateway_that_asks_for_it() -> Tested {
    let authority = Authority::new()?;
    // In TLS 1.3 the refusal comes after the handshake. What carries it says so if it meets a request of HTTP/1.1, and
    // no more than that the connection ended if it comes before one, or in HTTP/2.
    for (protocols, faults) in
        [(["http/1.1"].as_slice(), ["tls", "cut"].as_slice()), (&BOTH, &["cut", "connect"])]
    {
        let host = authority.vouch("localhost")?;
        let partner = TlsPartner::start(host, &Clients::VouchedBy(&authority), protocols)?;
        let place = Place::with_roster(PEOPLE)?;
        gives_up_with(&place, trusting(&place, &authority, &partner.base_url())?, faults)?;
        assert_eq!(partner.seen(), [""; 0]);

        place.write("client.pem", authority.vouch("kyc-recon")?.pem)?;
        let job = trusting(&place, &authority, &partner.base_url())?;
        let ended = job.args(["--client-cert", "client.pem"]).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(partner.seen().len(), PEOPLE.len());
    }
    Ok(())
}

#[test]
fn a_proxy_of_the_environment_is_used_and_never_sees_the_key() -> Tested {
    let authority = Authority::new()?;
    let host = authority.vouch("partner.invalid")?;
    let partner = TlsPartner::start(host, &Clients::Anybody, &BOTH)?;
    let proxy = Proxy::to(partner.address)?;
    let place = Place::with_roster(PEOPLE)?;
    let job = trusting(&place, &authority, "https://partner.invalid")?;
    let ended = job.env("HTTPS_PROXY", proxy.url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(partner.seen().len(), PEOPLE.len());
    let heard = proxy.heard();
    assert!(heard.starts_with("CONNECT partner.invalid:443 "), "{heard}");
    assert!(!heard.contains(KEY) && !heard.contains("approved-1"));
    Ok(())
}

#[test]
fn what_is_on_this_machine_is_reached_without_a_proxy() -> Tested {
    let (authority, sandbox) = (Authority::new()?, Pretend::start(Options::default())?);
    let host = authority.vouch("localhost")?;
    let partner = TlsPartner::start(host, &Clients::Anybody, &BOTH)?;
    let proxy = Proxy::to(partner.address)?;
    for url in [sandbox.base_url(), partner.base_url()] {
        let place = Place::with_roster(PEOPLE)?;
        let mut job = trusting(&place, &authority, &url)?;
        for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
            job = job.env(variable, proxy.url());
        }
        let ended = job.end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    assert_eq!(proxy.heard(), "");
    Ok(())
}
