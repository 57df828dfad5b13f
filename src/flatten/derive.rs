//! The derived columns of a document: the partner's words normalised, and counts.

use std::collections::HashSet;

use super::{
    cell::Cell,
    census::Shared,
    derive_aml, derive_country, derive_days, derive_score,
    drift::Sighting,
    plan::Plan,
    section::{Section, Word},
    sheet::{Presence, Record, Row, Sheet, USERS},
    suspicion,
};
use crate::{
    kyc::{
        catalogue::AML, check::Check, decision::Decision, face_score::FaceScoreScale, identifier,
        identity::Texts, warning::Nature,
    },
    model::ids::UserId,
};
use jiff::Timestamp;

/// What deriving needs beside the document.
pub(super) struct Asked<'a> {
    pub(super) user: &'a UserId,
    pub(super) fetched_at: Option<Timestamp>,
    pub(super) scale: FaceScoreScale,
    pub(super) shared: &'a Shared,
}

/// Fills the derived columns of all rows of a document that was walked, and returns what only deriving could see.
pub(super) fn derive<'p>(
    plan: &'p Plan,
    asked: &Asked<'_>,
    sheet: &mut Sheet<'_>,
) -> Vec<Sighting<'p>> {
    derive_aml::resolve(plan, sheet);
    judge_warnings(plan, sheet);
    for list in ["warnings", "status_reasons"] {
        note_repeated(plan, sheet, list);
    }
    let mut rows = std::mem::take(&mut sheet.tables[USERS]);
    let sightings = rows.iter_mut().flat_map(|row| derive_user(plan, asked, sheet, row)).collect();
    sheet.tables[USERS] = rows;
    sightings
}

fn derive_user<'p>(
    plan: &'p Plan,
    asked: &Asked<'_>,
    sheet: &Sheet<'_>,
    row: &mut Row<'_>,
) -> Vec<Sighting<'p>> {
    let mut user = Record { plan: &plan.tables[USERS], row };
    user.set("decision", Cell::word(decision(&user).as_str()));
    user.set("reference_mismatch", reference_mismatch(asked.user, &user));
    user.set("contested_keys", Cell::count(sheet.contested_keys));
    let is_raised = suspicion::is_raised(plan, sheet, user.row);
    user.set("unmapped_verdict_words", is_raised);
    for section in plan.sections.iter().filter(|section| section.pointer != AML) {
        let check = check(sheet, section, &user);
        user.set(&section.check, Cell::word(check.as_str()));
    }
    let mut sightings = screen(plan, sheet, &mut user);
    count(plan, sheet, &mut user);
    sightings.extend(derive_days::count(asked.fetched_at, &mut user));
    sightings.extend(derive_country::read(&mut user));
    share(asked.shared, &mut user);
    name(&mut user);
    sightings.extend(derive_score::score(asked.scale, &mut user));
    sightings
}

fn judge_warnings(plan: &Plan, sheet: &mut Sheet<'_>) {
    let Some(table) = plan.number("warnings") else { return };
    for row in &mut sheet.tables[table] {
        let mut warning = Record { plan: &plan.tables[table], row };
        let nature = Nature::of(warning.cell("code").text());
        warning.set("nature", Cell::word(nature.as_str()));
    }
}

/// Says of each row of a list whether its code stands earlier in the same section.
fn note_repeated(plan: &Plan, sheet: &mut Sheet<'_>, list: &str) {
    let Some(table) = plan.number(list) else { return };
    let key = ["section", "code"].map(|name| plan.tables[table].position(name));
    let rows = &mut sheet.tables[table];
    let mut seen = HashSet::new();
    let mut repeated = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        repeated.push(!seen.insert(key.map(|at| at.and_then(|at| row.cells[at].text()))));
    }
    for (row, repeated) in rows.iter_mut().zip(repeated) {
        Record { plan: &plan.tables[table], row }.set("repeated", repeated);
    }
}

/// A word that was sent and cannot be read, or two words where one belongs, are unrecognised; only a word that was not
/// sent is undecided.
fn decision(user: &Record<'_, '_, '_>) -> Decision {
    if user.row.unmapped.holds("/aipriseSummary/verificationResult") {
        return Decision::Unrecognized;
    }
    Decision::of(user.cell("aiprise_summary_verification_result").text())
}

fn check(sheet: &Sheet<'_>, section: &Section, user: &Record<'_, '_, '_>) -> Check {
    let words = [&section.result, &section.status];
    if sheet.presence(section.pointer) == Presence::Absent {
        return Check::Absent;
    }
    if words.iter().any(|word| user.row.unmapped.holds(&word.pointer)) {
        return Check::Unrecognized;
    }
    let [result, status] = words.map(|word| user.cell(&word.column).text());
    Check::of(result, status)
}

/// Whether the document names another user: a wrong person's data is the worst error there is.
fn reference_mismatch<'d>(asked: &UserId, user: &Record<'_, '_, '_>) -> Cell<'d> {
    if user.row.unmapped.holds("/clientReferenceId") {
        return Cell::Bool(true);
    }
    match user.cell("client_reference_id").text().map(str::trim) {
        None | Some("") => Cell::Null,
        Some(reference) => Cell::Bool(!is_same_user(asked.as_str(), reference)),
    }
}

