//! Tests of what the partner is known to say, or may say any night: decisions, sections, scores, hits and warnings.

use super::flattened::{Flattened, users};

#[test]
fn both_vocabularies_decide_and_the_raw_word_stays() {
    for (word, decision) in
        [("VERIFIED", "approved"), ("declined", "rejected"), ("Aprobado", "unrecognized")]
    {
        let document = format!(r#"{{"aipriseSummary":{{"verificationResult":"{word}"}}}}"#);
        let cells = users(&document, &["decision", "aiprise_summary_verification_result"]);
        assert_eq!(cells, [decision, word]);
    }
}

#[test]
fn a_new_word_is_drift_with_the_word_as_sample() {
    let flat = Flattened::from(
        r#"{"aipriseSummary":{"verificationResult":"Aprobado"},"idInfo":{"idType":"TARJETA","gender":"?",
            "warnings":[{"code":"DOCUMENT_SPARKLES"},{"code":"image_in_focus"}]}}"#,
    );
    assert_eq!(
        flat.drift(),
        [
            "new_word /aipriseSummary/verificationResult Aprobado",
            "new_word /idInfo/idType TARJETA",
            "new_word /idInfo/warnings/*/code DOCUMENT_SPARKLES",
        ]
    );
}

#[test]
fn a_decision_that_cannot_be_read_is_not_a_missing_one() {
    for (document, decision) in [
        (r#"{"aipriseSummary":{"verificationResult":["APPROVED"]}}"#, "unrecognized"),
        (r#"{"aipriseSummary":"APPROVED"}"#, "unrecognized"),
        (r#"{"aipriseSummary":{"verificationResult":null}}"#, "undecided"),
        (r#"{"aipriseSummary":{}}"#, "undecided"),
        (r#"{"status":"ok","data":{}}"#, "undecided"),
    ] {
        assert_eq!(Flattened::from(document).user("decision"), decision, "{document}");
    }
}

#[test]
fn a_section_is_absent_undecided_or_what_its_words_say() {
    for (section, check) in [
        ("null", "absent"),
        ("{}", "absent"),
        ("[]", "absent"),
        (r#"{"result":null,"status":null}"#, "absent"),
        (r#"{"result":null,"checkSummary":{"summary":null}}"#, "absent"),
        (r#""PASSED""#, "unrecognized"),
        (r#"{"result":{"x":1}}"#, "unrecognized"),
        (r#"{"faceMatchScore":0.9}"#, "undecided"),
        (r#"{"result":"PASSED","status":"APPROVED"}"#, "approved"),
        (r#"{"status":"APPROVED"}"#, "approved"),
        (r#"{"result":"NOT_FOUND","status":"COMPLETED"}"#, "neutral"),
    ] {
        let flat = Flattened::from(format!(r#"{{"media":null,"faceMatchInfo":{section}}}"#));
        assert_eq!(flat.user("face_match_info_check"), check, "{section}");
        assert_eq!(flat.user("face_liveness_info_check"), "absent");
    }
}

#[test]
fn a_face_score_says_which_scale_it_was_read_on() {
    let columns = ["face_match_info_face_match_score", "face_score", "face_score_scale"];
    let read = |score: &str| {
        users(&format!(r#"{{"faceMatchInfo":{{"faceMatchScore":{score}}}}}"#), &columns)
    };
    assert_eq!(read("0.97"), ["0.97", "0.97", "unit"]);
    assert_eq!(read("\"50\""), ["50.0", "0.5", "percent"]);
    assert_eq!(read("640"), ["640.0", "-", "percent"]);
    assert_eq!(read("\"high\""), ["-", "-", "-"]);
}

#[test]
fn a_face_score_that_cannot_be_used_is_not_a_missing_one() {
    let read = |section: &str| {
        let flat = Flattened::from(format!(r#"{{"media":null,"faceMatchInfo":{section}}}"#));
        flat.user("face_score_unreadable")
    };
    for (section, unreadable) in [
        (r#"{"faceMatchScore":150}"#, "true"),
        (r#"{"faceMatchScore":-1}"#, "true"),
        (r#"{"faceMatchScore":"low"}"#, "true"),
        (r#"{"faceMatchScore":["0.97"]}"#, "true"),
        (r#"{"faceMatchScore":0.97,"face_match_score":0.2}"#, "true"),
        (r#"{"faceMatchScore":0.2}"#, "false"),
        (r#"{"faceMatchScore":"98.5"}"#, "false"),
        (r#"{"faceMatchScore":null,"result":"PASSED"}"#, "-"),
        (r#"{"result":"PASSED"}"#, "-"),
        ("null", "-"),
    ] {
        assert_eq!(read(section), unreadable, "{section}");
    }
}

#[test]
fn a_face_score_outside_its_scale_is_drift() {
    let flat = Flattened::from(r#"{"faceMatchInfo":{"faceMatchScore":150}}"#);
    assert_eq!(flat.drift(), ["out_of_scale /faceMatchInfo/faceMatchScore -"]);
}

#[test]
fn what_related_sessions_found_is_a_check_of_its_own() {
    for (section, check) in [
        ("null", "absent"),
        (r#"{"result":"DECLINED","status":"COMPLETED"}"#, "rejected"),
        (r#"{"result":"NOT_FOUND","status":"COMPLETED"}"#, "neutral"),
        (r#"{"result":"NOT_FOUND","status":"COMPROMISED"}"#, "unrecognized"),
        (r#""DECLINED""#, "unrecognized"),
    ] {
        let flat = Flattened::from(format!(
            r#"{{"fraudInsights":{{"result":"CLEAN","relatedSessionInsights":{section}}}}}"#
        ));
        let checks = ["fraud_insights_check", "fraud_insights_related_session_insights_check"];
        assert_eq!(checks.map(|name| flat.user(name)), ["approved", check], "{section}");
    }
}

#[test]
fn not_screened_is_neither_zero_nor_clean() {
    let columns = ["aml_screened", "aml_hits_total", "aml_open_hits", "aml_info_check"];
    for (aml, expected) in [
        ("null", ["false", "-", "-", "absent"]),
        (r#""none""#, ["-", "-", "-", "unrecognized"]),
        (r#"{"searchCriteria":{"exactMatch":"NO"}}"#, ["true", "-", "-", "undecided"]),
        (r#"{"numHits":0}"#, ["true", "0", "0", "approved"]),
        (r#"{"numHits":"0","entityHits":[]}"#, ["true", "0", "0", "approved"]),
        (r#"{"entityHits":[]}"#, ["true", "0", "0", "approved"]),
        (
            r#"{"numHits":0,"entityHits":[],"amlHitSummary":{"PEP":"1"}}"#,
            ["true", "0", "0", "review"],
        ),
        (r#"{"numHits":3,"entityHits":[]}"#, ["true", "0", "0", "review"]),
        (r#"{"numHits":0,"entityHits":{"0":{"name":"X"}}}"#, ["true", "-", "-", "review"]),
        (r#"{"entityHits":[{"resolutionStatus":"false_positive"}]}"#, ["true", "1", "0", "closed"]),
        (r#"{"entityHits":[{"resolutionStatus":"resuelto"},{}]}"#, ["true", "2", "2", "review"]),
        (
            r#"{"entityHits":[{"resolutionStatus":"false_positive","resolution_status":"OPEN"}]}"#,
            ["true", "1", "1", "review"],
        ),
        (r#"{"entityHits":["JOHN DOE",null]}"#, ["true", "2", "2", "review"]),
    ] {
        assert_eq!(
            users(&format!(r#"{{"media":null,"amlInfo":{aml}}}"#), &columns),
            expected,
            "{aml}"
        );
    }
}

#[test]
fn hits_counted_in_three_places_need_not_agree() {
    let pep = r#"{"amlHits":[{"hit_type":"PEP"}]}"#;
    for (aml, disagree) in [
        ("null".to_owned(), "-"),
        (r#""none""#.to_owned(), "-"),
        (r#"{"searchCriteria":{"searchTerm":"x"}}"#.to_owned(), "-"),
        (r#"{"numHits":0}"#.to_owned(), "false"),
        (r#"{"numHits":0,"amlHitSummary":{"PEP":"0"}}"#.to_owned(), "false"),
        (r#"{"numHits":0,"amlHitSummary":{"PEP":"1"}}"#.to_owned(), "true"),
        (r#"{"numHits":2,"entityHits":[{}]}"#.to_owned(), "true"),
        (r#"{"numHits":"1.0","entityHits":[{}]}"#.to_owned(), "false"),
        (r#"{"numHits":"several","entityHits":[{}]}"#.to_owned(), "-"),
        (r#"{"numHits":1,"entityHits":[{}],"amlHitSummary":{"PEP":"some"}}"#.to_owned(), "-"),
        (
            format!(r#"{{"entityHits":[{pep}],"amlHitSummary":{{"PEP":"1","SANCTION":0}}}}"#),
            "false",
        ),
        (format!(r#"{{"entityHits":[{pep}],"amlHitSummary":{{"PEP":0,"SANCTION":1}}}}"#), "true"),
        (format!(r#"{{"entityHits":[{pep}],"amlHitSummary":{{"PEP":1}},"AmlHitSummary":7}}"#), "-"),
    ] {
        let flat = Flattened::from(format!(r#"{{"media":null,"amlInfo":{aml}}}"#));
        assert_eq!(flat.user("aml_hits_disagree"), disagree, "{aml}");
    }
}

#[test]
fn hits_may_be_text_and_keys_in_either_spelling() {
    let flat = Flattened::from(
        r#"{"amlInfo":{"entityHits":[{"alsoKnownAs":[ "A", {"n": "B"} ],"amlHits":["flat",
            {"hitType":"PEP","sourceDetails":{"sourceId":"s","listingStarted":"1420070400","Extra Key":1}}]}]}}"#,
    );
    assert_eq!(flat.column("aml_entities", "also_known_as"), [r#"["A",{"n":"B"}]"#]);
    assert_eq!(flat.column("aml_hits", "entity_index"), ["1", "1"]);
    assert_eq!(flat.column("aml_hits", "hit_index"), ["1", "2"]);
    assert_eq!(flat.column("aml_hits", "hit_type"), ["-", "PEP"]);
    assert_eq!(flat.column("aml_hits", "source_id"), ["-", "s"]);
    assert_eq!(flat.column("aml_hits", "listing_started_raw"), ["-", "1420070400"]);
    let started = flat.column("aml_hits", "listing_started");
    assert!(started.last().is_some_and(|time| time.starts_with("2015-01-01")), "{started:?}");
    let unmapped = [r#"{"":"flat"}"#, r#"{"/sourceDetails/Extra Key":1}"#];
    assert_eq!(flat.column("aml_hits", "unmapped"), unmapped);
    assert_eq!(
        flat.drift(),
        [
            "type_clash /amlInfo/entityHits/*/amlHits/* string",
            "unknown_field /amlInfo/entityHits/*/amlHits/*/sourceDetails/? number",
        ]
    );
}

#[test]
fn warnings_are_counted_by_what_they_say() {
    let flat = Flattened::from(
        r#"{"idInfo":{"warnings":[{"code":"DOCUMENT_EXPIRED","message":null},{"code":"DOCUMENT_EXPIRED"},
            {"code":"IMAGE_IN_FOCUS"},{"code":"NEW_ONE"}],"statusReasons":[{},{"code":"R"},{}]},
            "fraudInsights":{"relatedSessionInsights":{"warnings":[{}]}}}"#,
    );
    let counts = ["warnings_total", "warnings_problem", "warnings_good", "status_reasons_total"];
    assert_eq!(counts.map(|name| flat.user(name)), ["5", "2", "1", "3"]);
    assert_eq!(flat.column("status_reasons", "repeated"), ["false", "false", "true"]);
    assert_eq!(flat.column("warnings", "warning_index"), ["1", "2", "3", "4", "1"]);
    let nature = ["problem", "problem", "good", "unlisted", "unlisted"];
    assert_eq!(flat.column("warnings", "nature"), nature);
    let repeated = ["false", "true", "false", "false", "false"];
    assert_eq!(flat.column("warnings", "repeated"), repeated);
    let last = flat.column("warnings", "section").pop();
    assert_eq!(last.as_deref(), Some("fraud_insights_related_session_insights"));
}

#[test]
fn two_words_where_one_belongs_are_not_a_pass() {
    let flat = Flattened::from(
        r#"{"aipriseSummary":{"verificationResult":"VERIFIED"},"aiprise_summary":{"verificationResult":"REJECTED"},
            "idInfo":{"result":"PASSED","RESULT":"FAILED"},"clientReferenceId":"9486244c-ff7d-4c22-9984-797179d7deaa",
            "clientReferenceId":"another","amlInfo":{"numHits":0,"entityHits":[{}],"entity_hits":[{},{}]}}"#,
    );
    assert_eq!(flat.user("decision"), "unrecognized");
    assert_eq!(flat.user("id_info_check"), "unrecognized");
    assert_eq!(flat.user("reference_mismatch"), "true");
    assert_eq!(["aml_info_check", "aml_open_hits"].map(|name| flat.user(name)), ["review", "-"]);
}

#[test]
fn what_may_be_more_than_was_counted_has_no_count() {
    for (section, counts) in [
        (r#"{"warnings":[{}],"statusReasons":[]}"#, ["1", "0"]),
        (r#"{"warnings":[{}],"WARNINGS":[{}]}"#, ["-", "0"]),
        (r#"{"statusReasons":"none"}"#, ["0", "-"]),
        (r#""DECLINED""#, ["-", "-"]),
        (r#"{"result":"PASSED"}"#, ["0", "0"]),
        ("null", ["-", "-"]),
    ] {
        let document = format!(r#"{{"media":null,"faceMatchInfo":{section}}}"#);
        assert_eq!(
            users(&document, &["warnings_total", "status_reasons_total"]),
            counts,
            "{section}"
        );
    }
}
