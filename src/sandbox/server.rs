//! The pretend partner over HTTP, on loopback only.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use futures::{StreamExt, stream};
use serde::Deserialize;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use crate::sandbox::{
    answer::{Answer, JSON},
    chance::Chance,
    fate::Fate,
    faults::Fault,
    ledger::{Ledger, StatsSnapshot},
    options::Options,
    population, wire,
};

/// The path of the one endpoint that is pretended.
pub const DETAILS_PATH: &str = "/api/partner/v2/kyc/details";

/// How much later a slow answer is.
const SLOWNESS: Duration = Duration::from_millis(1_500);

/// Longer than any client is ready to wait.
const HANGING: Duration = Duration::from_hours(1);

/// How long connections may take to end after a stop.
const GRACE: Duration = Duration::from_secs(2);

/// A running pretend partner. Stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    desk: Arc<Desk>,
    server: JoinHandle<io::Result<()>>,
}

/// What all requests share.
#[derive(Debug)]
struct Desk {
    options: Options,
    ledger: Mutex<Ledger>,
    stop: watch::Sender<bool>,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves from a task of the current runtime.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let ledger = Mutex::new(Ledger::new(&options));
        let (stop, mut stopped) = watch::channel(false);
        let desk = Arc::new(Desk { options, ledger, stop });
        let router = router(Arc::clone(&desk));
        // Without it, a keep-alive answer waits for the client's acknowledgement: 40 ms that nobody asked for.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = tokio::spawn(async move {
            let stopped = async move { drop(stopped.wait_for(|stop| *stop).await) };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await
        });
        Ok(Self { address, desk, server })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was counted so far.
    #[must_use]
    pub fn stats(&self) -> StatsSnapshot {
        self.desk.ledger().snapshot()
    }

    /// Stops: no new connections, answers under way are finished, those left hanging are given up.
    pub async fn shutdown(mut self) -> StatsSnapshot {
        self.desk.stop.send_replace(true);
        if timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.stats()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.desk.stop.send_replace(true);
    }
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route(DETAILS_PATH, get(details))
        .route("/stats", get(stats))
        .route("/users.csv", get(roster))
        .fallback(async || wire::whole(Answer::no_such_path()))
        .with_state(desk)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "userId")]
    user_id: String,
}

async fn details(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let arrival = Instant::now();
    let refused_for = desk.ledger().arrive(arrival);
    let mut visit = Visit { desk: &desk, status: None };
    let response = match (refused_for, desk.key_trouble(&headers), asked) {
        (Some(wait), _, _) => wire::throttled(wait),
        (None, Some(trouble), _) => wire::whole(Answer::bad_key(trouble)),
        (None, None, Ok(Query(Asked { user_id }))) if !user_id.is_empty() => {
            desk.answer(&user_id, arrival).await
        }
        (None, None, _) => wire::whole(Answer::no_user_id()),
    };
    visit.status = Some(response.status().as_u16());
    response
}

/// A request under way. Leaves the ledger also when the client hangs up first.
struct Visit<'a> {
    desk: &'a Desk,
    status: Option<u16>,
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.desk.ledger().leave(self.status);
    }
}

impl Desk {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with the key, in the partner's words.
    fn key_trouble(&self, headers: &HeaderMap) -> Option<&'static str> {
        let key = headers.get("partner-api-key").map(HeaderValue::as_bytes).unwrap_or_default();
        match &self.options.require_key {
            _ if key.is_empty() => Some("API Key is missing"),
            _ if !key.iter().all(u8::is_ascii_graphic) => Some("Invalid API Key format"),
            Some(required) if required.as_bytes() != key => Some("Invalid API Key"),
            _ => None,
        }
    }

    async fn answer(&self, id: &str, arrival: Instant) -> Response {
        let Options { seed, faults, latency, .. } = self.options;
        let user = Chance::new(seed, "visits", id).word();
        let attempt = self.ledger().attempt(user);
        let fault = Fault::of(faults, seed, id, attempt);
        if let Some(fault) = fault {
            self.ledger().fault(fault);
        }
        let truth = Answer::about(seed, id);
        self.wait_until(arrival + latency + delay(fault)).await;
        // A gateway's word is never about the user.
        if Fate::forced(id) != Some(Fate::BadGateway) && fault.is_none_or(Fault::tells_the_truth) {
            self.ledger().answered(user);
        }
        match fault {
            Some(fault) => wire::damaged(fault, truth),
            None => wire::whole(truth),
        }
    }

    /// Waits, but not beyond a stop.
    async fn wait_until(&self, moment: Instant) {
        if moment <= Instant::now() {
            return;
        }
        let mut stopped = self.stop.subscribe();
        tokio::select! {
            () = sleep_until(moment) => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    }
}

