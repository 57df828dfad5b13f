//! Limits of the whole run, and what is to be done about each user.

use std::path::PathBuf;

use serde_json::json;

use crate::support::place::{Place, Tested};

/// One who passes, one whom the partner does not know, one who is rejected, one with an open hit, and a line without id.
const ROSTER: &str =
    "user_id,note\napproved-1,a\nmissing-1,b\nrejected-1,c\naml-1,d\n,e\nforeign-1,f\n";

#[test]
fn a_gate_that_fails_is_told_first_and_latest_stays_where_it_is() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", ROSTER)?;
    let job = |run: &str, day: &str| place.run(run).args(["--sandbox", "--day", day]);
    let good = job("good", "1").end()?;
    assert_eq!(good.code, Some(0), "{}", good.stderr);

    place.write("kyc-recon.toml", "[gates]\nmin_pass_of_determined = 0.9\n")?;
    let bad = job("bad", "2").end()?;
    assert_eq!(bad.code, Some(4), "{}", bad.stderr);
    assert_eq!(place.latest(), Some(PathBuf::from("good")));
    let (gate, complete) = (bad.stdout.find("GATE FAILED"), bad.stdout.find("complete"));
    assert!(gate.is_some() && gate < complete, "{}", bad.stdout);
    assert!(bad.stdout.lines().all(|line| line.chars().count() <= 80), "{}", bad.stdout);
    let report = place.report("bad");
    assert!(report.text("summary.md")?.contains("**gate failed**: min_pass_of_determined is 0.9"));
    for file in ["summary.json", "certificate.json"] {
        let gates = &report.json(file)?["gates"];
        assert_eq!(gates[0]["name"], "min_pass_of_determined", "{file}");
        assert_eq!((&gates[0]["limit"], &gates[0]["passed"]), (&json!(0.9), &json!(false)));
    }
    let shown = job("bad", "2").args(["--json"]).end()?;
    assert_eq!(shown.code, Some(4), "shown once more");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&shown.stdout)?["gates"][0]["passed"],
        false
    );
    let rebuilt = place.command(["rebuild", "bad"]).end()?;
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.stderr);

    place.write("kyc-recon.toml", "")?;
    let next = job("next", "3").end()?;
    assert_eq!(next.code, Some(0), "{}", next.stderr);
    assert_eq!(place.report("next").json("summary.json")?["baseline"]["run_id"], "good");
    assert_eq!(place.latest(), Some(PathBuf::from("next")));
    Ok(())
}

#[test]
fn the_first_night_is_within_every_limit_on_changes() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    place.write("kyc-recon.toml", "[gates]\nmax_regressions = 0\nmax_break_share = 0.0\n")?;
    let ended = place.run("night").args(["--sandbox"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let gates = &place.report("night").json("summary.json")?["gates"];
    assert_eq!(gates[0], json!({"name":"max_regressions","limit":0.0,"actual":null,"passed":true}));
    Ok(())
}

#[test]
fn everybody_who_needs_something_is_listed_once_with_what_and_why() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", ROSTER)?;
    let ended = place.run("night").args(["--sandbox", "--format", "parquet"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    let table = report.table("actions")?;
    let users = table.texts("user_id");
    assert_eq!(users.last().map(String::as_str), Some(""), "the line comes last");
    assert_eq!(table.texts("line").last().map(String::as_str), Some("6"));
    assert!(!users.contains(&"approved-1".to_owned()));
    let action = |user: &str| table.of(user, "action").concat();
    assert_eq!(action("missing-1"), "send_new_kyc_link");
    assert_eq!(action("aml-1"), "aml_investigation");
    assert_eq!(action("foreign-1"), "fix_roster");
    assert_eq!(action(""), "fix_roster");
    let csv = report.text("actions.csv")?;
    assert!(csv.starts_with("run_id,user_id,line,action,why,verdict,severity\r\n"), "{csv}");
    assert_eq!(csv.lines().count(), table.len() + 1);
    let listed = &report.json("summary.json")?["actions"];
    assert_eq!(listed[0], json!({"name": "aml_investigation", "count": 1}));
    Ok(())
}
