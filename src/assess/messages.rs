//! Every flaw of a policy, as it is told: with the file, the line, the name, and what was meant where that can be guessed.

use std::error::Error;

use super::{
    policy::{NOT_POSITIVELY_PASSED, Policy},
    specimen,
};

/// Four lines, so that what follows begins on line 5.
const HEAD: &str = "name = 'n'\nversion = '1'\n\nface_score_scale = 'unit'\n";
const PASS: &str = "[pass]\nwhen = \"outcome = 'answered'\"\n";

/// A rule of five lines, the fourth of which is the `when`.
fn rule(id: &str, verdict: &str, when: &str) -> String {
    format!("[[rule]]\nid = '{id}'\nverdict = '{verdict}'\nwhen = \"{when}\"\nsays = 's'\n")
}

fn refusal_of(text: &str) -> String {
    let parsed = Policy::parse(text, "p.toml");
    let refused = parsed.and_then(|policy| policy.check(&specimen::schema())).err();
    let mut chain = Vec::new();
    let mut next = refused.as_ref().map(|error| error as &dyn Error);
    while let Some(error) = next {
        chain.push(error.to_string());
        next = error.source();
    }
    chain.join(": ")
}

/// The whole chain of messages of the error that a policy with this body meets; empty if it is good.
fn refusal(body: &str) -> String {
    refusal_of(&format!("{HEAD}{body}{PASS}"))
}

#[track_caller]
fn assert_told(when: &str, told: &str) {
    assert_eq!(
        refusal(&rule("a", "fail", when)),
        format!("p.toml, line 8: rule `a`: {told}"),
        "{when}"
    );
}

#[test]
fn a_good_policy_is_not_refused() {
    assert_eq!(refusal(&rule("a", "fail", "decision = 'rejected'")), "");
}

#[test]
fn an_unknown_column_is_told_with_the_nearest_one() {
    assert_told(
        "aml_open_hit > 0",
        "`users` has no column `aml_open_hit`; did you mean `aml_open_hits`?",
    );
    assert_told("DECISION = 'x'", "`users` has no column `DECISION`; did you mean `decision`?");
    assert_told(
        "verdict = 'pass'",
        "`verdict` is what the policy decides, so no condition can read it",
    );
}

#[test]
fn what_cannot_be_compared_is_told_with_what_can() {
    for (when, told) in [
        (
            "decision > 5",
            "`decision` is text, and 5 is a number: they cannot be compared; did you mean `'5'`?",
        ),
        (
            "attempts IN ('2')",
            "`attempts` is a number, and '2' is text: they cannot be compared; did you mean `2`?",
        ),
        (
            "reference_mismatch = 1",
            "`reference_mismatch` is true or false, and 1 is a number: they cannot be compared; \
             did you mean `TRUE`?",
        ),
        (
            "decision = attempts",
            "`decision` is text, and `attempts` is a number: they cannot be compared",
        ),
        (
            "fetched_at BETWEEN 1 AND 2",
            "`fetched_at` is a time, and 1 is a number: they cannot be compared; did you mean \
             `EXTRACT(YEAR FROM fetched_at)`?",
        ),
        (
            "fetched_at > '2026-01-01'",
            "`fetched_at` is a time, and '2026-01-01' is text: they cannot be compared; did you \
             mean `EXTRACT(YEAR FROM fetched_at)`?",
        ),
        (
            "id_info_id_expiry_date < '2026-01-31'",
            "`id_info_id_expiry_date` is a date, and '2026-01-31' is text: they cannot be \
             compared; did you mean `EXTRACT(YEAR FROM id_info_id_expiry_date)`?",
        ),
        (
            "id_info_id_expiry_date < '31/01/2026'",
            "`id_info_id_expiry_date` is a date, and '31/01/2026' is text: they cannot be \
             compared; did you mean `EXTRACT(YEAR FROM id_info_id_expiry_date)`?",
        ),
        (
            "created_at + 1 > fetched_at",
            "`created_at` is a time: only numbers are added, subtracted and multiplied",
        ),
    ] {
        assert_told(when, told);
    }
}

#[test]
fn a_condition_that_is_no_boolean_is_told_what_it_is() {
    for (when, found) in
        [("aml_open_hits + 1", "a number"), ("decision", "text"), ("created_at", "a time")]
    {
        assert_told(
            when,
            &format!(
                "a condition is true or false, and this is {found}; compare it with something"
            ),
        );
    }
}

