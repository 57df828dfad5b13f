//! Every fault and every header, heard by a client that knows no HTTP library: nothing is decoded, followed or retried.

use std::{error::Error, io, time::Duration};

use futures::future::try_join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    answer::Answer,
    desk::DETAILS_PATH,
    faults::Fault,
    options::{Faults, Options, SANDBOX_KEY},
    rate_headers::RateDialect,
    server::Sandbox,
};

pub(super) type Tested = Result<(), Box<dyn Error>>;

/// What came back, as far as it came, and how the connection ended.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    end: Result<usize, io::ErrorKind>,
}

impl Heard {
    pub(super) fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let values = self.head.lines().filter_map(|line| line.split_once(": "));
        values.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    fn promised(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }
}

/// Sends one request on a connection of its own and reads to its end.
pub(super) async fn ask(sandbox: &Sandbox, path: &str, key: &str) -> io::Result<Heard> {
    let mut stream = TcpStream::connect(sandbox.base_url().trim_start_matches("http://")).await?;
    let key = if key.is_empty() { String::new() } else { format!("partner-api-key: {key}\r\n") };
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{key}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.map_err(|error| error.kind());
    let blank = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..blank]).into_owned();
    Ok(Heard { head, body: bytes.split_off((blank + 4).min(bytes.len())), end })
}

pub(super) async fn ask_about(sandbox: &Sandbox, id: &str) -> io::Result<Heard> {
    ask(sandbox, &format!("{DETAILS_PATH}?userId={id}"), SANDBOX_KEY).await
}

async fn faulty(fault: Fault) -> io::Result<Sandbox> {
    Sandbox::start(Options { faults: Faults::Only(vec![fault]), ..Options::default() }).await
}

/// The first answer about `approved-1` where this fault reigns, after a look at the second, which is true.
async fn first(fault: Fault) -> Result<(Fault, Heard), Box<dyn Error>> {
    let sandbox = faulty(fault).await?;
    let first = ask_about(&sandbox, "approved-1").await?;
    let told = sandbox.stats().users_answered == 1;
    assert_eq!(told, fault.tells_the_truth(), "{fault}");
    if fault == Fault::Throttled {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(ask_about(&sandbox, "approved-1").await?.body, truth(), "{fault}");
    let stats = sandbox.stats();
    assert_eq!((stats.faults[fault.as_str()], stats.waits_shortened), (1, 0), "{fault}");
    Ok((fault, first))
}

fn truth() -> Vec<u8> {
    Answer::about(7, "approved-1").body
}

fn expected_status(fault: Fault) -> &'static str {
    match fault {
        Fault::InternalError => "500",
        Fault::BadGateway => "502",
        Fault::Unavailable => "503",
        Fault::GatewayTimeout => "504",
        Fault::Throttled => "429",
        Fault::Redirect => "307",
        Fault::BadKey => "401",
        Fault::Refuse => "",
        _ => "200",
    }
}

