//! Tests of the forms in which anything may come: other types, keys twice, broken text, any depth, any length, or nothing.

use super::{flattened::Flattened, sheet::MOST_ROWS};
use crate::model::outcome::Outcome;

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
    assert_eq!(flat.drift(), ["type_clash /amlInfo/searchCriteria/fuzzinessScore loose"]);
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
fn a_second_value_of_a_key_leaves_no_fact_made_of_the_first() {
    let columns = ["contested_keys", "age_at_verification", "document_expired", "has_id_number"];
    let more = ["shared_document_users", "id_info_issue_country_alpha2"];
    let facts = |id_info: &str| {
        let flat = Flattened::from(format!(r#"{{"createdAt":"2026-01-01","idInfo":{id_info}}}"#));
        columns.into_iter().chain(more).map(|name| flat.user(name)).collect::<Vec<_>>().join(" ")
    };
    let once = r#""birthDate":"1990-01-31","idExpiryDate":"2030-01-01","idNumber":"X1","issueCountryCode":"MX""#;
    for (second, expected) in [
        (r#""x":1"#, "0 35 false true 3 MX"),
        (r#""birthDate":"1990-01-31""#, "0 35 false true 3 MX"),
        (r#""birth_date":"2015-01-01""#, "1 - false true 3 MX"),
        (r#""id_expiry_date":"2020-01-01""#, "1 35 - true 3 MX"),
        (r#""idNumber":"X2""#, "1 35 false - - MX"),
        (r#""IssueCountryCode":"KP""#, "1 35 false true 3 -"),
    ] {
        assert_eq!(facts(&format!("{{{once},{second}}}")), expected, "{second}");
    }
}

#[test]
fn a_second_document_beside_the_first_is_kept_and_told() {
    let flat = Flattened::from(
        r#"{"status":"ok","data":{"idInfo":{}},"Data":{"idInfo":{"result":"DECLINED"}},"Ana Lux":1,"requestId":"r"}"#,
    );
    assert_eq!(flat.user("envelope_contested"), "true");
    assert_eq!(
        flat.user("unmapped"),
        r#"{"envelope:/Data":{"idInfo":{"result":"DECLINED"}},"envelope:/Ana Lux":1,"envelope:/requestId":"r"}"#
    );
    assert_eq!(
        flat.drift(),
        [
            "contradiction envelope:/Data object",
            "unknown_field envelope:/? number",
            "unknown_field envelope:/requestId string"
        ]
    );
    assert_eq!(
        Flattened::from(r#"{"status":"ok","data":{"idInfo":{}}}"#).user("envelope_contested"),
        "false"
    );
    assert_eq!(Flattened::from("<html>").user("envelope_contested"), "-");
}

#[test]
fn a_decision_in_a_field_nobody_knows_is_seen() {
    for (document, is_seen) in [
        (r#"{"media":null,"status":"FAILED"}"#, "true"),
        (r#"{"media":null,"riskInfo":{"result":"DECLINED"}}"#, "true"),
        (r#"{"fraudInsights":{"emailInsights":{"result":"DECLINED"}}}"#, "true"),
        (r#"{"amlInfo":{"entityHits":[{"decision":"CONFIRMED"}]}}"#, "true"),
        (r#"{"media":null,"riskInfo":{"result":"APPROVED","status":"COMPLETED"}}"#, "false"),
        (r#"{"media":null,"novelty":"DECLINED"}"#, "false"),
    ] {
        assert_eq!(Flattened::from(document).user("unmapped_verdict_words"), is_seen, "{document}");
    }
}

#[test]
fn a_word_about_the_screening_or_an_unknown_part_of_it_is_never_clean() {
    for (more, check) in [
        (r#""x":null"#, "approved"),
        (r#""result":"APPROVED","status":"COMPLETED""#, "approved"),
        (r#""result":"DECLINED""#, "rejected"),
        (r#""status":"RUNNING""#, "undecided"),
        (r#""result":"novel word""#, "unrecognized"),
        (r#""result":"APPROVED","result":"DECLINED""#, "unrecognized"),
        (r#""hits":[{"name":"Bad"}]"#, "review"),
        (r#""warnings":[{"code":"SANCTION_HIT"}]"#, "review"),
        (r#""warnings":[]"#, "approved"),
        (r#""amlHitSummary":{"PEP":1,"pep":0}"#, "undecided"),
    ] {
        let flat =
            Flattened::from(format!(r#"{{"amlInfo":{{"numHits":0,"entityHits":[],{more}}}}}"#));
        assert_eq!(flat.user("aml_info_check"), check, "{more}");
    }
}

#[test]
fn the_last_day_of_the_calendar_keeps_its_cell() {
    let flat = Flattened::from(
        r#"{"idInfo":{"idExpiryDate":"9999-12-31"},"createdAt":"9999-12-31T23:59:59Z"}"#,
    );
    assert_eq!(flat.user("id_info_id_expiry_date"), "9999-12-31");
    assert_eq!(flat.user("document_expired"), "false");
    assert_eq!(
        [flat.user("created_at"), flat.user("created_at_raw")],
        ["-", "9999-12-31T23:59:59Z"]
    );
    assert_eq!(flat.drift(), ["type_clash /createdAt (text of 20 characters)"]);
}

#[test]
fn new_words_are_told_one_by_one_and_free_text_is_not_told() {
    let flat = Flattened::from(
        r#"{"idInfo":{"result":"ESCALATED","status":"refused, see Ana Lux"},"faceMatchInfo":{"result":{"name":"canary"}},
            "amlInfo":{"amlHitSummary":{"SANCTION":0,"NOVEL":"0"}}}"#,
    );
    assert_eq!(
        flat.drift(),
        [
            "new_word /amlInfo/amlHitSummary NOVEL",
            "new_word /idInfo/result ESCALATED",
            "new_word /idInfo/status (text of 20 characters)",
            "type_clash /faceMatchInfo/result object"
        ]
    );
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
