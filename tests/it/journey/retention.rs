//! What is old is pruned, and the ledger knows every run that was published or pruned.

use std::{error::Error, fs, io, path::PathBuf};

use serde_json::Value;

use crate::support::{
    job::Ended,
    place::{Place, Tested},
    report::sha256,
};

/// A place where these nights were published, one after the other, each compared with the one before.
fn nights(names: &[&str]) -> Result<Place, Box<dyn Error>> {
    let place = Place::with_roster(["approved-1"])?;
    for name in names {
        let ended = place.run(name).args(["--sandbox"]).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    Ok(place)
}

fn ledger(place: &Place) -> PathBuf {
    place.reports().join("ledger.jsonl")
}

/// Event and run of each line, as `published one`.
fn told(place: &Place) -> Result<Vec<String>, Box<dyn Error>> {
    let mut told = Vec::new();
    for line in fs::read_to_string(ledger(place))?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        told.push(word("event") + " " + &word("run_id"));
    }
    Ok(told)
}

fn prune(place: &Place, arguments: &[&str]) -> io::Result<Ended> {
    place.command(["prune", "--keep", "1ms", "--json"]).args(arguments).end()
}

/// The runs that are deleted, or would be.
fn deleted(ended: &Ended) -> Result<Vec<String>, Box<dyn Error>> {
    let said: Value = serde_json::from_str(&ended.stdout)?;
    let runs = said["deleted"].as_array().ok_or("nothing is said")?.iter();
    Ok(runs.filter_map(|run| run["run_id"].as_str().map(str::to_owned)).collect())
}

