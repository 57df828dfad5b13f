//! Those who watch over the job hear of every end: by a file for Prometheus, and by a call. The address of the call, which
//! holds a token, is nowhere else.

use std::{fs, io, os::unix::fs::PermissionsExt as _};

use crate::support::{
    job::{Ended, Job, Running, until},
    place::{Place, Tested},
    report::below,
    scripted::{Reply, Scripted},
};

const TOKEN: &str = "token-2718281828";
const FILE: &str = "kyc-recon.prom";
const SUCCESS: &str = "kyc_recon_last_success_timestamp_seconds";

/// A sample of the metrics file.
fn sample(place: &Place, name: &str) -> Option<f64> {
    let text = fs::read_to_string(place.path(FILE)).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

fn people() -> impl Iterator<Item = String> {
    (1..=9).map(|number| format!("approved-{number}")).chain(["broken-1".to_owned()])
}

/// One of ten is asked in vain.
fn partner() -> io::Result<Scripted> {
    Scripted::start(|call| match call.user.as_str() {
        "broken-1" => Reply::empty(500),
        user => Reply::about(user),
    })
}

/// Somebody who is called when runs start and end.
fn listener() -> io::Result<Scripted> {
    Scripted::start(|_| Reply::empty(200))
}

fn heard(listener: &Scripted) -> Vec<String> {
    let token = format!("/{TOKEN}/");
    let calls = listener.calls().into_iter();
    calls.map(|call| call.target.replacen(&token, "", 1)).collect()
}

fn watched(job: Job, listener: &Scripted) -> Job {
    let url = format!("{}/{TOKEN}", listener.base_url());
    job.env("KYC_RECON_METRICS_FILE", FILE).env("KYC_RECON_PING_URL", url)
}

#[test]
fn every_end_is_told_with_its_status_and_a_failure_keeps_the_last_success() -> Tested {
    let (listener, partner) = (listener()?, partner()?);
    let refusing = Scripted::start(|_| Reply::json(401, r#"{"message":"Invalid API key"}"#))?;
    let place = Place::with_roster(people())?;
    place.write("one.csv", "user_id\napproved-1\n")?;
    place.write("gate.toml", "[gates]\nmax_exhausted_share = 0.0\n")?;
    place.write("broken.toml", "attempts = 0\n")?;
    let cases: [(&[&str], &Scripted, i32); 8] = [
        (&["one.csv"], &partner, 0),
        (&["roster.csv", "--attempts", "1"], &partner, 3),
        (&["roster.csv", "--attempts", "1", "--config", "gate.toml"], &partner, 4),
        (&["one.csv", "--column", "nobody"], &partner, 65),
        (&["nowhere.csv"], &partner, 66),
        (&["roster.csv", "--max-requests", "4"], &partner, 75),
        (&["roster.csv"], &refusing, 77),
        (&["roster.csv", "--config", "broken.toml"], &partner, 78),
    ];
    let mut success = None;
    for (arguments, partner, code) in cases {
        let before = listener.calls().len();
        let job = place.command(["run"]).args(arguments).asking(&partner.base_url());
        let ended = watched(job, &listener).end()?;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert_eq!(sample(&place, "kyc_recon_exit_status"), Some(code.into()), "{arguments:?}");
        let end = sample(&place, "kyc_recon_last_end_timestamp_seconds");
        assert!(end > sample(&place, SUCCESS), "{arguments:?}");
        success = success.or(sample(&place, SUCCESS));
        assert_eq!((sample(&place, SUCCESS), success.is_some()), (success, true), "{arguments:?}");
        // Who cannot read the settings has begun nothing.
        let start = if code == 78 { &[][..] } else { &["start".to_owned()] };
        let calls = [start, &[code.to_string()]].concat();
        assert_eq!(heard(&listener)[before..], calls, "{arguments:?}");
        let users = sample(&place, "kyc_recon_outcome_users{outcome=\"answered\"}");
        assert_eq!(users.is_some(), code < 10, "{arguments:?}");
        let requests = sample(&place, "kyc_recon_run_requests");
        assert_eq!(requests.is_some_and(|sent| sent > 0.0), code < 10 || [75, 77].contains(&code));
        let quota = sample(&place, "kyc_recon_quota_used_ratio{quota=\"1000000/1s\"}");
        assert_eq!(quota.is_some(), requests.is_some(), "{arguments:?}");
    }
    let mode = fs::metadata(place.path(FILE))?.permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "another user's program reads it");
    let text = fs::read_to_string(place.path(FILE))?;
    assert!(!text.contains(TOKEN) && !text.contains("approved-"), "{text}");
    Ok(())
}

#[test]
fn who_is_stopped_says_so_and_who_finds_the_job_at_work_says_nothing() -> Tested {
    let (listener, partner) = (listener()?, Scripted::start(|_| Reply::Hang)?);
    let place = Place::with_roster(people())?;
    let job = || watched(place.run("night").asking(&partner.base_url()), &listener);
    let running = job().args(["--grace", "1ms"]).start()?;
    until("somebody is asked", || Ok(!partner.calls().is_empty()))?;
    assert_eq!(job().end()?.code, Some(10));
    assert_eq!((heard(&listener), place.path(FILE).exists()), (vec!["start".to_owned()], false));
    assert_told_of_its_stop(running, &listener, &place)
}

#[test]
fn who_is_stopped_before_anybody_was_asked_says_so_too() -> Tested {
    let listener = Scripted::start(|call| {
        if call.target.ends_with("/start") { Reply::Hang } else { Reply::empty(200) }
    })?;
    let place = Place::with_roster(people())?;
    let running = watched(place.run("night").args(["--sandbox"]), &listener).start()?;
    until("the start is told", || Ok(!listener.calls().is_empty()))?;
    assert_told_of_its_stop(running, &listener, &place)
}

#[test]
fn nobody_listening_is_a_warning_and_no_more() -> Tested {
    let refusing = Scripted::start(|_| Reply::empty(404))?;
    let place = Place::with_roster(["approved-1"])?;
    for url in [refusing.base_url(), "http://127.0.0.1:9".to_owned()] {
        let job =
            place.command(["run", "roster.csv", "--sandbox", "--metrics-file", "no/dir/file"]);
        let ended = job.env("KYC_RECON_PING_URL", format!("{url}/{TOKEN}")).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for told in ["warning: the ping", "warning: cannot create no/dir/file"] {
            assert!(ended.stderr.contains(told), "{}", ended.stderr);
        }
        assert_keeps_the_token(&ended);
    }
    Ok(())
}

fn assert_told_of_its_stop(running: Running, listener: &Scripted, place: &Place) -> Tested {
    running.signal("TERM")?;
    assert_eq!(running.end()?.code, Some(143));
    assert_eq!(heard(listener), ["start", "143"]);
    assert_eq!(sample(place, "kyc_recon_exit_status"), Some(143.0));
    Ok(())
}

fn assert_keeps_the_token(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains(TOKEN), "the token is told:\n{text}");
    }
}

