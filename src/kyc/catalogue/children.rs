//! The child tables: one row per element of an array of the document.

use super::{
    Column,
    Kind::{Bool, Date, Float, Int, Text, Timestamp},
    Privacy::{None, Personal, Pseudonym, Secret, Sensitive},
    SECTIONS, Table, derived, json, run, sent, source, with_raw_texts,
};
use crate::kyc::{
    resolution,
    warning::{self, Nature},
};

pub(super) fn tables() -> [Table; 4] {
    [aml_entities(), aml_hits(), warnings(), status_reasons()]
}

fn aml_entities() -> Table {
    Table {
        name: "aml_entities",
        meaning: "One row per person or organisation in the AML lists that matched a user.",
        rows: vec!["/amlInfo/entityHits".to_owned()],
        columns: child(vec![
            derived(
                "entity_index",
                Int,
                None,
                "Place of the entity in the user's document, from 1.",
                source::OURS,
            ),
            sent("/id", Text, Sensitive, "Id of the entity at the provider."),
            sent("/entityType", Text, None, "Type of the entity, in the partner's words.")
                .of_words(["PERSON", "COMPANY", "ORGANISATION", "UNKNOWN"]),
            sent("/name", Text, Sensitive, "Name of the entity in the list."),
            sent("/nameMatchScore", Float, Sensitive, "Likeness of the names, from 0 to 100."),
            sent(
                "/dateOfBirth",
                Date,
                Sensitive,
                "Date of birth of the entity; null where the list names less than a day.",
            ),
            sent(
                "/dateOfBirthMatchScore",
                Float,
                Sensitive,
                "Likeness of the dates of birth, from 0 to 100.",
            ),
            sent(
                "/resolutionStatus",
                Text,
                None,
                "What became of the match, in the partner's words.",
            )
            .of_words(resolution::known_words()),
            derived(
                "is_open",
                Bool,
                None,
                "Whether the resolution is not a known closed one.",
                source::AML_COUNTS,
            ),
            json("/alsoKnownAs", Sensitive, "Other names of the entity, as a JSON array."),
        ]),
    }
}

fn aml_hits() -> Table {
    Table {
        name: "aml_hits",
        meaning: "One row per entry of an AML list or source about a matched entity.",
        rows: vec!["/amlInfo/entityHits/*/amlHits".to_owned()],
        columns: child(hit().into_iter().map(passed_on).collect()),
    }
}

fn hit() -> Vec<Column> {
    vec![
        derived(
            "entity_index",
            Int,
            None,
            "The entity's `entity_index` in `aml_entities`.",
            source::OURS,
        ),
        derived("hit_index", Int, None, "Place of the hit in its entity, from 1.", source::OURS),
        sent("/hit_type", Text, None, "Type of the hit, in the partner's words.").of_words([
            "PEP",
            "SANCTION",
            "ADVERSE_MEDIA",
            "WARNING",
            "FITNESS_PROBITY",
            "CRIMINAL_RECORD",
            "LEGAL_BACKGROUND",
            "UNKNOWN",
        ]),
        listed("/source_details/name", Text, "source_name", "Name of the list or source."),
        listed(
            "/source_details/source_id",
            Text,
            "source_id",
            "Id of the list or source at the provider.",
        ),
        listed("/source_details/url", Text, "source_url", "Address of the source."),
        listed(
            "/source_details/listing_started",
            Timestamp,
            "listing_started",
            "Since when the entity is listed.",
        ),
        listed(
            "/source_details/listing_ended",
            Timestamp,
            "listing_ended",
            "Until when the entity was listed.",
        ),
        named(
            json(
                "/source_details/country_codes",
                Sensitive,
                "Countries of the listing, as a JSON array.",
            ),
            "country_codes",
        ),
        named(
            json("/source_details/aml_types", Sensitive, "Types of the listing, as a JSON array."),
            "aml_types",
        ),
        json("/fields", Sensitive, "What the source says about the entity, as a JSON array."),
        json("/media", Sensitive, "Press articles about the entity, as a JSON array."),
    ]
}

