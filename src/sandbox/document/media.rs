//! `media` and `clientReferenceData`: pictures, and what the person said of themselves.

use crate::sandbox::{
    case::{Case, Flow, Progress},
    chance::Chance,
    country::Kind,
    dialect::Dialect,
    document::pen::Pen,
    json::{Json, object},
    person::Person,
};

/// Addresses of pictures nobody took, on a host that cannot exist; half of them signed, as short-lived addresses are.
pub(super) fn media(case: &Case, _: &Dialect, chance: &mut Chance) -> Json {
    if case.progress == Progress::NotStarted {
        return Json::Null;
    }
    let signed = chance.happens(500);
    let address = |file: &str, chance: &mut Chance| {
        let plain = ["https://cdn.sandbox.invalid/kyc/", &case.session, "/", file];
        if signed {
            let signature = chance.hex(64);
            let signed = ["?X-Amz-Expires=900&X-Amz-Signature=", &signature];
            [&plain[..], &signed].concat().concat()
        } else {
            plain.concat()
        }
    };
    let two_sided = case.card.kind != Kind::Passport;
    let filmed = case.flow == Flow::Hosted;
    object! {
        "frontIdImageUrl": address("front.jpg", chance),
        "backIdImageUrl": two_sided.then(|| address("back.jpg", chance)),
        "selfieImageUrl": address("selfie.jpg", chance),
        "selfieVideoUrl": filmed.then(|| address("selfie.mp4", chance)),
    }
}

/// Complete for Mexico, where the partner asks for it, and mostly absent elsewhere.
pub(super) fn reference_data(pen: &mut Pen) -> Json {
    let person = pen.newcomer();
    pen.part(|case, _, chance| said(person, case.tidy, chance))
}

fn said(person: &Person, tidy: bool, chance: &mut Chance) -> Json {
    let asked = person.country.nation.alpha2 == "MX";
    if !asked && !tidy && chance.happens(400) {
        return if chance.happens(500) {
            object! {}
        } else {
            Json::Null
        };
    }
    object! { "personalInfo": object! {
        "profession": asked.then_some(person.profession),
        "phoneNumber": person.phone.clone(),
        "birthCountry": person.nationality.alpha2,
        "taxId": person.tax_id(),
    }}
}
