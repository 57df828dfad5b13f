//! What an attempt means: settled, worth another try, or a sign that the whole job is wrong.
//!
//! Pure, and total over every status, fault and body. The facts are in the API notes, A3 and F.10 to F.13.

use crate::{
    kyc::{
        envelope::{self, Opened},
        error_object::ErrorObject,
        identity,
    },
    model::{
        attempt::{Answer, Fault},
        identity::Identity,
        outcome::Outcome,
    },
};

/// What an attempt means for its user and for the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The user has an outcome.
    Settled(Outcome),
    /// Nothing is known of the user yet; another attempt may bring it.
    Retry(Retry),
    /// The attempt says something about the job, not about the user.
    Refused(Refusal),
}

/// Why another attempt is worth making, which decides how long to wait and what the user's outcome is if all fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A fault, or a server that is unwell.
    Transient,
    /// The server asks for fewer requests.
    Throttled,
    /// An answer that cannot be read: one more attempt, then it stands as unreadable.
    Unreadable,
}

/// What is wrong with the job if many attempts in a row say so. By itself none stops anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The key is missing, malformed or not valid.
    Key,
    /// Our account may not use this flow; certain at once.
    Flow,
    /// Something other than the partner's API answers: a redirect, a page, a router that knows no such path.
    Address,
}

/// A ruling with its reason, the word in the `attempts` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruled {
    pub ruling: Ruling,
    pub reason: &'static str,
    /// Hashes of the numbers in the document, if there is one: made while it is open, so that nobody has to open it again.
    pub identity: Identity,
}

impl Ruled {
    pub(super) const fn new(ruling: Ruling, reason: &'static str) -> Self {
        Self { ruling, reason, identity: Identity { document: None, tax_id: None } }
    }
}

/// The reason of a user who belongs to another partner: a word about the user, and proof that the key is right.
pub const NOT_OURS: &str = "not_ours";

const fn settled(outcome: Outcome, reason: &'static str) -> Ruled {
    Ruled::new(Ruling::Settled(outcome), reason)
}

const fn retry(retry: Retry, reason: &'static str) -> Ruled {
    Ruled::new(Ruling::Retry(retry), reason)
}

const fn refused(refusal: Refusal, reason: &'static str) -> Ruled {
    Ruled::new(Ruling::Refused(refusal), reason)
}

/// Rules on what an attempt brought.
#[must_use]
pub fn classify(result: &Result<Answer, Fault>) -> Ruled {
    match result {
        Ok(answer) => classify_answer(answer),
        Err(fault) => retry(Retry::Transient, fault.as_str()),
    }
}

fn classify_answer(answer: &Answer) -> Ruled {
    let opened = envelope::open(&answer.body);
    match answer.status {
        // Half an answer, whatever the half says.
        206 => retry(Retry::Unreadable, "partial"),
        200..=299 => match opened {
            Opened::Document(document) => Ruled {
                identity: identity::find(document.value()),
                ..settled(Outcome::Answered, "answered")
            },
            Opened::Error(error) => error_under_success(&error),
            Opened::Unreadable(why) => retry(Retry::Unreadable, why.as_str()),
        },
        300..=399 => refused(Refusal::Address, "redirect"),
        401 => unauthorized(&opened),
        403 => forbidden(&opened),
        404 => not_found(answer, &opened),
        407 => refused(Refusal::Address, "proxy_authentication"),
        405 => refused(Refusal::Address, "method_not_allowed"),
        408 | 421 | 425 => retry(Retry::Transient, "try_again"),
        429 => retry(Retry::Throttled, "throttled"),
        400 => settled(Outcome::Denied, "bad_request"),
        402..=499 => settled(Outcome::Denied, "refused"),
        500..=599 => retry(Retry::Transient, "server_error"),
        _ => retry(Retry::Unreadable, "no_such_status"),
    }
}

/// 401 means a bad key, or that this user is not ours; only the words tell (F.11).
fn unauthorized(opened: &Opened<'_>) -> Ruled {
    match opened {
        Opened::Error(error) if says(error, "not associated") => settled(Outcome::Denied, NOT_OURS),
        _ => refused(Refusal::Key, "bad_key"),
    }
}

