//! The desk behind the pretend endpoint: reads a request, counts it, answers it.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, header},
    middleware::map_response,
    response::Response,
    routing::get,
};
use futures::{StreamExt, stream};
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    model::attempt::SANDBOX_HEADER,
    sandbox::{
        answer::{Answer, JSON},
        chance::Chance,
        fate::Fate,
        faults::Fault,
        ledger::{Ledger, StatsSnapshot},
        options::Options,
        population, wire,
    },
};

/// The path of the one endpoint that is pretended.
pub const DETAILS_PATH: &str = "/api/partner/v2/kyc/details";

/// How much later a slow answer is.
const SLOWNESS: Duration = Duration::from_millis(1_500);

/// Longer than any client is ready to wait.
const HANGING: Duration = Duration::from_hours(1);

/// What all requests share.
#[derive(Debug)]
pub struct Desk {
    options: Options,
    ledger: Mutex<Ledger>,
    stop: watch::Sender<bool>,
}

/// The paths that are served, from this desk.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route(DETAILS_PATH, get(details))
        .route("/stats", get(stats))
        .route("/users.csv", get(roster))
        .fallback(async || wire::whole(Answer::no_such_path()))
        .layer(map_response(introduce))
        .with_state(desk)
}

/// Every response says whose it is, so that no report about invented people can pass for a real one.
async fn introduce(mut response: Response) -> Response {
    response.headers_mut().insert(SANDBOX_HEADER, HeaderValue::from_static("invented people"));
    response
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
    #[must_use]
    pub fn new(options: Options) -> Self {
        let ledger = Mutex::new(Ledger::new(&options));
        Self { options, ledger, stop: watch::Sender::new(false) }
    }

    /// What was counted so far.
    pub fn stats(&self) -> StatsSnapshot {
        self.ledger().snapshot()
    }

    /// Gives up every wait.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ends when somebody stops the desk.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stop = self.stop.subscribe();
        async move { drop(stop.wait_for(|stop| *stop).await) }
    }

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
        tokio::select! {
            () = sleep_until(moment) => {}
            () = self.stopped() => {}
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
    let body = serde_json::to_vec_pretty(&desk.stats()).unwrap_or_default();
    wire::whole(Answer { status: 200, content_type: JSON, body })
}

async fn roster(State(desk): State<Arc<Desk>>) -> Response {
    let pieces = population::roster(desk.options.seed, desk.options.users);
    let mut response = Response::new(Body::from_stream(stream::iter(pieces).map(io::Result::Ok)));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
