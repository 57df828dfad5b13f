//! The columns of `users` that hold the sections of the document, each with its result first.

use super::{
    Column,
    Kind::{Bool, Date, Float, Int, Text},
    Privacy::{None, Personal, Pseudonym, Secret, Sensitive},
    derived, json, sent, source,
};
use crate::kyc::{check, check::Check, decision, face_score::FaceScale};

/// All sections, in order of publication.
pub(super) fn columns() -> Vec<Column> {
    [id_info(), face_match(), face_liveness(), fraud(), aml(), media()].concat()
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
        )
        .of_words(ID_TYPES),
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
            "Nationality as ISO 3166-1 alpha-2, from the code, else from the name; null when neither can be read or they name two countries.", source::COUNTRIES),
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
            "Issuing country as ISO 3166-1 alpha-2, from the code, else from the name; null when neither can be read or they name two countries.", source::COUNTRIES),
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

/// `INE` stands in Capa's example; the others are the provider's types of results and inputs (API notes B2).
const ID_TYPES: [&str; 29] = [
    "INE",
    "NATIONAL_ID",
    "ID_CARD",
    "PASSPORT",
    "DRIVER_LICENSE",
    "RESIDENT_CARD",
    "VISA",
    "VOTER_ID",
    "TAX_ID",
    "COLOMBIA_PPT",
    "GHANA_CARD",
    "GHANA_SSNIT_CARD",
    "KENYA_ALIEN_CARD",
    "NATIONAL_ID_NUMBER",
    "PASSPORT_NUMBER",
    "BVN",
    "VOTER_ID_NUMBER",
    "DRIVER_LICENSE_NUMBER",
    "TAX_ID_NUMBER",
    "NIN",
    "SSN9",
    "SSN4",
    "SSNIT",
    "KRA_PIN",
    "ALIEN_CARD_NUMBER",
    "COLOMBIA_PPT_NUMBER",
    "GHANA_CARD_NUMBER",
    "PAN_CARD",
    "VOTER_ID_CARD",
];

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
        derived("face_score", Float, Sensitive, "Likeness of selfie and document, from 0 to 1.", source::FACE_SCALE),
        derived("face_score_scale", Text, None, "The scale the score was read on.", source::FACE_SCALE)
            .of_words(FaceScale::ALL.map(FaceScale::as_str)),
        derived(
            "face_score_unreadable",
            Bool,
            None,
            "Whether the score sent is no number, lies outside its scale or is not the only one; null when none was sent.", source::FACE_SCALE),
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
        derived(
            "aml_info_check",
            Text,
            None,
            "State of the AML screening, normalised.",
            source::MISSING_SECTIONS,
        )
        .of_words(["approved", "closed", "review", "undecided", "unrecognized", "absent"]),
        derived(
            "aml_screened",
            Bool,
            None,
            "Whether the document holds an AML section.",
            source::MISSING_SECTIONS,
        ),
        derived(
            "aml_hits_total",
            Int,
            Sensitive,
            "Number of AML entities listed; null when not screened or not listed.",
            source::AML_COUNTS,
        ),
        derived(
            "aml_open_hits",
            Int,
            Sensitive,
            "Number of AML entities whose resolution is not a known closed one.",
            source::AML_COUNTS,
        ),
        derived(
            "aml_hits_disagree",
            Bool,
            Sensitive,
            "Whether the declared number of AML hits, the entities listed and the summary by type contradict each other; null when not screened, or when one of them cannot be read.",
            source::AML_COUNTS,
        ),
    ]
}

fn media() -> Vec<Column> {
    vec![
        sent(
            "/media/frontIdImageUrl",
            Text,
            Secret,
            "Address of the image of the document's front, as far as `--media` shows it.",
        ),
        sent(
            "/media/backIdImageUrl",
            Text,
            Secret,
            "Address of the image of the document's back, as far as `--media` shows it.",
        ),
        sent(
            "/media/selfieImageUrl",
            Text,
            Secret,
            "Address of the selfie, as far as `--media` shows it.",
        ),
        sent(
            "/media/selfieVideoUrl",
            Text,
            Secret,
            "Address of the selfie video, as far as `--media` shows it.",
        ),
    ]
}

fn checked_section(pointer: &str) -> Vec<Column> {
    let mut columns = section(pointer);
    let name = format!("{}_check", super::naming::from_pointer(pointer));
    let check =
        derived(&name, Text, None, "Decision of this section, normalised.", source::SECTION_WORDS)
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
