//! Tests of what the partner is known to send about the person and his document: dates, countries, names, numbers.

use super::flattened::{ASKED, Flattened, users};

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
        ("MX", "Spain", "-", vec!["contradiction /idInfo/issueCountry MX-ES"]),
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
            r#"{"idInfo":{"idNumber":12},"clientReferenceData":{"personalInfo":{"taxId":"A1"}}}"#,
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
fn a_blank_or_a_placeholder_is_no_number_and_no_name() {
    let columns = ["has_id_number", "has_name", "shared_document_users"];
    for (id_info, expected) in [
        (r#"{"idNumber":"X1","lastName":"Lux"}"#, ["true", "true", "3"]),
        (r#"{"idNumber":"","fullName":"","firstName":" "}"#, ["false", "false", "-"]),
        (r#"{"idNumber":"---","fullName":"-"}"#, ["false", "false", "-"]),
        (r#"{"idNumber":"N/A","fullName":"n/a"}"#, ["false", "false", "-"]),
        (r#"{"idNumber":0}"#, ["false", "false", "-"]),
    ] {
        assert_eq!(users(&format!(r#"{{"idInfo":{id_info}}}"#), &columns), expected, "{id_info}");
    }
}

#[test]
fn a_verification_dated_ahead_makes_nobody_older() {
    let columns = ["age_at_verification", "days_since_verification", "days_since_issue"];
    let document = |created: &str| {
        format!(
            r#"{{"createdAt":"{created}","idInfo":{{"birthDate":"2009-02-01","idIssueDate":"2026-03-03"}}}}"#
        )
    };
    assert_eq!(users(&document("2026-01-30"), &columns), ["16", "30", "-2"]);
    assert_eq!(users(&document("2027-03-01"), &columns), ["17", "-365", "-2"]);
}

#[test]
fn who_was_verified_before_birth_has_no_age_and_is_told_as_drift() {
    for (birth, age, drift) in [
        ("2026-01-30", "0", None),
        ("2026-01-31", "-", Some("contradiction /idInfo/birthDate -")),
        ("2062-01-31", "-", Some("contradiction /idInfo/birthDate -")),
    ] {
        let flat = Flattened::from(format!(
            r#"{{"createdAt":"2026-01-30","idInfo":{{"birthDate":"{birth}"}}}}"#
        ));
        assert_eq!(flat.user("age_at_verification"), age, "{birth}");
        assert_eq!(flat.drift(), drift.into_iter().collect::<Vec<_>>(), "{birth}");
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
