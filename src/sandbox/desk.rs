//! The desk behind the pretend endpoint: reads a request, counts it, answers it.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::Query,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts},
    response::Response,
};
use futures::{StreamExt, stream};
use jiff::Timestamp;
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
        chronicle,
        connection::Scissors,
        fate::Fate,
        faults::Fault,
        ledger::{Arrival, Ledger, StatsSnapshot},
        options::Options,
        population,
        rate_headers::{RateDialect, Standing},
        wire::{self, Means},
    },
};

/// The path of the one endpoint that is pretended.
pub const DETAILS_PATH: &str = "/api/partner/v2/kyc/details";

/// How much later a slow answer is.
const SLOWNESS: Duration = Duration::from_millis(1_500);

/// Longer than any client is ready to wait.
const HANGING: Duration = Duration::from_hours(1);

/// The patience that a 429 asks for where no quota is behind it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where redirects point: no host can have a name that ends so (RFC 2606).
const NOWHERE: &str = "https://login.capa-gateway.invalid";

/// What all requests share.
#[derive(Debug)]
pub struct Desk {
    options: Options,
    ledger: Mutex<Ledger>,
    stop: watch::Sender<bool>,
}

/// Every response says whose it is, so that no report about invented people can pass for a real one.
const WHOSE: (HeaderName, HeaderValue) =
    (HeaderName::from_static(SANDBOX_HEADER), HeaderValue::from_static("invented people"));

/// Answers a request at this desk by its path.
pub async fn respond(desk: &Arc<Desk>, scissors: Scissors, request: Parts) -> Response {
    let read_only = matches!(request.method, Method::GET | Method::HEAD);
    let mut response = match request.uri.path() {
        DETAILS_PATH if read_only => desk.details(scissors, request).await,
        "/stats" if read_only => desk.told_stats(),
        "/users.csv" if read_only => desk.roster(),
        "/changes" if read_only => chronicle::changes(desk, &request.uri),
        _ => wire::whole(Answer::no_such_path()),
    };
    let (name, value) = WHOSE;
    response.headers_mut().insert(name, value);
    response
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "userId")]
    user_id: String,
}

/// One request about one user.
struct Asking {
    id: String,
    /// The user in the ledger, which knows no ids.
    user: u64,
    now: Instant,
    arrival: Arrival,
    scissors: Scissors,
    uri: Uri,
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

    /// What it was asked to be.
    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// What was counted so far.
    pub fn stats(&self) -> StatsSnapshot {
        self.ledger().snapshot()
    }

