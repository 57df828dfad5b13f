//! From which runs a campaign carries: an audit between two nights, or a user who is away for one, costs no answers.

use std::fs;

use crate::support::{
    job::{Ended, Job},
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

fn people() -> Vec<String> {
    (1..=20).map(|n| format!("approved-{n}")).collect()
}

fn roster(ids: &[String]) -> String {
    format!("user_id\n{}\n", ids.join("\n"))
}

/// A night that asks as often as it takes, or as often as is said.
fn night(place: &Place, day: &str) -> Job {
    let campaign = ["--sandbox", "--day", day, "--max-age", "30d"];
    place.run(&format!("night-{day}")).args(campaign)
}

fn ended_with(ended: &Ended, code: i32) {
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
}

#[test]
fn an_audit_of_three_users_between_two_nights_loses_no_answers() -> Tested {
    let people = people();
    let place = Place::with_roster(&people)?;
    ended_with(&night(&place, "1").end()?, 0);
    place.write("roster.csv", roster(&people[..3]))?;
    ended_with(&place.run("audit").args(["--sandbox"]).end()?, 0);
    place.write("roster.csv", roster(&people))?;
    let plan = ["plan", "roster.csv", "--sandbox", "--max-age", "30d", "--json"];
    let planned: serde_json::Value = serde_json::from_str(&place.command(plan).end()?.stdout)?;
    assert_eq!(planned["campaign"]["carried"], 20);
    assert_eq!(planned["campaign"]["from"], serde_json::json!(["audit", "night-1"]));
    let second = night(&place, "2").end()?;
    ended_with(&second, 0);
    assert!(second.stderr.contains("run audit (3), run night-1 (17)"), "{}", second.stderr);
    let report = place.report("night-2");
    assert_eq!(report.counted("answers", "carried")?, 20);
    let users = report.table("users")?;
    assert_eq!(users.of("approved-1", "answer_run_id"), ["audit"], "the newest");
    assert_eq!(users.of("approved-9", "answer_run_id"), ["night-1"]);
    let certificate: serde_json::Value =
        serde_json::from_slice(&fs::read(report.path("certificate.json"))?)?;
    let from = &certificate["derivation"]["carried_from"];
    assert_eq!(*from, serde_json::json!(["audit", "night-1"]));
    for command in ["verify", "rebuild"] {
        ended_with(&place.command([command, "night-2"]).end()?, 0);
    }
    Ok(())
}

#[test]
fn a_user_who_is_missing_from_the_roster_for_one_night_keeps_the_answer() -> Tested {
    let people = people();
    let place = Place::with_roster(&people)?;
    ended_with(&night(&place, "1").end()?, 0);
    place.write("roster.csv", roster(&people[1..]))?;
    ended_with(&night(&place, "2").end()?, 0);
    place.write("roster.csv", roster(&people))?;
    ended_with(&night(&place, "3").args(["--max-requests", "0"]).end()?, 0);
    let users = place.report("night-3").table("users")?;
    assert_eq!(users.of("approved-1", "answer_run_id"), ["night-1"]);
    Ok(())
}

#[test]
fn a_baseline_that_is_named_is_the_only_run_to_carry_from() -> Tested {
    let people = people();
    let place = Place::with_roster(&people[..3])?;
    ended_with(&place.run("audit").args(["--sandbox"]).end()?, 0);
    place.write("roster.csv", roster(&people))?;
    ended_with(&night(&place, "1").end()?, 0);
    let named = ["--baseline", "audit", "--max-requests", "0"];
    ended_with(&night(&place, "2").args(named).end()?, 3);
    assert_eq!(place.report("night-2").counted("answers", "carried")?, 3);
    Ok(())
}

#[test]
fn a_user_who_needs_a_second_attempt_gets_it_though_requests_are_few() -> Tested {
    let place = Place::with_roster(people())?;
    let partner = Scripted::start(move |call| match call.number {
        1 => Reply::empty(503),
        _ => Reply::about(&call.user).marked(),
    })?;
    let few = ["--max-age", "30d", "--max-requests", "6", "--max-in-flight", "1"];
    ended_with(&place.run("monday").asking(&partner.base_url()).args(few).end()?, 3);
    let report = place.report("monday");
    assert_eq!(report.counted("answers", "fresh")?, 5, "six requests, one of them in vain");
    assert_eq!(partner.calls().len(), 6);
    Ok(())
}
