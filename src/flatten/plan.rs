//! The plan of the walk: the pointers of the catalogue as a tree, and the tables it fills.

use super::{media, section::Section, sheet::USERS};
use crate::kyc::{
    catalogue::{self, Column, Origin, Table, naming},
    json,
};
use polars::prelude::PlHashMap;

/// Where everything the catalogue knows of a document goes.
pub(super) struct Plan {
    /// The tables filled from documents; `users` first, a child behind its parent.
    pub(super) tables: Vec<TablePlan>,
    pub(super) root: Branch,
    pub(super) sections: Vec<Section>,
    /// The columns of `users` that hold addresses of media.
    pub(super) media: Vec<usize>,
    /// How many columns of `users` are the roster's; they are its last.
    pub(super) roster_columns: usize,
}

/// A table, and the positions of its columns by name.
pub(super) struct TablePlan {
    pub(super) table: Table,
    positions: PlHashMap<String, usize>,
}

/// What may stand at a place of the document.
pub(super) enum Place {
    Branch(Branch),
    Leaf(Leaf),
    Rows(Rows),
}

/// An object whose members the catalogue knows.
#[derive(Default)]
pub(super) struct Branch {
    pub(super) pointer: String,
    members: Vec<(String, Place)>,
    /// The number of each member by its key as the catalogue spells it.
    numbers: PlHashMap<String, usize>,
}

/// A value that ends in a cell of the row being filled.
pub(super) struct Leaf {
    pub(super) column: usize,
    /// The column for its text, if typing may lose something.
    pub(super) raw: Option<usize>,
    /// Whether it is kept as JSON text, whatever it is.
    pub(super) is_json: bool,
}

/// An array whose elements are rows of a child table.
pub(super) struct Rows {
    pub(super) pointer: String,
    pub(super) table: usize,
    /// The column that counts the elements.
    pub(super) index: Option<usize>,
    /// Columns copied from the row the array stands in: there, here.
    pub(super) inherited: Vec<(usize, usize)>,
    /// The column for the section's name, and the name.
    pub(super) section: Option<(usize, String)>,
    pub(super) element: Branch,
}

impl Plan {
    pub(super) fn new(roster_columns: &[String]) -> Self {
        let users = catalogue::users_table(roster_columns);
        let children = catalogue::tables().iter().filter(|table| is_child(table)).cloned();
        let tables: Vec<_> = std::iter::once(users).chain(children).map(TablePlan::new).collect();
        let mut root = Branch::default();
        for at in 0..tables.len() {
            grow(&mut root, &tables, at);
        }
        let media = media::columns(&tables[USERS].table);
        Self { tables, root, sections: Section::all(), media, roster_columns: roster_columns.len() }
    }

    /// The position of the table of this name.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.table.name == name)
    }
}

impl TablePlan {
    fn new(table: Table) -> Self {
        let names = table.columns.iter().map(|column| column.name.clone());
        let positions = names.zip(0..).collect();
        Self { table, positions }
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.table.columns.get(self.position(name)?)
    }
}

