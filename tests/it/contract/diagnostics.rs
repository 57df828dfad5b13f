//! A job that cannot go on says what could not be done, where, why, and what to do now.

use crate::support::{
    job::Ended,
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

fn assert_has_its_parts(ended: &Ended, said: &[&str]) {
    let lines: Vec<_> = ended.stderr.lines().collect();
    let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("error: "), count("  what now: ")), (1, 1), "{}", ended.stderr);
    for words in said {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains('\u{1b}'), "colour where there is no terminal");
    assert!(ended.stdout.is_empty(), "{}", ended.stdout);
}

#[test]
fn a_diagnostic_has_its_parts() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    place.write("broken.toml", "reports = 7\n")?;
    for (arguments, said) in [
        (
            vec!["run", "nowhere.csv", "--sandbox"],
            vec!["nowhere.csv", "  because: ", "No such file"],
        ),
        (vec!["run", "roster.csv"], vec!["  because: no base URL", "--base-url", "--sandbox"]),
        (
            vec!["run", "roster.csv", "--base-url", "http://capa.fi"],
            vec!["  because: ", "in the clear", "https://"],
        ),
        (
            vec!["run", "roster.csv", "--base-url", "https://capa.fi"],
            vec!["  because: no API key", "KYC_RECON_API_KEY", "--api-key-file"],
        ),
        (
            vec!["run", "roster.csv", "--sandbox", "--config", "broken.toml"],
            vec!["broken.toml", "  because: ", "reports", "line 1"],
        ),
        (
            vec!["run", "roster.csv", "--sandbox", "--column", "x"],
            vec!["  because: ", "roster.csv", "`user_id`", "--column"],
        ),
    ] {
        assert_has_its_parts(&place.command(&arguments).end()?, &said);
    }
    Ok(())
}

#[test]
fn a_stopped_job_says_how_far_it_came_and_how_to_go_on() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        1..=4 => Reply::about(&call.user),
        _ => Reply::json(403, r#"{"error":{"code":"INVALID_PARTNER_FLOW","message":"no"}}"#),
    })?;
    let place = Place::with_roster((0..9).map(|n| format!("approved-{n}")))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "1"]);
    let ended = job.end()?;
    let how = ["run night stopped with 4 of 9 users settled", "same command with `--run-id night`"];
    assert_has_its_parts(&ended, &how);
    Ok(())
}

#[test]
fn a_reason_is_not_said_twice() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let ended = place.command(["run", "nowhere.csv", "--sandbox"]).end()?;
    assert_eq!(ended.stderr.matches("nowhere.csv").count(), 1, "{}", ended.stderr);
    assert_eq!(ended.stderr.matches("because").count(), 1, "{}", ended.stderr);
    Ok(())
}
