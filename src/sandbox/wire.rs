//! Answers as they go over the wire, whole or damaged.

use std::{
    io::{self, Write},
    sync::LazyLock,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt, stream};
use tokio::time::sleep;

use crate::sandbox::{
    answer::{Answer, HTML},
    connection::Scissors,
    faults::Fault,
};

/// In how many pieces a body trickles.
const PIECES: usize = 16;

/// How long the client waits for each piece.
const BETWEEN_PIECES: Duration = Duration::from_millis(100);

/// What doing damage takes.
pub struct Means<F> {
    /// Severs the connection that the answer goes to.
    pub scissors: Scissors,
    /// Where a redirect points.
    pub location: String,
    /// The headers of a refusal with 429.
    pub patience: HeaderMap,
    /// Called when the client was sent the truth all the same.
    pub told: F,
}

/// The answer as it is.
#[must_use]
pub fn whole(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let kind = HeaderValue::from_static(answer.content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// What a fault leaves of the answer. Delays before it are the desk's business.
#[must_use]
pub fn damaged(
    fault: Fault,
    truth: Answer,
    means: Means<impl FnOnce() + Send + 'static>,
) -> Response {
    match fault {
        Fault::InternalError => whole(Answer::internal_error()),
        Fault::BadGateway => whole(Answer::bad_gateway()),
        Fault::Unavailable | Fault::Hang => whole(Answer::unavailable()),
        Fault::GatewayTimeout => whole(Answer::gateway_timeout()),
        Fault::Throttled => throttled(means.patience),
        Fault::Slow => told(truth, means.told),
        Fault::Trickle => trickle(truth, means.told),
        Fault::Refuse => {
            means.scissors.snip();
            whole(truth)
        }
        Fault::Cut => half(truth, || {}),
        Fault::Reset => half(truth, move || means.scissors.snip()),
        Fault::TruncatedJson => {
            let half = truth.body.len() / 2;
            whole(Answer { status: 200, body: truth.body[..half].to_vec(), ..truth })
        }
        Fault::GatewayPage => whole(Answer { status: 200, ..Answer::bad_gateway() }),
        Fault::ErrorObject => whole(Answer { status: 200, ..Answer::internal_error() }),
        Fault::EmptyBody => whole(Answer { status: 200, body: Vec::new(), ..truth }),
        Fault::GzipBomb => bomb(),
        Fault::WrongContentType => {
            told(Answer { content_type: "text/plain; charset=utf-8", ..truth }, means.told)
        }
        Fault::Redirect => redirect(&means.location),
        Fault::BadKey => whole(Answer::bad_key("Invalid API Key")),
    }
}

/// 429, asking for patience in these headers.
#[must_use]
pub fn throttled(patience: HeaderMap) -> Response {
    let mut response = whole(Answer::throttled());
    response.headers_mut().extend(patience);
    response
}

fn told(truth: Answer, told: impl FnOnce()) -> Response {
    told();
    whole(truth)
}

/// 307, which asks to repeat the request with all it carries: the worst that a redirect can do.
fn redirect(location: &str) -> Response {
    let mut response = whole(Answer { status: 307, content_type: HTML, body: Vec::new() });
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Sends the body in small pieces, each in its own time.
fn trickle(truth: Answer, told: impl FnOnce() + Send + 'static) -> Response {
    let size = truth.body.len().div_ceil(PIECES).max(1);
    let mut pieces: Vec<Bytes> = truth.body.chunks(size).map(Bytes::copy_from_slice).collect();
    let last = pieces.pop().unwrap_or_default();
    let but_last = stream::iter(pieces).then(async |piece| {
        sleep(BETWEEN_PIECES).await;
        Ok::<_, io::Error>(piece)
    });
    let last = stream::once(async {
        sleep(BETWEEN_PIECES).await;
        told();
        Ok(last)
    });
    stream_of(truth, Body::from_stream(but_last.chain(last)))
}

/// Announces the whole body, sends half of it, and drops the connection after these last words.
fn half(truth: Answer, last_words: impl FnOnce() + Send + 'static) -> Response {
    let half = Bytes::copy_from_slice(&truth.body[..truth.body.len() / 2]);
    let end = async {
        // Without a pause the half would be dropped with the connection, unsent.
        sleep(Duration::from_millis(20)).await;
        last_words();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let body = stream::once(async { Ok(half) }).chain(stream::once(end));
    stream_of(truth, Body::from_stream(body))
}

/// The head of the answer with its true length, and another body.
fn stream_of(truth: Answer, body: Body) -> Response {
    let length = truth.body.len();
    let mut response = whole(truth);
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    *response.body_mut() = body;
    response
}

/// Little that decompresses to more than anybody should hold.
static BOMB: LazyLock<Bytes> = LazyLock::new(|| zeros_in_gzip(10).unwrap_or_default().into());

/// Makes the bomb now: whoever met it first would else wait for that.
pub fn prepare() {
    LazyLock::force(&BOMB);
}

fn bomb() -> Response {
    let mut response = Response::new(Body::from(BOMB.clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn zeros_in_gzip(megabytes: usize) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..megabytes {
        gzip.write_all(&zeros)?;
    }
    gzip.finish()
}