/// The exit status of `verify --ledger`, and what was found.
fn verified(place: &Place) -> Result<(Option<i32>, String), Box<dyn Error>> {
    let ended = place.command(["verify", "--ledger", "--json"]).end()?;
    let said: Value = serde_json::from_str(&ended.stdout)?;
    let steps = said["steps"].as_array().into_iter().flatten();
    let findings = steps.flat_map(|step| step["findings"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings: Vec<_> = findings.map(|f| text(&f["path"]) + " " + &text(&f["what"])).collect();
    Ok((ended.code, findings.join("\n")))
}

fn assert_intact(place: &Place) -> Tested {
    assert_eq!(verified(place)?, (Some(0), String::new()));
    Ok(())
}

#[test]
fn every_published_run_is_one_line_chained_to_the_one_before() -> Tested {
    let place = nights(&["one", "two", "two"])?;
    assert_eq!(told(&place)?, ["published one", "published two"]);
    let text = fs::read_to_string(ledger(&place))?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let second: Value = serde_json::from_str(lines[1])?;
    assert_eq!(second["previous_sha256"], sha256(lines[0]));
    let manifest = fs::read(place.report("two").path("manifest-sha256.txt"))?;
    assert_eq!(second["manifest_sha256"], sha256(manifest));
    assert_intact(&place)
}

#[test]
fn what_is_old_goes_but_for_what_is_held_latest_or_compared_with() -> Tested {
    let place = nights(&["one", "two", "three", "four"])?;
    place.write("reports/one/hold", "case 7 of the regulator\n")?;
    let whole = place.command(["verify", "one"]).end()?;
    assert_eq!(whole.code, Some(0), "a hold is no alteration: {}", whole.stdout);

    let dry = prune(&place, &["--dry-run"])?;
    assert_eq!((dry.code, deleted(&dry)?), (Some(0), vec!["two".to_owned()]), "{}", dry.stderr);
    assert_eq!(place.published()?, ["four", "latest", "one", "three", "two"]);
    let young = place.command(["prune", "--keep", "10y", "--json"]).end()?;
    assert_eq!(deleted(&young)?, [""; 0]);

    let pruned = prune(&place, &[])?;
    assert_eq!((pruned.code, deleted(&pruned)?), (Some(0), vec!["two".to_owned()]));
    assert_eq!(place.published()?, ["four", "latest", "one", "three"]);
    assert_eq!(told(&place)?[4..], ["pruned two"]);
    assert_eq!(place.command(["verify", "four"]).end()?.code, Some(0));
    assert_intact(&place)?;
    assert!(deleted(&prune(&place, &[])?)?.is_empty(), "once is enough");
    fs::remove_file(place.path("reports/one/hold"))?;
    assert_eq!(deleted(&prune(&place, &[])?)?, ["one"]);
    assert_intact(&place)
}

#[test]
fn what_was_altered_is_not_pruned_and_nothing_is_while_a_run_is_at_work() -> Tested {
    let place = nights(&["one", "two", "three"])?;
    place.write("reports/one/certificate.json", "{}")?;
    let pruned = prune(&place, &[])?;
    assert!(deleted(&pruned)?.is_empty() && pruned.stdout.contains("its age is not known"));
    let lock = fs::File::open(place.reports().join(".work/lock"))?;
    lock.lock()?;
    assert_eq!(prune(&place, &[])?.code, Some(10));
    assert_eq!(prune(&place, &["--dry-run"])?.code, Some(0), "who only looks needs no lock");
    assert_eq!(place.command(["prune"]).end()?.code, Some(2), "the retention has no default");
    assert_eq!(place.command(["prune", "--keep", "0s"]).end()?.code, Some(78));
    Ok(())
}

#[test]
fn evidence_of_an_alteration_is_not_pruned_however_well_it_was_made_to_fit() -> Tested {
    let place = nights(&["one", "two", "three", "four", "five"])?;
    let users = place.report("one").text("csv/users.csv")?;
    place.write("reports/one/csv/users.csv", users.replacen("pass", "fail", 1))?;
    let (altered, manifest) = (place.report("three"), "manifest-sha256.txt");
    let mail = altered.text("summary.md")?;
    let forged = format!("{mail} ");
    let digests = altered.text(manifest)?.replace(&sha256(&mail), &sha256(&forged));
    place.write("reports/three/summary.md", &forged)?;
    place.write("reports/three/manifest-sha256.txt", &digests)?;
    let pruned = prune(&place, &[])?;
    assert_eq!(deleted(&pruned)?, ["two"], "{}", pruned.stdout);
    assert!(pruned.stdout.contains("it was altered; `kyc-recon verify` says what"));
    assert!(pruned.stdout.contains("the ledger knows it with another manifest"));
    Ok(())
}

#[test]
fn what_a_kill_left_undone_is_done_by_the_next_one() -> Tested {
    let place = nights(&["one", "two", "three"])?;
    // Killed between publishing and the line.
    let text = fs::read_to_string(ledger(&place))?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // And while the line was being written.
    fs::write(ledger(&place), lines[..2].concat() + &lines[2][..40])?;
    let (code, found) = verified(&place)?;
    assert_eq!(
        (code, found.as_str()),
        (Some(65), "three is not in the ledger; the next run adds it as found")
    );
    let again = place.run("three").args(["--sandbox"]).end()?;
    assert_eq!((again.code, told(&place)?.len()), (Some(0), 3), "{}", again.stderr);
    assert_eq!(told(&place)?[2], "published three");
    assert_intact(&place)?;

    // Killed between taking a run out of sight and its line.
    fs::create_dir_all(place.path("reports/.work/.pruned"))?;
    fs::rename(place.path("reports/one"), place.path("reports/.work/.pruned/one"))?;
    assert!(verified(&place)?.1.starts_with("one is not there"));
    assert!(!place.command(["runs"]).end()?.stdout.contains("pruned"));
    assert!(place.run("four").args(["--sandbox"]).end()?.code == Some(0));
    assert_eq!(told(&place)?[3..], ["pruned one", "published four"]);
    assert!(!place.path("reports/.work/.pruned/one").exists());
    assert_intact(&place)
}

#[test]
fn a_reports_directory_without_a_ledger_gets_one_that_says_found() -> Tested {
    let place = nights(&["one", "two"])?;
    fs::remove_file(ledger(&place))?;
    assert_eq!(verified(&place)?.0, Some(65));
    assert_eq!(place.run("three").args(["--sandbox"]).end()?.code, Some(0));
    assert_eq!(told(&place)?, ["found one", "found two", "published three"]);
    assert_intact(&place)
}

#[test]
fn the_first_line_that_was_altered_is_named_and_so_is_a_run() -> Tested {
    let place = nights(&["one", "two", "three"])?;
    let text = fs::read_to_string(ledger(&place))?;
    fs::write(ledger(&place), text.replacen("published", "found", 1))?;
    let (code, found) = verified(&place)?;
    assert_eq!(code, Some(65));
    assert!(found.starts_with("ledger.jsonl line 2 holds another SHA-256"), "{found}");

    fs::write(ledger(&place), &text)?;
    fs::OpenOptions::new()
        .append(true)
        .open(place.path("reports/two/manifest-sha256.txt"))?
        .set_len(70)?;
    fs::remove_dir_all(place.path("reports/one"))?;
    let (code, found) = verified(&place)?;
    assert_eq!(code, Some(65));
    assert!(
        found.contains("two its manifest has SHA-256") && found.contains("one is not there"),
        "{found}"
    );
    Ok(())
}