#[test]
fn the_token_is_in_no_help_error_or_file() -> Tested {
    let listener = listener()?;
    let place = Place::with_roster(["approved-1"])?;
    let help = watched(place.command(["run", "--help"]), &listener).end()?;
    assert!(help.stdout.contains("KYC_RECON_PING_URL"));
    assert_keeps_the_token(&help);
    for (line, code) in [
        (format!("ping_url = '{TOKEN}'"), 78),
        (format!("ping_url = https://watch.invalid/{TOKEN}"), 78),
        (format!("ping_url = 'http://watch.invalid/{TOKEN}'"), 78),
        (format!("ping_url = '{}/{TOKEN}'", listener.base_url()), 0),
    ] {
        place.write("kyc-recon.toml", line)?;
        let ended = place.command(["run", "roster.csv", "--sandbox"]).end()?;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert_keeps_the_token(&ended);
    }
    assert_eq!(heard(&listener), ["start", "0"], "from the file");
    for path in below(&place.reports())?.into_iter().filter(|path| path.is_file()) {
        let bytes = fs::read(&path)?;
        let holds = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
        assert!(!holds, "{}", path.display());
    }
    Ok(())
}

#[test]
fn settings_that_cannot_be_obeyed_are_told_to_whom_they_name() -> Tested {
    let listener = listener()?;
    let place = Place::with_roster(["approved-1"])?;
    place.write("kyc-recon-ping-url", format!("{}/{TOKEN}\n", listener.base_url()))?;
    place.write("kyc-recon.toml", format!("metrics_file = '{FILE}'\nattempts = 0\n"))?;
    let end = || {
        let job = place.command(["run", "roster.csv", "--sandbox"]);
        job.env("CREDENTIALS_DIRECTORY", place.path("")).end()
    };
    assert_eq!(end()?.code, Some(78));
    assert_eq!(sample(&place, "kyc_recon_exit_status"), Some(78.0));
    assert_eq!(heard(&listener), ["78"]);
    place.write("kyc-recon.toml", "run_id = 'night'\nshard = '1/2'\nattempts = 0\n")?;
    assert_eq!((end()?.code, heard(&listener).len()), (Some(78), 1), "nobody hears of a shard");
    Ok(())
}
