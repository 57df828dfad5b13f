//! One user of one run: what reconciling reads of the row in `users`, and of the rows in `aml_entities`.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{ChunkedArray, DataFrame, DataType, PolarsResult, StringChunked, StringType};

use super::{
    bound::BoundBooks,
    identity::{BIRTH_DATE, FULL_NAME, ID_NUMBER, Identity, NAME_PARTS},
    normal,
};
use crate::model::{digest::Digest, outcome::Outcome};

/// The columns of `users` that every comparison reads.
const COLUMNS: [&str; 9] = [
    "user_id",
    "position",
    "outcome",
    "decision",
    "verdict",
    "verification_session_id",
    "reference_mismatch",
    "document_expired",
    "aml_open_hits",
];
/// The text of the birth date, for one that is no date.
const BIRTH_DATE_RAW: &str = "id_info_birth_date_raw";
/// The columns of `aml_entities` that a comparison reads.
pub const ENTITY_COLUMNS: [&str; 5] = ["user_id", "id", "name", "is_open", "entity_index"];
/// The columns of `aml_hits` that a comparison reads.
pub const LISTING_COLUMNS: [&str; 5] =
    ["user_id", "entity_index", "hit_type", "source_id", "source_name"];

/// What is known of a user in one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub user_id: String,
    /// Place in the roster, from 1.
    pub position: i64,
    pub outcome: Option<Outcome>,
    pub decision: Option<String>,
    pub verdict: Option<String>,
    pub session: Option<String>,
    /// None where the run cannot tell, as in the flag below.
    pub reference_mismatch: Option<bool>,
    pub document_expired: Option<bool>,
    /// Number of open AML hits; none if the hits are not listed.
    pub open_hits: Option<String>,
    pub identity: Identity,
    /// Whether each listed AML entity is open, by its name as a field.
    pub hits: BTreeMap<String, bool>,
    /// The field that an entity with an id would have by its name, by the field that it has.
    pub(super) entity_names: BTreeMap<String, String>,
    /// Field of the entity by its place in the document, as text.
    pub(super) entity_places: BTreeMap<String, String>,
    /// What each entity is listed for: its field, then type and source.
    pub listings: BTreeSet<(String, String)>,
    /// The partner's values that our books are held against, in the order of the books.
    pub theirs: Vec<Option<String>>,
    /// What our books say, in the same order.
    pub ours: Vec<Option<String>>,
}

/// How much of a user a run has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// A document.
    Document,
    /// The partner says that there is none.
    NoVerification,
    /// Nothing that could be used: what is null here was not asked or not answered.
    Unreached,
}

impl Person {
    pub(super) const fn sight(&self) -> Sight {
        match self.outcome {
            Some(Outcome::Answered) => Sight::Document,
            Some(Outcome::NoVerification) => Sight::NoVerification,
            _ => Sight::Unreached,
        }
    }

    pub(super) fn passes(&self) -> bool {
        self.verdict.as_deref() == Some("pass")
    }
}

impl Person {
    /// Takes in an AML entity; one that is listed twice is open if one of the two is.
    pub(super) fn list(&mut self, entity: Entity) {
        if let Some(name) = entity.name_field {
            self.entity_names.insert(entity.field.clone(), name);
        }
        if let Some(place) = entity.place {
            self.entity_places.insert(place, entity.field.clone());
        }
        *self.hits.entry(entity.field).or_default() |= entity.is_open;
    }

    /// Takes in what an entity that was taken in before is listed for.
    pub(super) fn list_for(&mut self, listing: Listing) {
        if let Some(entity) = self.entity_places.get(&listing.place) {
            self.listings.insert((entity.clone(), listing.label));
        }
    }
}

/// The columns of `users` to read of the baseline.
#[must_use]
pub fn baseline_columns(books: &BoundBooks) -> Vec<String> {
    let fixed = COLUMNS.into_iter().chain([FULL_NAME, BIRTH_DATE, BIRTH_DATE_RAW, ID_NUMBER]);
    let mut columns: Vec<_> = fixed.chain(NAME_PARTS).map(str::to_owned).collect();
    columns.extend(books.users_columns().map(str::to_owned));
    columns.sort();
    columns.dedup();
    columns
}

/// The columns of `users` to read of the run itself: those of the baseline, and what our books say.
#[must_use]
pub fn head_columns(books: &BoundBooks) -> Vec<String> {
    let mut columns = baseline_columns(books);
    columns.extend(books.roster_columns().map(str::to_owned));
    columns.sort();
    columns.dedup();
    columns
}

/// Reads the rows of a frame of `users` with the columns of [`baseline_columns`] or [`head_columns`].
///
/// # Errors
/// When a column is missing or has another type.
pub fn read(users: &DataFrame, books: &BoundBooks) -> PolarsResult<Vec<Person>> {
    let sheet = Sheet::open(users)?;
    let theirs =
        books.users_columns().map(|name| text(users, name)).collect::<PolarsResult<_>>()?;
    // The baseline's books are of no interest, and its roster may have had other columns.
    let ours = books
        .roster_columns()
        .map(|name| users.column(name).ok().map(|_| text(users, name)).transpose());
    let ours: Vec<Option<StringChunked>> = ours.collect::<PolarsResult<_>>()?;
    let theirs: Vec<StringChunked> = theirs;
    let person = |row| {
        let mut person = sheet.person(row);
        person.theirs = theirs.iter().map(|column| owned(column, row)).collect();
        person.ours =
            ours.iter().map(|column| column.as_ref().and_then(|c| owned(c, row))).collect();
        person
    };
    Ok((0..users.height()).map(person).collect())
}