#[tokio::test]
async fn every_fault_shows_and_passes() -> Tested {
    let faults = Fault::ALL.into_iter().filter(|fault| *fault != Fault::Hang);
    for (fault, heard) in try_join_all(faults.map(first)).await? {
        assert_eq!(heard.status(), expected_status(fault), "{fault}");
        assert_eq!(heard.body == truth(), fault.tells_the_truth(), "{fault}");
        let short = heard.promised() != Some(heard.body.len());
        assert_eq!(short, matches!(fault, Fault::Refuse | Fault::Cut | Fault::Reset), "{fault}");
        let reset = heard.end == Err(io::ErrorKind::ConnectionReset);
        assert_eq!(
            reset,
            matches!(fault, Fault::Refuse | Fault::Reset),
            "{fault}: {:?}",
            heard.end
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_cut_body_is_announced_whole_and_a_refusal_says_nothing() -> Tested {
    for fault in [Fault::Cut, Fault::Reset] {
        let (_, heard) = first(fault).await?;
        assert_eq!((heard.promised(), heard.body.len()), (Some(truth().len()), truth().len() / 2));
    }
    let (_, heard) = first(Fault::Refuse).await?;
    assert!(heard.head.is_empty() && heard.body.is_empty(), "{heard:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_under_200_is_not_what_it_should_be() -> Tested {
    assert_eq!(first(Fault::EmptyBody).await?.1.body, b"");
    assert!(first(Fault::GatewayPage).await?.1.body.starts_with(b"<html>"));
    assert!(truth().starts_with(&first(Fault::TruncatedJson).await?.1.body));
    let (_, error) = first(Fault::ErrorObject).await?;
    let error: serde_json::Value = serde_json::from_slice(&error.body)?;
    assert_eq!(error["code"], "INTERNAL_SERVER_ERROR");
    let (_, bomb) = first(Fault::GzipBomb).await?;
    assert_eq!(bomb.header("content-encoding"), Some("gzip"));
    assert!(bomb.body.len() < 20_000, "{}", bomb.body.len());
    let (_, text) = first(Fault::WrongContentType).await?;
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
    Ok(())
}

#[tokio::test]
async fn the_key_is_refused_once_though_it_is_right() -> Tested {
    let (_, heard) = first(Fault::BadKey).await?;
    assert!(String::from_utf8(heard.body)?.contains("Invalid API Key"));
    Ok(())
}

#[tokio::test]
async fn a_redirect_points_where_it_is_told_or_nowhere() -> Tested {
    for (redirect_to, host) in [
        (None, "https://login.capa-gateway.invalid"),
        (Some("http://127.0.0.1:9/".to_owned()), "http://127.0.0.1:9"),
    ] {
        let faults = Faults::Only(vec![Fault::Redirect]);
        let sandbox = Sandbox::start(Options { faults, redirect_to, ..Options::default() }).await?;
        let heard = ask_about(&sandbox, "approved-1").await?;
        let location = format!("{host}{DETAILS_PATH}?userId=approved-1");
        assert_eq!(heard.header("location"), Some(location.as_str()));
    }
    Ok(())
}

#[tokio::test]
async fn a_trickle_begins_at_once_and_counts_only_when_it_has_ended() -> Tested {
    let sandbox = faulty(Fault::Trickle).await?;
    let begun = timeout(Duration::from_millis(500), ask_about(&sandbox, "approved-1")).await;
    assert!(begun.is_err());
    let stats = sandbox.stats();
    assert_eq!((stats.by_status.get(&200), stats.users_answered), (Some(&1), 0));
    Ok(())
}

#[tokio::test]
async fn a_hanging_answer_ends_with_the_server() -> Tested {
    let sandbox = faulty(Fault::Hang).await?;
    let waiting = timeout(Duration::from_millis(300), ask_about(&sandbox, "approved-1")).await;
    assert!(waiting.is_err());
    let stats = timeout(Duration::from_secs(4), sandbox.shutdown()).await?;
    assert_eq!((stats.faults["hang"], stats.requests), (1, 1));
    Ok(())
}

#[tokio::test]
async fn an_outage_meets_whoever_comes_and_passes() -> Tested {
    let sandbox = Sandbox::start(Options { outage: 2..4, ..Options::default() }).await?;
    let mut statuses = Vec::new();
    for n in 1..=4 {
        statuses.push(ask_about(&sandbox, &format!("approved-{n}")).await?.status().to_owned());
    }
    assert_eq!(statuses, ["200", "503", "503", "200"]);
    assert_eq!(sandbox.stats().faults["outage"], 2);
    Ok(())
}

#[tokio::test]
async fn patience_is_asked_for_in_the_dialect_of_the_partner() -> Tested {
    for (dialect, name) in [
        (RateDialect::RetrySeconds, "retry-after"),
        (RateDialect::RetryDateSkewed, "retry-after"),
        (RateDialect::Ietf, "ratelimit"),
        (RateDialect::Legacy, "ratelimit-reset"),
        (RateDialect::XEpochMs, "x-ratelimit-reset"),
    ] {
        let options = Options {
            faults: Faults::Only(vec![Fault::Throttled]),
            announce: Some(dialect),
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await?;
        let heard = ask_about(&sandbox, "approved-1").await?;
        assert_eq!(heard.status(), "429");
        assert!(heard.header(name).is_some(), "{dialect}: {}", heard.head);
        assert_eq!(heard.head.matches("date: ").count(), 1, "{}", heard.head);
        ask_about(&sandbox, "approved-1").await?;
        assert_eq!(sandbox.stats().waits_shortened, 1, "{dialect}");
    }
    Ok(())
}

#[tokio::test]
async fn without_a_dialect_of_the_partner_each_429_has_its_own() -> Tested {
    let sandbox = faulty(Fault::Throttled).await?;
    let mut silent = 0;
    for n in 0..40 {
        let heard = ask_about(&sandbox, &format!("approved-{n}")).await?;
        let named = ["retry-after", "ratelimit", "ratelimit-reset", "x-ratelimit-reset"];
        silent += u32::from(named.iter().all(|name| heard.header(name).is_none()));
    }
    assert!((1..20).contains(&silent), "{silent}");
    Ok(())
}

#[tokio::test]
async fn healthy_answers_announce_the_quota() -> Tested {
    for (rate_limit, observe) in [(Some("5/60s"), None), (None, Some("5/60s"))] {
        let options = Options {
            rate_limit: rate_limit.map(str::parse).transpose()?,
            observe: observe.map(str::parse).transpose()?,
            announce: Some(RateDialect::Ietf),
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).await?;
        ask_about(&sandbox, "approved-1").await?;
        let heard = ask_about(&sandbox, "missing-1").await?;
        assert_eq!(heard.header("ratelimit"), Some("\"default\";r=3;t=60"));
        assert_eq!(heard.header("ratelimit-policy"), Some("\"default\";q=5;w=60"));
    }
    Ok(())
}

#[tokio::test]
async fn without_a_quota_there_is_nothing_to_announce() -> Tested {
    let announce = Some(RateDialect::XSeconds);
    let sandbox = Sandbox::start(Options { announce, ..Options::default() }).await?;
    assert!(!ask_about(&sandbox, "approved-1").await?.head.contains("ratelimit"));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_is_not_counted_as_an_answer() -> Tested {
    let sandbox = Sandbox::start(Options::default()).await?;
    for id in ["html-1", "error200-1", "badgateway-1", "foreign-1", "mismatch-1", "missing-1"] {
        ask_about(&sandbox, id).await?;
    }
    assert_eq!(sandbox.stats().users_answered, 3);
    Ok(())
}

#[tokio::test]
async fn hell_ends_in_the_truth_within_three_attempts() -> Tested {
    // The bomb is packed when it is first asked for; in the midst of the others, that would take all their patience.
    first(Fault::GzipBomb).await?;
    let options = Options { faults: Faults::Hell, ..Options::default() };
    let sandbox = Sandbox::start(options).await?;
    let users = (0..200).map(|n| format!("user-{n}"));
    let sandbox = &sandbox;
    // Long enough for a busy machine: a request given up before the server has read it is no attempt there.
    let patience = Duration::from_secs(5);
    let third = users.map(async |id| {
        for _ in 0..2 {
            drop(timeout(patience, ask_about(sandbox, &id)).await);
        }
        assert_eq!(ask_about(sandbox, &id).await?.body, Answer::about(7, &id).body, "{id}");
        Ok::<_, io::Error>(())
    });
    try_join_all(third).await?;
    assert!(sandbox.stats().faults.len() > 12, "{:?}", sandbox.stats());
    Ok(())
}
