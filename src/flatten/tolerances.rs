//! Tests of what the partner is known to do, or may do any night, in the order of the reference's list.

use super::{
    flattened::{ASKED, Flattened},
    sheet::MOST_ROWS,
};
use crate::model::outcome::Outcome;

fn users(document: &str, columns: &[&str]) -> Vec<String> {
    let flat = Flattened::from(document);
    columns.iter().map(|column| flat.user(column)).collect()
}

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
fn types_may_be_swapped_and_what_does_not_fit_is_kept() {
    let flat = Flattened::from(
        r#"{"amlInfo":{"numHits":"2.0","searchCriteria":{"exactMatch":"YES","fuzzinessScore":"loose","searchTerm":7}}}"#,
    );
    assert_eq!(flat.user("aml_info_num_hits"), "2");
    assert_eq!(flat.user("aml_info_search_criteria_exact_match"), "true");
    assert_eq!(flat.user("aml_info_search_criteria_search_term"), "7");
    assert_eq!(flat.user("aml_info_search_criteria_fuzziness_score"), "-");
    assert_eq!(flat.user("unmapped"), r#"{"/amlInfo/searchCriteria/fuzzinessScore":"loose"}"#);
    assert_eq!(flat.drift(), [r#"type_clash /amlInfo/searchCriteria/fuzzinessScore "loose""#]);
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
            {"code":"IMAGE_IN_FOCUS"},{"code":"NEW_ONE"}],"statusReasons":[{"code":"R"}]},
            "fraudInsights":{"relatedSessionInsights":{"warnings":[{}]}}}"#,
    );
    let counts = ["warnings_total", "warnings_problem", "warnings_good", "status_reasons_total"];
    assert_eq!(counts.map(|name| flat.user(name)), ["5", "2", "1", "1"]);
    assert_eq!(flat.column("warnings", "warning_index"), ["1", "2", "3", "4", "1"]);
    let nature = ["problem", "problem", "good", "unlisted", "unlisted"];
    assert_eq!(flat.column("warnings", "nature"), nature);
    let last = flat.column("warnings", "section").pop();
    assert_eq!(last.as_deref(), Some("fraud_insights_related_session_insights"));
}

