//! `idInfo`: the person and the card.

use jiff::civil::Date;

use crate::sandbox::{
    case::{Case, Progress},
    chance::Chance,
    country::{Kind, Nation},
    dialect::{Dialect, Mark, Vocabulary},
    document::{pen::Pen, section},
    grounds::Part,
    json::{Json, object},
    person::Sex,
};

pub(super) fn id_info(pen: &mut Pen) -> Json {
    let mut section = section::base(Part::Identity, pen);
    let summary = pen.part(check_summary);
    if pen.case().progress != Progress::NotStarted {
        section.insert("checkSummary", summary);
    }
    section.with(pen.part(person_and_card))
}

/// Nothing of them is known before a verification starts.
fn person_and_card(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Json {
    if case.progress == Progress::NotStarted {
        return Json::Null;
    }
    let (person, card) = (&case.person, &case.card);
    object! {
        "idType": id_type(card.kind, dialect, chance),
        "idNumber": card.number.clone(),
        "firstName": person.first,
        "middleName": person.middle,
        "lastName": person.last,
        "secondLastName": person.second_last,
        "fullName": person.full_name(),
        "birthDate": person.birth.to_string(),
        "idIssueDate": card.issued.to_string(),
        "idExpiryDate": card.expires.map(|day| day.to_string()),
        "gender": gender(person.sex, chance),
        "nationality": name_or_code(person.nationality, chance),
        "nationalityCode": person.nationality.alpha2,
        "issueCountry": name_or_code(card.issuer, chance),
        "issueCountryCode": card.issuer.alpha2,
        "address": address(case, chance),
        "documentDetails": document_details(case, dialect, chance),
    }
}

fn id_type(kind: Kind, dialect: &Dialect, chance: &mut Chance) -> &'static str {
    match kind {
        Kind::VoterCard if dialect.vocabulary == Vocabulary::Capa => {
            chance.weigh(&[(3, "INE"), (1, "VOTER_ID")])
        }
        Kind::VoterCard => {
            chance.weigh(&[(3, "INE"), (3, "VOTER_ID"), (3, "NATIONAL_ID"), (1, "ID_CARD")])
        }
        Kind::NationalId => chance.weigh(&[(3, "NATIONAL_ID"), (1, "ID_CARD")]),
        Kind::Passport => "PASSPORT",
        Kind::DriverLicense => "DRIVER_LICENSE",
        Kind::ResidentCard => "RESIDENT_CARD",
    }
}

fn gender(sex: Sex, chance: &mut Chance) -> &'static str {
    match sex {
        Sex::Female => chance.weigh(&[(6, "F"), (3, "Female"), (1, "FEMALE")]),
        Sex::Male => chance.weigh(&[(6, "M"), (3, "Male"), (1, "MALE")]),
    }
}

fn name_or_code(nation: &Nation, chance: &mut Chance) -> &'static str {
    chance.weigh(&[(5, nation.name), (4, nation.alpha2), (1, nation.alpha3)])
}

fn address(case: &Case, chance: &mut Chance) -> Json {
    // A passport shows no address.
    if case.card.kind == Kind::Passport && !case.tidy && chance.happens(700) {
        return Json::Null;
    }
    let (home, nation) = (&case.person.address, &case.person.country.nation);
    let full = format!(
        "{}, {} {}, {}, {}",
        home.street, home.postal_code, home.city, home.state, nation.name
    );
    object! { "fullAddress": full }
}

fn check_summary(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Json {
    let word = match section::mark(case, Part::Identity) {
        Mark::Clear => "PASSED",
        Mark::Refused => "FAILED",
        Mark::Doubtful => "REVIEW",
        Mark::Waiting(_) => return object! {},
    };
    match chance.below(4) {
        0 => object! {},
        1 => object! { (dialect.key("document_check", "documentCheck")): word },
        _ => object! {
            (dialect.key("document_authenticity", "documentAuthenticity")): word,
            (dialect.key("data_consistency", "dataConsistency")): "PASSED",
            (dialect.key("image_quality", "imageQuality")): object! {
                "score": f64::from(chance.between(700, 999)) / 1000.0,
                "result": "PASSED",
            },
            (dialect.key("templates_tried", "templatesTried")): chance.between(1, 4),
        },
    }
}

/// What was read from the card: human labels as keys, text and booleans as values.
fn document_details(case: &Case, dialect: &Dialect, chance: &mut Chance) -> Json {
    if !case.tidy && chance.happens(120) {
        return object! {};
    }
    let machine_readable = matches!(case.card.kind, Kind::Passport | Kind::ResidentCard);
    object! {
        (dialect.key("ocr_data", "ocrData")): read_by_eye(case, chance),
        (dialect.key("mrz_data", "mrzData")): machine_readable.then(|| machine_lines(case)),
        (dialect.key("barcode_data", "barcodeData")): chance.happens(150).then(|| object! {
            "Document Number": case.card.number.clone(),
            "Barcode Format": "PDF417",
            "Barcode Readable": true,
        }),
    }
}

fn read_by_eye(case: &Case, chance: &mut Chance) -> Json {
    let (person, card) = (&case.person, &case.card);
    let labels = object! {
        "Full Name": person.full_name().to_uppercase(),
        "Document Number": card.number.clone(),
        "Document Country": card.issuer.name,
        "Date of Birth": day_first(person.birth),
        "Date of Issue": day_first(card.issued),
        "Sex": if person.sex == Sex::Female { "F" } else { "M" },
    };
    let more = match card.kind {
        Kind::VoterCard => object! {
            "Clave de Elector": card.number.clone(),
            "Sección": chance.digits(4),
            "Año de Registro": card.issued.strftime("%Y 00").to_string(),
            "Domicilio": format!("{}, {}", person.address.street, person.address.city).to_uppercase(),
            "Hologram Present": true,
        },
        Kind::DriverLicense => object! {
            "Driver License Category": true,
            "Category A": chance.happens(200),
            "Category B": true,
            "Restrictions": Json::Null,
        },
        Kind::Passport => object! { "Place of Birth": person.address.city, "MRZ Present": true },
        Kind::NationalId | Kind::ResidentCard => object! { "Chip Present": chance.happens(500) },
    };
    labels.with(more)
}

fn machine_lines(case: &Case) -> Json {
    let (person, card) = (&case.person, &case.card);
    object! {
        "Document Number": card.number.clone(),
        "Issuing State": card.issuer.alpha3,
        "Nationality": person.nationality.alpha3,
        "Birth Date": person.birth.strftime("%y%m%d").to_string(),
        "Check Digits Valid": true,
    }
}

fn day_first(day: Date) -> String {
    day.strftime("%d/%m/%Y").to_string()
}
