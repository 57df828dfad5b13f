//! A published run, derived again from its archive: the same to the last byte, or different for a reason that is said.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use crate::support::{
    job::{Ended, Job},
    place::{Place, Tested},
    report::{Report, below, sha256},
    sample::sample,
    scripted::{Reply, Scripted},
};

/// Columns under one header, columns that are empty throughout, and every kind of line.
const ROSTER: &str = "our status,user_id,País,our status,nothing,\"Ñ, \"\"quoted\"\"\"\r\n\
    open,approved-1,MX,\"a,\"\"b\"\"\",,=1+1\r\n\
    ,rejected-1,,,,\r\n\
    \r\n\
    closed,approved-1,CL,x,,\r\n\
    too,few\r\n\
    open,review-1,PE,ñandú,,'\r\n\
    open,nobody-1,PE,,,\r\n\
    open,cut-1,PE,,,\r\n";

/// Fails everybody whom the default policy lets pass.
const STRICT: &str = r#"
name = "strict"
version = "9"
face_score_scale = "auto"
[pass]
when = "decision IS NULL AND decision = 'approved'"
[[rule]]
id = "nobody"
verdict = "fail"
when = "outcome = 'answered'"
says = "nobody passes"
"#;

fn place(run: Job, place: Place) -> Result<Place, Box<dyn std::error::Error>> {
    let ended = run.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    Ok(place)
}

/// A place with the published run `night` about this many people.
fn night(people: usize) -> Result<Place, Box<dyn std::error::Error>> {
    let ids = (0..people).map(|number| match number % 5 {
        0 => format!("rejected-{number}"),
        _ => format!("approved-{number}"),
    });
    let there = Place::with_roster(ids)?;
    place(there.run("night").args(["--sandbox"]), there)
}

#[test]
fn a_discreet_run_names_no_user_on_page_and_mail_and_is_rebuilt_as_it_was() -> Tested {
    let there = Place::with_roster(["approved-1", "approved-2", "rejected-1"])?;
    let job = there.run("night").args(["--sandbox", "--privacy", "aggregate"]);
    let there = place(job, there)?;
    for page in ["report.html", "summary.md"] {
        let text = there.report("night").text(page)?;
        assert!(text.contains("withheld"), "{page}");
        assert!(!text.contains("approved-") && !text.contains("rejected-1"), "{page}");
    }
    assert_eq!(there.command(["rebuild", "night"]).end()?.code, Some(0));
    assert_identical(&there.report("night"), &rebuilt(&there))
}

fn rebuilt(place: &Place) -> Report {
    Report::at(place.path("rebuilt/night"))
}

fn assert_identical(one: &Report, other: &Report) -> Tested {
    assert_eq!(one.files()?, other.files()?);
    assert!(one.files()?.iter().any(|file| file == "manifest-sha256.txt"));
    for file in one.files()? {
        assert!(fs::read(one.path(&file))? == fs::read(other.path(&file))?, "{file} differs");
    }
    Ok(())
}

/// Every file below the reports directory, with its bytes.
fn everything(place: &Place) -> std::io::Result<Vec<(std::path::PathBuf, Option<Vec<u8>>)>> {
    let mut found = below(&place.reports())?;
    found.sort();
    Ok(found.into_iter().map(|path| (path.clone(), fs::read(path).ok())).collect())
}

fn json(ended: &Ended) -> Result<Value, serde_json::Error> {
    serde_json::from_str(&ended.stdout)
}

/// Replaces a file of the published run, and its digest in the manifest.
fn forge(report: &Report, name: &str, bytes: &[u8]) -> Tested {
    let before = sha256(fs::read(report.path(name))?);
    let manifest = report.text("manifest-sha256.txt")?.replace(&before, &sha256(bytes));
    fs::write(report.path(name), bytes)?;
    fs::write(report.path("manifest-sha256.txt"), manifest)?;
    Ok(())
}

#[test]
fn a_roster_that_fills_a_batch_or_not_quite_is_judged_to_its_last_user() -> Tested {
    // Users are judged 1,024 at a time.
    for people in [1_024, 1_025] {
        let there = night(people)?;
        let users = there.report("night").table("users")?;
        let verdicts = users.texts("verdict");
        assert_eq!((users.len(), verdicts.len()), (people, people));
        assert!(
            verdicts.iter().all(|verdict| ["pass", "fail", "review"].contains(&verdict.as_str()))
        );
        assert_eq!(there.command(["rebuild", "night"]).end()?.code, Some(0));
        assert_identical(&there.report("night"), &rebuilt(&there))?;
    }
    Ok(())
}

