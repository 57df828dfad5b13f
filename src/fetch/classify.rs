//! What an attempt means: settled, worth another try, or a sign that the whole job is wrong.
//!
//! Pure, and total over every status, fault and body. The facts are in the API notes, A3 and F.10 to F.13.

use crate::{
    kyc::{
        envelope::{self, Opened},
        error_object::ErrorObject,
    },
    model::{
        attempt::{Answer, Fault},
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
}

const fn settled(outcome: Outcome, reason: &'static str) -> Ruled {
    Ruled { ruling: Ruling::Settled(outcome), reason }
}

const fn retry(retry: Retry, reason: &'static str) -> Ruled {
    Ruled { ruling: Ruling::Retry(retry), reason }
}

const fn refused(refusal: Refusal, reason: &'static str) -> Ruled {
    Ruled { ruling: Ruling::Refused(refusal), reason }
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
        200..=299 => match opened {
            Opened::Document(_) => settled(Outcome::Answered, "answered"),
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
        Opened::Error(error) if says(error, "not associated") => {
            settled(Outcome::Denied, "not_ours")
        }
        _ => refused(Refusal::Key, "bad_key"),
    }
}

/// 403 with the partner's code is about our account. Without one it comes from whatever guards the API, and is about
/// our key or our address on the network, never about one user.
fn forbidden(opened: &Opened<'_>) -> Ruled {
    match opened {
        Opened::Error(error) if has_code(error, "INVALID_PARTNER_FLOW") => {
            refused(Refusal::Flow, "partner_flow")
        }
        Opened::Error(error) if error.code.is_some() => settled(Outcome::Denied, "forbidden"),
        _ => refused(Refusal::Key, "forbidden"),
    }
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
            settled(Outcome::Denied, "not_ours")
        }
        "UNAUTHORIZED" | "401" => refused(Refusal::Key, "bad_key"),
        "INVALID_PARTNER_FLOW" => refused(Refusal::Flow, "partner_flow"),
        "NOT_FOUND_ERROR" | "NOT_FOUND" | "404" => {
            settled(Outcome::NoVerification, "no_verification")
        }
        "429" | "TOO_MANY_REQUESTS" => retry(Retry::Throttled, "throttled"),
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
