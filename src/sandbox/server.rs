//! The pretend partner as a server of its own, on loopback only.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

use crate::sandbox::{
    desk::{self, Desk},
    ledger::StatsSnapshot,
    options::Options,
};

/// How long connections may take to end after a stop.
const GRACE: Duration = Duration::from_secs(2);

/// A running pretend partner. Stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    desk: Arc<Desk>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves from a task of the current runtime.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(options));
        let router = desk::router(Arc::clone(&desk));
        // Without it, a keep-alive answer waits for the client's acknowledgement: 40 ms that nobody asked for.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let stopped = desk.stopped();
        let server = tokio::spawn(async move {
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
        self.desk.stats()
    }

    /// Stops: no new connections, answers under way are finished, those left hanging are given up.
    pub async fn shutdown(mut self) -> StatsSnapshot {
        self.desk.stop();
        if timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.stats()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.desk.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        time::Instant,
    };

    use super::*;
    use crate::sandbox::{
        answer::Answer,
        desk::DETAILS_PATH,
        faults::Fault,
        options::{Faults, SANDBOX_KEY},
    };

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