#[test]
fn created_at_keeps_its_text_in_every_form() {
    for (sent, raw, typed) in [
        ("\"2024-04-05 13:45:27.063\"", "2024-04-05 13:45:27.063", "2024-04-05 13:45:27.063 UTC"),
        ("1712324727063", "1712324727063", "2024-04-05 13:45:27.063 UTC"),
        ("\"2024-04-05T13:45:27Z\"", "2024-04-05T13:45:27Z", "2024-04-05 13:45:27 UTC"),
        ("\"in spring\"", "in spring", "-"),
        ("\"\"", "", "-"),
    ] {
        let cells = users(
            &format!(r#"{{"createdAt":{sent}}}"#),
            &["created_at_raw", "created_at", "unmapped"],
        );
        assert_eq!(cells, [raw, typed, "-"]);
    }
}

#[test]
fn a_year_alone_is_no_date_and_a_blank_one_is_no_drift() {
    let flat = Flattened::from(
        r#"{"idInfo":{"birthDate":"1990","idIssueDate":"","idExpiryDate":"2026-03-01"}}"#,
    );
    assert_eq!(flat.user("id_info_birth_date"), "-");
    assert_eq!(flat.user("id_info_birth_date_raw"), "1990");
    assert_eq!(flat.drift(), ["type_clash /idInfo/birthDate -"]);
    assert_eq!(flat.user("id_info_id_issue_date_raw"), "");
    assert_eq!(flat.user("document_expired"), "false");
    assert_eq!(flat.user("expires_within_90d"), "true");
    assert_eq!(flat.user("age_at_verification"), "-");
}

#[test]
fn days_are_counted_from_the_day_of_fetching() {
    let columns = ["days_to_expiry", "days_since_verification", "created_month"];
    for (document, expected) in [
        (
            r#"{"createdAt":"2026-02-27T23:59:59Z","idInfo":{"idExpiryDate":"2026-03-31"}}"#,
            ["30", "2", "2026-02"],
        ),
        (
            r#"{"createdAt":"2025-12-31T23:30:00-06:00","idInfo":{"idExpiryDate":"2026-02-28"}}"#,
            ["-1", "59", "2026-01"],
        ),
        (r#"{"createdAt":"in spring","idInfo":{"idExpiryDate":"2026"}}"#, ["-", "-", "-"]),
    ] {
        assert_eq!(users(document, &columns), expected, "{document}");
    }
}

#[test]
fn a_country_is_read_from_its_code_and_else_from_its_name() {
    for (code, name, alpha2, drift) in [
        ("MEX", "Mexico", "MX", vec![]),
        ("mx", "Estados Unidos Mexicanos", "MX", vec![]),
        ("", "República Dominicana", "DO", vec![]),
        ("XX", "Spain", "ES", vec!["new_word /idInfo/issueCountryCode XX"]),
        ("MX", "Spain", "-", vec!["contradiction /idInfo/issueCountry MX ES"]),
        (
            "XX",
            "Atlantis",
            "-",
            vec!["new_word /idInfo/issueCountry Atlantis", "new_word /idInfo/issueCountryCode XX"],
        ),
        (" ", "", "-", vec![]),
    ] {
        let flat = Flattened::from(format!(
            r#"{{"idInfo":{{"issueCountryCode":"{code}","issueCountry":"{name}"}}}}"#
        ));
        assert_eq!(flat.user("id_info_issue_country_alpha2"), alpha2, "{code} {name}");
        assert_eq!(flat.user("id_info_issue_country"), name);
        assert_eq!(flat.drift(), drift);
    }
}

#[test]
fn nationality_and_country_of_birth_are_read_and_never_shown() {
    let flat = Flattened::from(
        r#"{"idInfo":{"nationality":"Mexican"},"clientReferenceData":{"personalInfo":{"birthCountry":"Brasil"}}}"#,
    );
    assert_eq!(flat.user("id_info_nationality_alpha2"), "MX");
    assert_eq!(flat.user("client_reference_data_personal_info_birth_country_alpha2"), "BR");
    let flat = Flattened::from(
        r#"{"idInfo":{"nationality":"canary","nationalityCode":"canary"},"clientReferenceData":{"personalInfo":{"birthCountry":"canary"}}}"#,
    );
    assert_eq!(flat.drift().len(), 3);
    assert!(!flat.drift().concat().contains("canary"), "{:?}", flat.drift());
}

#[test]
fn a_number_that_others_have_too_is_counted_and_a_missing_one_is_not() {
    let columns = ["shared_document_users", "shared_tax_id_users"];
    for (document, expected) in [
        (r#"{"idInfo":{"idNumber":"X-1","issueCountry":"Mexico"}}"#, ["3", "-"]),
        (
            r#"{"idInfo":{"idNumber":12},"clientReferenceData":{"personalInfo":{"taxId":"A"}}}"#,
            ["3", "3"],
        ),
        (
            r#"{"idInfo":{"idNumber":" - "},"clientReferenceData":{"personalInfo":{"taxId":["A"]}}}"#,
            ["-", "-"],
        ),
        (r#"{"media":null}"#, ["-", "-"]),
    ] {
        assert_eq!(users(document, &columns), expected, "{document}");
    }
}

#[test]
fn a_wrong_person_s_document_is_flagged() {
    for (reference, mismatch) in [
        (format!("\"{ASKED}\""), "false"),
        (format!("\" {} \"", ASKED.to_uppercase()), "false"),
        ("\"someone-else\"".to_owned(), "true"),
        ("{\"id\":1}".to_owned(), "true"),
        ("null".to_owned(), "-"),
        ("\"\"".to_owned(), "-"),
    ] {
        let flat = Flattened::from(format!(r#"{{"clientReferenceId":{reference}}}"#));
        assert_eq!(flat.user("reference_mismatch"), mismatch, "{reference}");
    }
}

#[test]
fn a_key_that_occurs_twice_keeps_both_values() {
    let flat = Flattened::from(
        r#"{"idInfo":{"result":"DECLINED","result":"APPROVED"},"faceMatchInfo":{"sectionId":null,"section_id":"s"}}"#,
    );
    assert_eq!(flat.user("id_info_result"), "DECLINED");
    assert_eq!(flat.user("unmapped"), r#"{"/idInfo/result":"APPROVED"}"#);
    assert_eq!(flat.user("face_match_info_section_id"), "s");
    assert_eq!(flat.drift(), ["duplicate_key /idInfo/result string"]);
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
fn broken_text_and_numbers_out_of_range_survive() {
    let body = b"{\"idInfo\":{\"fullName\":\"Mu\xf1oz\",\"lastName\":\"\\ud800x\"},\"amlInfo\":{\"numHits\":1e400}}";
    let flat = Flattened::from(body);
    assert_eq!(flat.user("id_info_full_name"), "Mu\u{fffd}oz");
    assert!(flat.user("id_info_last_name").ends_with('x'));
    assert_eq!(flat.user("aml_info_num_hits"), "-");
    assert_eq!(flat.user("unmapped"), r#"{"/amlInfo/numHits":1e400}"#);
    assert_eq!(
        flat.drift(),
        ["invalid_utf8  -", "invalid_utf8 /idInfo/lastName -", "type_clash /amlInfo/numHits -"]
    );
}

#[test]
fn no_depth_of_nesting_costs_the_answer() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deeper = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let flat = Flattened::from(format!(
        r#"{{"status":"ok","data":{{"aipriseSummary":{{"verificationResult":"VERIFIED"}},"abyss":{deep},
            "amlInfo":{{"entityHits":[{deep}],"amlHitSummary":{deeper}}},
            "idInfo":{{"firstName":{deep},"documentDetails":{deeper},"warnings":{deep}}}}}}}"#
    ));
    assert_eq!(flat.user("decision"), "approved");
    let kept = format!(r#"{{"/abyss":{deep},"/idInfo/firstName":{deep}}}"#);
    assert_eq!(flat.user("unmapped"), kept);
    assert_eq!(flat.user("id_info_document_details"), deeper);
    assert_eq!(flat.column("aml_entities", "unmapped"), [format!(r#"{{"":{deep}}}"#)]);
    let inner = &deep[1..deep.len() - 1];
    assert_eq!(flat.column("warnings", "unmapped"), [format!(r#"{{"":{inner}}}"#)]);
}

#[test]
fn a_list_without_end_is_kept_and_does_not_become_rows_without_end() {
    let list = |more: usize| vec!["{}"; MOST_ROWS + more].join(" , ");
    let flat = Flattened::from(format!(
        r#"{{"amlInfo":{{"entityHits":[{}]}},"idInfo":{{"warnings":[{}]}}}}"#,
        list(2),
        list(0)
    ));
    assert_eq!(["aml_entities", "warnings"].map(|table| flat.height(table)), [MOST_ROWS; 2]);
    assert_eq!(flat.user("unmapped"), r#"{"/amlInfo/entityHits":[{},{}]}"#);
    assert_eq!(flat.drift(), ["surplus /amlInfo/entityHits array"]);
    let counts = ["aml_hits_total", "aml_open_hits", "aml_info_check", "warnings_total"];
    assert_eq!(counts.map(|name| flat.user(name)), ["-", "-", "review", "10000"]);
}

#[test]
fn what_may_be_more_than_was_counted_has_no_count() {
    for (section, counts) in [
        (r#"{"warnings":[{}],"statusReasons":[]}"#, ["1", "0"]),
        (r#"{"warnings":[{}],"WARNINGS":[{}]}"#, ["-", "0"]),
        (r#"{"statusReasons":"none"}"#, ["0", "-"]),
        (r#""DECLINED""#, ["-", "-"]),
        ("null", ["0", "0"]),
    ] {
        let document = format!(r#"{{"media":null,"faceMatchInfo":{section}}}"#);
        assert_eq!(
            users(&document, &["warnings_total", "status_reasons_total"]),
            counts,
            "{section}"
        );
    }
}

#[test]
fn a_map_keyed_by_names_publishes_no_name() {
    let flat = Flattened::from(
        r#"{"media":null,"idInfo":{"Ana Lux":{"age":1}},"relatives":{"x":1},"ana@lux.example":1}"#,
    );
    assert_eq!(
        flat.drift(),
        [
            "unknown_field /? number",
            "unknown_field /idInfo/? object",
            "unknown_field /relatives object"
        ]
    );
    assert!(flat.user("unmapped").contains("/idInfo/Ana Lux"), "what was sent is not lost");
}

#[test]
fn personal_values_are_never_a_sample() {
    let flat = Flattened::from(
        r#"{"idInfo":{"fullName":["canary"],"novelty":"canary"},"media":"canary","amlInfo":{"entityHits":["canary"]}}"#,
    );
    assert!(
        flat.drift().len() == 4 && !flat.drift().concat().contains("canary"),
        "{:?}",
        flat.drift()
    );
}

#[test]
fn names_come_in_the_parts_and_letters_they_come_in() {
    let parts = ["first_name", "middle_name", "last_name", "second_last_name", "full_name"];
    let columns = parts.map(|part| format!("id_info_{part}"));
    for (names, expected) in [
        (
            r#"{"firstName":"JOSÉ","lastName":"NÚÑEZ","secondLastName":"Güell"}"#,
            ["JOSÉ", "-", "NÚÑEZ", "Güell", "-"],
        ),
        (r#"{"fullName":"Ana d’Ávila","middleName":null}"#, ["-", "-", "-", "-", "Ana d’Ávila"]),
        (r#"{"firstName":" ANA ","middleName":""}"#, [" ANA ", "", "-", "-", "-"]),
    ] {
        let flat = Flattened::from(format!(r#"{{"idInfo":{names}}}"#));
        assert_eq!(columns.clone().map(|name| flat.user(&name)), expected, "{names}");
        assert_eq!(flat.drift(), Vec::<String>::new());
    }
}

#[test]
fn every_row_says_when_it_was_fetched_and_of_which_session_it_speaks() {
    let flat = Flattened::from(r#"{"verificationSessionId":"vs_1"}"#);
    assert_eq!(flat.user("fetched_at"), "2026-03-01 04:05:06 UTC");
    assert_eq!(flat.user("verification_session_id"), "vs_1");
}

#[test]
fn without_an_answer_everything_about_the_person_is_null() {
    let flat = Flattened::of(Outcome::NoVerification, br#"{"idInfo":{"fullName":"Ana"}}"#);
    let known = ["outcome", "http_status", "document_bytes", "roster_our_status", "position"];
    assert_eq!(known.map(|name| flat.user(name)), ["no_verification", "200", "29", "active", "1"]);
    for name in [
        "decision",
        "id_info_check",
        "id_info_full_name",
        "aml_screened",
        "warnings_total",
        "unmapped",
    ] {
        assert_eq!(flat.user(name), "-", "{name}");
    }
}

#[test]
fn an_answer_without_a_document_is_a_row_and_not_a_crash() {
    let flat = Flattened::from("<html>502</html>");
    assert_eq!(flat.user("outcome"), "answered");
    assert_eq!(flat.user("decision"), "-");
    assert_eq!(flat.drift(), ["type_clash  -"]);
}