/// Capa names the hits of an entity and leaves what is in them to the provider.
fn passed_on(column: Column) -> Column {
    if column.origin.pointer().is_some() { column.of_source(source::AIPRISE) } else { column }
}

fn warnings() -> Table {
    Table {
        name: "warnings",
        meaning: "One row per warning of a section; some warnings are good news.",
        rows: SECTIONS.map(|section| format!("{section}/warnings")).to_vec(),
        columns: child(vec![
            section(),
            derived(
                "warning_index",
                Int,
                None,
                "Place of the warning in its section, from 1.",
                source::OURS,
            ),
            sent("/code", Text, None, "Code of the warning, as sent.")
                .of_words(warning::known_codes()),
            sent("/message", Text, Personal, "Text of the warning, as sent."),
            sent("/warningId", Text, Pseudonym, "Id of the warning at the provider."),
            sent(
                "/resolutionStatus",
                Text,
                None,
                "What became of the warning, in the partner's words.",
            )
            .of_words(resolution::known_words()),
            derived(
                "nature",
                Text,
                None,
                "Whether the code names a problem, is good news, or is not in our lists.",
                source::WARNINGS,
            )
            .of_words(Nature::ALL.map(Nature::as_str)),
            repeated(),
        ]),
    }
}

fn status_reasons() -> Table {
    Table {
        name: "status_reasons",
        meaning: "One row per reason a section gives for its status.",
        rows: SECTIONS.map(|section| format!("{section}/statusReasons")).to_vec(),
        columns: child(vec![
            section(),
            derived(
                "reason_index",
                Int,
                None,
                "Place of the reason in its section, from 1.",
                source::OURS,
            ),
            sent("/code", Text, None, "Code of the reason, as sent."),
            sent("/message", Text, Personal, "Text of the reason, as sent."),
            repeated(),
        ]),
    }
}

/// So that users are counted without holding everyone's id: each has one row of a code that is not repeated.
fn repeated() -> Column {
    derived(
        "repeated",
        Bool,
        None,
        "Whether the same code stands earlier in the same section of this user.",
        source::OURS,
    )
}

/// What every child table has: whose row it is, in front, and what had no place, behind.
fn child(own: Vec<Column>) -> Vec<Column> {
    let mut columns = vec![
        run("run_id", Text, None, "The run that published this row.", source::SETTINGS),
        run(
            "user_id",
            Text,
            Pseudonym,
            "Id of the user at the partner, as in the roster.",
            source::ROSTER,
        ),
    ];
    columns.extend(own);
    columns.push(derived(
        "unmapped",
        Text,
        Secret,
        "What the catalogue has no place for in this row, as a JSON object by JSON pointer; null when nothing.", source::UNKNOWN_KEYS));
    with_raw_texts(columns)
}

fn section() -> Column {
    derived("section", Text, None, "The section of the document this stands in.", source::CAPA)
        .of_words(SECTION_NAMES)
}

/// The names of [`SECTIONS`] as they stand in the `section` columns.
const SECTION_NAMES: [&str; 6] = [
    "id_info",
    "face_match_info",
    "face_liveness_info",
    "fraud_insights",
    "fraud_insights_related_session_insights",
    "aml_info",
];

/// A scalar of the list or source behind a hit.
fn listed(pointer: &str, kind: super::Kind, name: &str, meaning: &'static str) -> Column {
    named(sent(pointer, kind, Sensitive, meaning), name)
}

fn named(column: Column, name: &str) -> Column {
    Column { name: name.to_owned(), ..column }
}

#[cfg(test)]
mod tests {
    use super::{super::naming, *};

    #[test]
    fn sections_are_named_after_their_pointers() {
        assert_eq!(SECTIONS.map(naming::from_pointer), SECTION_NAMES);
    }
}
