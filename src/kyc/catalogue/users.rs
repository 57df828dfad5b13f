//! The `users` table: one row per user of the roster.

use super::{
    Column,
    Kind::{Bool, Int, Text, Timestamp},
    Privacy::{None, Personal, Pseudonym, Secret},
    Table, derived, run, sections, sent, source, with_raw_texts,
};
use crate::{
    kyc::{decision, decision::Decision},
    model::{outcome::Outcome, verdict::Verdict},
};

pub(super) fn table() -> Table {
    let parts =
        [asking(), verdicts(), evidence(), summary(), sections::columns(), counts(), ages()];
    Table {
        name: "users",
        meaning: "One row per user of the roster, always, in roster order.",
        rows: vec![String::new()],
        columns: with_raw_texts(parts.concat()),
    }
}

fn asking() -> Vec<Column> {
    vec![
        run("run_id", Text, None, "The run that published this row.", source::SETTINGS),
        run(
            "user_id",
            Text,
            Pseudonym,
            "Id of the user at the partner, as in the roster.",
            source::ROSTER,
        ),
        run("position", Int, None, "Place of the user in the roster, from 1.", source::ROSTER),
        run(
            "roster_line",
            Int,
            None,
            "Line of the roster file on which the user stands first.",
            source::ROSTER,
        ),
        run("outcome", Text, None, "How asking about this user ended.", source::JOURNAL)
            .of_words(Outcome::ALL.map(Outcome::as_str)),
        run(
            "carried",
            Bool,
            None,
            "Whether the answer was not fetched by this run but carried from an earlier one.",
            source::JOURNAL,
        ),
        run(
            "answer_run_id",
            Text,
            None,
            "The run that asked; null when nobody has an answer.",
            source::JOURNAL,
        ),
        run(
            "answer_age_days",
            Int,
            None,
            "Whole days from the fetch to the start of this run; 0 for what it fetched itself.",
            source::JOURNAL,
        ),
    ]
}

fn verdicts() -> Vec<Column> {
    vec![
        derived(
            "decision",
            Text,
            None,
            "The partner's word about the person, normalised.",
            source::TWO_VOCABULARIES,
        )
        .of_words(Decision::ALL.map(Decision::as_str)),
        run("verdict", Text, None, "Our policy's judgement of the user.", source::POLICY)
            .of_words(Verdict::ALL.map(Verdict::as_str)),
        run(
            "verdict_rules",
            Text,
            None,
            "Ids of all rules that held, joined by `;`, in policy order.",
            source::POLICY,
        ),
        run(
            "verdict_reason",
            Text,
            None,
            "What the first rule with the winning verdict says.",
            source::POLICY,
        ),
        run(
            "baseline_decision",
            Text,
            None,
            "The decision in the baseline; null when there was none, or the user was not in it.",
            source::BASELINE,
        )
        .of_words(Decision::ALL.map(Decision::as_str)),
        run(
            "baseline_verdict",
            Text,
            None,
            "The verdict in the baseline; null when the user was not in it.",
            source::BASELINE,
        )
        .of_words(Verdict::ALL.map(Verdict::as_str)),
    ]
}

fn evidence() -> Vec<Column> {
    vec![
        run(
            "fetched_at",
            Timestamp,
            None,
            "When the attempt that settled the user started.",
            source::JOURNAL,
        ),
        run(
            "http_status",
            Int,
            None,
            "HTTP status of the attempt that settled the user.",
            source::JOURNAL,
        ),
        run(
            "attempts",
            Int,
            None,
            "Number of exchanges of this run with the server about this user.",
            source::JOURNAL,
        ),
        run(
            "document_sha256",
            Text,
            Pseudonym,
            "SHA-256 of the answer's body as received, in hex.",
            source::JOURNAL,
        ),
        run(
            "document_bytes",
            Int,
            None,
            "Length of the answer's body as received, in bytes.",
            source::JOURNAL,
        ),
        derived(
            "reference_mismatch",
            Bool,
            None,
            "Whether the document names another user than the one we asked about; null when it names none.",
            source::REFERENCE,
        ),
        derived(
            "envelope_contested",
            Bool,
            None,
            "Whether the answer holds a second document, or an envelope that contradicts the one it has; null without a document.",
            source::ENVELOPE,
        ),
        derived(
            "contested_keys",
            Int,
            None,
            "Number of values of the document under a key that was there before with another value; the facts made of such a key are null.",
            source::OURS,
        ),
        derived(
            "unmapped_verdict_words",
            Bool,
            None,
            "Whether something the catalogue has no place for reads as a decision that is not an approval.",
            source::UNKNOWN_KEYS,
        ),
    ]
}

