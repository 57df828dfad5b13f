//! What programs read: the summary as JSON, the log as JSON, and silence.

use serde_json::Value;

use crate::support::{
    job::Ended,
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

const PEOPLE: [&str; 3] = ["approved-1", "rejected-1", "missing-1"];

#[test]
fn quiet_prints_nothing_at_all() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    for job in [
        place.run("flag").args(["--sandbox", "--quiet"]),
        place.run("variable").args(["--sandbox"]).env("KYC_RECON_QUIET", "true"),
        place.run("flag").args(["--sandbox", "--quiet"]),
    ] {
        let Ended { code, stdout, stderr } = job.end()?;
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", ""));
    }
    Ok(())
}

#[test]
fn quiet_does_not_hide_an_error() -> Tested {
    let place = Place::new()?;
    let ended = place.command(["run", "nowhere.csv", "--sandbox", "--quiet"]).end()?;
    assert!(ended.code == Some(66) && ended.stderr.contains("error:"), "{}", ended.stderr);
    Ok(())
}

#[test]
fn quiet_does_not_hide_that_a_published_run_is_not_good() -> Tested {
    let place = Place::with_roster(["approved-1", "rejected-1"])?;
    place.write("gates.toml", "[gates]\nmin_pass_of_determined = 0.9\n")?;
    let partner = Scripted::start(|call| match call.user.as_str() {
        "rejected-1" => Reply::json(502, "{}"),
        _ => Reply::about(&call.user),
    })?;
    let gate = place.run("gate").args(["--sandbox", "--config", "gates.toml", "--quiet"]).end()?;
    let asked_once = ["--attempts", "1", "--quiet"];
    let incomplete = place.run("vain").asking(&partner.base_url()).args(asked_once).end()?;
    for (ended, code, said) in [
        (
            gate,
            4,
            ["error: run gate is published, but it failed a gate: min_pass", "--baseline gate"],
        ),
        (
            incomplete,
            3,
            ["error: run vain is published, but it is not complete: 1 user", "--run-id"],
        ),
    ] {
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{}", ended.stderr);
        assert!(said.iter().all(|words| ended.stderr.contains(words)), "{}", ended.stderr);
        assert!(ended.stderr.contains("\n  what now: `latest` was not moved"), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    }
    Ok(())
}

#[test]
fn the_settings_file_says_in_which_form_errors_are_told() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    let json = "log_format = 'json'\n";
    place.write("kyc-recon.toml", json)?;
    place.write("gates.toml", format!("{json}[gates]\nmin_pass_of_determined = 0.9\n"))?;
    place.write("wrong.toml", format!("{json}attempts = 'many'\n"))?;
    for (job, code) in [
        (place.command(["run", "nowhere.csv", "--sandbox"]), 66),
        (place.command(["plan", "roster.csv"]), 0),
        (place.command(["run", "roster.csv"]), 78),
        (place.command(["rebuild", "nothing"]), 66),
        (place.run("night").args(["--sandbox", "--quiet", "--config", "gates.toml"]), 4),
        (place.run("night").args(["--sandbox", "--config", "wrong.toml"]), 78),
    ] {
        let ended = job.end()?;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        for line in ended.stderr.lines() {
            let line: Value = serde_json::from_str(line)?;
            assert_eq!((&line["event"], &line["exit_status"]), (&"failed".into(), &code.into()));
        }
        assert_eq!(ended.stderr.lines().count(), usize::from(code != 0), "{}", ended.stderr);
    }
    let typed = place.command(["run", "nowhere.csv", "--sandbox", "--log-format", "text"]).end()?;
    assert!(typed.stderr.starts_with("error: "), "what is typed comes first: {}", typed.stderr);
    Ok(())
}

#[test]
fn json_is_the_summary_and_nothing_else() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    for job in [
        place.run("night").args(["--sandbox", "--json"]),
        place.run("night").args(["--sandbox", "--json", "--quiet"]),
        place.run("night").args(["--sandbox"]).env("KYC_RECON_JSON", "1"),
    ] {
        let ended = job.end()?;
        let printed: Value = serde_json::from_str(&ended.stdout)?;
        assert_eq!(printed, place.report("night").json("summary.json")?);
        assert_eq!(printed["population"]["unique_users"], 3);
        assert_eq!(printed["complete"], true);
    }
    Ok(())
}

/// A statistic of one row comes out of the engine in another form than one of many.
#[test]
fn a_run_of_one_user_says_its_words_without_quotes() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let ended = place.run("night").args(["--sandbox"]).end()?;
    let summary = place.report("night").json("summary.json")?;
    assert_eq!(summary["decisions"], serde_json::json!([{ "name": "approved", "count": 1 }]));
    let mail = place.report("night").text("summary.md")?;
    assert!(mail.contains("| pass | 1 |") && !mail.contains('"'), "{mail}");
    assert!(!ended.stdout.contains('"'), "{}", ended.stdout);
    Ok(())
}

#[test]
fn a_json_log_is_one_object_a_line_with_the_run_and_no_user() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        2 => Reply::json(429, "{}").header("retry-after", "1"),
        _ => Reply::about(&call.user),
    })?;
    let place = Place::with_roster(PEOPLE)?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--log-format", "json"]);
    let (first, again) = (job().end()?, job().end()?);
    assert_eq!((first.code, again.code), (Some(0), Some(0)), "{}", first.stderr);
    let mut events = Vec::new();
    for line in first.stderr.lines().chain(again.stderr.lines()) {
        let line: Value = serde_json::from_str(line)?;
        assert_eq!(line["run.id"], "night");
        assert!(line["time"].is_string() && line["message"].is_string());
        events.push(line["event"].as_str().unwrap_or_default().to_owned());
    }
    for event in ["paused", "deriving", "published"] {
        assert!(events.iter().any(|found| found == event), "{event} is not among {events:?}");
    }
    for user in PEOPLE {
        assert!(!first.stderr.contains(user) && !again.stderr.contains(user));
    }
    Ok(())
}

#[test]
fn without_a_terminal_nothing_is_coloured_and_no_bar_is_drawn() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    let ended = place.run("night").args(["--sandbox"]).env("TERM", "xterm-256color").end()?;
    assert!(!ended.stdout.contains('\u{1b}') && !ended.stderr.contains(['\u{1b}', '\r']));
    Ok(())
}

#[test]
fn whoever_does_not_listen_does_not_stop_the_job() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    let script = format!(
        "{} run roster.csv --sandbox --run-id night | true",
        env!("CARGO_BIN_EXE_kyc-recon")
    );
    let shell = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .current_dir(place.path("."))
        .output()?;
    assert!(shell.status.success());
    crate::support::job::until("it is published", || Ok(place.latest().is_some()))?;
    Ok(())
}