    /// How often somebody asked about this user with a key; a request refused for the limit in force is none.
    pub fn attempts(&self, id: &str) -> u8 {
        self.ledger().attempts(self.user(id))
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

    /// The clock is read under the lock, or two moments could change places on their way into a window.
    fn arrive(&self) -> (Instant, Arrival) {
        let mut ledger = self.ledger();
        let now = Instant::now();
        (now, ledger.arrive(now))
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

    fn user(&self, id: &str) -> u64 {
        Chance::new(self.options.seed, "visits", id).word()
    }

    async fn details(self: &Arc<Self>, scissors: Scissors, request: Parts) -> Response {
        let (now, arrival) = self.arrive();
        let mut visit = Visit { desk: self, status: None };
        let asked = Query::try_from_uri(&request.uri);
        let id = asked.map(|Query(Asked { user_id })| user_id).unwrap_or_default();
        let (user, uri, snipped) = (self.user(&id), request.uri, scissors.clone());
        let asking = Asking { id, user, now, arrival, scissors, uri };
        let response = self.receive(asking, &request.headers).await;
        visit.status = (!snipped.is_snipped()).then(|| response.status().as_u16());
        response
    }

    async fn receive(self: &Arc<Self>, asking: Asking, headers: &HeaderMap) -> Response {
        self.ledger().check_patience(asking.user, asking.now);
        if self.options.outage.contains(&asking.arrival.number) {
            self.ledger().outage();
            return wire::whole(Answer::unavailable());
        }
        if let Some(wait) = asking.arrival.refused_for {
            let dialect = self.options.announce.unwrap_or(RateDialect::RetrySeconds);
            return wire::throttled(self.patience(&asking, dialect, wait));
        }
        match self.key_trouble(headers) {
            Some(trouble) => wire::whole(Answer::bad_key(trouble)),
            None if asking.id.is_empty() => wire::whole(Answer::no_user_id()),
            None => self.answer(&asking).await,
        }
    }

    async fn answer(self: &Arc<Self>, asking: &Asking) -> Response {
        let Options { seed, day, faults, latency, .. } = &self.options;
        let attempt = self.ledger().attempt(asking.user);
        let fault = Fault::of(faults, *seed, &asking.id, attempt);
        if let Some(fault) = fault {
            self.ledger().fault(fault);
        }
        let truth = Answer::on(*day, *seed, &asking.id);
        self.wait_until(asking.now + *latency + delay(fault)).await;
        let told = self.told(asking);
        let Some(fault) = fault else {
            told();
            return self.announced(wire::whole(truth), asking);
        };
        let damaged = wire::damaged(fault, truth, self.means(fault, asking, told));
        if fault.tells_the_truth() { self.announced(damaged, asking) } else { damaged }
    }

    /// What to do when the user's truth went out.
    fn told(self: &Arc<Self>, asking: &Asking) -> impl FnOnce() + Send + use<> {
        let (desk, user) = (Arc::clone(self), asking.user);
        let about_them = Fate::of(self.options.seed, &asking.id).is_told_at_once();
        move || {
            if about_them {
                desk.ledger().answered(user);
            }
        }
    }

    fn means<F>(&self, fault: Fault, asking: &Asking, told: F) -> Means<F> {
        let patience = match fault {
            Fault::Throttled => self.patience(asking, self.dialect_by_lot(&asking.id), PATIENCE),
            _ => HeaderMap::new(),
        };
        let host = self.options.redirect_to.as_deref().unwrap_or(NOWHERE);
        let location = format!("{}{}", host.trim_end_matches('/'), asking.uri);
        Means { scissors: asking.scissors.clone(), location, patience, told }
    }

    /// The dialect of the partner, if it has one; else this user's.
    fn dialect_by_lot(&self, id: &str) -> RateDialect {
        let lot = || Chance::new(self.options.seed, "rate headers", id).pick(&RateDialect::ALL);
        self.options.announce.unwrap_or_else(lot)
    }

    /// The headers that ask for this wait; the ledger will know whether it was kept.
    fn patience(&self, asking: &Asking, dialect: RateDialect, wait: Duration) -> HeaderMap {
        let nothing = Standing { limit: 1, window: wait, remaining: 0, reset: wait };
        let standing = asking.arrival.standing.unwrap_or(nothing);
        if dialect.asks_for_a_wait() {
            self.ledger().ask_for_patience(asking.user, Instant::now() + wait);
        }
        dialect.refusal(Standing { remaining: 0, reset: wait, ..standing }, Timestamp::now())
    }

    /// The answer with headers that tell how the quota stands, if the partner tells.
    fn announced(&self, mut response: Response, asking: &Asking) -> Response {
        if let (Some(dialect), Some(standing)) = (self.options.announce, asking.arrival.standing) {
            response.headers_mut().extend(dialect.announcement(standing, Timestamp::now()));
        }
        response
    }

    fn told_stats(&self) -> Response {
        let body = serde_json::to_vec_pretty(&self.stats()).unwrap_or_default();
        wire::whole(Answer { status: 200, content_type: JSON, body })
    }

    fn roster(&self) -> Response {
        let pieces = population::roster(self.options.seed, self.options.users);
        let mut response =
            Response::new(Body::from_stream(stream::iter(pieces).map(io::Result::Ok)));
        let kind = HeaderValue::from_static("text/csv; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
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
