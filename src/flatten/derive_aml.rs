//! What the AML part of a document adds up to.

use std::collections::BTreeSet;

use super::{
    aml_summary::{Listed, Summary},
    cell::Cell,
    drift::{Sighting, Surprise},
    plan::Plan,
    sheet::{Presence, Record, Row, Sheet},
};
use crate::kyc::{
    catalogue::{AML, naming},
    check::Check,
    json, resolution,
    warning::Nature,
    words,
};

/// The AML columns of the user's row.
pub(super) struct Screening {
    pub(super) screened: Option<bool>,
    pub(super) total: Option<i64>,
    pub(super) open: Option<i64>,
    pub(super) disagree: Option<bool>,
    pub(super) check: &'static str,
}

/// Marks each listed entity as open or closed; two resolutions where one belongs close nothing.
pub(super) fn resolve(plan: &Plan, sheet: &mut Sheet<'_>) {
    let Some(table) = plan.number("aml_entities") else { return };
    for row in &mut sheet.tables[table] {
        let mut entity = Record { plan: &plan.tables[table], row };
        let is_contested = entity.row.unmapped.holds("/resolutionStatus");
        let is_open = is_contested || resolution::is_open(entity.cell("resolution_status").text());
        entity.set("is_open", is_open);
    }
}

/// Adds up the AML section. Missing is not zero, and not clean: without a section nobody was screened.
pub(super) fn screen(plan: &Plan, sheet: &Sheet<'_>, user: &Record<'_, '_, '_>) -> Screening {
    let facts = match sheet.presence("/amlInfo") {
        Presence::Absent => return Screening::without(Some(false), "absent"),
        Presence::Misshapen => return Screening::without(None, "unrecognized"),
        Presence::Present => Facts::of(plan, sheet, user),
    };
    Screening {
        screened: Some(true),
        total: facts.total(),
        open: facts.total().map(|_| facts.open),
        disagree: facts.disagree(&hits_by_type(plan, sheet)),
        check: facts.check(),
    }
}

impl Screening {
    fn without(screened: Option<bool>, check: &'static str) -> Self {
        Self { screened, total: None, open: None, disagree: None, check }
    }

    /// The state beside the section's own word, and beside parts of the section that could not be read. Neither makes it
    /// better: what was listed and declared has to add up as well.
    pub(super) fn check_beside(&self, word: Check, is_unread: bool) -> &'static str {
        let is_good = matches!(self.check, "approved" | "closed");
        match word {
            Check::Rejected | Check::Unrecognized => word.as_str(),
            Check::Review | Check::Undecided if is_good => word.as_str(),
            _ if is_unread && (is_good || self.check == "undecided") => "review",
            _ => self.check,
        }
    }
}

/// Whether the section holds a warning that is not known to be good news.
pub(super) fn is_warned(plan: &Plan, sheet: &Sheet<'_>) -> bool {
    let Some(table) = plan.number("warnings") else { return false };
    let [section, nature] = ["section", "nature"].map(|name| plan.tables[table].position(name));
    let is = |row: &Row<'_>, column: Option<usize>, text: &str| {
        column.and_then(|at| row.cells.get(at)).and_then(Cell::text) == Some(text)
    };
    let aml = naming::from_pointer(AML);
    let mut warnings = sheet.tables[table].iter();
    warnings.any(|row| is(row, section, &aml) && !is(row, nature, Nature::Good.as_str()))
}

/// The types of hits in the summary that are not among those known.
pub(super) fn new_types<'p>(plan: &Plan, user: &Record<'p, '_, '_>) -> Vec<Sighting<'p>> {
    let hits = plan.number("aml_hits").map(|table| &plan.tables[table].table);
    let known = hits.and_then(|hits| hits.column("hit_type")).map_or(&[][..], |hit| &hit.words);
    let summary = user.cell("aml_info_aml_hit_summary").text().and_then(json::parse);
    let types = summary.as_ref().and_then(|summary| json::entries(summary.value()));
    let types = types.into_iter().flatten();
    let new = types.filter(|(word, _)| !words::is_among(word, known));
    let pointer = format!("{AML}/amlHitSummary");
    new.map(|(word, _)| {
        Sighting::new(Surprise::NewWord, user.plan.table.name, None, &pointer, Some(&word))
    })
    .collect()
}

/// What a document says in three places, which need not agree.
struct Facts {
    /// `entityHits`; misshapen also if there are two such lists, of which only the first was read.
    list: Presence,
    listed: i64,
    open: i64,
    /// `numHits`; an error if it cannot be read.
    declared: Result<Option<i64>, ()>,
    summary: Summary,
}

impl Facts {
    fn of(plan: &Plan, sheet: &Sheet<'_>, user: &Record<'_, '_, '_>) -> Self {
        let entities =
            plan.number("aml_entities").map(|table| (&plan.tables[table], &sheet.tables[table]));
        let (listed, open) = entities.map_or((0, 0), |(plan, rows)| {
            let is_open = plan.position("is_open");
            let open = rows.iter().filter(|row| is_open.is_some_and(|at| is_true(row, at))).count();
            (rows.len(), open)
        });
        Self {
            list: if user.row.unmapped.holds("/amlInfo/entityHits") {
                Presence::Misshapen
            } else {
                sheet.presence("/amlInfo/entityHits")
            },
            listed: i64::try_from(listed).unwrap_or(i64::MAX),
            open: i64::try_from(open).unwrap_or(i64::MAX),
            declared: if user.row.unmapped.holds("/amlInfo/numHits") {
                Err(())
            } else {
                Ok(user.cell("aml_info_num_hits").int())
            },
            summary: if user.row.unmapped.holds("/amlInfo/amlHitSummary") {
                Summary::Unreadable
            } else {
                Summary::read(user.cell("aml_info_aml_hit_summary").text())
            },
        }
    }

