//! Roster in, certified report out. The same call again changes nothing.

use std::{collections::BTreeMap, fs, io, path::Path, time::SystemTime};

use kyc_recon::sandbox::options::{Options, SANDBOX_KEY};

use crate::support::{
    job::KEY,
    place::{Place, Tested},
    pretend::Pretend,
    report::{Report, below, sha256},
    sample::{roster, sample},
    scripted::{Reply, Scripted},
};

#[test]
fn a_first_run_is_complete_and_becomes_the_latest() -> Tested {
    let sample = sample()?;
    assert_eq!(sample.ended.code, Some(0), "{}", sample.ended.stderr);
    assert_eq!(fs::read_link(sample.reports.join("latest"))?, Path::new("sample"));
    assert!(!sample.reports.join(".work/sample").exists());
    assert!(sample.ended.stdout.contains("complete"));
    assert!(sample.ended.stdout.contains("reports/sample/report.html"));
    Ok(())
}

#[test]
fn the_sample_roster_counts_as_its_readme_says() -> Tested {
    let report = &sample()?.report;
    let population = &report.json("certificate.json")?["population"];
    for (name, count) in [
        ("input_rows", 507),
        ("unique_users", 500),
        ("duplicates", 3),
        ("blanks", 1),
        ("rejects", 3),
    ] {
        assert_eq!(population[name], count, "{name}");
    }
    for (outcome, count) in [
        ("answered", 480),
        ("no_verification", 10),
        ("denied", 7),
        ("unreadable", 3),
        ("exhausted", 0),
        ("not_attempted", 0),
    ] {
        assert_eq!(report.counted("outcomes", outcome)?, count, "{outcome}");
    }
    let users = report.table("users")?;
    let decisions = counted(users.texts("decision"));
    for (decision, count) in [
        ("approved", 400),
        ("rejected", 32),
        ("review", 25),
        ("undecided", 21),
        ("unrecognized", 2),
        ("", 20),
    ] {
        assert_eq!(decisions.get(decision), Some(&count), "{decision}");
    }
    assert_eq!(counted(users.texts("reference_mismatch")).get("true"), Some(&2));
    assert_eq!(report.table("rejects")?.texts("line"), ["80", "267", "420"]);
    Ok(())
}

#[test]
fn every_equation_of_the_certificate_closes() -> Tested {
    let certificate = sample()?.report.json("certificate.json")?;
    let equations = certificate["equations"].as_array().ok_or("no equations")?;
    for equation in equations {
        let parts = equation["parts"].as_array().ok_or("no parts")?;
        let sum: u64 = parts.iter().filter_map(|part| part["count"].as_u64()).sum();
        assert_eq!(equation["total"], sum, "{}", equation["says"]);
        assert_eq!(equation["closes"], true);
    }
    let says: Vec<_> = equations.iter().filter_map(|equation| equation["says"].as_str()).collect();
    for equation in [
        "input_rows = unique_users + duplicates + blanks + rejects",
        "unique_users = answered + no_verification + denied + unreadable + exhausted + not_attempted",
        "unique_users = pass + fail + review + pending + unreached",
    ] {
        assert!(says.contains(&equation), "{equation}");
    }
    Ok(())
}

#[test]
fn the_certificate_says_which_bytes_were_read_and_by_which_policy() -> Tested {
    let sample = sample()?;
    let certificate = sample.report.json("certificate.json")?;
    assert_eq!(certificate["input_sha256"], sha256(fs::read(roster())?));
    assert_eq!(certificate["run_id"], "sample");
    let first = certificate["first_fetched_at"].as_str().ok_or("no time")?;
    let (start, end) = (certificate["started_at"].as_str(), certificate["ended_at"].as_str());
    assert!(start <= Some(first) && Some(first) <= end, "{start:?} {first} {end:?}");
    for fact in ["ids_digest", "tool_version", "host", "base_url"] {
        assert!(certificate[fact].as_str().is_some_and(|text| !text.is_empty()), "{fact}");
    }
    assert_eq!(certificate["policy"]["sha256"].as_str().map(str::len), Some(64));
    Ok(())
}

#[test]
fn users_stand_in_the_order_of_the_roster_with_its_other_columns() -> Tested {
    let users = sample()?.report.table("users")?;
    let positions: Vec<_> = (1..=500).map(|position| position.to_string()).collect();
    assert_eq!(users.texts("position"), positions);
    let first = "5d573ab0-6867-4da5-b22f-3ad4446c41a8";
    assert_eq!(users.texts("user_id")[0], first);
    assert_eq!(users.of(first, "roster_line"), ["2"]);
    assert_eq!(users.of(first, "roster_country"), ["DE"]);
    assert_eq!(users.of(first, "roster_our_status"), ["active"]);
    assert_eq!(users.of(first, "roster_onboarded_on"), ["2026-01-10"]);
    Ok(())
}

#[test]
fn the_same_run_again_asks_nobody_and_changes_nothing() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster(["approved-1", "rejected-1", "missing-1"])?;
    let job = || place.run("once").asking(&partner.base_url());
    assert_eq!(job().end()?.code, Some(0));
    let (before, asked) = (state(&place.reports())?, partner.stats().requests);
    assert_eq!(asked, 3);

    let again = job().end()?;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(again.stderr.contains("published already"), "{}", again.stderr);
    assert_eq!(partner.stats().requests, asked);
    assert_eq!(state(&place.reports())?, before);
    Ok(())
}

