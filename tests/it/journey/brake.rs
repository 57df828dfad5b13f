//! What stops the whole job: early, with few requests, resumably, and with nothing published.

use std::{net::TcpListener, thread::sleep, time::Duration};

use kyc_recon::sandbox::options::Options;

use crate::support::{
    job::{KEY, until},
    place::{Place, Tested},
    pretend::Pretend,
    scripted::{Reply, Scripted},
};

fn people(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("approved-{number}"))
}

const NOT_OURS: &str =
    r#"{"code":"UNAUTHORIZED","message":"User is not associated with the partner"}"#;

#[test]
fn a_wrong_key_stops_the_job_after_a_handful_of_requests() -> Tested {
    let key = Some("the right key".replace(' ', "-"));
    let partner = Pretend::start(Options { require_key: key, ..Options::default() })?;
    let place = Place::with_roster(people(200))?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job().end()?;
    assert_eq!(ended.code, Some(77), "{}", ended.stderr);
    assert!(partner.stats().requests <= 8, "{} requests", partner.stats().requests);
    assert_eq!(place.published()?, [""; 0]);
    assert!(ended.stderr.contains("refuses the API key"), "{}", ended.stderr);
    assert!(!ended.stderr.contains(KEY));

    let resumed = job().env("KYC_RECON_API_KEY", "the-right-key").end()?;
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    assert_eq!(place.report("night").counted("outcomes", "answered")?, 200);
    Ok(())
}

#[test]
fn users_of_another_partner_do_not_stop_the_job_even_if_they_come_first() -> Tested {
    let partner = Scripted::start(|call| {
        if call.number <= 40 { Reply::json(401, NOT_OURS) } else { Reply::about(&call.user) }
    })?;
    let place = Place::with_roster(people(50))?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    assert_eq!((report.counted("outcomes", "denied")?, partner.calls().len()), (40, 50));
    Ok(())
}

#[test]
fn a_key_revoked_in_the_middle_stops_the_job() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        1..=50 => Reply::about(&call.user),
        _ => Reply::json(401, r#"{"code":"UNAUTHORIZED","message":"Invalid API Key"}"#),
    })?;
    let place = Place::with_roster(people(200))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(77), "{}", ended.stderr);
    assert!(ended.stderr.contains("50 of 200"), "{}", ended.stderr);
    assert!(partner.calls().len() <= 50 + 20 + 4, "{}", partner.calls().len());
    Ok(())
}

#[test]
fn an_account_without_the_flow_stops_the_job_at_once() -> Tested {
    let refusal = r#"{"code":"INVALID_PARTNER_FLOW","message":"The partner has an invalid flow."}"#;
    let partner = Scripted::start(|_| Reply::json(403, refusal))?;
    let place = Place::with_roster(people(50))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    assert!(partner.calls().len() <= 4 && ended.stderr.contains("INVALID_PARTNER_FLOW"));
    assert_eq!(place.published()?, [""; 0]);
    Ok(())
}

#[test]
fn something_that_is_not_the_partner_s_api_stops_the_job() -> Tested {
    let cannot_get = r#"{"statusCode":404,"message":"Cannot GET /api/x","error":"Not Found"}"#;
    for status in [404, 405, 407] {
        let partner = Scripted::start(move |_| match status {
            405 => Reply::json(405, cannot_get),
            status => Reply::page(status, "<html>nothing here</html>"),
        })?;
        stops_for_the_address(&partner)?;
    }
    stops_for_the_address(&Scripted::start(move |_| Reply::json(404, cannot_get))?)
}

fn stops_for_the_address(partner: &Scripted) -> Tested {
    let place = Place::with_roster(people(50))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    assert!(partner.calls().len() <= 8 && ended.stderr.contains("not the partner's API"));
    assert_eq!(place.published()?, [""; 0]);
    Ok(())
}

/// Takes the whole time of the probes, half a minute: this is the one test that shows that they end.
#[test]
fn a_dead_partner_is_probed_for_half_a_minute_and_given_up_with_69() -> Tested {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let place = Place::with_roster(people(100))?;
    let ended = place.run("night").asking(&format!("http://127.0.0.1:{port}")).end()?;
    assert_eq!(ended.code, Some(69), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("the partner is down") && ended.stderr.contains("--run-id night")
    );
    assert_eq!(place.published()?, [""; 0]);
    Ok(())
}