/// 403 with the partner's code is about our account. With a general word, or none, it comes from whatever guards the
/// API, and is about our key or our address on the network. Only a code of another kind can be about one user.
fn forbidden(opened: &Opened<'_>) -> Ruled {
    match opened {
        Opened::Error(error)
            if has_code(error, "INVALID_PARTNER_FLOW") || says(error, "invalid flow") =>
        {
            refused(Refusal::Flow, "partner_flow")
        }
        Opened::Error(error) if is_particular(error) => settled(Outcome::Denied, "forbidden"),
        _ => refused(Refusal::Key, "forbidden"),
    }
}

/// Whether the code says more than the status does, as frameworks repeat it: `Forbidden`, `FORBIDDEN`, `403`.
fn is_particular(error: &ErrorObject) -> bool {
    let general = ["forbidden", "unauthorized", "error", "403"];
    error.code.as_deref().is_some_and(|code| {
        let code = code.trim().to_lowercase();
        !code.is_empty() && !general.contains(&code.as_str())
    })
}

/// 404 is a fact about the user when the API says it (F.12), not when a page or a router without this path does.
fn not_found(answer: &Answer, opened: &Opened<'_>) -> Ruled {
    let fact = settled(Outcome::NoVerification, "no_verification");
    match opened {
        Opened::Error(error) if says(error, "cannot get") => {
            refused(Refusal::Address, "no_such_path")
        }
        Opened::Error(_) => fact,
        _ if answer.body.iter().all(u8::is_ascii_whitespace) => fact,
        _ => refused(Refusal::Address, "not_the_api"),
    }
}

/// An error object under a status that claims success: its code decides as its status would have.
fn error_under_success(error: &ErrorObject) -> Ruled {
    let code = error.code.as_deref().unwrap_or_default().to_ascii_uppercase();
    match code.as_str() {
        "UNAUTHORIZED" | "401" if says(error, "not associated") => {
            settled(Outcome::Denied, NOT_OURS)
        }
        "UNAUTHORIZED" | "401" => refused(Refusal::Key, "bad_key"),
        "INVALID_PARTNER_FLOW" => refused(Refusal::Flow, "partner_flow"),
        "NOT_FOUND_ERROR" | "NOT_FOUND" | "404" => {
            settled(Outcome::NoVerification, "no_verification")
        }
        "429" | "TOO_MANY_REQUESTS" => retry(Retry::Throttled, "throttled"),
        "INTERNAL_SERVER_ERROR" | "500" => retry(Retry::Transient, "server_error"),
        "BAD_REQUEST" | "INVALID_USER_INPUT_ERROR" | "400" => {
            settled(Outcome::Denied, "bad_request")
        }
        _ => retry(Retry::Unreadable, "error_object"),
    }
}

fn says(error: &ErrorObject, words: &str) -> bool {
    error.message.as_deref().is_some_and(|message| message.to_lowercase().contains(words))
}