/// Ids are opaque, except that a UUID is the same one in upper and in lower case.
fn is_same_user(a: &str, b: &str) -> bool {
    a == b || (is_uuid(a) && a.eq_ignore_ascii_case(b))
}

fn is_uuid(text: &str) -> bool {
    let is_its_letter = |(at, b): (usize, u8)| match at {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_its_letter)
}

/// Adds up the AML section, and returns the types of hits in its summary that nobody knows.
fn screen<'p>(
    plan: &'p Plan,
    sheet: &Sheet<'_>,
    user: &mut Record<'p, '_, '_>,
) -> Vec<Sighting<'p>> {
    let screening = derive_aml::screen(plan, sheet, user);
    let word = aml_word(plan, sheet, user);
    let is_unread = user.row.unmapped.holds_within(AML) || derive_aml::is_warned(plan, sheet);
    user.set("aml_info_check", Cell::word(screening.check_beside(word, is_unread)));
    user.set("aml_screened", screening.screened);
    user.set("aml_hits_total", screening.total);
    user.set("aml_open_hits", screening.open);
    user.set("aml_hits_disagree", screening.disagree);
    derive_aml::new_types(plan, user)
}

/// The section's own word about the screening, if it has one.
fn aml_word(plan: &Plan, sheet: &Sheet<'_>, user: &Record<'_, '_, '_>) -> Check {
    let is_said = |word: &Word| {
        let said = user.cell(&word.column).text();
        said.is_some_and(|word| !word.trim().is_empty()) || user.row.unmapped.holds(&word.pointer)
    };
    let mut screening = plan.sections.iter().filter(|section| section.pointer == AML);
    match screening.find(|section| is_said(&section.result) || is_said(&section.status)) {
        Some(section) => check(sheet, section, user),
        None => Check::Absent,
    }
}

/// Counts warnings and reasons. If one of their lists could not be read, or not to its end, nobody knows how many; and
/// where no section was sent nobody looked, which is not the same as no warning.
fn count(plan: &Plan, sheet: &Sheet<'_>, user: &mut Record<'_, '_, '_>) {
    let is_sent = |section: &Section| sheet.presence(section.pointer) != Presence::Absent;
    let is_checked = plan.sections.iter().any(is_sent);
    let is_whole = |list: &String| !user.row.unmapped.holds(list);
    let mut lists = plan.sections.iter();
    let warnings_known = is_checked && lists.all(|section| is_whole(&section.warnings));
    let mut lists = plan.sections.iter();
    let reasons_known = is_checked && lists.all(|section| is_whole(&section.status_reasons));
    let natured = |nature: Nature| {
        let Some(table) = plan.number("warnings") else { return 0 };
        let Some(column) = plan.tables[table].position("nature") else { return 0 };
        let rows = sheet.tables[table].iter();
        rows.filter(|row| row.cells[column].text() == Some(nature.as_str())).count()
    };
    let rows = |name| plan.number(name).map_or(0, |table| sheet.tables[table].len());
    for (name, is_known, number) in [
        ("warnings_total", warnings_known, rows("warnings")),
        ("warnings_problem", warnings_known, natured(Nature::Problem)),
        ("warnings_good", warnings_known, natured(Nature::Good)),
        ("status_reasons_total", reasons_known, rows("status_reasons")),
    ] {
        user.set(name, if is_known { Cell::count(number) } else { Cell::Null });
    }
}

/// Says how many users have the same numbers as this one.
fn share(shared: &Shared, user: &mut Record<'_, '_, '_>) {
    let sole = |pointer: &str, column: &str| {
        user.cell(column).text().filter(|_| !user.row.unmapped.holds(pointer))
    };
    let identity = Texts {
        document: sole("/idInfo/idNumber", "id_info_id_number"),
        issued_by: user.cell("id_info_issue_country_alpha2").text(),
        tax_id: sole(
            "/clientReferenceData/personalInfo/taxId",
            "client_reference_data_personal_info_tax_id",
        ),
        born_in: user.cell("client_reference_data_personal_info_birth_country_alpha2").text(),
    }
    .identity();
    let is_contested = user.row.unmapped.holds("/idInfo/idNumber");
    user.set("has_id_number", (!is_contested).then_some(identity.document.is_some()));
    let (document, tax_id) = shared.users_with(identity);
    user.set("shared_document_users", document);
    user.set("shared_tax_id_users", tax_id);
}

/// Says whether the document names anybody.
fn name(user: &mut Record<'_, '_, '_>) {
    let parts = ["id_info_full_name", "id_info_first_name", "id_info_last_name"];
    let is_named = parts.iter().any(|part| user.cell(part).text().is_some_and(identifier::is_name));
    user.set("has_name", is_named);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_the_same_in_either_case_and_another_id_is_not() {
        let uuid = "9486244c-ff7d-4c22-9984-797179d7deaa";
        assert!(is_same_user(uuid, &uuid.to_uppercase()));
        assert!(!is_same_user("abc", "ABC"));
    }
}
