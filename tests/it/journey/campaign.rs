//! A roster too large for one night: every night asks those of whom least is known, and carries the answers about the others.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::support::{
    job::{Ended, Job, until},
    place::{Place, Tested},
    report::Rows,
    scripted::{Reply, Scripted},
    twins::{assert_same, clock_readings},
};

/// 20 decided users, and 6 about whom the partner has not decided.
fn people() -> Vec<String> {
    let decided = (1..=20).map(|n| format!("approved-{n}"));
    decided.chain((1..=6).map(|n| format!("review-{n}"))).collect()
}

/// One night that asks ten times at most, one after the other.
fn night(place: &Place, day: &str) -> Job {
    place.run(&format!("night-{day}")).args([
        "--sandbox",
        "--day",
        day,
        "--max-age",
        "30d",
        "--max-requests",
        "10",
        "--max-in-flight",
        "1",
    ])
}

/// Where the answers come from, as the certificate counts them: fresh, carried, not attempted.
fn answers(place: &Place, run: &str) -> Result<[u64; 3], Box<dyn Error>> {
    let report = place.report(run);
    let counted = |name| report.counted("answers", name);
    Ok([counted("fresh")?, counted("carried")?, counted("not_attempted")?])
}

/// The users whom a run asked.
fn asked(place: &Place, run: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    Ok(place.report(run).table("attempts")?.texts("user_id").into_iter().collect())
}

fn ended_with(ended: &Ended, code: i32) {
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
}

#[test]
fn five_nights_ask_everybody_once_and_then_only_about_those_not_decided() -> Tested {
    let people = people();
    let place = Place::with_roster(&people)?;
    for (day, code) in [("1", 3), ("2", 3), ("3", 0), ("4", 0), ("5", 0)] {
        ended_with(&night(&place, day).end()?, code);
        let run = format!("night-{day}");
        for command in ["verify", "rebuild"] {
            let checked = place.command([command, &run]).end()?;
            ended_with(&checked, 0);
            assert!(command == "verify" || checked.stdout.contains("identical"), "{run}");
        }
    }
    assert_eq!(answers(&place, "night-1")?, [10, 0, 16]);
    assert_eq!(answers(&place, "night-2")?, [10, 10, 6]);
    assert_eq!(answers(&place, "night-3")?[2], 0);
    // A few are in hand at a time, and who of them comes first is chance: so nights are compared, not users.
    let [first, second, third] = ["night-1", "night-2", "night-3"].map(|run| asked(&place, run));
    let (first, second, third) = (first?, second?, third?);
    assert!(first.is_disjoint(&second), "who was never asked comes before all others");
    let everybody: BTreeSet<_> = first.iter().chain(&second).chain(&third).cloned().collect();
    assert_eq!(everybody, people.iter().cloned().collect());
    for night in ["night-4", "night-5"] {
        assert_eq!(asked(&place, night)?, people[20..].iter().cloned().collect(), "{night}");
        assert_eq!(answers(&place, night)?, [6, 20, 0], "{night}");
    }
    let users = place.report("night-5").table("users")?;
    let oldest = place.report("night-1").table("users")?;
    for user in first.iter().filter(|user| user.starts_with("approved")) {
        assert_eq!(users.of(user, "answer_run_id"), ["night-1"], "through four reports");
        assert_eq!(users.of(user, "fetched_at"), oldest.of(user, "fetched_at"));
        assert_eq!(users.of(user, "attempts"), ["0"]);
    }
    assert_eq!(users.of("review-1", "answer_run_id"), ["night-5"]);
    Ok(())
}

#[test]
fn who_shares_a_number_is_known_of_tonight_s_answers_and_of_carried_ones() -> Tested {
    let partner = Scripted::start(|call| match call.user.as_str() {
        "other" => Reply::approved("other 1234"),
        // Carried, and asked again all the same: counted once.
        "undecided" => Reply::in_review("twin 1234"),
        _ => Reply::approved("twin 1234"),
    })?;
    let place = Place::new()?;
    let nights = [
        (
            "first",
            ["twin-1", "other", "undecided"].as_slice(),
            [3, 0, 0],
            ["2", "1", "2"].as_slice(),
        ),
        (
            "second",
            &["twin-2", "twin-1", "other", "undecided", "twin-3"],
            [3, 2, 0],
            &["4", "4", "1", "4", "4"],
        ),
    ];
    for (run, roster, answered, shared) in nights {
        place.write("roster.csv", format!("user_id\n{}\n", roster.join("\n")))?;
        let night = place.run(run).args(["--max-age", "30d"]).asking(&partner.base_url());
        ended_with(&night.end()?, 0);
        assert_eq!(answers(&place, run)?, answered, "{run}");
        let users = place.report(run).table("users")?;
        assert_eq!(users.texts("shared_document_users"), shared, "{run}");
        let rebuilt = place.command(["rebuild", run]).end()?;
        ended_with(&rebuilt, 0);
        assert!(rebuilt.stdout.contains("identical"), "{run}: the archive says the same");
    }
    Ok(())
}

