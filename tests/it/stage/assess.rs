//! Verdicts that must not be a pass, whatever the partner's summary says.

use std::collections::BTreeMap;

use crate::support::{
    place::{Place, Tested},
    sample::sample,
    scripted::{Reply, Scripted},
};

#[test]
fn only_an_approved_user_with_a_document_of_their_own_passes() -> Tested {
    let verdicts = [
        ("approved-1", "pass"),
        ("bare-1", "pass"),
        ("rejected-1", "fail"),
        ("review-1", "review"),
        ("undecided-1", "pending"),
        ("missing-1", "pending"),
    ];
    let others = ["unknownword-1", "mismatch-1", "foreign-1", "html-1", "error200-1", "aml-1"];
    let place = Place::with_roster(verdicts.map(|(id, _)| id).into_iter().chain(others))?;
    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    let users = place.report("night").table("users")?;
    for (id, verdict) in verdicts {
        assert_eq!(users.of(id, "verdict"), [verdict], "{id}");
    }
    for id in others {
        assert_ne!(users.of(id, "verdict"), ["pass"], "{id}");
    }
    Ok(())
}

#[test]
fn a_wrong_person_s_document_is_flagged_and_never_passes() -> Tested {
    let place = Place::with_roster((0..20).map(|n| format!("mismatch-{n}")))?;
    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    let users = place.report("night").table("users")?;
    assert!(users.texts("reference_mismatch").iter().all(|flag| flag == "true"));
    assert!(users.texts("verdict").iter().all(|verdict| verdict != "pass"));
    assert_eq!(users.texts("decision")[0], "approved", "the partner says otherwise");

    let everybody = sample()?.report.table("users")?;
    for (flag, verdict) in
        everybody.texts("reference_mismatch").iter().zip(everybody.texts("verdict"))
    {
        assert!(flag != "true" || verdict != "pass");
    }
    Ok(())
}

#[test]
fn an_approval_alone_is_not_enough() -> Tested {
    let bodies = BTreeMap::from([
        ("word", r#"{"status":"ok","data":{"aipriseSummary":{"verificationResult":"APPROVED"}}}"#),
        ("nothing", r#"{"status":"ok","data":{}}"#),
        ("null", r#"{"status":"ok","data":{"aipriseSummary":null,"amlInfo":null}}"#),
        (
            "strange",
            r#"{"status":"ok","data":{"aipriseSummary":{"verificationResult":"APPROVEDISH"}}}"#,
        ),
    ]);
    let ids: Vec<_> = bodies.keys().copied().collect();
    let partner = Scripted::start(move |call| {
        Reply::json(200, bodies.get(call.user.as_str()).copied().unwrap_or("{}"))
    })?;
    let place = Place::with_roster(&ids)?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let users = place.report("night").table("users")?;
    for id in ids {
        assert_ne!(users.of(id, "verdict"), ["pass"], "{id}");
        assert_eq!(users.of(id, "aml_hits_total"), [""], "{id}: missing is not zero");
    }
    assert_eq!(users.of("strange", "decision"), ["unrecognized"]);
    assert_eq!(users.of("word", "aml_info_check"), ["absent"]);
    Ok(())
}

#[test]
fn every_rule_that_held_is_listed_once_for_its_user() -> Tested {
    let report = &sample()?.report;
    let (users, hits) = (report.table("users")?, report.table("rule_hits")?);
    for (user, rules) in users.texts("user_id").iter().zip(users.texts("verdict_rules")).take(60) {
        let listed = hits.of(user, "rule").join(";");
        assert_eq!(listed, rules);
    }
    Ok(())
}

#[test]
fn a_policy_of_our_own_decides_and_is_named_in_the_certificate() -> Tested {
    let place = Place::with_roster(["approved-1", "rejected-1"])?;
    let policy = r#"
name = "strict"
version = "9"
face_score_scale = "unit"
[pass]
when = "decision = 'approved'"
[[rule]]
id = "nobody"
verdict = "fail"
when = "outcome = 'answered'"
says = "nobody is good enough"
"#;
    place.write("policy.toml", policy)?;
    let ended = place.run("night").args(["--sandbox", "--policy", "policy.toml"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    assert_eq!(report.counted("verdicts", "fail")?, 2);
    assert_eq!(report.json("certificate.json")?["policy"]["name"], "strict");
    Ok(())
}
