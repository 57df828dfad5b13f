//! `amlInfo`: whom the watchlists name.

use crate::sandbox::{
    case::{Case, Progress, Resolution},
    chance::Chance,
    dialect::Dialect,
    document::pen::Pen,
    json::{Json, object},
    person::Person,
};

/// A kind of hit, and the lists' own word for it.
type Kind = (&'static str, &'static str);

/// Kinds of hit with their weights.
const KINDS: &[(u32, Kind)] = &[
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

pub(super) fn aml_info(pen: &mut Pen) -> Json {
    let listed = pen.newcomer();
    let added = added_later(pen);
    pen.part(|case, dialect, chance| {
        if case.progress == Progress::NotStarted {
            return object! { "numHits": Json::Null, "entityHits": Json::Null };
        }
        let (mut kinds, mut entities) = there_from_the_start(case, listed, dialect, chance);
        kinds.extend(added.iter().map(|(kind, _)| kind));
        entities.extend(added.iter().map(|(_, entity)| entity.clone()));
        screening(case, &kinds, entities, chance)
    })
}

/// The kinds of the hits that later days added, and the hits.
fn added_later(pen: &Pen) -> Vec<(Kind, Json)> {
    let added = pen.case().hits.iter().filter_map(|hit| Some((hit.resolution, hit.added?)));
    added
        .map(|(resolution, day)| {
            let chance = &mut pen.lots_of(day);
            let kind = chance.weigh(KINDS);
            (kind, entity(pen.newcomer(), resolution, kind, pen.dialect(), chance))
        })
        .collect()
}

fn there_from_the_start(
    case: &Case,
    listed: &Person,
    dialect: &Dialect,
    chance: &mut Chance,
) -> (Vec<Kind>, Vec<Json>) {
    let hits: Vec<_> = case.hits.iter().filter(|hit| hit.added.is_none()).collect();
    let kinds: Vec<_> = hits.iter().map(|_| chance.weigh(KINDS)).collect();
    let entities = hits
        .iter()
        .zip(&kinds)
        .map(|(hit, &kind)| entity(listed, hit.resolution, kind, dialect, chance))
        .collect();
    (kinds, entities)
}

fn screening(case: &Case, kinds: &[Kind], entities: Vec<Json>, chance: &mut Chance) -> Json {
    object! {
        "numHits": entities.len(),
        "entityHits": entities,
        "amlHitSummary": summary(kinds, chance),
        "searchCriteria": object! {
            "searchTerm": case.person.full_name(),
            "fuzzinessScore": chance.pick(&[0.4, 0.5, 0.6]),
            "exactMatch": chance.happens(100),
        },
    }
}

fn summary(kinds: &[Kind], chance: &mut Chance) -> Json {
    // The partner's schema has these as text, its pages as numbers.
    let as_text = chance.happens(250);
    let count = |kind| {
        let count = kinds.iter().filter(|(found, _)| *found == kind).count();
        if as_text { count.to_string().into() } else { Json::from(count) }
    };
    object! {
        "SANCTION": count("SANCTION"),
        "PEP": count("PEP"),
        "ADVERSE_MEDIA": count("ADVERSE_MEDIA"),
        "WARNING": count("WARNING"),
    }
}

fn entity(
    person: &Person,
    resolution: Resolution,
    kind: Kind,
    dialect: &Dialect,
    chance: &mut Chance,
) -> Json {
    let name = format!("{} {}", person.first, person.last);
    let closeness = chance.between(700, 1000);
    object! {
        "id": chance.text(b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 12),
        "entityType": chance.weigh(&[(95, "PERSON"), (5, "UNKNOWN")]),
        "name": name.clone(),
        "nameMatchScore": f64::from(closeness) / 10.0,
        "alsoKnownAs": vec![name.to_uppercase(), format!("{}, {}", person.last, person.first)],
        // The lists often know the year alone.
        "dateOfBirth": if chance.happens(400) {
            person.birth.year().to_string()
        } else {
            person.birth.to_string()
        },
        "dateOfBirthMatchScore": chance.pick(&[Some(100_u32), Some(50), None]),
        "resolutionStatus": resolution_word(resolution, chance),
        "amlHits": (0..chance.between(1, 3))
            .map(|_| hit(person, kind, dialect, chance))
            .collect::<Vec<_>>(),
    }
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

fn hit(person: &Person, (kind, word): Kind, dialect: &Dialect, chance: &mut Chance) -> Json {
    let nation = person.nationality;
    let source = chance.pick(SOURCES);
    let number = chance.digits(6);
    object! {
        (dialect.key("hit_type", "hitType")): kind,
        (dialect.key("source_details", "sourceDetails")): object! {
            "name": source,
            (dialect.key("source_id", "sourceId")): format!("S-{number}"),
            "url": format!("https://lists.sandbox.invalid/entries/{number}"),
            // Unix seconds, as text.
            (dialect.key("listing_started", "listingStarted")): chance.between(1_262_304_000, 1_735_689_600).to_string(),
            (dialect.key("listing_ended", "listingEnded")): chance.happens(150).then_some("1767225600"),
            (dialect.key("country_codes", "countryCodes")): vec![nation.alpha2],
            (dialect.key("aml_types", "amlTypes")): vec![word],
        },
        "fields": vec![
            object! { "name": "Date of Birth", "type": "date_of_birth", "value": person.birth.year().to_string() },
            object! { "name": "Countries", "type": "country_names", "value": vec![nation.name] },
        ],
        "media": (kind == "ADVERSE_MEDIA").then(|| media(person, chance)),
    }
}

fn media(person: &Person, chance: &mut Chance) -> Json {
    let number = chance.digits(7);
    Json::List(vec![object! {
        "title": format!("Nota de muestra sobre {}", person.last),
        "url": format!("https://news.sandbox.invalid/{number}"),
        "date": format!("20{}-0{}-1{}", chance.between(10, 25), chance.between(1, 9), chance.between(0, 9)),
        "snippet": "Texto inventado: ninguna persona real aparece en esta nota, que existe sólo para pruebas.",
    }])
}