#[test]
fn a_word_that_our_column_never_holds_is_told_with_the_nearest_one() {
    let approved = "`decision` is never 'aproved'; did you mean `approved`?";
    for when in [
        "decision = 'aproved'",
        "'aproved' = decision",
        "decision <> 'aproved'",
        "decision IN ('rejected', 'aproved')",
        "NOT decision NOT IN ('aproved')",
        "CASE decision WHEN 'aproved' THEN TRUE END",
    ] {
        assert_told(when, approved);
    }
    for (when, told) in [
        ("outcome = 'ANSWERED'", "`outcome` is never 'ANSWERED'; did you mean `answered`?"),
        ("id_info_check = 'pass'", "`id_info_check` is never 'pass', but one of approved, "),
        ("aml_info_check = 'neutral'", "`aml_info_check` is never 'neutral'"),
        ("face_score_scale = 'percentage'", "`face_score_scale` is never 'percentage'"),
    ] {
        let refused = refusal(&rule("a", "fail", when));
        assert!(refused.contains(told), "{refused}");
    }
}

#[test]
fn a_word_of_the_partner_may_be_any() {
    for when in [
        "aiprise_summary_verification_result = 'APROVED'",
        "id_info_result = 'SUPERB'",
        "id_info_id_type IN ('INE', 'NEW')",
        "decision > 'm'",
    ] {
        assert_eq!(refusal(&rule("a", "fail", when)), "", "{when}");
    }
}

#[test]
fn what_is_no_sql_is_told_with_the_word_that_does_not_fit() {
    let prefix = "not a condition as it stands after WHERE in SQL: Expected: ";
    for (when, reason) in [
        ("attempts > 1 attempts", "the end of the condition, found: attempts"),
        ("attempts > 1; DROP TABLE users", "the end of the condition, found: ;"),
        ("1) OR (1", "the end of the condition, found: )"),
        ("", "an expression, found: EOF"),
    ] {
        assert_told(when, &format!("{prefix}{reason}"));
    }
    assert_told(
        "decision = \\\"approved\\\"",
        "\"approved\": a column is written without quotes, and a text as 'approved'",
    );
    assert_told(
        "MAX(attempts) > 1",
        "a condition looks at one user at a time: no aggregate, window or subquery",
    );
    assert_told(
        "NOSUCH(attempts) > 1",
        "the function NOSUCH is not decided alike by every engine; the functions are COALESCE, \
         NULLIF, ABS, UPPER, LOWER, LENGTH, TRIM and EXTRACT",
    );
    assert_told(
        "(decision, outcome) = ('approved', 'answered')",
        "comparing several values at once is not decided alike by every engine; compare each, \
         with AND",
    );
}

#[test]
fn a_condition_that_reads_no_column_is_refused_also_as_that_of_a_pass() {
    let told = "a condition reads some column of `users`: this one is the same for everybody";
    assert_told("TRUE", told);
    let refused = refusal_of(&format!("{HEAD}[pass]\nwhen = 'TRUE'\n"));
    assert_eq!(refused, format!("p.toml, line 6: the condition of [pass]: {told}"));
}

#[test]
fn a_country_is_told_with_its_code() {
    let column = "`id_info_issue_country_alpha2` is never";
    for (word, code) in [("mx", "MX"), ("iran", "IR"), ("MEX", "MX")] {
        let when = format!("id_info_issue_country_alpha2 IN ('AR', '{word}')");
        assert_told(&when, &format!("{column} '{word}'; did you mean `{code}`?"));
    }
    let refused = refusal(&rule("a", "fail", "id_info_nationality_alpha2 = 'Atlantis'"));
    assert!(refused.contains("but one of 249 words"), "{refused}");
    let listed = format!(
        "[words]\nhr = ['IR', 'iran']\n{}",
        rule("a", "fail", "id_info_nationality_alpha2 IN (:hr)")
    );
    let refused = refusal(&listed);
    assert!(refused.contains("is never 'iran'; did you mean `IR`?"), "{refused}");
}

