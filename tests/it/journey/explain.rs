//! `explain`: one user, from the request to the verdict.

use std::{error::Error, fs::File};

use polars::prelude::{ParquetReader, ParquetWriter, SerReader as _};
use serde_json::Value;

use crate::support::{
    job::Job,
    place::{Place, Tested},
    report::sha256,
    sample::{Sample, sample},
    scripted::{Reply, Scripted},
};

/// In other spellings than documented, with a twin that is empty, a hit that is open and a field nobody knows.
const ODD: &str = r#"{"success":true,"data":{
    "aiprise_summary":{"verification_result":"APPROVED"},
    "idInfo":{},
    "id_info":{"FullName":"Ana \u001b[31mRed","birth_date":"1990-01-02","height":180,
        "warnings":[{"code":"MISSING_GENDER"}]},
    "amlInfo":{"numHits":"1","entityHits":[{"name":"Other","aml_hits":[{"hit_type":"PEP"}]}]}}}"#;

/// A run over two people: of `odd` the second answer is the odd document, of `gone` the partner knows nothing.
fn odd() -> Result<Place, Box<dyn Error>> {
    let partner = Scripted::start(|call| match (call.user.as_str(), call.visit) {
        ("odd", 1) => Reply::empty(503),
        ("odd", _) => Reply::json(200, ODD),
        _ => Reply::json(404, r#"{"statusCode":404,"message":"no","error":"Not Found"}"#),
    })?;
    let place = Place::new()?;
    place.write("roster.csv", "user_id,Our Status\nodd,active\ngone,blocked\n")?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    Ok(place)
}

fn explained(job: Job) -> Result<Value, Box<dyn Error>> {
    let ended = job.args(["--json"]).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    Ok(serde_json::from_str(&ended.stdout)?)
}

/// The cell of a column in the first row of a table.
fn cell<'a>(page: &'a Value, table: &str, column: &str) -> Option<&'a Value> {
    let table = page["tables"].as_array()?.iter().find(|found| found["name"] == table)?;
    let cells = table["rows"][0]["cells"].as_array()?;
    cells.iter().find(|cell| cell["column"] == column)
}

#[test]
fn each_cell_is_traced_to_its_place_in_the_document_as_sent() -> Tested {
    let place = odd()?;
    let page = explained(place.command(["explain", "night", "odd"]))?;
    for (table, column, value, pointer, raw) in [
        ("users", "id_info_birth_date", "1990-01-02", "/id_info/birth_date", "\"1990-01-02\""),
        ("users", "id_info_birth_date_raw", "1990-01-02", "/id_info/birth_date", "\"1990-01-02\""),
        (
            "users",
            "aiprise_summary_verification_result",
            "APPROVED",
            "/aiprise_summary/verification_result",
            "\"APPROVED\"",
        ),
        ("aml_entities", "name", "Other", "/amlInfo/entityHits/0/name", "\"Other\""),
        ("aml_hits", "hit_type", "PEP", "/amlInfo/entityHits/0/aml_hits/0/hit_type", "\"PEP\""),
        ("warnings", "code", "MISSING_GENDER", "/id_info/warnings/0/code", "\"MISSING_GENDER\""),
    ] {
        let found = cell(&page, table, column).ok_or("no such cell")?;
        assert_eq!(
            (&found["value"], &found["pointer"], &found["raw"]),
            (&value.into(), &pointer.into(), &raw.into())
        );
    }
    let decision = cell(&page, "users", "decision").ok_or("no decision")?;
    assert_eq!((&decision["value"], &decision["from"]), (&"approved".into(), &"derived".into()));
    let status = cell(&page, "users", "roster_our_status").ok_or("no roster column")?;
    assert_eq!((&status["value"], &status["from"]), (&"active".into(), &"roster".into()));
    let drift = page["drift"].as_array().ok_or("no drift")?;
    let seen: Vec<_> = drift.iter().filter_map(|seen| seen["pointer"].as_str()).collect();
    assert_eq!(seen, ["/id_info/height"]);
    Ok(())
}

#[test]
fn requests_and_the_bytes_that_settled_are_shown() -> Tested {
    let place = odd()?;
    let page = explained(place.command(["explain", "latest", "odd"]))?;
    let attempts = page["attempts"].as_array().ok_or("no attempts")?;
    let statuses: Vec<_> = attempts.iter().map(|a| a["http_status"].as_u64()).collect();
    assert_eq!(statuses, [Some(503), Some(200)]);
    assert_eq!(page["roster"]["line"], 2);
    assert_eq!(page["roster"]["columns"]["roster_our_status"], "active");
    let answer = &page["answer"];
    assert_eq!(answer["request_id"], attempts[1]["request_id"]);
    assert_eq!(answer["recomputed_sha256"], *sha256(ODD));
    assert_eq!((&answer["digests_agree"], &answer["bytes"]), (&true.into(), &ODD.len().into()));
    let gone = explained(place.command(["explain", "night", "gone"]))?;
    assert_eq!(gone["answer"]["outcome"], "no_verification");
    assert_eq!(gone["judgement"]["verdict"], "pending");
    Ok(())
}

