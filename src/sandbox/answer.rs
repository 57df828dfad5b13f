//! What the server says about one user when nothing goes wrong, and how it says no.

use crate::sandbox::{
    day::Day,
    dialect::{Dialect, Envelope},
    document::whole,
    error_form::ErrorForm,
    fate::Fate,
    json::{Json, object},
    life::{Life, Standing},
};

/// Status, content type and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

pub const JSON: &str = "application/json; charset=utf-8";
pub const HTML: &str = "text/html; charset=utf-8";

const MAINTENANCE_PAGE: &str = "<!doctype html>\n<html><head><title>We will be back</title></head>\
    <body><h1>Scheduled maintenance</h1><p>Please come back in a few minutes.</p></body></html>\n";

impl Answer {
    /// The true answer about a user on the first day: a pure function of seed and id.
    #[must_use]
    pub fn about(seed: u64, id: &str) -> Self {
        Self::on(Day::FIRST, seed, id)
    }

    /// The true answer about a user on this day: a pure function of day, seed and id.
    #[must_use]
    pub fn on(day: Day, seed: u64, id: &str) -> Self {
        match Standing::of(seed, id, day) {
            Standing::Verified(life) => Self::document(seed, id, &life),
            Standing::Unverified | Standing::Gone => {
                let message = "Requested KYC verification was not found";
                Self::refusal(404, "NOT_FOUND_ERROR", message, ErrorForm::of(seed, id))
            }
            Standing::Unspoken(Fate::Foreign) => {
                let message = "User is not associated with the partner";
                Self::refusal(401, "UNAUTHORIZED", message, ErrorForm::of(seed, id))
            }
            Standing::Unspoken(Fate::HtmlPage) => Self::page(200, MAINTENANCE_PAGE),
            Standing::Unspoken(Fate::ErrorObject) => {
                let message = "Failed to get user KYC details";
                let form = ErrorForm::Nested;
                Self::json(200, form.body(500, "KYC_RETRIEVAL_FAILED", message.to_owned()))
            }
            Standing::Unspoken(_) => Self::bad_gateway(),
        }
    }

    /// The request carries no key, a misshapen one or a wrong one.
    #[must_use]
    pub fn bad_key(message: &str) -> Self {
        Self::refusal(401, "UNAUTHORIZED", message, ErrorForm::Flat)
    }

    /// The request names no user.
    #[must_use]
    pub fn no_user_id() -> Self {
        let body = object! {
            "statusCode": 400_u32,
            "message": vec!["userId should not be empty", "userId must be a string"],
            "error": "Bad Request",
        };
        Self::json(400, body)
    }

    /// The request names a day that never comes.
    #[must_use]
    pub fn no_such_day() -> Self {
        let message = format!("from and to must be days from 1 to {}", Day::LAST.number());
        Self::refusal(400, "BAD_REQUEST", &message, ErrorForm::Flat)
    }

    /// No such path.
    #[must_use]
    pub fn no_such_path() -> Self {
        Self::refusal(404, "", "Cannot GET this path", ErrorForm::Framework)
    }

    /// Above the quota.
    #[must_use]
    pub fn throttled() -> Self {
        Self::refusal(429, "TOO_MANY_REQUESTS", "Too many requests", ErrorForm::Flat)
    }

    /// The service failed.
    #[must_use]
    pub fn internal_error() -> Self {
        let message = "Failed to get user KYC details";
        Self::refusal(500, "INTERNAL_SERVER_ERROR", message, ErrorForm::Flat)
    }