fn delay(fault: Option<Fault>) -> Duration {
    match fault {
        Some(Fault::Slow) => SLOWNESS,
        Some(Fault::Hang) => HANGING,
        _ => Duration::ZERO,
    }
}

async fn stats(State(desk): State<Arc<Desk>>) -> Response {
    let body = serde_json::to_vec_pretty(&desk.ledger().snapshot()).unwrap_or_default();
    wire::whole(Answer { status: 200, content_type: JSON, body })
}

async fn roster(State(desk): State<Arc<Desk>>) -> Response {
    let pieces = population::roster(desk.options.seed, desk.options.users);
    let mut response = Response::new(Body::from_stream(stream::iter(pieces).map(io::Result::Ok)));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;
    use crate::sandbox::options::{Faults, SANDBOX_KEY};

    type Tested = Result<(), Box<dyn Error>>;

    /// Sends one request on a connection of its own and reads to its end: head and body, as far as they came.
    async fn ask(sandbox: &Sandbox, path: &str, key: &str) -> io::Result<(String, Vec<u8>)> {
        let mut stream = TcpStream::connect(sandbox.address).await?;
        let key =
            if key.is_empty() { String::new() } else { format!("partner-api-key: {key}\r\n") };
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{key}\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        // A cut connection is an error at the end of what came.
        drop(stream.read_to_end(&mut bytes).await);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Ok((head, bytes.split_off((end + 4).min(bytes.len()))))
    }

    async fn ask_about(sandbox: &Sandbox, id: &str) -> io::Result<(String, Vec<u8>)> {
        ask(sandbox, &format!("{DETAILS_PATH}?userId={id}"), SANDBOX_KEY).await
    }

    fn status(head: &str) -> &str {
        head.split(' ').nth(1).unwrap_or_default()
    }

    #[tokio::test]
    async fn a_user_is_answered_with_the_same_document_every_time() -> Tested {
        let sandbox = Sandbox::start(Options::default()).await?;
        for _ in 0..2 {
            let (head, body) = ask_about(&sandbox, "approved-1").await?;
            assert_eq!(status(&head), "200");
            assert_eq!(body, Answer::about(7, "approved-1").body);
        }
        assert_eq!(status(&ask_about(&sandbox, "missing-1").await?.0), "404");
        let stats = sandbox.shutdown().await;
        assert_eq!((stats.requests, stats.distinct_users), (3, 2));
        assert_eq!((stats.users_answered, stats.users_answered_twice), (2, 1));
        assert_eq!((stats.by_status[&200], stats.by_status[&404], stats.in_flight), (2, 1, 0));
        Ok(())
    }

    #[tokio::test]
    async fn without_the_right_key_nobody_is_answered() -> Tested {
        let required = Options { require_key: Some("right".into()), ..Options::default() };
        let (strict, lax) =
            (Sandbox::start(required).await?, Sandbox::start(Options::default()).await?);
        let path = &format!("{DETAILS_PATH}?userId=approved-1");
        for (sandbox, key, expected) in [
            (&strict, "right", "200"),
            (&strict, "wrong", "401"),
            (&strict, "", "401"),
            (&lax, "anything", "200"),
            (&lax, "", "401"),
        ] {
            assert_eq!(status(&ask(sandbox, path, key).await?.0), expected, "{key}");
        }
        assert_eq!(strict.stats().distinct_users, 1);
        Ok(())
    }

    #[tokio::test]
    async fn a_request_that_names_nobody_or_nothing_is_refused() -> Tested {
        let sandbox = Sandbox::start(Options::default()).await?;
        for path in [DETAILS_PATH.to_owned(), format!("{DETAILS_PATH}?userId=")] {
            assert_eq!(status(&ask(&sandbox, &path, "k").await?.0), "400");
        }
        assert_eq!(status(&ask(&sandbox, "/nowhere", "k").await?.0), "404");
        Ok(())
    }

    #[tokio::test]
    async fn above_the_limit_the_answer_is_429_with_the_wait() -> Tested {
        let limit = Some("2/30s".parse()?);
        let sandbox = Sandbox::start(Options { rate_limit: limit, ..Options::default() }).await?;
        let mut last = String::new();
        for n in 0..3 {
            last = ask_about(&sandbox, &format!("approved-{n}")).await?.0;
        }
        assert_eq!(status(&last), "429");
        assert!(last.contains("retry-after: 30") || last.contains("retry-after: 29"), "{last}");
        let stats = sandbox.stats();
        assert_eq!((stats.max_in_window, stats.limit, stats.window_ms), (3, Some(2), 30_000));
        assert_eq!((stats.refused, stats.violations, stats.distinct_users), (1, 1, 2));
        Ok(())
    }

    #[tokio::test]
    async fn an_observed_quota_is_counted_and_not_enforced() -> Tested {
        let observe = Some("1/30s".parse()?);
        let sandbox = Sandbox::start(Options { observe, ..Options::default() }).await?;
        for n in 0..3 {
            assert_eq!(status(&ask_about(&sandbox, &format!("approved-{n}")).await?.0), "200");
        }
        let (_, body) = ask(&sandbox, "/stats", "").await?;
        let stats: StatsSnapshot = serde_json::from_slice(&body)?;
        assert_eq!((stats.max_in_window, stats.violations), (3, 2));
        Ok(())
    }

    #[tokio::test]
    async fn latency_is_kept() -> Tested {
        let latency = Duration::from_millis(60);
        let sandbox = Sandbox::start(Options { latency, ..Options::default() }).await?;
        let start = Instant::now();
        ask_about(&sandbox, "approved-1").await?;
        assert!(start.elapsed() >= latency);
        Ok(())
    }

    #[tokio::test]
    async fn the_offered_roster_has_the_asked_length() -> Tested {
        let sandbox = Sandbox::start(Options { users: 1_500, ..Options::default() }).await?;
        let (head, body) = ask(&sandbox, "/users.csv", "").await?;
        let ids = String::from_utf8(body)?.matches("-4").count();
        assert!(head.contains("text/csv") && ids >= 1_500, "{ids}");
        Ok(())
    }

    /// Somebody whose first attempt meets this fault.
    fn who_meets(fault: Fault) -> Option<String> {
        let ids = (0..20_000).map(|n| format!("approved-{n}"));
        ids.into_iter().find(|id| Fault::of(Faults::Hell, 7, id, 1) == Some(fault))
    }

    async fn first_and_third(fault: Fault) -> Result<(String, Vec<u8>, Vec<u8>), Box<dyn Error>> {
        let id = who_meets(fault).ok_or("nobody")?;
        let sandbox =
            Sandbox::start(Options { faults: Faults::Hell, ..Options::default() }).await?;
        let (head, body) = ask_about(&sandbox, &id).await?;
        ask_about(&sandbox, &id).await?;
        let (_, third) = ask_about(&sandbox, &id).await?;
        assert_eq!(third, Answer::about(7, &id).body, "{}", fault.as_str());
        assert!(sandbox.stats().faults[fault.as_str()] >= 1);
        Ok((head, body, third))
    }

    #[tokio::test]
    async fn every_fault_shows_and_passes() -> Tested {
        for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::Hang) {
            let (head, body, truth) = first_and_third(fault).await?;
            let complete = body == truth;
            let (wanted, whole) = match fault {
                Fault::InternalError => ("500", false),
                Fault::BadGateway => ("502", false),
                Fault::Unavailable => ("503", false),
                Fault::Throttled => ("429", false),
                _ => ("200", fault.tells_the_truth()),
            };
            assert_eq!((status(&head), complete), (wanted, whole), "{}", fault.as_str());
            let announced = head.contains(&format!("content-length: {}\r\n", truth.len()));
            assert!(announced || fault != Fault::Cut, "{head}");
            assert!(head.contains("content-encoding: gzip") == (fault == Fault::GzipBomb));
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_hanging_answer_ends_with_the_server() -> Tested {
        let id = who_meets(Fault::Hang).ok_or("nobody")?;
        let sandbox =
            Sandbox::start(Options { faults: Faults::Hell, ..Options::default() }).await?;
        let waiting = timeout(Duration::from_millis(300), ask_about(&sandbox, &id)).await;
        assert!(waiting.is_err());
        let stats = timeout(GRACE * 2, sandbox.shutdown()).await?;
        assert_eq!((stats.faults["hang"], stats.requests), (1, 1));
        Ok(())
    }
}
