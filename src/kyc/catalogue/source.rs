//! Where the facts of the catalogue come from: what a column's value rests on, in a few words for the dictionary.

/// The page's example and Capa's own schema name the same fields.
pub(super) const CAPA: &str = "Capa's page of the endpoint and OpenAPI";
/// Capa passes these on without describing them.
pub(super) const AIPRISE: &str = "AiPrise's OpenAPI (API notes B3)";

pub(super) const TWO_VOCABULARIES: &str = "API notes F.1";
pub(super) const SECTION_WORDS: &str = "API notes F.2";
pub(super) const FACE_SCALE: &str = "API notes F.3";
pub(super) const MISSING_SECTIONS: &str = "API notes F.4";
pub(super) const UNKNOWN_KEYS: &str = "API notes F.6";
pub(super) const AML_COUNTS: &str = "API notes F.7";
pub(super) const WARNINGS: &str = "API notes F.8";
pub(super) const DATES: &str = "API notes F.9";
pub(super) const ENVELOPE: &str = "API notes F.10";
pub(super) const REFERENCE: &str = "API notes F.14";
pub(super) const COUNTRIES: &str = "API notes F.17, ISO 3166-1";

/// Defined by us in the column's own sentence.
pub(super) const OURS: &str = "our definition";
pub(super) const SETTINGS: &str = "settings";
pub(super) const ROSTER: &str = "roster";
pub(super) const JOURNAL: &str = "journal";
pub(super) const POLICY: &str = "policy";
/// What the documents hold beside what this catalogue expects.
pub(super) const DOCUMENTS: &str = "documents against this catalogue";
/// The other side of a disagreement.
pub(super) const BASELINE: &str = "baseline and our own books";
