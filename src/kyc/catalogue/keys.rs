//! Keys of the tables: what tells their rows apart, what they point to, and which of their cells are never empty.

use super::Table;

/// Columns of a table whose values, together, are those of a row of another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub columns: &'static [&'static str],
    pub table: &'static str,
    /// The columns there; no cell of them is null.
    pub to: &'static [&'static str],
}

const USER: Reference = Reference { columns: &["user_id"], table: "users", to: &["user_id"] };

const ENTITY: Reference = Reference {
    columns: &["user_id", "entity_index"],
    table: "aml_entities",
    to: &["user_id", "entity_index"],
};

const FIRST_USER: Reference =
    Reference { columns: &["first_user_id"], table: "users", to: &["user_id"] };

impl Table {
    /// The columns that tell a row from every other one of the run; none where nothing that is always there does.
    #[must_use]
    pub fn key(&self) -> &'static [&'static str] {
        match self.name {
            "users" | "rereads" => &["user_id"],
            "aml_entities" => &["user_id", "entity_index"],
            "aml_hits" => &["user_id", "entity_index", "hit_index"],
            "warnings" => &["user_id", "section", "warning_index"],
            "status_reasons" => &["user_id", "section", "reason_index"],
            "rule_hits" => &["user_id", "rule"],
            "attempts" => &["user_id", "attempt"],
            "roster_counts" => &["run_id"],
            // A user stands on the line that named him first, so no other row has it.
            "rejects" | "actions" => &["line"],
            _ => &[],
        }
    }

    /// What the rows point to, where they have it. A break may be about somebody who is no longer a user of the roster, so it points nowhere.
    #[must_use]
    pub fn references(&self) -> &'static [Reference] {
        match self.name {
            "aml_hits" => &[USER, ENTITY],
            "aml_entities" | "warnings" | "status_reasons" | "rule_hits" | "attempts"
            | "rereads" | "actions" => &[USER],
            "drift" => &[FIRST_USER],
            _ => &[],
        }
    }

    /// Whether a column has a value in every row.
    #[must_use]
    pub fn always_has(&self, column: &str) -> bool {
        let also: &[&str] = match self.name {
            "users" => &["position", "roster_line", "outcome", "carried", "verdict", "attempts"],
            "rule_hits" => &["verdict"],
            "warnings" => &["nature"],
            "attempts" => &["request_id", "started_at", "elapsed_ms", "reread"],
            "rereads" => &["outcome"],
            "roster_counts" => {
                &["input_rows", "unique_users", "duplicates", "blanks", "rejects", "other_shards"]
            }
            "rejects" => &["reason"],
            "actions" => &["action", "why", "severity"],
            "drift" => &["kind", "table_name", "occurrences", "first_user_id"],
            _ => &[],
        };
        column == "run_id" || self.key().contains(&column) || also.contains(&column)
    }
}

#[cfg(test)]
mod tests {
    use crate::kyc::catalogue::{table, tables};

    #[test]
    fn keys_and_references_are_columns_of_their_tables() {
        for from in tables() {
            for column in from.key() {
                assert!(from.column(column).is_some(), "{}: {column}", from.name);
            }
            for reference in from.references() {
                let to = table(reference.table);
                assert!(to.is_some_and(|to| to.key() == reference.to), "{}", from.name);
                assert!(reference.columns.iter().all(|column| from.column(column).is_some()));
            }
        }
    }
}