/// An AML entity that a run lists for a user.
pub(super) struct Entity {
    pub(super) user_id: String,
    /// The entity as a field: by its id at the provider, else by its name, for places in a list move.
    field: String,
    /// The field by its name, of an entity with an id as well.
    name_field: Option<String>,
    place: Option<String>,
    is_open: bool,
}

/// An entry of an AML list about an entity.
pub(super) struct Listing {
    pub(super) user_id: String,
    place: String,
    label: String,
}

/// Reads a frame of `aml_entities` with the columns of [`ENTITY_COLUMNS`].
pub(super) fn entities(frame: &DataFrame) -> PolarsResult<Vec<Entity>> {
    let [users, ids, names, open, places] = texts(frame, ENTITY_COLUMNS)?;
    let entity = |row| {
        let field = entity_field(ids.get(row), names.get(row));
        let by_name = names.get(row).map(|name| entity_field(None, Some(name)));
        Some(Entity {
            user_id: owned(&users, row)?,
            name_field: by_name.filter(|name| *name != field),
            field,
            place: owned(&places, row),
            is_open: open.get(row) != Some("false"),
        })
    };
    Ok((0..frame.height()).filter_map(entity).collect())
}

/// Reads a frame of `aml_hits` with the columns of [`LISTING_COLUMNS`].
pub(super) fn listings(frame: &DataFrame) -> PolarsResult<Vec<Listing>> {
    let [users, places, types, sources, names] = texts(frame, LISTING_COLUMNS)?;
    let listing = |row| {
        let source = id_or_name(sources.get(row), names.get(row));
        Some(Listing {
            user_id: owned(&users, row)?,
            place: owned(&places, row)?,
            label: format!("{}/{source}", types.get(row).unwrap_or("untyped")),
        })
    };
    Ok((0..frame.height()).filter_map(listing).collect())
}

fn entity_field(id: Option<&str>, name: Option<&str>) -> String {
    format!("aml_entities/{}", id_or_name(id, name))
}

/// The name itself is nobody's business outside its own column.
fn id_or_name(id: Option<&str>, name: Option<&str>) -> String {
    match (id.map(str::trim).filter(|id| !id.is_empty()), name.and_then(normal::name)) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) => {
            let digest = Digest::of(name.as_bytes()).to_string();
            format!("name-{}", &digest[..16])
        }
        (None, None) => "unnamed".to_owned(),
    }
}

/// The texts of the columns that every comparison reads.
struct Sheet {
    fixed: [StringChunked; 9],
    full_name: StringChunked,
    name_parts: [StringChunked; 4],
    birth_date: StringChunked,
    birth_date_raw: StringChunked,
    id_number: StringChunked,
}

impl Sheet {
    fn open(users: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            fixed: texts(users, COLUMNS)?,
            full_name: text(users, FULL_NAME)?,
            name_parts: texts(users, NAME_PARTS)?,
            birth_date: text(users, BIRTH_DATE)?,
            birth_date_raw: text(users, BIRTH_DATE_RAW)?,
            id_number: text(users, ID_NUMBER)?,
        })
    }

    fn person(&self, row: usize) -> Person {
        let [user, position, outcome, decision, verdict, session, mismatch, expired, hits] =
            &self.fixed;
        let flag = |column: &StringChunked| column.get(row).map(|word| word == "true");
        Person {
            user_id: owned(user, row).unwrap_or_default(),
            position: position.get(row).and_then(|text| text.parse().ok()).unwrap_or_default(),
            outcome: outcome.get(row).and_then(Outcome::parse),
            decision: owned(decision, row),
            verdict: owned(verdict, row),
            session: owned(session, row),
            reference_mismatch: flag(mismatch),
            document_expired: flag(expired),
            open_hits: owned(hits, row),
            identity: self.identity(row),
            ..Person::default()
        }
    }

    fn identity(&self, row: usize) -> Identity {
        Identity {
            full_name: owned(&self.full_name, row),
            name_parts: self.name_parts.each_ref().map(|part| owned(part, row)),
            birth_date: owned(&self.birth_date, row).or_else(|| owned(&self.birth_date_raw, row)),
            id_number: owned(&self.id_number, row),
        }
    }
}

pub(super) fn text(frame: &DataFrame, column: &str) -> PolarsResult<ChunkedArray<StringType>> {
    let texts = frame.column(column)?.cast(&DataType::String)?;
    Ok(texts.as_materialized_series().str()?.rechunk().into_owned())
}

fn texts<const N: usize>(frame: &DataFrame, names: [&str; N]) -> PolarsResult<[StringChunked; N]> {
    let mut columns = std::array::from_fn(|_| StringChunked::default());
    for (column, name) in columns.iter_mut().zip(names) {
        *column = text(frame, name)?;
    }
    Ok(columns)
}

pub(super) fn owned(column: &StringChunked, row: usize) -> Option<String> {
    column.get(row).map(str::to_owned)
}