#[test]
fn a_published_run_can_be_shown_while_the_partner_is_gone() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let partner = Pretend::start(Options::default())?;
    let url = partner.base_url();
    assert_eq!(place.run("once").asking(&url).end()?.code, Some(0));
    drop(partner);
    let again = place.run("once").asking(&url).end()?;
    assert_eq!((again.code, again.stdout.contains("KYC report once")), (Some(0), true));
    Ok(())
}

#[test]
fn another_job_under_the_name_of_a_published_run_is_refused() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let job = || place.run("nightly").args(["--sandbox"]);
    assert_eq!(job().end()?.code, Some(0));

    let elsewhere = place.run("nightly").asking("http://127.0.0.1:9").end()?;
    assert_eq!(elsewhere.code, Some(78), "{}", elsewhere.stderr);
    place.write(
        "policy.toml",
        include_str!("../../../src/assess/default_policy.toml")
            .replace("min_face_score = 0.80", "min_face_score = 0.81"),
    )?;
    let stricter = job().args(["--policy", "policy.toml"]).end()?;
    assert!(stricter.stderr.contains("the policy of SHA-256"), "{}", stricter.stderr);
    place.write("roster.csv", "user_id\napproved-2\n")?;
    let others = job().end()?;
    assert!(others.stderr.contains("the roster of SHA-256"), "{}", others.stderr);
    Ok(())
}

#[test]
fn a_run_of_the_sandbox_does_not_take_latest_from_a_live_one() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let live = Scripted::start(|call| Reply::about(&call.user))?;
    assert_eq!(place.run("live").asking(&live.base_url()).end()?.code, Some(0));
    assert_eq!(place.run("try").args(["--sandbox"]).end()?.code, Some(0));
    assert!(place.latest().is_some_and(|latest| latest.ends_with("live")), "{:?}", place.latest());
    Ok(())
}

#[test]
fn an_older_run_shown_again_does_not_become_the_latest() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for run in ["older", "newer", "older"] {
        assert_eq!(place.run(run).args(["--sandbox"]).end()?.code, Some(0));
    }
    assert_eq!(place.latest().as_deref(), Some(Path::new("newer")));
    assert_eq!(place.published()?, ["latest", "newer", "older"]);
    Ok(())
}

#[test]
fn a_run_without_a_name_is_called_after_its_start() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    assert_eq!(place.command(["run", "roster.csv", "--sandbox"]).end()?.code, Some(0));
    let latest = place.latest().ok_or("no latest")?;
    let name = latest.to_string_lossy();
    assert!(name.len() == 16 && name.starts_with("20") && name.ends_with('Z'), "{name}");
    Ok(())
}

#[test]
fn unnamed_runs_that_start_in_the_same_second_are_different_runs() -> Tested {
    let place = Place::new()?;
    // Stopped at the first answer, so that several start within a second.
    place.write("two.csv", "user_id\napproved-1\napproved-2\n")?;
    for _ in 0..6 {
        let ended = place.command(["run", "two.csv", "--sandbox", "--max-requests", "1"]).end()?;
        assert_eq!(ended.code, Some(75), "{}", ended.stderr);
    }
    assert_eq!(fs::read_dir(place.reports().join(".work"))?.count(), 6 + 1, "and the lock");
    Ok(())
}

#[test]
fn the_partner_is_asked_for_exactly_the_users_of_the_roster() -> Tested {
    let key = Some(SANDBOX_KEY.to_owned());
    let partner = Pretend::start(Options { require_key: key, ..Options::default() })?;
    let place = Place::new()?;
    fs::copy(roster(), place.path("roster.csv"))?;
    let job = place.run("all").asking(&partner.base_url());
    assert_ne!(SANDBOX_KEY, KEY);
    let ended = job.env("KYC_RECON_API_KEY", SANDBOX_KEY).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let stats = partner.settled_stats()?;
    // The three whose answers cannot be read get a second chance each; nobody else is asked twice.
    assert_eq!((stats.distinct_users, stats.requests), (500, 503));
    assert_eq!((stats.users_answered, stats.users_answered_twice), (497, 0));
    Ok(())
}

#[test]
fn an_empty_journey_publishes_tables_of_every_kind_all_the_same() -> Tested {
    let place = Place::with_roster(["missing-1"])?;
    assert_eq!(place.run("bare").args(["--sandbox"]).end()?.code, Some(0));
    let report: Report = place.report("bare");
    for table in ["aml_entities", "aml_hits", "warnings", "status_reasons", "drift", "breaks"] {
        assert_eq!(report.table(table)?.len(), 0, "{table}");
    }
    assert_eq!(report.table("users")?.of("missing-1", "outcome"), ["no_verification"]);
    assert_eq!(report.table("users")?.of("missing-1", "aml_hits_total"), [""]);
    Ok(())
}

fn counted(words: Vec<String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// Content and time of change of every file, but for the lock, which says who held it last.
fn state(reports: &Path) -> io::Result<BTreeMap<String, (Vec<u8>, SystemTime)>> {
    let mut state = BTreeMap::new();
    for path in below(reports)? {
        if path.is_file() && !path.ends_with("lock") {
            let content = (fs::read(&path)?, fs::metadata(&path)?.modified()?);
            state.insert(path.display().to_string(), content);
        }
    }
    Ok(state)
}
