//! The pretend partner as a server of its own, on loopback only.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Request},
    handler::HandlerWithoutStateExt,
};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

use crate::sandbox::{
    connection::{Entrance, Scissors},
    desk::{self, Desk},
    ledger::StatsSnapshot,
    options::{Faults, Options},
    wire,
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
        if options.faults != Faults::None {
            wire::prepare();
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(options));
        let at = Arc::clone(&desk);
        let handler = async move |ConnectInfo(scissors), request: Request| {
            desk::respond(&at, scissors, request.into_parts().0).await
        };
        let service = handler.into_make_service_with_connect_info::<Scissors>();
        let stopped = desk.stopped();
        let server = tokio::spawn(async move {
            axum::serve(Entrance(listener), service).with_graceful_shutdown(stopped).await
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

    /// How often somebody asked about this user with a key; a request refused for the limit in force is none.
    #[must_use]
    pub fn attempts(&self, id: &str) -> u8 {
        self.desk.attempts(id)
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
    use tokio::time::Instant;

    use super::*;
    use crate::sandbox::{
        answer::Answer,
        day::Day,
        desk::DETAILS_PATH,
        population,
        trial::{Tested, ask, ask_about},
    };

    #[tokio::test]
    async fn a_user_is_answered_with_the_same_document_every_time() -> Tested {
        let sandbox = Sandbox::start(Options::default()).await?;
        for _ in 0..2 {
            let heard = ask_about(&sandbox, "approved-1").await?;
            assert_eq!(heard.status(), "200");
            assert_eq!(heard.body, Answer::about(7, "approved-1").body);
        }
        assert_eq!(ask_about(&sandbox, "missing-1").await?.status(), "404");
        let stats = sandbox.shutdown().await;
        assert_eq!((stats.requests, stats.distinct_users), (3, 2));
        assert_eq!((stats.users_answered, stats.users_answered_twice), (2, 1));
        assert_eq!((stats.by_status[&200], stats.by_status[&404], stats.in_flight), (2, 1, 0));
        Ok(())
    }

    #[tokio::test]
    async fn a_user_who_changes_is_answered_by_the_day() -> Tested {
        let day = "2".parse()?;
        let users = (0..200).map(|number| population::user_id(7, number));
        let changed = users.into_iter().find(|id| Answer::on(day, 7, id) != Answer::about(7, id));
        let changed = changed.ok_or("nobody changes")?;
        for day in [Day::FIRST, day] {
            let sandbox = Sandbox::start(Options { day, ..Options::default() }).await?;
            let heard = ask_about(&sandbox, &changed).await?;
            assert_eq!(heard.body, Answer::on(day, 7, &changed).body);
        }
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
            assert_eq!(ask(sandbox, path, key).await?.status(), expected, "{key}");
        }
        assert_eq!(strict.stats().distinct_users, 1);
        Ok(())
    }

    #[tokio::test]
    async fn a_request_that_names_nobody_or_nothing_is_refused() -> Tested {
        let sandbox = Sandbox::start(Options::default()).await?;
        for path in [DETAILS_PATH.to_owned(), format!("{DETAILS_PATH}?userId=")] {
            assert_eq!(ask(&sandbox, &path, "k").await?.status(), "400");
        }
        assert_eq!(ask(&sandbox, "/nowhere", "k").await?.status(), "404");
        Ok(())
    }

    #[tokio::test]
    async fn above_the_limit_the_answer_is_429_with_the_wait() -> Tested {
        let limit = Some("2/30s".parse()?);
        let sandbox = Sandbox::start(Options { rate_limit: limit, ..Options::default() }).await?;
        for n in 0..2 {
            ask_about(&sandbox, &format!("approved-{n}")).await?;
        }
        let heard = ask_about(&sandbox, "approved-2").await?;
        let wait = heard.header("retry-after").unwrap_or_default();
        assert_eq!(heard.status(), "429");
        assert!(["29", "30"].contains(&wait), "{wait}");
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
            assert_eq!(ask_about(&sandbox, &format!("approved-{n}")).await?.status(), "200");
        }
        let body = ask(&sandbox, "/stats", "").await?.body;
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
        let heard = ask(&sandbox, "/users.csv", "").await?;
        let ids = String::from_utf8(heard.body)?.matches("-4").count();
        assert!(heard.head.contains("text/csv") && ids >= 1_500, "{ids}");
        Ok(())
    }
}
