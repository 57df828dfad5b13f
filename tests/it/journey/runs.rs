//! `runs`: what is in the reports directory, said without touching it, also while a job is under way.

use std::{error::Error, fs, thread::sleep, time::Duration};

use serde_json::Value;

use crate::support::{
    job::until,
    memory::{settled, unfinished},
    place::{Place, Tested},
    report::below,
    scripted::{Reply, Scripted},
};

fn listed(place: &Place) -> Result<Vec<Value>, Box<dyn Error>> {
    let ended = place.command(["runs", "--json"]).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let list: Value = serde_json::from_str(&ended.stdout)?;
    Ok(list["runs"].as_array().ok_or("no list")?.clone())
}

/// Name and state of each run, in the order of the list.
fn states(runs: &[Value]) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    runs.iter().map(|run| word(&run["run_id"]) + " " + &word(&run["state"])).collect()
}

#[test]
fn where_nothing_ran_nothing_is_listed_or_made() -> Tested {
    let place = Place::new()?;
    let ended = place.command(["runs"]).end()?;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "no runs in reports\n"));
    assert!(!place.reports().exists());
    fs::create_dir(place.path("nightly"))?;
    place.write("kyc-recon.toml", "reports = 'nightly'\n")?;
    assert_eq!(place.command(["runs"]).end()?.stdout, "no runs in nightly\n");
    assert_eq!(below(&place.path("nightly"))?.len(), 0);
    Ok(())
}

#[test]
fn published_runs_show_their_verdicts_and_latest_is_marked() -> Tested {
    let place = Place::with_roster((0..20).map(|number| format!("approved-{number}")))?;
    assert_eq!(place.run("first").args(["--sandbox"]).end()?.code, Some(0));
    let partner = Scripted::start(|call| match call.user.as_str() {
        "approved-7" => Reply::empty(503),
        user => Reply::about(user),
    })?;
    let in_vain = place.run("second").asking(&partner.base_url()).args(["--attempts", "1"]);
    assert_eq!(in_vain.end()?.code, Some(3));
    let runs = listed(&place)?;
    assert_eq!(states(&runs), ["second incomplete", "first complete"]);
    assert_eq!((&runs[0]["latest"], &runs[1]["latest"]), (&false.into(), &true.into()));
    assert_eq!(
        (&runs[0]["environment"], &runs[1]["environment"]),
        (&"live".into(), &"SANDBOX".into())
    );
    assert!(runs[0]["why"].as_str().is_some_and(|why| why.contains("exhausted")), "{}", runs[0]);
    let verdicts = runs[1]["verdicts"].as_array().ok_or("no verdicts")?;
    let determined: u64 = verdicts.iter().filter_map(|verdict| verdict["count"].as_u64()).sum();
    assert_eq!(determined, 20);
    Ok(())
}

#[test]
fn a_killed_run_says_what_it_has_settled_and_how_to_go_on() -> Tested {
    let partner = Scripted::start(|call| {
        sleep(Duration::from_millis(10));
        Reply::about(&call.user)
    })?;
    let place = Place::with_roster((0..200).map(|number| format!("approved-{number}")))?;
    let job = place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "4"]);
    let running = job.start()?;
    until("some are answered", || Ok(partner.calls().len() > 40))?;

    let before = below(&place.reports())?;
    assert_eq!(states(&listed(&place)?), ["night running"]);
    running.kill()?;
    assert_eq!(below(&place.reports())?, before, "looking leaves no trace");
    let runs = listed(&place)?;
    assert_eq!(states(&runs), ["night interrupted"]);
    assert_eq!(runs[0]["settled"], settled(&place.reports(), "night")?.len());
    assert_eq!(runs[0]["users"], 200);
    assert_eq!(below(&place.reports())?, before);
    let page = place.command(["runs"]).end()?.stdout;
    assert!(page.contains("--run-id night"), "{page}");
    Ok(())
}

#[test]
fn looking_again_and_again_disturbs_no_job() -> Tested {
    let partner = Scripted::start(|call| {
        sleep(Duration::from_millis(10));
        Reply::about(&call.user)
    })?;
    let place = Place::with_roster((0..100).map(|number| format!("approved-{number}")))?;
    let running = place.run("night").asking(&partner.base_url()).start()?;
    until("it is listed as published", || {
        let runs = listed(&place).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(states(&runs) == ["night complete"])
    })?;
    assert_eq!(running.end()?.code, Some(0));
    Ok(())
}

#[test]
fn what_cannot_be_read_is_listed_as_such() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    assert_eq!(place.run("good").args(["--sandbox"]).end()?.code, Some(0));
    fs::create_dir(place.reports().join("hollow"))?;
    fs::create_dir(place.reports().join("not a run"))?;
    for (run_id, journal) in [("garbled", "no database".repeat(100)), ("newborn", String::new())] {
        fs::create_dir_all(unfinished(&place.reports(), run_id))?;
        fs::write(unfinished(&place.reports(), run_id).join("journal.sqlite"), journal)?;
    }
    let runs = listed(&place)?;
    let expected =
        ["good complete", "newborn interrupted", "hollow unreadable", "garbled unreadable"];
    assert_eq!(states(&runs), expected);
    assert!(runs[2]["why"].as_str().is_some_and(|why| why.contains("summary.json")), "{}", runs[2]);
    assert!(
        runs[3]["why"].as_str().is_some_and(|why| why.contains("not a database")),
        "{}",
        runs[3]
    );
    Ok(())
}
