//! One document, walked once: every value goes to its cell, to a row of a child table, or to `unmapped`.

use std::borrow::Cow;

use super::{
    cell::Cell,
    drift::{Sighting, Surprise},
    plan::{Branch, Leaf, Place, Plan, Rows},
    pointer::Path,
    sheet::{At, Presence, Sheet, USERS},
};
use crate::kyc::{
    catalogue::Column,
    json::{self, Entry, Shape, Value},
    values::{self, Scalar},
    words,
};

/// Places of all objects that the walk is in at once, as a rule.
const FIRSTS: usize = 128;

/// Walks a document into the sheet and returns what the catalogue did not expect.
pub(super) fn walk<'p: 'd, 'd>(
    plan: &'p Plan,
    document: Value<'d>,
    sheet: &mut Sheet<'d>,
) -> Vec<Sighting<'p>> {
    let (sightings, path, firsts) = (Vec::new(), Path::default(), Vec::with_capacity(FIRSTS));
    let mut walk = Walk { plan, sheet, sightings, path, firsts };
    walk.branch(&plan.root, document, At::USER);
    walk.sightings
}

struct Walk<'p, 's, 'd> {
    plan: &'p Plan,
    sheet: &'s mut Sheet<'d>,
    sightings: Vec<Sighting<'p>>,
    path: Path<'d>,
    /// What was found first at each place of the objects that the walk is in, from the outermost on.
    firsts: Vec<Option<Value<'d>>>,
}

/// Whether there was anything at a place, so that the same key once more is one time too many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Something,
}

impl<'p: 'd, 'd> Walk<'p, '_, 'd> {
    fn place(&mut self, place: &'p Place, value: Value<'d>, at: At) -> Found {
        match place {
            Place::Leaf(leaf) if leaf.is_json => self.json(leaf, value, at),
            Place::Leaf(leaf) => self.leaf(leaf, value, at),
            Place::Branch(_) if json::is_empty(value) => Found::Nothing,
            Place::Branch(branch) => self.branch(branch, value, at),
            // An empty list says that there is nothing; an empty object in its place says nothing.
            Place::Rows(_) if json::is_empty(value) && json::shape(value) != Shape::Array => {
                Found::Nothing
            }
            Place::Rows(rows) => self.rows(rows, value, at),
        }
    }

    /// Walks an object, or keeps whatever else stands in its place.
    fn branch(&mut self, branch: &'p Branch, value: Value<'d>, at: At) -> Found {
        let Some(entries) = json::entries(value) else {
            self.misfit(None, value, at);
            self.note_presence(&branch.pointer, Presence::Misshapen, at);
            return Found::Something;
        };
        if json::entries(value).into_iter().flatten().any(|(_, value)| says_something(value)) {
            self.note_presence(&branch.pointer, Presence::Present, at);
        }
        self.members(branch, entries, at);
        Found::Something
    }

    fn members(&mut self, branch: &'p Branch, entries: impl Iterator<Item = Entry<'d>>, at: At) {
        let start = self.firsts.len();
        self.firsts.resize(start + branch.len(), None);
        for (key, value) in entries {
            let known = branch.find(&key);
            self.path.enter(key);
            match known {
                None => self.homeless(Surprise::UnknownField, value, at),
                Some((number, place)) => {
                    if let Some(first) = self.firsts[start + number] {
                        self.repeated(first, value, at);
                    } else if self.place(place, value, at) == Found::Something {
                        self.firsts[start + number] = Some(value);
                    }
                }
            }
            self.path.leave();
        }
        self.firsts.truncate(start);
    }

    /// A value under a key that was there before; another value than the first one contests it. A list that was sent twice
    /// may be twice as long.
    fn repeated(&mut self, first: Value<'_>, value: Value<'d>, at: At) {
        let is_same = json::is_same_text(first, value);
        if is_same && json::shape(value) != Shape::Array {
            self.see(Surprise::DuplicateKey, None, Some(json::shape(value).as_str()), at);
            let pointer = self.path.in_row();
            self.sheet.row(at).unmapped.keep_echo(pointer, value.text());
            return;
        }
        if !is_same && !json::is_empty(value) {
            self.sheet.contested_keys += 1;
        }
        self.homeless(Surprise::DuplicateKey, value, at);
    }

    /// Makes every element of an array a row of its own, also one that is no object: no hit is ever lost from a count.
    fn rows(&mut self, rows: &'p Rows, value: Value<'d>, at: At) -> Found {
        let Some(elements) = json::elements(value).map(Iterator::collect::<Vec<_>>) else {
            self.misfit(None, value, at);
            self.note_presence(&rows.pointer, Presence::Misshapen, at);
            return Found::Something;
        };
        self.note_presence(&rows.pointer, Presence::Present, at);
        for (number, (place, element)) in (1..).zip(elements.iter().enumerate()) {
            if self.sheet.is_full(rows.table) {
                self.surplus(&elements[place..], at);
                break;
            }
            let row = self.row(rows, number, at);
            let outer = self.path.enter_row();
            if !json::is_empty(*element) {
                self.branch(&rows.element, *element, row);
            }
            self.path.leave_row(&outer);
        }
        if elements.is_empty() { Found::Nothing } else { Found::Something }
    }