/// Columns of `users` that are about the run, not about the user.
const OF_THE_RUN: [&str; 10] = [
    "run_id",
    "position",
    "roster_line",
    "carried",
    "answer_run_id",
    "answer_age_days",
    "attempts",
    // How many of tonight's users share a number: the others are not those of the night of the answer.
    "shared_document_users",
    "shared_tax_id_users",
    "roster_team",
];

/// The cells of each user that are not about the run.
fn cells(users: &Rows) -> BTreeMap<String, Vec<(String, String)>> {
    let own = |column: &String| {
        !OF_THE_RUN.contains(&column.as_str()) && !column.starts_with("baseline_")
    };
    let columns: Vec<_> = users.columns().into_iter().filter(own).collect();
    let row = |user: &String| {
        let cells = columns.iter().map(|column| (column.clone(), users.of(user, column).concat()));
        (user.clone(), cells.collect())
    };
    users.texts("user_id").iter().map(row).collect()
}

#[test]
fn a_carried_row_differs_in_nothing_but_the_columns_of_the_run() -> Tested {
    let place = Place::new()?;
    let ids: Vec<_> =
        (0..40).map(|n| kyc_recon::sandbox::population::user_id(7, n)).chain(people()).collect();
    let roster = |ids: &[String], team: &str| {
        ids.iter().fold("user_id,team\n".to_owned(), |text, id| format!("{text}{id},{team}\n"))
    };
    place.write("roster.csv", roster(&ids, "red"))?;
    let job = |run| place.run(run).args(["--sandbox"]);
    ended_with(&job("monday").end()?, 0);
    // In another order, with another column's value, and not one request: every row is carried.
    let turned: Vec<_> = ids.iter().rev().cloned().collect();
    place.write("roster.csv", roster(&turned, "blue"))?;
    let campaign = ["--day", "2", "--max-age", "30d", "--max-requests", "0"];
    ended_with(&job("tuesday").args(campaign).end()?, 0);
    let people = ids.len() as u64;
    assert_eq!(answers(&place, "tuesday")?, [0, people, 0]);
    let [monday, tuesday] = ["monday", "tuesday"].map(|run| place.report(run).table("users"));
    let (monday, tuesday) = (monday?, tuesday?);
    assert_eq!(cells(&monday), cells(&tuesday));
    for child in ["warnings", "status_reasons", "aml_entities", "aml_hits", "rule_hits"] {
        let [monday, tuesday] = ["monday", "tuesday"].map(|run| place.report(run).table(child));
        assert_eq!(monday?.len(), tuesday?.len(), "{child}");
    }
    Ok(())
}

#[test]
fn a_night_that_is_killed_and_resumed_is_the_same_night() -> Tested {
    let patience = Arc::new(AtomicUsize::new(usize::MAX));
    let allowed = Arc::clone(&patience);
    let partner = Scripted::start(move |call| match call.number {
        number if number <= allowed.load(Ordering::Relaxed) => Reply::about(&call.user).marked(),
        _ => Reply::Hang,
    })?;
    // Not more users than requests are left for the second night: which of them come first is chance.
    let people = &people()[..20];
    let job = |place: &Place, run: &str| {
        let campaign = ["--max-age", "30d", "--max-requests", "10", "--max-in-flight", "1"];
        place.run(run).asking(&partner.base_url()).args(campaign)
    };
    let place = Place::with_roster(people)?;
    ended_with(&job(&place, "monday").end()?, 3);
    let undisturbed = Place::with_roster(people)?;
    copy_report(&place, &undisturbed, "monday")?;
    ended_with(&job(&undisturbed, "tuesday").end()?, 0);

    let calls = partner.calls().len();
    patience.store(calls + 4, Ordering::Relaxed);
    let running = job(&place, "tuesday").start()?;
    until("it hangs", || Ok(partner.calls().len() == calls + 5))?;
    running.kill()?;
    patience.store(usize::MAX, Ordering::Relaxed);
    let other_terms = job(&place, "tuesday").args(["--final-decisions", "approved"]).end()?;
    ended_with(&other_terms, 78);
    ended_with(&job(&place, "tuesday").end()?, 0);
    assert_eq!(answers(&place, "tuesday")?, [10, 10, 0]);
    assert_same(&place.report("tuesday"), &undisturbed.report("tuesday"), &clock_readings())
}

