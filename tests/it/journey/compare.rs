//! `compare`: two nights with a partner who changes its mind in between, told change by change.

use std::{error::Error, fs};

use serde_json::{Value, json};

use crate::support::{
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

const USERS: [&str; 7] = ["same", "fallen", "renamed", "hit", "gone", "lost", "respelled"];

/// What the partner says about a user on the first night, or on the second.
fn told(user: &str, is_second: bool) -> Reply {
    let mut document = json!({
        "clientReferenceId": user,
        "verificationSessionId": "session-1",
        "aipriseSummary": { "verificationResult": "APPROVED" },
        "idInfo": { "fullName": "ANA PÉREZ", "birthDate": "1990-01-31", "idNumber": "AB-12" },
        "amlInfo": { "numHits": 0, "entityHits": [] },
    });
    match (user, is_second) {
        ("fallen", true) => document["aipriseSummary"]["verificationResult"] = "DECLINED".into(),
        ("renamed", true) => document["idInfo"]["fullName"] = "Eva Canary".into(),
        ("respelled", true) => document["idInfo"]["fullName"] = "Ana  Perez".into(),
        ("hit", true) => {
            let entity = json!({ "id": "e1", "name": "A Name", "resolutionStatus": "OPEN" });
            document["amlInfo"] = json!({ "numHits": 1, "entityHits": [entity] });
        }
        ("gone", true) => return Reply::json(404, r#"{"code":"NOT_FOUND"}"#),
        ("lost", true) => return Reply::empty(503),
        _ => {}
    }
    Reply::json(200, &document.to_string())
}

/// A place with the runs `first` and `second`.
fn two_nights() -> Result<Place, Box<dyn Error>> {
    let place = Place::with_roster(USERS)?;
    for (run, is_second) in [("first", false), ("second", true)] {
        let partner = Scripted::start(move |call| told(&call.user, is_second))?;
        let job = place.run(run).asking(&partner.base_url()).args(["--attempts", "1"]);
        let ended = job.end()?;
        assert!(matches!(ended.code, Some(0 | 3)), "{}", ended.stderr);
    }
    Ok(place)
}

fn compared(place: &Place, base: &str, head: &str) -> Result<Value, Box<dyn Error>> {
    let ended = place.command(["compare", base, head, "--json"]).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    Ok(serde_json::from_str(&ended.stdout)?)
}

/// User and kind of every break but those of the verdict, which is the policy's business.
fn breaks(compared: &Value) -> Result<Vec<String>, Box<dyn Error>> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let breaks = compared["first"].as_array().ok_or("no breaks")?.iter();
    let others = breaks.filter(|one| one["field"] != "verdict");
    Ok(others.map(|one| word(&one["user_id"]) + " " + &word(&one["kind"])).collect())
}

#[test]
fn each_change_of_the_partner_s_mind_is_one_break_and_back_again_its_mirror_image() -> Tested {
    let place = two_nights()?;
    let there = compared(&place, "first", "second")?;
    assert_eq!(
        breaks(&there)?,
        [
            "fallen decision_changed",
            "renamed identity_changed",
            "hit new_aml_hit",
            "gone disappeared"
        ]
    );
    let back = compared(&place, "second", "first")?;
    assert_eq!(
        breaks(&back)?,
        [
            "fallen decision_changed",
            "renamed identity_changed",
            "hit hit_closed",
            "gone appeared_at_partner"
        ]
    );
    let kinds = |compared: &Value| compared["breaks"].to_string();
    assert!(kinds(&there).contains("became_unreached"), "{there}");
    assert!(kinds(&back).contains("reached_again"), "{back}");
    assert_eq!(there["users"]["unchanged"], 2);
    Ok(())
}

#[test]
fn a_run_compared_with_itself_has_no_breaks() -> Tested {
    let place = two_nights()?;
    let compared = compared(&place, "second", "reports/second")?;
    assert_eq!(compared["breaks"], json!([]));
    assert_eq!(compared["users"], json!({"appeared":0,"vanished":0,"unchanged":7,"changed":0}));
    Ok(())
}

#[test]
fn names_are_in_the_file_that_is_asked_for_and_nowhere_else() -> Tested {
    let place = two_nights()?;
    let ended = place.command(["compare", "first", "second", "--csv", "breaks.csv"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("identity_changed"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("Canary"), "{}", ended.stdout);
    assert!(fs::read_to_string(place.path("breaks.csv"))?.contains("ANA PÉREZ,Eva Canary"));
    Ok(())
}

#[test]
fn a_run_that_is_not_published_is_missing_input() -> Tested {
    let place = Place::new()?;
    let ended = place.command(["compare", "first", "second"]).end()?;
    assert_eq!(ended.code, Some(66));
    assert!(ended.stderr.contains("no published run first"), "{}", ended.stderr);
    Ok(())
}