fn summary() -> Vec<Column> {
    vec![
        sent(
            "/aipriseSummary/verificationResult",
            Text,
            None,
            "The partner's decision about the person, as sent.",
        )
        .of_words(decision::known_words()),
        sent(
            "/verificationSessionId",
            Text,
            Pseudonym,
            "Id of the verification session at the provider.",
        ),
        sent("/clientReferenceId", Text, Pseudonym, "The user id the document itself names."),
        sent(
            "/createdAt",
            Timestamp,
            None,
            "When the verification was created; UTC where the text names no zone.",
        ),
        derived(
            "created_month",
            Text,
            None,
            "Month in which the verification was created, as `YYYY-MM` in UTC.",
            source::DATES,
        ),
        sent(
            "/clientReferenceData/personalInfo/profession",
            Text,
            Personal,
            "Profession the user declared.",
        ),
        sent(
            "/clientReferenceData/personalInfo/phoneNumber",
            Text,
            Personal,
            "Phone number the user declared.",
        ),
        sent(
            "/clientReferenceData/personalInfo/birthCountry",
            Text,
            Personal,
            "Country of birth the user declared.",
        ),
        derived(
            "client_reference_data_personal_info_birth_country_alpha2",
            Text,
            Personal,
            "Country of birth as ISO 3166-1 alpha-2; null when it cannot be read.",
            source::COUNTRIES,
        ),
        sent(
            "/clientReferenceData/personalInfo/taxId",
            Text,
            Personal,
            "Tax id the user declared.",
        ),
    ]
}

fn counts() -> Vec<Column> {
    vec![
        derived(
            "warnings_total",
            Int,
            None,
            "Number of warnings in all sections; null when there is no section, or a list of them cannot be read.",
            source::WARNINGS,
        ),
        derived(
            "warnings_problem",
            Int,
            None,
            "Number of warnings whose code names a problem.",
            source::WARNINGS,
        ),
        derived(
            "warnings_good",
            Int,
            None,
            "Number of warnings whose code is good news.",
            source::WARNINGS,
        ),
        derived(
            "status_reasons_total",
            Int,
            None,
            "Number of status reasons in all sections; null when there is no section, or a list of them cannot be read.",
            source::OURS,
        ),
        derived(
            "shared_document_users",
            Int,
            None,
            "How many users of this run show the same document number, this one included, unless their issuing countries are known to be different; null without a number.",
            source::OURS,
        ),
        derived(
            "shared_tax_id_users",
            Int,
            None,
            "How many users of this run declare the same tax id, this one included, unless their countries of birth are known to be different; null without a tax id.",
            source::OURS,
        ),
    ]
}

fn ages() -> Vec<Column> {
    vec![
        derived(
            "document_expired",
            Bool,
            None,
            "Whether the document had expired when it was fetched.",
            source::OURS,
        ),
        derived(
            "expires_within_90d",
            Bool,
            None,
            "Whether the document expires on the day it was fetched or in the 90 days after.",
            source::OURS,
        ),
        derived(
            "days_to_expiry",
            Int,
            Personal,
            "Days from the day of fetching to the day the document expires; below zero once it has expired.",
            source::OURS,
        ),
        derived(
            "days_since_issue",
            Int,
            Personal,
            "Days from the day the document was issued to the day of fetching; below zero when it lies ahead.",
            source::OURS,
        ),
        derived(
            "days_since_verification",
            Int,
            None,
            "Days from the day the verification was created to the day of fetching; below zero when it lies ahead.",
            source::OURS,
        ),
        derived(
            "age_at_verification",
            Int,
            Personal,
            "Full years of age when the verification was created or fetched, whichever came first; null when either date cannot be read or was sent twice, or the birth is the later one (a `contradiction` in drift).",
            source::OURS,
        ),
        derived(
            "unmapped",
            Text,
            Secret,
            "What the catalogue has no place for, as a JSON object by JSON pointer; null when nothing.",
            source::UNKNOWN_KEYS,
        ),
    ]
}