fn has_code(error: &ErrorObject, code: &str) -> bool {
    error.code.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kyc::{catalogue, identity::Texts},
        model::attempt::PacingHeaders,
    };
    use std::collections::BTreeSet;

    const DOCUMENT: &str =
        r#"{"status":"ok","data":{"aipriseSummary":{"verificationResult":"APPROVED"}}}"#;
    const PAGE: &str = "<!doctype html><title>gateway</title>";

    fn rule(status: u16, body: &str) -> Ruled {
        classify(&Ok(Answer {
            status,
            content_type: None,
            headers: PacingHeaders::default(),
            from_sandbox: false,
            body: body.as_bytes().to_vec(),
        }))
    }

    /// An error in each of the forms in which a body may say it (API notes A3, D4, F.13).
    fn error_bodies(code: &str, message: &str) -> [String; 5] {
        [
            format!(r#"{{"success":false,"code":"{code}","message":"{message}"}}"#),
            format!(r#"{{"errorCode":"{code}","error":"{message}"}}"#),
            format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#),
            format!(r#"{{"status":"error","code":"{code}","message":["{message}"]}}"#),
            format!(
                r#"{{"statusCode":400,"code":"{code}","message":["{message}"],"error":"Error"}}"#
            ),
        ]
    }

    /// One line for each run of statuses that are ruled alike.
    fn rulings(body: &str) -> Vec<String> {
        let mut lines: Vec<(u16, u16, String)> = Vec::new();
        for status in 100..=599 {
            let ruled = rule(status, body);
            let said = format!("{:?} {}", ruled.ruling, ruled.reason);
            match lines.last_mut() {
                Some((_, last, same)) if *same == said => *last = status,
                _ => lines.push((status, status, said)),
            }
        }
        lines.into_iter().map(|(first, last, said)| format!("{first}-{last} {said}")).collect()
    }

    #[test]
    fn the_catalogue_lists_every_reason_and_no_other() {
        let errors = [
            ("UNAUTHORIZED", "User is not associated with the partner"),
            ("UNAUTHORIZED", "x"),
            ("INVALID_PARTNER_FLOW", "x"),
            ("NOT_FOUND_ERROR", "Cannot GET"),
            ("TOO_MANY_REQUESTS", "x"),
            ("INTERNAL_SERVER_ERROR", "x"),
            ("BAD_REQUEST", "x"),
            ("OTHER", "x"),
        ];
        let errors = errors.into_iter().flat_map(|(code, message)| error_bodies(code, message));
        let others = ["", PAGE, DOCUMENT, "{", "[1]", r#"{"status":"ok"}"#].map(str::to_owned);
        let bodies: Vec<_> = errors.chain(others).collect();
        let given = bodies.iter().flat_map(|body| (100..=599).map(|status| rule(status, body)));
        let faults = Fault::ALL.into_iter().map(|fault| classify(&Err(fault)));
        let given: BTreeSet<_> = given.chain(faults).map(|ruled| ruled.reason).collect();
        let column = catalogue::table("attempts").and_then(|table| table.column("reason"));
        let listed = column.into_iter().flat_map(|column| column.words.iter().copied()).collect();
        assert_eq!(given, listed);
    }

    #[test]
    fn every_status_with_an_empty_body() {
        assert_eq!(
            rulings(""),
            [
                "100-199 Retry(Unreadable) no_such_status",
                "200-205 Retry(Unreadable) empty",
                "206-206 Retry(Unreadable) partial",
                "207-299 Retry(Unreadable) empty",
                "300-399 Refused(Address) redirect",
                "400-400 Settled(Denied) bad_request",
                "401-401 Refused(Key) bad_key",
                "402-402 Settled(Denied) refused",
                "403-403 Refused(Key) forbidden",
                "404-404 Settled(NoVerification) no_verification",
                "405-405 Refused(Address) method_not_allowed",
                "406-406 Settled(Denied) refused",
                "407-407 Refused(Address) proxy_authentication",
                "408-408 Retry(Transient) try_again",
                "409-420 Settled(Denied) refused",
                "421-421 Retry(Transient) try_again",
                "422-424 Settled(Denied) refused",
                "425-425 Retry(Transient) try_again",
                "426-428 Settled(Denied) refused",
                "429-429 Retry(Throttled) throttled",
                "430-499 Settled(Denied) refused",
                "500-599 Retry(Transient) server_error",
            ]
        );
    }

    #[test]
    fn a_document_counts_only_under_a_status_of_success() {
        let answered: Vec<_> = (100..=599)
            .filter(|status| rule(*status, DOCUMENT).ruling == Ruling::Settled(Outcome::Answered))
            .collect();
        let whole: Vec<_> = (200..=299).filter(|status| *status != 206).collect();
        assert_eq!(answered, whole);
    }

    #[test]
    fn the_numbers_of_a_document_are_read_while_it_is_open() {
        let body = r#"{"status":"ok","data":{"idInfo":{"idNumber":"AB-1234","issueCountryCode":"MX"},
            "clientReferenceData":{"personalInfo":{"taxId":"AAAA900101"}}}}"#;
        let numbers = Texts {
            document: Some("AB1234"),
            issued_by: Some("MX"),
            tax_id: Some("AAAA900101"),
            born_in: None,
        };
        assert_eq!(rule(200, body).identity, numbers.identity());
        assert!(numbers.identity().document.is_some() && numbers.identity().tax_id.is_some());
        for (status, body) in [(200, DOCUMENT), (500, body), (206, body), (200, "{}")] {
            assert_eq!(rule(status, body).identity, Identity::default(), "{status} {body}");
        }
    }

    #[test]
    fn a_page_is_never_a_fact_about_a_user() {
        for status in (200..=299).chain([301, 302, 307, 308, 401, 403, 404, 500, 502, 503, 504]) {
            let ruling = rule(status, PAGE).ruling;
            assert!(!matches!(ruling, Ruling::Settled(_)), "{status}: {ruling:?}");
        }
    }

    #[test]
    fn every_fault_is_worth_another_attempt() {
        for fault in Fault::ALL {
            let ruled = classify(&Err(fault));
            assert_eq!(ruled.ruling, Ruling::Retry(Retry::Transient), "{fault:?}");
            assert_eq!(ruled.reason, fault.as_str());
        }
    }

    #[test]
    fn the_words_tell_a_bad_key_from_a_user_of_another_partner() {
        for message in ["API Key is missing", "Invalid API Key format", "Invalid API Key"] {
            for body in error_bodies("UNAUTHORIZED", message) {
                assert_eq!(rule(401, &body).ruling, Ruling::Refused(Refusal::Key), "{body}");
            }
        }
        for body in error_bodies("UNAUTHORIZED", "User is not associated with the partner") {
            assert_eq!(rule(401, &body).ruling, Ruling::Settled(Outcome::Denied), "{body}");
            assert_eq!(rule(401, &body).reason, "not_ours");
        }
    }

    #[test]
    fn a_forbidden_flow_concerns_the_partner() {
        for body in error_bodies("INVALID_PARTNER_FLOW", "The partner has an invalid flow.") {
            assert_eq!(rule(403, &body).ruling, Ruling::Refused(Refusal::Flow), "{body}");
        }
        let without_code = r#"{"statusCode":403,"message":"The partner has an invalid flow."}"#;
        assert_eq!(rule(403, without_code).ruling, Ruling::Refused(Refusal::Flow));
        for body in error_bodies("Forbidden", "Forbidden resource") {
            assert_eq!(rule(403, &body).ruling, Ruling::Refused(Refusal::Key), "{body}");
        }
        let framework = r#"{"statusCode":403,"message":"Forbidden resource","error":"Forbidden"}"#;
        assert_eq!(rule(403, framework).ruling, Ruling::Refused(Refusal::Key));
        for body in error_bodies("FORBIDDEN_RESOURCE", "not this one") {
            assert_eq!(rule(403, &body).ruling, Ruling::Settled(Outcome::Denied), "{body}");
        }
    }

    #[test]
    fn not_found_is_a_fact_unless_it_is_the_path_that_is_not_found() {
        for body in error_bodies("NOT_FOUND_ERROR", "Requested KYC verification was not found") {
            assert_eq!(rule(404, &body).ruling, Ruling::Settled(Outcome::NoVerification), "{body}");
        }
        for body in error_bodies("Not Found", "Cannot GET /v2/kyc/details") {
            assert_eq!(rule(404, &body).ruling, Ruling::Refused(Refusal::Address), "{body}");
        }
    }

    #[test]
    fn an_error_under_success_is_ruled_by_its_code() {
        let under_200 = |code: &str, message: &str| {
            let rulings = error_bodies(code, message).map(|body| rule(200, &body).ruling);
            assert!(rulings.iter().all(|ruling| *ruling == rulings[0]), "{code}: {rulings:?}");
            rulings[0]
        };
        let settled = Ruling::Settled;
        assert_eq!(under_200("UNAUTHORIZED", "Invalid API Key"), Ruling::Refused(Refusal::Key));
        assert_eq!(
            under_200("UNAUTHORIZED", "User is not associated with the partner"),
            settled(Outcome::Denied)
        );
        assert_eq!(under_200("INVALID_PARTNER_FLOW", "x"), Ruling::Refused(Refusal::Flow));
        assert_eq!(under_200("NOT_FOUND_ERROR", "x"), settled(Outcome::NoVerification));
        assert_eq!(under_200("INVALID_USER_INPUT_ERROR", "x"), settled(Outcome::Denied));
        assert_eq!(under_200("TOO_MANY_REQUESTS", "x"), Ruling::Retry(Retry::Throttled));
        assert_eq!(under_200("INTERNAL_SERVER_ERROR", "x"), Ruling::Retry(Retry::Transient));
        assert_eq!(under_200("KYC_RETRIEVAL_FAILED", "x"), Ruling::Retry(Retry::Unreadable));
    }

    #[test]
    fn right_json_is_accepted_whatever_its_content_type_says() {
        for body in [
            DOCUMENT,
            r#"{"success":true,"data":{"idInfo":{}}}"#,
            r#"{"idInfo":{"fullName":"Ada"}}"#,
        ] {
            assert_eq!(rule(200, body).ruling, Ruling::Settled(Outcome::Answered), "{body}");
        }
    }
}