    /// The service is not there for the moment.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::refusal(503, "", "Service Unavailable", ErrorForm::Framework)
    }

    /// The gateway found nobody behind it, and says so in its own way.
    #[must_use]
    pub fn bad_gateway() -> Self {
        Self::gateway(502, "502 Bad Gateway")
    }

    /// The gateway waited for somebody behind it, and says so in its own way.
    #[must_use]
    pub fn gateway_timeout() -> Self {
        Self::gateway(504, "504 Gateway Time-out")
    }

    fn gateway(status: u16, title: &str) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
             <center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        Self::page(status, &page)
    }

    fn document(seed: u64, id: &str, life: &Life) -> Self {
        let dialect = Dialect::of(seed, id);
        let document = whole::write(seed, life, &dialect);
        let body = match dialect.envelope {
            Envelope::StatusOk => object! { "status": "ok", "data": document },
            Envelope::SuccessTrue => object! { "success": true, "data": document },
            Envelope::Bare => document,
        };
        Self::json(200, body)
    }

    fn refusal(status: u16, code: &'static str, message: &str, form: ErrorForm) -> Self {
        Self::json(status, form.body(status, code, message.to_owned()))
    }

    fn json(status: u16, body: Json) -> Self {
        Self { status, content_type: JSON, body: body.into_bytes() }
    }

    fn page(status: u16, text: &str) -> Self {
        Self { status, content_type: HTML, body: text.into() }
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, clippy::expect_used, reason = "shares of a few thousand")]
mod tests {
    use std::{collections::BTreeMap, sync::LazyLock};

    use serde_json::Value;
    use sha2::{Digest, Sha256};

    use super::*;

    const PEOPLE: usize = 4_000;

    static ANSWERS: LazyLock<Vec<Answer>> =
        LazyLock::new(|| (0..PEOPLE).map(|n| Answer::about(7, &format!("user-{n}"))).collect());

    /// The documents among the answers, out of their envelopes.
    fn documents() -> Vec<Value> {
        ANSWERS.iter().filter_map(document_in).collect()
    }

    fn document_in(answer: &Answer) -> Option<Value> {
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let document = body.get("data").cloned().unwrap_or(body);
        document.get("idInfo").is_some().then_some(document)
    }

    fn share(part: usize) -> f64 {
        part as f64 / PEOPLE as f64
    }

    #[test]
    fn the_same_seed_and_id_give_the_same_bytes() {
        for id in ["a", "b", "foreign-1", "mismatch-1"] {
            assert_eq!(Answer::about(7, id), Answer::about(7, id));
        }
        assert_ne!(Answer::about(7, "approved-a"), Answer::about(8, "approved-a"));
    }

    #[test]
    fn the_people_are_who_they_always_were() {
        let bodies = ANSWERS.iter().map(|answer| &answer.body);
        let digest = bodies.fold(Sha256::new(), Sha256::chain_update).finalize();
        assert_eq!(digest[..8], 0xe169_91a1_de2c_6ccf_u64.to_be_bytes());
    }

    #[test]
    fn bodies_have_1_to_12_kb_and_about_3_in_the_mean() {
        let sizes: Vec<usize> = ANSWERS
            .iter()
            .filter(|answer| document_in(answer).is_some())
            .map(|answer| answer.body.len())
            .collect();
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        let (low, high) = (sizes.iter().min().copied(), sizes.iter().max().copied());
        assert!((2_800..3_500).contains(&mean), "mean {mean}");
        assert!(low >= Some(1_000) && high <= Some(12_288), "{low:?} to {high:?}");
        assert!(high >= Some(6_000), "{high:?}");
    }

    #[test]
    fn decisions_come_in_their_shares() {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let documents = documents();
        for document in &documents {
            let word = document.pointer("/aipriseSummary/verificationResult");
            let word = word.and_then(Value::as_str).unwrap_or("").trim().to_uppercase();
            let decision = match word.as_str() {
                "APPROVED" | "VERIFIED" => "approved",
                "DECLINED" | "REJECTED" => "rejected",
                "REVIEW" | "REVIEW_NEEDED" | "MANUAL_REVIEW" | "UPDATE_REQUIRED" => "review",
                "" | "UNKNOWN" | "IN_PROGRESS" | "NOT_STARTED" | "PENDING" => "undecided",
                _ => "unheard",
            };
            *words.entry(decision).or_default() += 1;
        }
        let is_about = |word, wanted: f64, margin: f64| {
            let got = share(words.get(word).copied().unwrap_or_default());
            assert!((got - wanted).abs() < margin, "{word}: {got}");
        };
        is_about("approved", 0.783, 0.02);
        is_about("rejected", 0.07, 0.012);
        is_about("review", 0.06, 0.012);
        is_about("undecided", 0.04, 0.01);
        is_about("unheard", 0.004, 0.003);
    }