    /// Entities listed; a declared zero stands for an empty list.
    fn total(&self) -> Option<i64> {
        match (self.list, self.declared) {
            (Presence::Present, _) => Some(self.listed),
            (Presence::Absent, Ok(Some(0))) => Some(0),
            _ => None,
        }
    }

    /// Whether two of the three places contradict each other. Unknown when none says anything, or when what one says
    /// cannot be read and the others are at peace.
    fn disagree(&self, hits: &Listed) -> Option<bool> {
        let declared = self.declared.ok().flatten();
        let is_listed = self.list == Presence::Present;
        let contradicts_list = is_listed && declared.is_some_and(|n| n != self.listed);
        if contradicts_list || (self.total().is_some() && self.summary.contradicts(hits)) {
            return Some(true);
        }
        let is_unreadable = self.declared.is_err()
            || self.list == Presence::Misshapen
            || matches!(self.summary, Summary::Unreadable);
        let is_silent = !is_listed && declared.is_none() && matches!(self.summary, Summary::Silent);
        (!is_unreadable && !is_silent).then_some(false)
    }

    /// Nothing but an agreement on zero approves; hits announced and not listed are for a person to look at.
    fn check(&self) -> &'static str {
        let announced = self.declared.ok().flatten().unwrap_or(0);
        if self.open > 0
            || announced > self.listed
            || self.list == Presence::Misshapen
            || (self.listed == 0 && self.summary.counts_hits())
        {
            return "review";
        }
        match (self.listed, self.total(), self.declared) {
            (_, _, Err(())) => "undecided",
            _ if matches!(self.summary, Summary::Unreadable) => "undecided",
            (1.., _, _) => "closed",
            (_, Some(0), Ok(None | Some(0))) => "approved",
            _ => "undecided",
        }
    }
}

fn is_true(row: &Row<'_>, column: usize) -> bool {
    row.cells.get(column) == Some(&Cell::Bool(true))
}

/// The hits listed, by type.
fn hits_by_type(plan: &Plan, sheet: &Sheet<'_>) -> Listed {
    let mut listed = Listed::default();
    let mut with_hits = BTreeSet::new();
    let rows = |name| plan.number(name).map_or(&[][..], |table| &sheet.tables[table]);
    let place = |name| plan.number("aml_hits").and_then(|hits| plan.tables[hits].position(name));
    for hit in rows("aml_hits") {
        let cell = |name| place(name).and_then(|at| hit.cells.get(at)).unwrap_or(&Cell::Null);
        let entity = cell("entity_index").int().unwrap_or_default();
        listed.hit(entity, cell("hit_type").text());
        with_hits.insert(entity);
    }
    for _ in with_hits.len()..rows("aml_entities").len() {
        listed.entity_without_hits();
    }
    if rows("aml_entities").iter().any(|entity| entity.unmapped.holds("/amlHits")) {
        listed.more_hits();
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        list: Presence,
        listed: i64,
        open: i64,
        declared: Result<Option<i64>, ()>,
    ) -> &'static str {
        Facts { list, listed, open, declared, summary: Summary::Silent }.check()
    }

    #[test]
    fn the_section_s_word_and_what_is_unread_never_make_it_better() {
        let beside = |check, word, is_unread| {
            Screening::without(Some(true), check).check_beside(word, is_unread)
        };
        for (check, word, is_unread, expected) in [
            ("approved", Check::Absent, false, "approved"),
            ("approved", Check::Approved, false, "approved"),
            ("closed", Check::Neutral, false, "closed"),
            ("approved", Check::Rejected, false, "rejected"),
            ("approved", Check::Undecided, false, "undecided"),
            ("closed", Check::Unrecognized, true, "unrecognized"),
            ("approved", Check::Absent, true, "review"),
            ("closed", Check::Approved, true, "review"),
            ("absent", Check::Absent, false, "absent"),
            ("review", Check::Approved, true, "review"),
        ] {
            assert_eq!(beside(check, word, is_unread), expected, "{check} {word:?} {is_unread}");
        }
    }

    #[test]
    fn only_an_agreement_on_zero_approves() {
        use Presence::{Absent, Misshapen, Present};
        for (list, listed, open, declared, expected) in [
            (Present, 0, 0, Ok(Some(0)), "approved"),
            (Present, 0, 0, Ok(None), "approved"),
            (Absent, 0, 0, Ok(Some(0)), "approved"),
            (Absent, 0, 0, Ok(None), "undecided"),
            (Present, 0, 0, Err(()), "undecided"),
            (Present, 0, 0, Ok(Some(-1)), "undecided"),
            (Present, 0, 0, Ok(Some(1)), "review"),
            (Absent, 0, 0, Ok(Some(2)), "review"),
            (Misshapen, 0, 0, Ok(Some(0)), "review"),
            (Present, 2, 1, Ok(Some(2)), "review"),
            (Present, 2, 0, Ok(Some(3)), "review"),
            (Present, 2, 0, Ok(Some(2)), "closed"),
            (Present, 2, 0, Ok(Some(0)), "closed"),
            (Present, 2, 0, Ok(None), "closed"),
            (Present, 2, 0, Err(()), "undecided"),
        ] {
            assert_eq!(
                check(list, listed, open, declared),
                expected,
                "{list:?} {listed} {open} {declared:?}"
            );
        }
    }
}
