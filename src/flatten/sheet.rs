//! The rows of one user, before they go into columns.

use super::{
    cell::Cell,
    plan::{Plan, TablePlan},
    unmapped::Unmapped,
};

/// Position of the `users` table in a plan and in a sheet.
pub(super) const USERS: usize = 0;

/// How many rows of one table one document may fill. A body of nothing but brackets and commas, small enough to be
/// received, would take a thousand times its size in cells.
pub(super) const MOST_ROWS: usize = 10_000;

/// All rows one user brings: one of `users`, any number of the child tables.
pub(super) struct Sheet<'d> {
    /// Rows by table, in the order of the plan's tables.
    pub(super) tables: Vec<Vec<Row<'d>>>,
    /// What was found where the catalogue has an object or an array of rows, by JSON pointer.
    presence: Vec<(&'d str, Presence)>,
    /// Values under keys that were there before with another value.
    pub(super) contested_keys: usize,
}

/// One row on its way into a table.
pub(super) struct Row<'d> {
    pub(super) cells: Vec<Cell<'d>>,
    pub(super) unmapped: Unmapped<'d>,
}

/// What was found at the place of a section or a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Presence {
    /// Nothing, null, or a section with nothing but nulls in it.
    #[default]
    Absent,
    Present,
    /// Something of another shape, which we cannot read.
    Misshapen,
}

/// Which row of the sheet is being filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) table: usize,
    pub(super) row: usize,
}

impl At {
    /// The row of the user.
    pub(super) const USER: Self = Self { table: USERS, row: 0 };
}

impl<'d> Sheet<'d> {
    /// A sheet with the user's row, still empty.
    pub(super) fn new(plan: &Plan) -> Self {
        let mut tables: Vec<_> = plan.tables.iter().map(|_| Vec::new()).collect();
        tables[USERS].push(Row::new(&plan.tables[USERS]));
        Self { tables, presence: Vec::new(), contested_keys: 0 }
    }

    /// Adds an empty row to a table and says where it is.
    pub(super) fn add_row(&mut self, plan: &Plan, table: usize) -> At {
        self.tables[table].push(Row::new(&plan.tables[table]));
        At { table, row: self.tables[table].len() - 1 }
    }

    pub(super) fn is_full(&self, table: usize) -> bool {
        self.tables[table].len() >= MOST_ROWS
    }

    pub(super) fn row(&mut self, at: At) -> &mut Row<'d> {
        &mut self.tables[at.table][at.row]
    }

    /// Notes what was found; the first finding that is not nothing stands.
    pub(super) fn note_presence(&mut self, pointer: &'d str, presence: Presence) {
        if presence != Presence::Absent && self.presence(pointer) == Presence::Absent {
            self.presence.push((pointer, presence));
        }
    }

    pub(super) fn presence(&self, pointer: &str) -> Presence {
        let mut found = self.presence.iter().filter(|(place, _)| *place == pointer);
        found.next().map_or(Presence::Absent, |(_, presence)| *presence)
    }
}

impl Row<'_> {
    fn new(plan: &TablePlan) -> Self {
        Self { cells: vec![Cell::Null; plan.table.columns.len()], unmapped: Unmapped::default() }
    }
}

/// A row seen through the names of its columns.
pub(super) struct Record<'p, 'r, 'd> {
    pub(super) plan: &'p TablePlan,
    pub(super) row: &'r mut Row<'d>,
}

impl<'d> Record<'_, '_, 'd> {
    /// The cell of the column of this name.
    pub(super) fn cell(&self, name: &str) -> &Cell<'d> {
        let position = self.plan.position(name);
        debug_assert!(position.is_some(), "no column {name} in {}", self.plan.table.name);
        position.and_then(|position| self.row.cells.get(position)).unwrap_or(&Cell::Null)
    }

    /// Sets the cell of the column of this name.
    pub(super) fn set(&mut self, name: &str, cell: impl Into<Cell<'d>>) {
        let position = self.plan.position(name);
        debug_assert!(position.is_some(), "no column {name} in {}", self.plan.table.name);
        if let Some(place) = position.and_then(|position| self.row.cells.get_mut(position)) {
            *place = cell.into();
        }
    }
}
