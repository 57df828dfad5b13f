//! `amlInfo`: whom the watchlists name.

use serde_json::{Value, json};

use crate::sandbox::{
    case::{Case, Progress, Resolution},
    chance::Chance,
    dialect::Dialect,
};

/// Kinds of hit with the lists' own word for them.
const KINDS: &[(u32, (&str, &str))] = &[
    (40, ("PEP", "pep-class-2")),
    (20, ("ADVERSE_MEDIA", "adverse-media-financial-crime")),
    (15, ("SANCTION", "sanction")),
    (15, ("WARNING", "warning")),
    (6, ("PEP", "pep-class-4")),
    (4, ("FITNESS_PROBITY", "fitness-probity")),
];

/// Lists that do not exist.
const SOURCES: &[&str] = &[
    "Sample Register of Politically Exposed Persons",
    "Lista de muestra de personas bloqueadas",
    "Sample Consolidated Sanctions List",
    "Archivo de prensa de muestra",
    "Sample Regulator Warnings",
];

pub(super) fn aml_info(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Value {
    if case.progress == Progress::NotStarted {
        return json!({ "numHits": Value::Null, "entityHits": Value::Null });
    }
    let kinds: Vec<_> = case.hits.iter().map(|_| chance.weigh(KINDS)).collect();
    let entities: Vec<Value> = case
        .hits
        .iter()
        .zip(&kinds)
        .map(|(&resolution, &kind)| entity(case, resolution, kind, dialect, chance))
        .collect();
    json!({
        "numHits": entities.len(),
        "entityHits": entities,
        "amlHitSummary": summary(&kinds, chance),
        "searchCriteria": {
            "searchTerm": case.person.full_name(),
            "fuzzinessScore": chance.pick(&[0.4, 0.5, 0.6]),
            "exactMatch": chance.happens(100),
        },
    })
}

fn summary(kinds: &[(&str, &str)], chance: &mut Chance) -> Value {
    let count = |kind| kinds.iter().filter(|(found, _)| *found == kind).count();
    let words = ["SANCTION", "PEP", "ADVERSE_MEDIA", "WARNING"];
    // The partner's schema has these as text, its pages as numbers.
    if chance.happens(250) {
        words.into_iter().map(|kind| (kind.to_owned(), json!(count(kind).to_string()))).collect()
    } else {
        words.into_iter().map(|kind| (kind.to_owned(), json!(count(kind)))).collect()
    }
}

fn entity(
    case: &Case,
    resolution: Resolution,
    kind: (&str, &str),
    dialect: &Dialect,
    chance: &mut Chance,
) -> Value {
    let person = &case.person;
    let name = format!("{} {}", person.first, person.last);
    let closeness = chance.between(700, 1000);
    json!({
        "id": chance.text(b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 12),
        "entityType": chance.weigh(&[(95, "PERSON"), (5, "UNKNOWN")]),
        "name": name,
        "nameMatchScore": f64::from(closeness) / 10.0,
        "alsoKnownAs": [name.to_uppercase(), format!("{}, {}", person.last, person.first)],
        // The lists often know the year alone.
        "dateOfBirth": if chance.happens(400) {
            person.birth.year().to_string()
        } else {
            person.birth.to_string()
        },
        "dateOfBirthMatchScore": chance.pick(&[Some(100), Some(50), None]),
        "resolutionStatus": resolution_word(resolution, chance),
        "amlHits": (0..chance.between(1, 3))
            .map(|_| hit(case, kind, dialect, chance))
            .collect::<Vec<_>>(),
    })
}

fn resolution_word(resolution: Resolution, chance: &mut Chance) -> &'static str {
    match resolution {
        Resolution::Open => chance.weigh(&[
            (5, "OPEN"),
            (3, "UNRESOLVED"),
            (3, "POTENTIAL_MATCH"),
            (1, "ESCALATED_TO_L2"),
        ]),
        Resolution::Closed => chance.weigh(&[
            (5, "FALSE_POSITIVE"),
            (3, "DISMISSED"),
            (2, "NO_MATCH"),
            (1, "false_positive"),
        ]),
        Resolution::Confirmed => chance.weigh(&[(3, "TRUE_POSITIVE"), (1, "true_positive_reject")]),
    }
}

fn hit(case: &Case, (kind, word): (&str, &str), dialect: &Dialect, chance: &mut Chance) -> Value {
    let nation = case.person.nationality;
    let source = chance.pick(SOURCES);
    let number = chance.digits(6);
    json!({
        (dialect.key("hit_type")): kind,
        (dialect.key("source_details")): {
            "name": source,
            (dialect.key("source_id")): format!("S-{number}"),
            "url": format!("https://lists.sandbox.invalid/entries/{number}"),
            // Unix seconds, as text.
            (dialect.key("listing_started")): chance.between(1_262_304_000, 1_735_689_600).to_string(),
            (dialect.key("listing_ended")): chance.happens(150).then_some("1767225600"),
            (dialect.key("country_codes")): [nation.alpha2],
            (dialect.key("aml_types")): [word],
        },
        "fields": [
            { "name": "Date of Birth", "type": "date_of_birth", "value": case.person.birth.year().to_string() },
            { "name": "Countries", "type": "country_names", "value": [nation.name] },
        ],
        "media": (kind == "ADVERSE_MEDIA").then(|| media(case, chance)),
    })
}

fn media(case: &Case, chance: &mut Chance) -> Value {
    let number = chance.digits(7);
    json!([{
        "title": format!("Nota de muestra sobre {}", case.person.last),
        "url": format!("https://news.sandbox.invalid/{number}"),
        "date": format!("20{}-0{}-1{}", chance.between(10, 25), chance.between(1, 9), chance.between(0, 9)),
        "snippet": "Texto inventado: ninguna persona real aparece en esta nota, que existe sólo para pruebas.",
    }])
}