impl Branch {
    /// The place for a key in any spelling, and its number among the members.
    pub(super) fn find(&self, key: &str) -> Option<(usize, &Place)> {
        let in_any_spelling =
            || self.members.iter().position(|(known, _)| json::is_same_key(known, key));
        let number = self.numbers.get(key).copied().or_else(in_any_spelling)?;
        Some((number, &self.members[number].1))
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    fn at(pointer: String) -> Self {
        Self { pointer, ..Self::default() }
    }

    fn add(&mut self, key: &str, place: Place) {
        self.numbers.insert(key.to_owned(), self.members.len());
        self.members.push((key.to_owned(), place));
    }

    /// The object at the end of the keys, grown where it does not exist; `*` steps into the rows of an array.
    fn reach(&mut self, keys: &[&str]) -> Option<&mut Self> {
        let Some((key, rest)) = keys.split_first() else { return Some(self) };
        let at = self.numbers.get(*key).copied().unwrap_or_else(|| {
            let pointer = format!("{}/{key}", self.pointer);
            self.add(key, Place::Branch(Self::at(pointer)));
            self.members.len() - 1
        });
        match &mut self.members.get_mut(at)?.1 {
            Place::Branch(branch) => branch.reach(rest),
            Place::Rows(rows) => rows.element.reach(rest.strip_prefix(&["*"])?),
            Place::Leaf(_) => None,
        }
    }

    fn put(&mut self, pointer: &str, place: Place) {
        let keys: Vec<_> = pointer.split('/').skip(1).collect();
        let Some((key, parents)) = keys.split_last() else { return };
        let branch = self.reach(parents);
        debug_assert!(
            branch.is_some(),
            "the catalogue puts {pointer} inside the value of another column"
        );
        if let Some(branch) = branch {
            branch.add(key, place);
        }
    }
}

fn is_child(table: &Table) -> bool {
    table.rows.iter().any(|pointer| !pointer.is_empty())
}

/// Puts every place where the table has rows into the tree, each with all of the table's columns.
fn grow(root: &mut Branch, tables: &[TablePlan], at: usize) {
    let plan = &tables[at];
    for pointer in &plan.table.rows {
        let mut element = Branch::at(String::new());
        for (position, column) in plan.table.columns.iter().enumerate() {
            grow_column(
                if pointer.is_empty() { &mut *root } else { &mut element },
                plan,
                position,
                column,
            );
        }
        if !pointer.is_empty() {
            root.put(pointer, Place::Rows(rows(tables, at, pointer, element)));
        }
    }
}

fn grow_column(branch: &mut Branch, plan: &TablePlan, column: usize, declared: &Column) {
    let (pointer, is_json) = match &declared.origin {
        Origin::Document(pointer) => (pointer, false),
        Origin::Json(pointer) => (pointer, true),
        Origin::Raw(_) | Origin::Derived | Origin::Run => return,
    };
    let is_its_text = |other: &Column| other.origin == Origin::Raw(pointer.clone());
    let raw = plan.table.columns.iter().position(is_its_text);
    branch.put(pointer, Place::Leaf(Leaf { column, raw, is_json }));
}

fn rows(tables: &[TablePlan], at: usize, pointer: &str, element: Branch) -> Rows {
    let plan = &tables[at];
    let parent = pointer.rsplit_once("/*").and_then(|(outer, _)| {
        tables.iter().find(|parent| parent.table.rows.iter().any(|rows| rows == outer))
    });
    let counts = |column: &&Column| column.name.ends_with("_index");
    let index =
        plan.table.columns.iter().rfind(counts).and_then(|column| plan.position(&column.name));
    let inherited =
        plan.table.columns.iter().filter(counts).filter_map(|column| {
            Some((parent?.position(&column.name)?, plan.position(&column.name)?))
        });
    let section = pointer.rsplit_once('/').map(|(section, _)| naming::from_pointer(section));
    Rows {
        pointer: pointer.to_owned(),
        table: at,
        index,
        inherited: inherited.collect(),
        section: plan.position("section").zip(section),
        element,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_of_an_object_read_alike() {
        fn check(branch: &Branch) {
            for (at, (key, place)) in branch.members.iter().enumerate() {
                let twin = branch
                    .members
                    .iter()
                    .skip(at + 1)
                    .find(|(other, _)| json::is_same_key(key, other));
                assert!(twin.is_none(), "{}/{key}", branch.pointer);
                match place {
                    Place::Branch(branch) => check(branch),
                    Place::Rows(rows) => check(&rows.element),
                    Place::Leaf(_) => {}
                }
            }
        }
        check(&Plan::new(&[]).root);
    }

    #[test]
    fn a_hit_carries_the_number_of_its_entity() {
        let plan = Plan::new(&[]);
        let hits = plan.tables.iter().position(|table| table.table.name == "aml_hits");
        let Some((_, Place::Branch(aml))) = plan.root.find("amlInfo") else { unreachable!() };
        let Some((_, Place::Rows(entities))) = aml.find("entityHits") else { unreachable!() };
        let Some((_, Place::Rows(hit_rows))) = entities.element.find("aml_hits") else {
            unreachable!()
        };
        assert_eq!(Some(hit_rows.table), hits);
        assert_eq!(hit_rows.inherited.len(), 1);
        assert!(hit_rows.index > hit_rows.inherited.first().map(|(_, here)| *here));
    }
}
