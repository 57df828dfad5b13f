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
    assert_eq!(flat.drift(), [r#"type_clash /amlInfo/searchCriteria/fuzzinessScore "loose""#]);
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