    #[test]
    fn three_in_a_hundred_have_no_verification_and_few_are_strangers() {
        let count = |status| share(ANSWERS.iter().filter(|answer| answer.status == status).count());
        assert!((count(404) - 0.03).abs() < 0.008, "{}", count(404));
        assert!((count(401) - 0.005).abs() < 0.004, "{}", count(401));
    }

    #[test]
    fn one_in_twenty_is_on_a_list_some_closed_and_some_open() {
        let mut named = 0;
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        for document in documents() {
            let hits = document.pointer("/amlInfo/entityHits").and_then(Value::as_array).cloned();
            let hits = hits.unwrap_or_default();
            named += usize::from(!hits.is_empty());
            for hit in hits {
                let word = hit["resolutionStatus"].as_str().unwrap_or_default().to_uppercase();
                *words.entry(word).or_default() += 1;
            }
        }
        assert!((share(named) - 0.05).abs() < 0.012, "{}", share(named));
        assert!(words["FALSE_POSITIVE"] > 10 && words["OPEN"] > 10, "{words:?}");
    }

    #[test]
    fn only_a_wrong_person_has_another_reference() {
        for (n, answer) in ANSWERS.iter().enumerate() {
            let id = format!("user-{n}");
            let Some(document) = document_in(answer) else { continue };
            let Some(reference) = document["clientReferenceId"].as_str() else { continue };
            assert_eq!(reference != id, Fate::of(7, &id) == Fate::WrongPerson, "{id}");
        }
    }

    #[test]
    fn the_three_envelopes_the_forms_of_time_and_the_gaps_are_met() {
        let bodies: Vec<Value> =
            ANSWERS.iter().filter_map(|a| serde_json::from_slice(&a.body).ok()).collect();
        let count = |is: fn(&Value) -> bool| bodies.iter().filter(|body| is(body)).count();
        assert!(count(|body| body["status"] == "ok") > 2_000);
        assert!(count(|body| body["success"] == true) > 400);
        assert!(count(|body| body.get("idInfo").is_some()) > 300);
        let documents = documents();
        let count = |is: fn(&Value) -> bool| documents.iter().filter(|doc| is(doc)).count();
        assert!(count(|doc| doc["createdAt"].is_number()) > 300);
        assert!(count(|doc| doc["createdAt"].as_str().is_some_and(|t| t.ends_with('Z'))) > 1_000);
        assert!(count(|doc| doc.get("amlInfo").is_none_or(Value::is_null)) > 10);
        assert!(
            count(|doc| doc.pointer("/faceMatchInfo/faceMatchScore").is_some_and(Value::is_string))
                > 20
        );
        assert!(count(|doc| doc.get("environment").is_some()) > 100);
    }

    #[test]
    fn a_special_id_gets_a_complete_document() {
        for n in 0..200 {
            let answer = Answer::about(7, &format!("approved-{n}"));
            let document = document_in(&answer).expect("a document");
            for section in ["amlInfo", "faceMatchInfo", "faceLivenessInfo", "fraudInsights"] {
                assert!(document[section].is_object(), "{section} of approved-{n}");
            }
            assert_eq!(document["clientReferenceId"], format!("approved-{n}"));
        }
    }

    #[test]
    fn a_hostile_name_is_told_as_it_was_given() {
        for (id, name) in [
            ("markup-1", "<img src=x onerror=alert(1)>"),
            ("formula-1", "=HYPERLINK(\"http://x\")"),
        ] {
            let document = document_in(&Answer::about(7, id)).expect("a document");
            assert_eq!(document["idInfo"]["fullName"], name);
            assert_eq!(document["idInfo"]["firstName"], name);
        }
    }

    #[test]
    fn a_special_id_answers_as_its_name_says() {
        let status = |id| Answer::about(7, id).status;
        assert_eq!(status("missing-1"), 404);
        assert_eq!(status("foreign-1"), 401);
        assert_eq!(status("badgateway-1"), 502);
        assert_eq!(Answer::about(7, "html-1").content_type, HTML);
        assert_eq!(Answer::about(7, "error200-1").status, 200);
        assert!(document_in(&Answer::about(7, "error200-1")).is_none());
        let bare: Value = serde_json::from_slice(&Answer::about(7, "bare-1").body).expect("JSON");
        assert!(bare.get("idInfo").is_some());
    }
}