#[test]
fn a_flaw_inside_a_long_condition_is_told_with_its_own_line() {
    for (flaw, told) in [
        ("AND aml_open_hit = 0", "no column `aml_open_hit`"),
        ("AND decision = 'aproved'", "never 'aproved'"),
        ("AND attempts = 'x'", "they cannot be compared"),
        ("AND > 3", "an expression, found: >"),
    ] {
        let when = format!("\"\"\"\noutcome = 'answered'\n-- a comment\n{flaw}\n\"\"\"\n");
        let in_rule = format!("[[rule]]\nid = 'a'\nverdict = 'fail'\nsays = 's'\nwhen = {when}");
        let refused = refusal(&in_rule);
        assert!(refused.starts_with("p.toml, line 12: rule `a`: "), "{refused}");
        assert!(refused.contains(told), "{refused}");
        let refused = refusal_of(&format!("{HEAD}[pass]\nwhen = {when}"));
        assert!(refused.starts_with("p.toml, line 9: the condition of [pass]: "), "{refused}");
    }
}

#[test]
fn a_constant_that_cannot_be_used_is_told_with_its_line() {
    let words = "[words]\nrisky = ['IR']\n";
    for (body, told) in [
        ("[thresholds]\nunused = 1\n".to_owned(), "6: threshold `unused`: no condition uses it"),
        (words.to_owned(), "6: word list `risky`: no condition uses it"),
        ("[words]\nrisky = []\n".to_owned(), "6: word list `risky`: an empty list matches nobody"),
        (
            "[words]\nrisky = ['IR', 3]\n".to_owned(),
            "6: word list `risky`: item 2 is no text, but integer",
        ),
        (
            "[words]\nrisky = 'IR'\n".to_owned(),
            "6: word list `risky`: a word list is a list of texts, not string",
        ),
        (
            "[words]\nrisky = ['a\\b']\n".to_owned(),
            "6: word list `risky`: item 1 holds a backslash or a control character, which not \
             every engine reads alike",
        ),
        (
            format!("[thresholds]\nrisky = 1\n{words}"),
            "8: word list `risky`: a threshold has the same name",
        ),
        (
            "[words]\nRisky = ['IR']\n".to_owned(),
            "6: word list `Risky`: a name is lower-case letters, digits and `_`, and starts with \
             a letter",
        ),
        (
            "[thresholds]\nx = 'high'\n".to_owned(),
            "6: threshold `x`: a threshold is a finite number, not string",
        ),
    ] {
        assert_eq!(refusal(&body), format!("p.toml, line {told}"));
    }
}

#[test]
fn a_name_without_a_constant_or_in_the_wrong_place_is_told_with_what_was_meant() {
    let words = "[words]\nrisky = ['IR']\n";
    for (when, told) in [
        (
            "decision IN (:riskyy)",
            "there is no threshold or word list `:riskyy`; did you mean `risky`?",
        ),
        ("decision = :risky", "a word list is the whole list of an IN: write `IN (:risky)`"),
        (
            "decision IN (:risky)",
            "`decision` is never 'IR', but one of approved, rejected, review, undecided, \
             unrecognized",
        ),
    ] {
        let refused = refusal(&format!("{words}{}", rule("a", "fail", when)));
        assert_eq!(refused, format!("p.toml, line 10: rule `a`: {told}"));
    }
}

#[test]
fn a_verdict_is_one_of_four_words() {
    assert!(refusal(&rule("a", "pass", "TRUE")).contains("a rule cannot give `pass`"));
    assert!(refusal(&rule("a", "Fail", "TRUE")).contains("`Fail` is no verdict"));
}

#[test]
fn an_id_that_would_confuse_the_list_of_rules_is_refused() {
    let twice = [rule("a", "fail", "TRUE"), rule("a", "fail", "TRUE")].concat();
    assert_eq!(refusal(&twice), "p.toml, line 11: rule `a`: another rule has the same id");
    for id in ["", "a;b", "A", "a b"] {
        assert!(refusal(&rule(id, "fail", "TRUE")).contains("an id is lower-case"), "{id}");
    }
    assert!(refusal(&rule(NOT_POSITIVELY_PASSED, "fail", "TRUE")).contains("stands for"));
}

#[test]
fn an_unknown_key_a_missing_pass_and_a_reason_of_two_lines_are_refused() {
    assert!(refusal("whenn = 1\n").contains("unknown field `whenn`"));
    assert_eq!(refusal_of(HEAD), "p.toml: the section [pass] is missing");
    let unnamed = format!("# a comment\n{HEAD}{PASS}").replace("name = 'n'\n", "");
    assert_eq!(refusal_of(&unnamed), "p.toml: the key `name` is missing");
    let rule = rule("a", "fail", "TRUE");
    assert!(refusal(&rule.replace("'s'", "\"a\\nb\"")).contains("`says` is one line of text"));
    let sourced = format!("{rule}source = ''\n");
    assert!(refusal(&sourced).contains("`source` is one line of text"));
}