#[test]
fn every_rule_shows_what_it_saw_and_the_verdict_is_the_published_one() -> Tested {
    let Sample { reports, report, .. } = sample()?;
    let users = report.table("users")?;
    let (ids, verdicts) = (users.texts("user_id"), users.texts("verdict"));
    for word in ["pass", "fail", "review", "pending", "unreached"] {
        let at = verdicts.iter().position(|verdict| verdict == word).ok_or(word)?;
        let place = Place::new()?;
        let job = place.command(["explain", "sample", &ids[at], "--reports"]).args([reports]);
        let judgement = &explained(job)?["judgement"];
        assert_eq!((&judgement["verdict"], &judgement["agrees"]), (&word.into(), &true.into()));
        let rules = judgement["rules"].as_array().ok_or("no rules")?;
        let held: Vec<_> =
            rules.iter().filter(|rule| rule["holds"] == true).map(|r| r["rule"].clone()).collect();
        let listed = &users.of(&ids[at], "verdict_rules")[0];
        let listed =
            listed.split(';').filter(|rule| !rule.is_empty() && *rule != "not-positively-passed");
        assert_eq!(held, listed.collect::<Vec<_>>());
        for rule in rules {
            for seen in rule["saw"].as_array().ok_or("saw nothing")? {
                let column = seen["column"].as_str().ok_or("no column")?;
                assert!(rule["when"].as_str().is_some_and(|when| when.contains(column)), "{rule}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_page_is_for_people_and_cannot_command_their_terminal() -> Tested {
    let place = odd()?;
    let path = place.reports().join("night");
    let page = place.command(["explain"]).args([&path]).args(["odd"]).end()?;
    assert_eq!((page.code, page.stderr.as_str()), (Some(0), ""));
    let text = page.stdout;
    assert!(!text.contains('\u{1b}'), "a colour, or an applicant's command");
    for part in [
        "odd in run night",
        "line 2, user 1",
        "roster_our_status = active",
        "1. ",
        "HTTP 503",
        "recomputed from the archived bytes: it matches",
        "/id_info/FullName: \"Ana \\u001b[31mRed\"",
        "Ana \\u{1b}[31mRed",
        "HOLDS aml-open-hit",
        "saw aml_open_hits = 1",
        "unknown_field at /id_info/height",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(!text.contains("id_info_gender"), "an empty cell is left out");
    let all = place.command(["explain", "night", "odd", "--all"]).end()?.stdout;
    assert!(all.contains("id_info_gender = null"), "{all}");
    Ok(())
}

#[test]
fn who_is_not_there_is_not_guessed_nor_repeated() -> Tested {
    let place = odd()?;
    for (arguments, said) in [
        (["explain", "night", "od"], "has 2 users"),
        (["explain", "evening", "odd"], "no published run evening"),
    ] {
        let ended = place.command(arguments).end()?;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(66), ""));
        assert!(ended.stderr.contains(said) && ended.stderr.contains("what now"));
        assert!(!ended.stderr.contains("odd"), "{}", ended.stderr);
    }
    Ok(())
}

#[test]
fn evidence_that_was_altered_is_not_explained_as_if_it_were_not() -> Tested {
    let place = odd()?;
    place.write("reports/night/archive/responses.parquet", "no parquet")?;
    let ended = place.command(["explain", "night", "odd"]).end()?;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(65), ""));
    assert!(ended.stderr.contains("kyc-recon verify"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("written"), "{}", ended.stderr);
    Ok(())
}

#[test]
fn an_archive_that_is_one_no_more_is_told_as_a_file_that_cannot_be_read() -> Tested {
    let place = odd()?;
    let path = place.reports().join("night/archive/responses.parquet");
    let mut rows = ParquetReader::new(File::open(&path)?).finish()?;
    rows.drop_in_place("body")?;
    ParquetWriter::new(File::create(&path)?).finish(&mut rows)?;
    let ended = place.command(["explain", "night", "odd"]).end()?;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(65), ""));
    for part in ["cannot read reports/night/archive/responses.parquet", "kyc-recon verify"] {
        assert!(ended.stderr.contains(part), "{}", ended.stderr);
    }
    assert!(!ended.stderr.contains("cannot be built"), "{}", ended.stderr);
    Ok(())
}