    /// Keeps the elements for which the table has no more rows beside the row they belong to.
    fn surplus(&mut self, rest: &[Value<'d>], at: At) {
        let texts: Vec<_> = rest.iter().map(|element| element.text()).collect();
        self.see(Surprise::Surplus, None, Some(Shape::Array.as_str()), at);
        let pointer = self.path.in_row();
        self.sheet.row(at).unmapped.keep(pointer, format!("[{}]", texts.join(",")));
    }

    /// A new row that knows its place among its siblings and in the document.
    fn row(&mut self, rows: &'p Rows, number: i64, parent: At) -> At {
        let row = self.sheet.add_row(self.plan, rows.table);
        for (there, here) in &rows.inherited {
            let cell = self.sheet.row(parent).cells[*there].clone();
            self.sheet.row(row).cells[*here] = cell;
        }
        let cells = &mut self.sheet.row(row).cells;
        if let Some(index) = rows.index {
            cells[index] = Cell::Int(number);
        }
        if let Some((column, section)) = &rows.section {
            cells[*column] = Cell::from(section.as_str());
        }
        row
    }

    fn json(&mut self, leaf: &'p Leaf, value: Value<'d>, at: At) -> Found {
        if json::shape(value) == Shape::Null {
            return Found::Nothing;
        }
        self.sheet.row(at).cells[leaf.column] = Cell::Text(json::compact(value.text()));
        Found::Something
    }

    fn leaf(&mut self, leaf: &'p Leaf, value: Value<'d>, at: At) -> Found {
        match values::scalar(value) {
            Scalar::Null => return Found::Nothing,
            Scalar::Nested if json::is_empty(value) => return Found::Nothing,
            Scalar::Nested => self.unfit(leaf, value, at),
            Scalar::Text(text) => self.text(leaf, value, text, at),
            Scalar::Repaired(text) => {
                self.see(Surprise::InvalidUtf8, Some(self.column(leaf, at)), None, at);
                self.text(leaf, value, text, at);
            }
        }
        Found::Something
    }

    /// Reads a scalar into its cell; its text goes beside it where typing may lose something.
    fn text(&mut self, leaf: &'p Leaf, value: Value<'d>, text: Cow<'d, str>, at: At) {
        let column = self.column(leaf, at);
        if !column.words.is_empty()
            && !text.trim().is_empty()
            && !words::is_among(&text, &column.words)
        {
            self.see(Surprise::NewWord, Some(column), Some(&text), at);
        }
        if let Some(raw) = leaf.raw {
            self.sheet.row(at).cells[raw] = Cell::Text(text.clone());
        }
        let is_blank = text.trim().is_empty();
        match Cell::read(column.kind, text) {
            Some(cell) => self.sheet.row(at).cells[leaf.column] = cell,
            None if is_blank && leaf.raw.is_some() => {}
            None => self.unfit(leaf, value, at),
        }
    }

    /// The value does not fit its column: the cell stays null, and the value is kept unless its text already is.
    fn unfit(&mut self, leaf: &'p Leaf, value: Value<'d>, at: At) {
        let column = self.column(leaf, at);
        let has_text = leaf.raw.is_some_and(|raw| self.sheet.row(at).cells[raw] != Cell::Null);
        if has_text {
            self.see(Surprise::TypeClash, Some(column), Some(&sample(value)), at);
        } else {
            self.misfit(Some(column), value, at);
        }
    }

    /// Of a value without a column only its type is shown: what it holds nobody has classed.
    fn misfit(&mut self, column: Option<&'p Column>, value: Value<'d>, at: At) {
        let shape = json::shape(value).as_str();
        let sample = if column.is_some() { sample(value) } else { Cow::Borrowed(shape) };
        self.see(Surprise::TypeClash, column, Some(&sample), at);
        self.keep(value, at);
    }

    /// A value we have no place for: its key is unknown, or was there before. Of two values the first one stands.
    fn homeless(&mut self, surprise: Surprise, value: Value<'d>, at: At) {
        if !json::is_empty(value) {
            self.see(surprise, None, Some(json::shape(value).as_str()), at);
            self.keep(value, at);
        }
    }

    fn keep(&mut self, value: Value<'d>, at: At) {
        let pointer = self.path.in_row();
        self.sheet.row(at).unmapped.keep(pointer, value.text());
    }

    fn see(
        &mut self,
        surprise: Surprise,
        column: Option<&'p Column>,
        sample: Option<&str>,
        at: At,
    ) {
        let table = self.plan.tables[at.table].table.name;
        self.sightings.push(Sighting::new(
            surprise,
            table,
            column,
            &self.path.in_document(),
            sample,
        ));
    }

    fn column(&self, leaf: &Leaf, at: At) -> &'p Column {
        &self.plan.tables[at.table].table.columns[leaf.column]
    }

    fn note_presence(&mut self, pointer: &'p str, presence: Presence, at: At) {
        if at.table == USERS {
            self.sheet.note_presence(pointer, presence);
        }
    }
}

/// The text of a scalar; of anything nested only what it is, for whatever may be in it is not the column's.
fn sample(value: Value<'_>) -> Cow<'_, str> {
    match values::scalar(value) {
        Scalar::Text(text) | Scalar::Repaired(text) => text,
        Scalar::Null | Scalar::Nested => Cow::Borrowed(json::shape(value).as_str()),
    }
}

/// Whether a member of a section says anything. An object with nothing in it but nulls does not: such a section is an
/// absent one, and nobody was screened by it. An empty list does: there is nothing to list.
fn says_something(member: Value<'_>) -> bool {
    let is_null = |value: Value<'_>| json::shape(value) == Shape::Null;
    match json::shape(member) {
        Shape::Null => false,
        Shape::Object => json::entries(member)
            .is_none_or(|mut members| members.any(|(_, value)| !is_null(value))),
        _ => true,
    }
}
