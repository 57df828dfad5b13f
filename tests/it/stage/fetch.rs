//! What the partner answers, and what becomes of it: outcomes, faults, redirects, waits asked for.

use std::{
    collections::BTreeSet,
    sync::{Arc, Barrier, Mutex},
    thread::sleep,
    time::{Duration, Instant},
};

use kyc_recon::sandbox::{answer::Answer, options::DEFAULT_SEED};

use crate::support::{
    place::{Place, Tested},
    report::Report,
    scripted::{Reply, Scripted},
};

const SHORT: Duration = Duration::from_millis(300);

#[test]
fn what_the_partner_says_about_one_user_is_that_user_s_outcome() -> Tested {
    let outcomes = [
        ("approved-1", "answered", "200"),
        ("bare-1", "answered", "200"),
        ("undecided-1", "answered", "200"),
        ("missing-1", "no_verification", "404"),
        ("missing-2", "no_verification", "404"),
        ("foreign-1", "denied", "401"),
        ("foreign-2", "denied", "401"),
        ("html-1", "unreadable", "200"),
        ("error200-1", "unreadable", "200"),
        ("approved-2", "answered", "200"),
    ];
    let place = Place::with_roster(outcomes.map(|(id, ..)| id))?;
    let ended = place.run("night").args(["--sandbox"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let users = place.report("night").table("users")?;
    for (id, outcome, status) in outcomes {
        assert_eq!(users.of(id, "outcome"), [outcome], "{id}");
        assert_eq!(users.of(id, "http_status"), [status], "{id}");
        let decided = users.of(id, "decision") != [""];
        assert_eq!(decided, outcome == "answered", "{id}");
    }
    Ok(())
}

#[test]
fn an_answer_that_cannot_be_read_is_kept_byte_for_byte() -> Tested {
    let bodies: [(&str, &[u8]); 5] = [
        ("page", b"<html><body>502 Bad Gateway</body></html>"),
        ("error", br#"{"success":false,"error":{"code":"X","message":"try later"}}"#),
        ("empty", b""),
        ("half", br#"{"status":"ok","data":{"idInfo":{"#),
        ("latin", b"{\"status\":\"ok\",\"data\":{\"idInfo\":{\"firstName\":\"Jos\xe9\"}}}"),
    ];
    let partner = Scripted::start(move |call| {
        let known = bodies.iter().find(|(user, _)| *user == call.user);
        known.map_or_else(
            || Reply::about(&call.user),
            |(_, body)| Reply::Whole {
                status: 200,
                headers: vec![("content-type", "application/json".to_owned())],
                body: body.to_vec(),
            },
        )
    })?;
    let users = bodies.map(|(user, _)| user);
    let place = Place::with_roster(users.into_iter().chain(["approved-1"]))?;
    assert_eq!(place.run("night").asking(&partner.base_url()).end()?.code, Some(0));
    let report = place.report("night");
    let (table, archive) = (report.table("users")?, report.archive()?);
    for (user, body) in bodies {
        assert_eq!(archive.body_of(user).as_deref(), Some(body), "{user}");
        assert_eq!(table.of(user, "document_bytes"), [body.len().to_string()], "{user}");
        if user != "latin" {
            assert_eq!(table.of(user, "outcome"), ["unreadable"], "{user}");
            assert_eq!(table.of(user, "attempts"), ["2"], "{user}");
            assert_ne!(table.of(user, "verdict"), ["pass"], "{user}");
        }
    }
    let truth = Answer::about(DEFAULT_SEED, "approved-1").body;
    assert_eq!(archive.body_of("approved-1"), Some(truth));
    Ok(())
}

#[test]
fn a_fault_is_retried_and_written_down() -> Tested {
    let partner = Scripted::start(|call| match (call.user.as_str(), call.visit) {
        ("approved-hang", 1) => Reply::Hang,
        ("approved-cut", 1) => Reply::Cut,
        ("approved-500", 1..=2) => Reply::json(500, r#"{"message":"Failed to get user"}"#),
        ("approved-503", 1) => Reply::page(503, "<html>"),
        ("approved-429", 1) => Reply::json(429, "{}"),
        ("approved-gzip", 1) => Reply::json(200, "not gzip").header("content-encoding", "gzip"),
        _ => Reply::about(&call.user),
    })?;
    let expected = [
        ("approved-1", vec![""], vec!["answered"]),
        ("approved-hang", vec!["timeout", ""], vec!["timeout", "answered"]),
        ("approved-cut", vec!["cut", ""], vec!["cut", "answered"]),
        ("approved-500", vec!["", "", ""], vec!["server_error", "server_error", "answered"]),
        ("approved-503", vec!["", ""], vec!["server_error", "answered"]),
        ("approved-429", vec!["", ""], vec!["throttled", "answered"]),
        ("approved-gzip", vec!["encoding", ""], vec!["encoding", "answered"]),
    ];
    let place = Place::with_roster(expected.iter().map(|(id, ..)| id))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--timeout", "500ms"]);
    let ended = job.args(["--max-in-flight", "1"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    let attempts = report.table("attempts")?;
    for (user, faults, reasons) in expected {
        assert_eq!(attempts.of(user, "fault"), faults, "{user}");
        assert_eq!(attempts.of(user, "reason"), reasons, "{user}");
        assert_eq!(report.table("users")?.of(user, "outcome"), ["answered"]);
    }
    assert_eq!(attempts.len(), partner.calls().len());
    Ok(())
}

#[test]
fn whoever_cannot_be_asked_makes_the_run_incomplete_and_latest_stays() -> Tested {
    let complete = (0..12).map(|n| format!("approved-{n}"));
    let place = Place::with_roster(complete.clone())?;
    assert_eq!(place.run("good").args(["--sandbox"]).end()?.code, Some(0));
    let ids: Vec<_> = complete.chain(["badgateway-1".to_owned()]).collect();
    place.write("roster.csv", format!("user_id\n{}\n", ids.join("\n")))?;
    let job = || place.run("bad").args(["--sandbox", "--attempts", "2", "--max-in-flight", "1"]);
    let ended = job().end()?;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stdout.contains("NOT COMPLETE"), "{}", ended.stdout);
    let report = place.report("bad");
    let users = report.table("users")?;
    assert_eq!(users.of("badgateway-1", "outcome"), ["exhausted"]);
    assert_eq!(users.of("badgateway-1", "verdict"), ["unreached"]);
    assert_eq!(users.of("badgateway-1", "attempts"), ["2"]);
    assert_eq!(report.json("certificate.json")?["complete"], false);
    assert_eq!(place.latest().as_deref(), Some("good".as_ref()));

    assert_eq!(job().end()?.code, Some(3), "the same again says the same");
    assert_eq!(place.latest().as_deref(), Some("good".as_ref()));
    Ok(())
}

#[test]
fn a_redirect_is_never_followed_and_the_key_stays_here() -> Tested {
    let target = Scripted::start(|call| Reply::about(&call.user))?;
    let elsewhere = target.base_url();
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{elsewhere}/api/partner/v2/kyc/details?userId=approved-1");
        let partner = Scripted::start(move |_| Reply::empty(status).header("location", &to))?;
        let place = Place::with_roster((0..20).map(|n| format!("approved-{n}")))?;
        let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "2"]);
        assert_eq!(job.end()?.code, Some(78), "{status}");
        assert!(partner.calls().len() <= 7, "{}", partner.calls().len());
    }
    assert_eq!(target.calls().len(), 0, "the target of the redirect was called");
    Ok(())
}

/// Three requests are held back until the 429 has long arrived, so that every later call is one the wait was asked of.
#[test]
fn a_wait_asked_for_holds_for_everybody_and_is_not_shortened() -> Tested {
    let asked = Duration::from_secs(2);
    let (gate, refused_at) = (Arc::new(Barrier::new(4)), Arc::new(Mutex::new(None)));
    let noted = Arc::clone(&refused_at);
    let partner = Scripted::start(move |call| {
        if call.number <= 4 {
            gate.wait();
        }
        match call.number {
            1 => {
                if let Ok(mut noted) = noted.lock() {
                    *noted = Some(Instant::now());
                }
                return Reply::json(429, "{}").header("retry-after", &asked.as_secs().to_string());
            }
            2..=4 => sleep(SHORT),
            _ => {}
        }
        Reply::about(&call.user)
    })?;
    let place = Place::with_roster((0..30).map(|n| format!("approved-{n}")))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let refused_at = refused_at.lock().map_err(|e| e.to_string())?.ok_or("never refused")?;
    let calls = partner.calls();
    let next = calls.get(4).ok_or("nobody came back")?.at;
    assert!(next >= refused_at + asked, "{:?} after the refusal", next - refused_at);
    assert_eq!(calls.len(), 31, "the refused one again, the others once");
    Ok(())
}

#[test]
fn a_503_with_a_wait_is_obeyed_like_a_429() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        1 => Reply::empty(503).header("retry-after", "1"),
        _ => Reply::about(&call.user),
    })?;
    let place = Place::with_roster(["approved-1", "approved-2"])?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "1"]);
    assert_eq!(job.end()?.code, Some(0));
    let calls = partner.calls();
    assert!(calls[1].at >= calls[0].at + Duration::from_secs(1));
    Ok(())
}

#[test]
fn a_hellish_partner_is_survived_with_everybody_answered() -> Tested {
    let place = Place::with_roster((0..150).map(|n| format!("approved-{n}")))?;
    let job = place.run("night").args(["--sandbox", "--faults", "hell", "--timeout", "2s"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Report = place.report("night");
    assert_eq!(report.counted("outcomes", "answered")?, 150);
    let seen: BTreeSet<_> = report.table("attempts")?.texts("reason").into_iter().collect();
    assert!(seen.len() >= 5, "{seen:?}");
    let truth = Answer::about(DEFAULT_SEED, "approved-7").body;
    assert_eq!(report.archive()?.body_of("approved-7"), Some(truth));
    Ok(())
}
