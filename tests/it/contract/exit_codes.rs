//! The exit statuses, by the situation that gives them. Those of a job under way are in `journey` and `stage`.

use std::fs;

use crate::support::{
    job::{Ended, KEY},
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

const LIVE: &str = "https://staging-api.capa.fi";

/// What ends the program before anybody is asked: arguments after `run`, and the status.
const SETTINGS: &[(&[&str], i32)] = &[
    (&["roster.csv", "--no-such-flag"], 2),
    (&["roster.csv", "--sandbox", "--rate", "many"], 2),
    (&["roster.csv", "--sandbox", "--rate", "0/1s"], 2),
    (&["roster.csv", "--sandbox", "--timeout", "soon"], 2),
    (&["roster.csv", "--sandbox", "--run-id", "../elsewhere"], 2),
    (&["roster.csv", "--sandbox", "--run-id", "latest"], 2),
    (&["roster.csv", "--sandbox", "--format", "xlsx"], 2),
    (&["roster.csv", "--sandbox", "--faults", "all"], 2),
    (&["roster.csv", "roster.csv", "--sandbox"], 2),
    (&["roster.csv", "--sandbox", "--api-key", "secret"], 2),
    (&["roster.csv"], 78),
    (&["roster.csv", "--base-url", "staging-api.capa.fi"], 78),
    (&["roster.csv", "--base-url", "http://staging-api.capa.fi"], 78),
    (&["roster.csv", "--base-url", "http://10.0.0.1:8080"], 78),
    (&["roster.csv", "--base-url", "https://user:word@capa.fi"], 78),
    (&["roster.csv", "--base-url", "ftp://127.0.0.1"], 78),
    (&["roster.csv", "--base-url", LIVE, "--api-key-file", "nowhere"], 78),
    (&["roster.csv", "--base-url", LIVE, "--api-key-file", "empty"], 78),
    (&["roster.csv", "--sandbox", "--attempts", "0"], 78),
    (&["roster.csv", "--sandbox", "--max-in-flight", "0"], 78),
    (&["roster.csv", "--sandbox", "--format", "csv"], 78),
    (&["roster.csv", "--sandbox", "--policy", "nowhere"], 78),
    (&["roster.csv", "--sandbox", "--policy", "broken.toml"], 78),
    (&["roster.csv", "--sandbox", "--policy", "unknown-column.toml"], 78),
    (&["roster.csv", "--sandbox", "--config", "nowhere"], 78),
    (&["roster.csv", "--sandbox", "--config", "broken.toml"], 78),
    (&["roster.csv", "--sandbox", "--config", "unknown-setting.toml"], 78),
    (&["empty", "--sandbox"], 65),
    (&["header-only.csv", "--sandbox"], 65),
    (&["roster.csv", "--sandbox", "--column", "uid"], 65),
    (&["nowhere.csv", "--sandbox"], 66),
    (&["roster.csv", "--sandbox", "--reports", "empty"], 73),
    (&["roster.csv", "--sandbox", "--reports", "empty/reports"], 73),
];

fn place() -> std::io::Result<Place> {
    let place = Place::with_roster(["approved-1"])?;
    place.write("empty", "")?;
    place.write("header-only.csv", "user_id,country\r\n")?;
    place.write("broken.toml", "name = ")?;
    place.write("unknown-setting.toml", "colour = 'red'\n")?;
    place.write("unknown-column.toml", UNKNOWN_COLUMN)?;
    Ok(place)
}

const UNKNOWN_COLUMN: &str = r#"
name = "p"
version = "1"
face_score_scale = "auto"
[pass]
when = "decision = 'approved'"
[[rule]]
id = "r"
verdict = "fail"
when = "no_such_column > 1"
says = "never"
"#;

#[test]
fn what_cannot_be_obeyed_ends_with_its_status_and_says_why() -> Tested {
    let place = place()?;
    for (arguments, code) in SETTINGS {
        let job = place.command(["run"]).args(*arguments).env("KYC_RECON_API_KEY", KEY);
        let ended = job.end()?;
        assert_eq!(ended.code, Some(*code), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn nothing_is_written_when_the_settings_are_wrong() -> Tested {
    let place = place()?;
    for (arguments, code) in SETTINGS.iter().filter(|(_, code)| [2, 78].contains(code)) {
        // Which columns there are is known when the roster was read.
        if arguments.contains(&"unknown-column.toml") {
            continue;
        }
        place.command(["run"]).args(*arguments).env("KYC_RECON_API_KEY", KEY).end()?;
        assert!(!place.reports().exists(), "{arguments:?} ({code})");
    }
    Ok(())
}

#[test]
fn a_policy_that_cannot_be_decided_is_refused_before_anybody_is_asked() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = place()?;
    let job = || place.run("night").asking(&partner.base_url());
    let ended = job().args(["--policy", "unknown-column.toml"]).end()?;
    assert_eq!((ended.code, partner.calls().len()), (Some(78), 0), "{}", ended.stderr);
    assert!(ended.stderr.contains("no_such_column"), "{}", ended.stderr);
    let misspelt = UNKNOWN_COLUMN.replace("no_such_column > 1", "outcome = 'anwsered'");
    place.write("misspelt.toml", &misspelt)?;
    let ended = job().args(["--policy", "misspelt.toml"]).end()?;
    assert_eq!((ended.code, partner.calls().len()), (Some(78), 0), "{}", ended.stderr);
    for told in ["line 10", "rule `r`", "did you mean `answered`?"] {
        assert!(ended.stderr.contains(told), "{told}: {}", ended.stderr);
    }
    assert_eq!(job().end()?.code, Some(0), "with a better policy it goes on");
    Ok(())
}

#[test]
fn without_a_key_nobody_is_asked() -> Tested {
    let place = place()?;
    for key in [None, Some(""), Some("  "), Some("white space"), Some("ñandú")] {
        let mut job = place.command(["run", "roster.csv", "--base-url", LIVE]);
        if let Some(key) = key {
            job = job.env("KYC_RECON_API_KEY", key);
        }
        let ended = job.end()?;
        assert_eq!(ended.code, Some(78), "{key:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("key"), "{}", ended.stderr);
    }
    Ok(())
}

#[test]
fn a_report_that_cannot_be_read_back_ends_with_65_and_says_so() -> Tested {
    let place = place()?;
    fs::create_dir_all(place.reports().join("night"))?;
    let ended = place.run("night").args(["--sandbox"]).end()?;
    assert_eq!(ended.code, Some(65), "{}", ended.stderr);
    assert!(ended.stderr.contains("the published run cannot be read"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("written"), "{}", ended.stderr);
    Ok(())
}

#[test]
fn a_journal_that_is_none_ends_with_73_and_is_left_alone() -> Tested {
    let place = place()?;
    let work = place.reports().join(".work/night");
    fs::create_dir_all(&work)?;
    fs::write(work.join("journal.sqlite"), "not a database at all, but long enough to be read")?;
    let ended = place.run("night").args(["--sandbox"]).end()?;
    assert_eq!(ended.code, Some(73), "{}", ended.stderr);
    assert!(fs::read_to_string(work.join("journal.sqlite"))?.starts_with("not a database"));
    Ok(())
}

#[test]
fn help_and_version_end_with_0_and_help_lists_the_statuses() -> Tested {
    let place = Place::new()?;
    let end = |arguments: &[&str]| -> std::io::Result<Ended> { place.command(arguments).end() };
    assert!(end(&["--version"])?.stdout.contains(env!("CARGO_PKG_VERSION")));
    let help = end(&["run", "--help"])?;
    assert_eq!(help.code, Some(0));
    let text = help.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for status in
        ["status: 0", "2", "3", "4", "10", "65", "66", "69", "73/74", "75", "77", "78", "130/143"]
    {
        assert!(text.contains(&format!(" {status} ")), "{status} is not in the help");
    }
    for name in ["KYC_RECON_API_KEY", "kyc-recon.toml", "flags"] {
        assert!(text.contains(name), "{name} is not in the help");
    }
    assert_eq!(end(&[])?.code, Some(2));
    assert_eq!(end(&["no-such-command"])?.code, Some(2));
    Ok(())
}

#[test]
fn what_is_not_there_to_be_shown_ends_with_66_and_what_cannot_be_read_with_65() -> Tested {
    let place = place()?;
    fs::create_dir_all(place.reports().join("hollow"))?;
    for (arguments, code) in [
        (&["explain", "nowhere", "approved-1"][..], 66),
        (&["verify", "latest"], 66),
        (&["schema", "--table", "nowhere"], 66),
        (&["explain", "hollow", "approved-1"], 65),
        (&["verify", "hollow"], 65),
        (&["explain", "hollow", "white space"], 2),
        (&["schema", "--format", "xlsx"], 2),
    ] {
        let ended = place.command(arguments).end()?;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
    }
    Ok(())
}

#[test]
fn a_run_that_cannot_begin_ends_with_78_and_leaves_nothing_behind() -> Tested {
    let place = place()?;
    place.write("no-such-column.toml", NO_SUCH_COLUMN)?;
    for arguments in
        [["--by", "nosuch"], ["--policy", "no-such-column.toml"], ["--baseline", "nosuch"]]
    {
        let ended = place.run("night").args(["--sandbox"]).args(arguments).end()?;
        assert!([Some(78), Some(66)].contains(&ended.code), "{arguments:?}: {}", ended.stderr);
        assert!(!place.reports().join(".work/night").exists(), "{arguments:?}");
        assert!(!place.command(["runs"]).end()?.stdout.contains("night"), "{arguments:?}");
    }
    Ok(())
}

const NO_SUCH_COLUMN: &str = r#"
name = "n"
version = "1"
face_score_scale = "auto"
[pass]
when = "no_such_column = 'x'"
"#;
