//! The `users` table: one row per user of the roster.

use super::{
    Column,
    Kind::{Bool, Date, Float, Int, Text, Timestamp},
    Privacy::{None, Personal, Pseudonym, Secret, Sensitive},
    Table, derived, json, run, sent, with_raw_texts,
};
use crate::{
    kyc::{check, check::Check, decision, decision::Decision, face_score::FaceScale},
    model::{outcome::Outcome, verdict::Verdict},
};

pub(super) fn table() -> Table {
    let parts = [
        asking(),
        verdicts(),
        evidence(),
        summary(),
        id_info(),
        face_match(),
        face_liveness(),
        fraud(),
        aml(),
        media(),
        counts(),
        ages(),
    ];
    Table {
        name: "users",
        meaning: "One row per user of the roster, always, in roster order.",
        rows: vec![String::new()],
        columns: with_raw_texts(parts.concat()),
    }
}

fn asking() -> Vec<Column> {
    vec![
        run("run_id", Text, None, "The run that published this row."),
        run("user_id", Text, Pseudonym, "Id of the user at the partner, as in the roster."),
        run("position", Int, None, "Place of the user in the roster, from 1."),
        run("roster_line", Int, None, "Line of the roster file on which the user stands first."),
        run("outcome", Text, None, "How asking about this user ended.")
            .of_words(Outcome::ALL.map(Outcome::as_str)),
    ]
}

fn verdicts() -> Vec<Column> {
    vec![
        derived("decision", Text, None, "The partner's word about the person, normalised.")
            .of_words(Decision::ALL.map(Decision::as_str)),
        run("verdict", Text, None, "Our policy's judgement of the user.")
            .of_words(Verdict::ALL.map(Verdict::as_str)),
        run(
            "verdict_rules",
            Text,
            None,
            "Ids of all rules that held, joined by `;`, in policy order.",
        ),
        run("verdict_reason", Text, None, "What the first rule with the winning verdict says."),
    ]
}

fn evidence() -> Vec<Column> {
    vec![
        run("fetched_at", Timestamp, None, "When the attempt that settled the user started."),
        run("http_status", Int, None, "HTTP status of the attempt that settled the user."),
        run("attempts", Int, None, "Number of exchanges with the server about this user."),
        run(
            "document_sha256",
            Text,
            Pseudonym,
            "SHA-256 of the answer's body as received, in hex.",
        ),
        run("document_bytes", Int, None, "Length of the answer's body as received, in bytes."),
        derived(
            "reference_mismatch",
            Bool,
            None,
            "Whether the document names another user than the one we asked about; null when it names none.",
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
        ),
        sent(
            "/clientReferenceData/personalInfo/taxId",
            Text,
            Personal,
            "Tax id the user declared.",
        ),
    ]
}

fn id_info() -> Vec<Column> {
    let mut columns = checked_section("/idInfo");
    columns.extend([
        json("/idInfo/checkSummary", Personal, "The provider's own summary of the document check."),
        sent(
            "/idInfo/idType",
            Text,
            None,
            "Type of the identity document, in the partner's words.",
        ),
        sent("/idInfo/idNumber", Text, Personal, "Number of the identity document."),
        sent("/idInfo/firstName", Text, Personal, "Given name on the document."),
        sent("/idInfo/middleName", Text, Personal, "Middle name on the document."),
        sent("/idInfo/lastName", Text, Personal, "First family name on the document."),
        sent("/idInfo/secondLastName", Text, Personal, "Second family name on the document."),
        sent("/idInfo/fullName", Text, Personal, "Full name on the document."),
        sent("/idInfo/birthDate", Date, Personal, "Date of birth on the document."),
        sent("/idInfo/idIssueDate", Date, Personal, "Date on which the document was issued."),
        sent("/idInfo/idExpiryDate", Date, Personal, "Date on which the document expires."),
        sent("/idInfo/gender", Text, Personal, "Gender on the document, in the partner's words."),
        sent(
            "/idInfo/nationality",
            Text,
            Personal,
            "Nationality on the document: a name or a code.",
        ),
        sent("/idInfo/nationalityCode", Text, Personal, "Code of the nationality on the document."),
        derived(
            "id_info_nationality_alpha2",
            Text,
            Personal,
            "Nationality as ISO 3166-1 alpha-2, from the code, else from the name; null when neither can be read or they name two countries.",
        ),
        sent(
            "/idInfo/issueCountry",
            Text,
            None,
            "Country that issued the document: a name or a code.",
        ),
        sent(
            "/idInfo/issueCountryCode",
            Text,
            None,
            "Code of the country that issued the document.",
        ),
        derived(
            "id_info_issue_country_alpha2",
            Text,
            None,
            "Issuing country as ISO 3166-1 alpha-2, from the code, else from the name; null when neither can be read or they name two countries.",
        ),
        sent(
            "/idInfo/address/fullAddress",
            Text,
            Personal,
            "Address on the document, in one line.",
        ),
        json(
            "/idInfo/documentDetails",
            Personal,
            "What was read from the document: text, MRZ and barcode.",
        ),
    ]);
    columns
}

