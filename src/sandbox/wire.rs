//! Answers as they go over the wire, whole or damaged.

use std::{
    io::{self, Write},
    sync::LazyLock,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt, stream};
use tokio::time::sleep;

use crate::sandbox::{
    answer::{Answer, HTML},
    faults::Fault,
};

/// The answer as it is.
#[must_use]
pub fn whole(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    let kind = HeaderValue::from_static(answer.content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// What a fault leaves of the answer. Delays are the server's business.
#[must_use]
pub fn damaged(fault: Fault, truth: Answer) -> Response {
    match fault {
        Fault::InternalError => whole(Answer::internal_error()),
        Fault::BadGateway => whole(Answer::bad_gateway()),
        Fault::Unavailable | Fault::Hang => whole(Answer::unavailable()),
        Fault::Throttled => throttled(Duration::from_secs(1)),
        Fault::Slow => whole(truth),
        Fault::Cut => cut(truth),
        Fault::TruncatedJson => {
            let half = truth.body.len() / 2;
            whole(Answer { status: 200, body: truth.body[..half].to_vec(), ..truth })
        }
        Fault::GatewayPage => whole(Answer { status: 200, ..Answer::bad_gateway() }),
        Fault::EmptyBody => whole(Answer { status: 200, body: Vec::new(), ..truth }),
        Fault::GzipBomb => bomb(),
        Fault::WrongContentType => {
            whole(Answer { content_type: "text/plain; charset=utf-8", ..truth })
        }
    }
}

/// 429, asking for this much patience, in whole seconds and at least one.
#[must_use]
pub fn throttled(wait: Duration) -> Response {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let mut response = whole(Answer::throttled());
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Announces the whole body, sends half of it, and drops the connection.
fn cut(truth: Answer) -> Response {
    let length = truth.body.len();
    let half = Bytes::copy_from_slice(&truth.body[..length / 2]);
    let end = async {
        // Without a pause the half would be dropped with the connection, unsent.
        sleep(Duration::from_millis(20)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let body = stream::once(async { Ok(half) }).chain(stream::once(end));
    let mut response = whole(truth);
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    *response.body_mut() = Body::from_stream(body);
    response
}

fn bomb() -> Response {
    static BOMB: LazyLock<Bytes> = LazyLock::new(|| zeros_in_gzip(16).unwrap_or_default().into());
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