#[test]
fn while_a_partner_is_down_few_requests_are_sent_and_ctrl_c_works() -> Tested {
    let partner = Scripted::start(|_| Reply::empty(503))?;
    let place = Place::with_roster(people(500))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "8"]);
    let mut running = job.start()?;
    until("it probes", || Ok(running.complaints()?.contains("waiting 2.0 s")))?;
    let requests = partner.calls().len();
    assert!(requests <= 2 * 8, "{requests} requests");
    running.signal("INT")?;
    assert_eq!(running.end()?.code, Some(130));
    Ok(())
}

#[test]
fn an_outage_that_ends_costs_nobody_their_answer() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        21..=30 => Reply::empty(502),
        _ => Reply::about(&call.user),
    })?;
    let place = Place::with_roster(people(40))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(place.report("night").counted("outcomes", "answered")?, 40);
    Ok(())
}

#[test]
fn a_partner_that_is_up_again_is_asked_again_by_everybody() -> Tested {
    let partner =
        Scripted::start(
            |call| {
                if call.number <= 6 { Reply::Cut } else { Reply::about(&call.user) }
            },
        )?;
    let place = Place::with_roster(people(60))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    // One probe at a time, and the first that comes through opens the gate.
    assert!(ended.stderr.contains("waiting 1.0 s"), "{}", ended.stderr);
    assert_eq!(place.report("night").counted("outcomes", "answered")?, 60);
    Ok(())
}

#[test]
fn a_wait_longer_than_we_are_ready_to_make_ends_with_75_and_the_time_to_come_back() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        5 => Reply::json(429, "{}").header("retry-after", "3600"),
        _ => Reply::about(&call.user),
    })?;
    let place = Place::with_roster(people(30))?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "1"]);
    let ended = job().args(["--max-wait", "10s"]).end()?;
    assert_eq!(ended.code, Some(75), "{}", ended.stderr);
    assert!(ended.stderr.contains("asks to wait 1h"), "{}", ended.stderr);
    assert!(ended.stderr.contains("UTC") && ended.stderr.contains("--run-id night"));
    assert_eq!((partner.calls().len(), place.published()?.len()), (5, 0));

    assert_eq!(job().end()?.code, Some(0));
    assert_eq!(partner.calls().len(), 31, "nobody settled is asked again");
    Ok(())
}

#[test]
fn a_night_s_ration_of_requests_or_time_ends_with_75_and_the_next_night_goes_on() -> Tested {
    let partner = Scripted::start(|call| {
        sleep(Duration::from_millis(10));
        Reply::about(&call.user)
    })?;
    let place = Place::with_roster(people(150))?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "2"]);
    for ration in [["--max-requests", "20"], ["--deadline", "200ms"]] {
        let calls = partner.calls().len();
        let ended = job().args(ration).end()?;
        assert_eq!(ended.code, Some(75), "{ration:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("--run-id night"), "{}", ended.stderr);
        let asked = partner.calls().len() - calls;
        assert!(ration[0] == "--deadline" || asked == 20, "{asked} requests");
        assert_eq!(place.published()?, [""; 0]);
    }
    assert_eq!(job().end()?.code, Some(0));
    assert_eq!(partner.calls().len(), 150, "everybody once");
    Ok(())
}

#[test]
fn two_jobs_do_not_work_in_one_reports_directory() -> Tested {
    let partner = Scripted::start(|_| Reply::Hang)?;
    let place = Place::with_roster(["approved-1"])?;
    let running = place.run("first").asking(&partner.base_url()).start()?;
    until("the first one works", || Ok(!partner.calls().is_empty()))?;
    let second = place.run("second").args(["--sandbox"]).end()?;
    assert_eq!(second.code, Some(10), "{}", second.stderr);
    assert!(second.stderr.contains(&format!("run first, process {}", running.id())));
    running.kill()?;
    // The lock falls with its owner.
    assert_eq!(place.run("second").args(["--sandbox"]).end()?.code, Some(0));
    Ok(())
}

#[test]
fn requests_in_flight_are_never_more_than_allowed() -> Tested {
    let latency = Duration::from_millis(10);
    let partner = Pretend::start(Options { latency, ..Options::default() })?;
    let place = Place::with_roster(people(60))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "3"]);
    assert_eq!(job.end()?.code, Some(0));
    assert_eq!(partner.stats().in_flight_max, 3);
    Ok(())
}
