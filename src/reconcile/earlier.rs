//! The breaks of the night before: which of them go on, and since when.

use jiff::Timestamp;
use polars::prelude::{DataFrame, DataType, PolarsResult};

use super::{
    breaks::{Finding, FirstSeen},
    pair::resolution,
    person::{Person, Sight, owned, text},
};
use crate::model::disagreement::{Against, Kind, Side};

/// A break that was published the night before.
#[derive(Debug, Clone)]
pub(super) struct Earlier {
    pub(super) finding: Finding,
    pub(super) first_seen: FirstSeen,
}

/// Reads rows of `breaks`, each with its user; one of a kind that we do not know is not continued.
pub(super) fn read(breaks: &DataFrame) -> PolarsResult<Vec<(String, Earlier)>> {
    let column = |name: &str| text(breaks, name);
    let [users, kinds, fields, sides, befores, afters] =
        ["user_id", "kind", "field", "side", "before", "after"].map(column);
    let (users, kinds, fields, sides) = (users?, kinds?, fields?, sides?);
    let (befores, afters) = (befores?, afters?);
    let (ours, theirs, runs) = (column("ours")?, column("theirs")?, column("first_seen_run_id")?);
    let at = breaks.column("first_seen_at")?.cast(&DataType::Int64)?;
    let at = at.i64()?;
    let earlier = |row| {
        let finding = Finding {
            kind: kinds.get(row).and_then(Kind::parse)?,
            field: owned(&fields, row),
            side: sides.get(row).and_then(Side::parse),
            before: owned(&befores, row),
            after: owned(&afters, row),
            ours: owned(&ours, row),
            theirs: owned(&theirs, row),
        };
        let at = Timestamp::from_microsecond(at.get(row)?).ok()?;
        let first_seen = FirstSeen { run_id: owned(&runs, row)?, at };
        Some((owned(&users, row)?, Earlier { finding, first_seen }))
    };
    Ok((0..breaks.height()).filter_map(earlier).collect())
}

impl Earlier {
    /// The break as it stands tonight, if it does. For a break that tonight's comparison did not find anew.
    pub(super) fn tonight(
        &self,
        person: &Person,
        is_in_books: impl Fn(&str) -> bool,
    ) -> Option<Finding> {
        let found = &self.finding;
        if found.kind.against() == Against::Books {
            let is_unseen = person.sight() == Sight::Unreached && is_in_books(self.field());
            return is_unseen.then(|| found.clone());
        }
        self.stands(person).then(|| Finding { after: self.after(person), ..found.clone() })
    }

    /// Whether the state still is. It is until the contrary was seen; whoever was not reached has shown nothing.
    fn stands(&self, person: &Person) -> bool {
        use Kind::{
            Disappeared, DocumentExpired, NewAmlHit, ReferenceMismatch, Regression, ScreeningLost,
        };
        match (self.finding.kind, person.sight()) {
            (Regression, _) => !person.passes(),
            (NewAmlHit, Sight::Document) => {
                person.open_hits.is_none() || self.is_listed_open(person)
            }
            (ScreeningLost, Sight::Document) => person.open_hits.is_none(),
            (ReferenceMismatch, Sight::Document) => person.reference_mismatch != Some(false),
            (DocumentExpired, Sight::Document) => person.document_expired != Some(false),
            (NewAmlHit | ScreeningLost | Disappeared, Sight::NoVerification) => true,
            (kind, Sight::Unreached) => kind.lasts(),
            (_, Sight::Document | Sight::NoVerification) => false,
        }
    }

    /// What tonight shows of the state; nothing where tonight cannot tell.
    fn after(&self, person: &Person) -> Option<String> {
        let is_shown = person.sight() == Sight::Document;
        match self.finding.kind {
            Kind::Regression => person.verdict.clone(),
            Kind::NewAmlHit if is_shown => {
                person.open_hits.is_some().then(|| resolution(true).to_owned())
            }
            Kind::ReferenceMismatch => person.reference_mismatch.map(|is_set| is_set.to_string()),
            Kind::DocumentExpired => person.document_expired.map(|is_set| is_set.to_string()),
            Kind::Disappeared | Kind::BecameUnreached => self.finding.after.clone(),
            _ => None,
        }
    }

    /// Whether the field is that of an open entity, or of something that one is listed for.
    fn is_listed_open(&self, person: &Person) -> bool {
        let is_open = |entity: &str| person.hits.get(entity) == Some(&true);
        let is_it = |(entity, listing): &(String, String)| {
            let rest = self.field().strip_prefix(entity.as_str());
            rest.and_then(|rest| rest.strip_prefix('/')) == Some(listing) && is_open(entity)
        };
        is_open(self.field()) || person.listings.iter().any(is_it)
    }

    fn field(&self) -> &str {
        self.finding.field.as_deref().unwrap_or_default()
    }

    /// The regression that came to light with a user who passed when last reached, and does not now.
    pub(super) fn regression(&self, person: &Person) -> Option<Finding> {
        let is_back = self.finding.kind == Kind::BecameUnreached
            && self.finding.before.as_deref() == Some("pass")
            && person.sight() != Sight::Unreached;
        (is_back && !person.passes()).then(|| {
            let after = person.verdict.as_deref();
            Finding::change(Kind::Regression, Some("verdict"), Some("pass"), after)
        })
    }
}