fn face_match() -> Vec<Column> {
    let mut columns = checked_section("/faceMatchInfo");
    columns.extend([
        json(
            "/faceMatchInfo/checkSummary",
            Sensitive,
            "The provider's own summary of the face match.",
        ),
        sent(
            "/faceMatchInfo/faceMatchScore",
            Float,
            Sensitive,
            "Likeness of selfie and document, on the scale as sent.",
        ),
        derived("face_score", Float, Sensitive, "Likeness of selfie and document, from 0 to 1."),
        derived("face_score_scale", Text, None, "The scale the score was read on.")
            .of_words(FaceScale::ALL.map(FaceScale::as_str)),
        derived(
            "face_score_unreadable",
            Bool,
            None,
            "Whether the score sent is no number, lies outside its scale or is not the only one; null when none was sent.",
        ),
    ]);
    columns
}

fn face_liveness() -> Vec<Column> {
    let mut columns = checked_section("/faceLivenessInfo");
    columns.push(json(
        "/faceLivenessInfo/checkSummary",
        Sensitive,
        "The provider's own summary of the liveness check.",
    ));
    columns
}

fn fraud() -> Vec<Column> {
    let mut columns = checked_section("/fraudInsights");
    columns.extend(checked_section("/fraudInsights/relatedSessionInsights"));
    columns
}

fn aml() -> Vec<Column> {
    vec![
        sent("/amlInfo/numHits", Int, Sensitive, "Number of AML hits the partner declares."),
        json("/amlInfo/amlHitSummary", Sensitive, "Number of AML hits by type, as declared."),
        sent(
            "/amlInfo/searchCriteria/searchTerm",
            Text,
            Personal,
            "Name that was searched for in the AML lists.",
        ),
        sent(
            "/amlInfo/searchCriteria/fuzzinessScore",
            Float,
            None,
            "Fuzziness of the AML search, from 0 to 1.",
        ),
        sent(
            "/amlInfo/searchCriteria/exactMatch",
            Bool,
            None,
            "Whether the AML search asked for exact matches only.",
        ),
        derived("aml_info_check", Text, None, "State of the AML screening, normalised.")
            .of_words(["approved", "closed", "review", "undecided", "unrecognized", "absent"]),
        derived("aml_screened", Bool, None, "Whether the document holds an AML section."),
        derived(
            "aml_hits_total",
            Int,
            Sensitive,
            "Number of AML entities listed; null when not screened or not listed.",
        ),
        derived(
            "aml_open_hits",
            Int,
            Sensitive,
            "Number of AML entities whose resolution is not a known closed one.",
        ),
        derived(
            "aml_hits_disagree",
            Bool,
            Sensitive,
            "Whether the declared number of AML hits, the entities listed and the summary by type contradict each other; null when not screened, or when one of them cannot be read.",
        ),
    ]
}

fn media() -> Vec<Column> {
    vec![
        sent(
            "/media/frontIdImageUrl",
            Text,
            Secret,
            "Address of the image of the document's front.",
        ),
        sent("/media/backIdImageUrl", Text, Secret, "Address of the image of the document's back."),
        sent("/media/selfieImageUrl", Text, Secret, "Address of the selfie."),
        sent("/media/selfieVideoUrl", Text, Secret, "Address of the selfie video."),
    ]
}

fn counts() -> Vec<Column> {
    vec![
        derived("warnings_total", Int, None, "Number of warnings in all sections."),
        derived("warnings_problem", Int, None, "Number of warnings whose code names a problem."),
        derived("warnings_good", Int, None, "Number of warnings whose code is good news."),
        derived("status_reasons_total", Int, None, "Number of status reasons in all sections."),
        derived(
            "shared_document_users",
            Int,
            None,
            "How many users of this run show the same document number of the same issuing country, this one included; null without a number.",
        ),
        derived(
            "shared_tax_id_users",
            Int,
            None,
            "How many users of this run declare the same tax id and country of birth, this one included; null without a tax id.",
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
        ),
        derived(
            "expires_within_90d",
            Bool,
            None,
            "Whether the document expires on the day it was fetched or in the 90 days after.",
        ),
        derived(
            "days_to_expiry",
            Int,
            Personal,
            "Days from the day of fetching to the day the document expires; below zero once it has expired.",
        ),
        derived(
            "days_since_verification",
            Int,
            None,
            "Days from the day the verification was created to the day of fetching.",
        ),
        derived(
            "age_at_verification",
            Int,
            Personal,
            "Full years of age when the verification was created, else when fetched.",
        ),
        derived(
            "unmapped",
            Text,
            Secret,
            "What the catalogue has no place for, as a JSON object by JSON pointer; null when nothing.",
        ),
    ]
}

fn checked_section(pointer: &str) -> Vec<Column> {
    let mut columns = section(pointer);
    let name = format!("{}_check", super::naming::from_pointer(pointer));
    let check = derived(&name, Text, None, "Decision of this section, normalised.")
        .of_words(Check::ALL.map(Check::as_str));
    columns.push(check);
    columns
}

fn section(pointer: &str) -> Vec<Column> {
    let at = |field: &str| format!("{pointer}/{field}");
    vec![
        sent(&at("result"), Text, None, "The partner's decision in this section, as sent.")
            .of_words(decision::known_words().chain(check::known_words())),
        sent(
            &at("status"),
            Text,
            None,
            "State of this section's check, as sent; some senders put a decision here.",
        )
        .of_words(decision::known_words().chain(check::known_states())),
        sent(&at("section_id"), Text, Pseudonym, "Id of this section's check at the provider."),
    ]
}