#[test]
fn a_run_is_rebuilt_to_the_last_byte_and_left_alone() -> Tested {
    let there = Place::new()?;
    there.write("roster.csv", ROSTER)?;
    let partner = Scripted::start(|call| match (call.user.as_str(), call.visit) {
        ("nobody-1", _) => Reply::json(404, r#"{"message":"no verification"}"#),
        ("cut-1", 1 | 2) => Reply::Cut,
        ("review-1", 1) => Reply::empty(503),
        (user, _) => Reply::about(user),
    })?;
    let run = there.run("night").args(["--rate", "7/500ms"]).args(["--column", "user_id"]);
    let there = place(run.asking(&partner.base_url()), there)?;
    let before = everything(&there)?;

    let ended = there.command(["rebuild", "night"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let files = rebuilt(&there).files()?.len() - 1;
    assert!(ended.stdout.contains(&format!("identical: all {files} files")), "{}", ended.stdout);
    assert_identical(&there.report("night"), &rebuilt(&there))?;
    assert_eq!(everything(&there)?, before);

    for path in below(&there.path("rebuilt"))? {
        let mode = fs::metadata(&path)?.permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    let beside: Vec<_> = fs::read_dir(there.path("rebuilt"))?.collect::<Result<_, _>>()?;
    assert_eq!(beside.len(), 1, "the place of work is gone");
    Ok(())
}

#[test]
fn the_sample_is_rebuilt_by_path_into_a_place_of_choice() -> Tested {
    let (sample, there) = (sample()?, Place::new()?);
    let job = there.command(["rebuild", "--out", "again/here", "--json"]);
    let ended = job.args([sample.report.path("")]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(json(&ended)?["identical"], true);
    assert_identical(&sample.report, &Report::at(there.path("again/here")))
}

#[test]
fn a_run_of_several_pages_is_rebuilt_to_the_last_byte() -> Tested {
    // Most of them quickly told: the partner knows nothing of them.
    let ids = (0..4_200).map(|number| match number % 20 {
        0 => format!("approved-{number}"),
        _ => format!("missing-{number}"),
    });
    let there = Place::with_roster(ids)?;
    let there = place(there.run("night").args(["--sandbox"]), there)?;
    let ended = there.command(["rebuild", "latest", "--quiet"]).end()?;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    assert_identical(&there.report("night"), &rebuilt(&there))
}

#[test]
fn an_incomplete_run_is_rebuilt_too() -> Tested {
    let there = Place::with_roster(["approved-1", "approved-2"])?;
    let partner = Scripted::start(|call| match call.user.as_str() {
        "approved-1" => Reply::empty(503),
        user => Reply::about(user),
    })?;
    let run = there.run("night").asking(&partner.base_url()).args(["--attempts", "2"]);
    assert_eq!(run.end()?.code, Some(3));
    assert_eq!(there.command(["rebuild", "night"]).end()?.code, Some(0));
    assert_identical(&there.report("night"), &rebuilt(&there))
}

#[test]
fn another_policy_changes_verdicts_and_says_which() -> Tested {
    let there = night(10)?;
    there.write("strict.toml", STRICT)?;
    let job = || there.command(["rebuild", "night", "--policy", "strict.toml"]);
    let ended = job().args(["--json"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let said = json(&ended)?;
    assert_eq!(said["identical"], false);
    assert_eq!(said["policy"]["rebuilt"]["name"], "strict");
    assert_eq!(said["tables"], serde_json::json!(["actions", "rule_hits", "users"]));
    let statistics = said["statistics"].as_array().ok_or("no statistics")?;
    assert!(statistics.iter().any(|name| name == "verdicts"), "{statistics:?}");
    assert!(!statistics.iter().any(|name| name == "outcomes"), "{statistics:?}");
    let fail = said["verdicts"].as_array().into_iter().flatten().find(|v| v["verdict"] == "fail");
    let fail = fail.ok_or("no fail")?;
    assert_eq!(fail["published"], there.report("night").counted("verdicts", "fail")?);
    assert_eq!(fail["rebuilt"], 10);
    assert_eq!(rebuilt(&there).counted("verdicts", "fail")?, 10);

    let page = job().args(["--out", "again"]).end()?.stdout;
    assert!(page.contains("now policy strict 9"), "{page}");
    Ok(())
}

#[test]
fn a_policy_of_the_settings_file_is_about_the_next_run() -> Tested {
    let there = night(3)?;
    there.write("strict.toml", STRICT)?;
    there.write("kyc-recon.toml", "policy = 'strict.toml'\nformat = ['parquet']\n")?;
    let job = there.command(["rebuild", "night"]).env("KYC_RECON_POLICY", "strict.toml");
    assert_eq!(job.end()?.code, Some(0));
    assert_identical(&there.report("night"), &rebuilt(&there))
}

#[test]
fn other_formats_are_no_contradiction() -> Tested {
    let there = night(3)?;
    let ended = there.command(["rebuild", "night", "--format", "parquet", "--json"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!rebuilt(&there).path("csv").exists());
    let said = json(&ended)?;
    assert_eq!((&said["tables"], &said["csv"]["rebuilt"]), (&serde_json::json!([]), &false.into()));
    Ok(())
}

#[test]
fn a_policy_that_does_not_fit_is_refused_with_a_suggestion() -> Tested {
    let there = night(1)?;
    there.write("typo.toml", STRICT.replace("outcome =", "outcom ="))?;
    let ended = there.command(["rebuild", "night", "--policy", "typo.toml"]).end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    for said in ["typo.toml, line ", "rule `nobody`", "did you mean `outcome`?"] {
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    assert!(!there.path("rebuilt").exists());
    Ok(())
}

#[test]
fn altered_evidence_is_not_derived_from() -> Tested {
    let there = night(3)?;
    for file in [
        "archive/responses.parquet",
        "tables/attempts.parquet",
        "tables/rejects.parquet",
        "policy.toml",
    ] {
        let path = there.report("night").path(file);
        let intact = fs::read(&path)?;
        let mut altered = intact.clone();
        altered[intact.len() / 2] ^= 1;
        fs::write(&path, altered)?;
        let ended = there.command(["rebuild", "night"]).end()?;
        assert_eq!(ended.code, Some(65), "{file}: {}", ended.stderr);
        assert!(ended.stderr.contains(file), "{}", ended.stderr);
        assert!(!ended.stderr.contains("written"), "{}", ended.stderr);
        assert!(!there.path("rebuilt").exists());
        fs::write(path, intact)?;
    }
    Ok(())
}

#[test]
fn a_report_that_its_evidence_does_not_give_is_a_contradiction() -> Tested {
    let there = night(3)?;
    let report = there.report("night");
    forge(&report, "summary.md", b"everything is fine\n")?;
    let ended = there.command(["rebuild", "night"]).end()?;
    assert_eq!(ended.code, Some(65), "{}", ended.stderr);
    assert!(ended.stdout.contains("summary.md"), "{}", ended.stdout);
    assert!(ended.stderr.contains("1 of "), "{}", ended.stderr);
    assert!(rebuilt(&there).text("summary.md")?.contains("night"), "to look at");
    Ok(())
}

#[test]
fn a_run_of_another_format_is_refused_as_such() -> Tested {
    let there = night(1)?;
    let report = there.report("night");
    let newer = report
        .text("certificate.json")?
        .replace("\"certificate_version\": 1", "\"certificate_version\": 7");
    forge(&report, "certificate.json", newer.as_bytes())?;
    let ended = there.command(["rebuild", "night"]).end()?;
    assert_eq!(ended.code, Some(65), "{}", ended.stderr);
    for said in ["certificate of version 7", "understands version 1", "that published it"] {
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    Ok(())
}

#[test]
fn nothing_that_exists_is_written_over() -> Tested {
    let there = night(1)?;
    fs::create_dir(there.path("taken"))?;
    for out in
        ["taken", "roster.csv", "reports/again", "reports/night/again", "/", "reports/../reports/x"]
    {
        let before = everything(&there)?;
        let ended = there.command(["rebuild", "night", "--out", out]).end()?;
        assert_eq!(ended.code, Some(73), "{out}: {}", ended.stderr);
        assert!(ended.stderr.contains("--out"), "{}", ended.stderr);
        assert_eq!(everything(&there)?, before, "{out}");
    }
    assert_eq!(there.command(["rebuild", "night"]).end()?.code, Some(0));
    assert_eq!(there.command(["rebuild", "night"]).end()?.code, Some(73), "a second time");
    let ended = there.command(["rebuild", "never"]).end()?;
    assert_eq!(ended.code, Some(66), "{}", ended.stderr);
    Ok(())
}