fn copy_report(from: &Place, to: &Place, run: &str) -> Tested {
    for name in from.report(run).files()? {
        let path = to.reports().join(run).join(&name);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::copy(from.report(run).path(&name), path)?;
    }
    Ok(())
}

#[test]
fn who_is_asked_in_vain_is_exhausted_and_asked_first_the_next_night() -> Tested {
    let place = Place::with_roster(["approved-1", "review-1", "approved-2"])?;
    let fails = Arc::new(AtomicBool::new(true));
    let failing = Arc::clone(&fails);
    let partner = Scripted::start(move |call| {
        let bad = call.user == "review-1" && failing.load(Ordering::Relaxed);
        if bad { Reply::empty(503) } else { Reply::about(&call.user).marked() }
    })?;
    let job = |run| {
        let campaign = ["--max-age", "30d", "--attempts", "2", "--max-in-flight", "1"];
        place.run(run).asking(&partner.base_url()).args(campaign)
    };
    ended_with(&job("monday").end()?, 3);
    fails.store(false, Ordering::Relaxed);
    let users = place.report("monday").table("users")?;
    assert_eq!(users.of("review-1", "outcome"), ["exhausted"]);
    ended_with(&job("tuesday").args(["--max-requests", "1"]).end()?, 0);
    assert_eq!(asked(&place, "tuesday")?, BTreeSet::from(["review-1".to_owned()]));
    Ok(())
}

#[test]
fn who_was_to_be_asked_again_when_the_deadline_came_is_not_exhausted() -> Tested {
    let place = Place::with_roster(["review-1"])?;
    let partner = Scripted::start(|_| Reply::empty(503).header("retry-after", "60"))?;
    let night = place.run("monday").asking(&partner.base_url());
    ended_with(&night.args(["--max-age", "30d", "--attempts", "2", "--deadline", "2s"]).end()?, 3);
    let users = place.report("monday").table("users")?;
    assert_eq!(users.of("review-1", "outcome"), ["not_attempted"]);
    assert_eq!(users.of("review-1", "attempts"), ["1"]);
    Ok(())
}

#[test]
fn without_a_max_age_the_limits_of_a_session_still_leave_the_run_to_go_on_with() -> Tested {
    let place = Place::with_roster(people())?;
    let stopped = place.run("night").args(["--sandbox", "--max-requests", "5"]).end()?;
    ended_with(&stopped, 75);
    let other = place.run("night").args(["--sandbox", "--max-age", "1d"]).end()?;
    ended_with(&other, 78);
    assert!(other.stderr.contains("terms of carrying"), "{}", other.stderr);
    Ok(())
}

#[test]
fn an_altered_archive_is_not_carried_from() -> Tested {
    let place = Place::with_roster(people())?;
    ended_with(&place.run("monday").args(["--sandbox"]).end()?, 0);
    let archive = place.report("monday").path("archive/responses.parquet");
    let mut bytes = fs::read(&archive)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&archive, bytes)?;
    let ended = place.run("tuesday").args(["--sandbox", "--max-age", "30d"]).end()?;
    ended_with(&ended, 65);
    Ok(())
}

#[test]
fn a_plan_says_whom_a_night_asks_and_how_many_nights_a_pass_takes() -> Tested {
    let place = Place::with_roster(people())?;
    ended_with(&night(&place, "1").end()?, 3);
    let plan = place.command([
        "plan",
        "roster.csv",
        "--sandbox",
        "--max-age",
        "30d",
        "--max-requests",
        "10",
        "--json",
    ]);
    let ended = plan.end()?;
    ended_with(&ended, 0);
    let plan: serde_json::Value = serde_json::from_str(&ended.stdout)?;
    let campaign = &plan["campaign"];
    for (name, number) in [
        ("carried", 10),
        ("never_asked", 16),
        ("not_decided", 0),
        ("too_old", 0),
        ("asked_tonight", 10),
        ("nights_until_attempted", 2),
        ("nights_of_a_full_pass", 3),
        ("oldest_answer_days", 30),
    ] {
        assert_eq!(campaign[name], number, "{name} of {campaign}");
    }
    assert_eq!(campaign["from"], serde_json::json!(["night-1"]));
    assert_eq!(plan["users"]["pending"], 16);
    Ok(())
}
