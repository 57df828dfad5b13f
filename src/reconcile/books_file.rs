//! One entry of `[books]` as it is written down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a column of the roster is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a column of `users`, a table of our words, or { column = …, words = { … } }"
)]
pub enum Entry {
    /// `country = "id_info_issue_country_code"`
    Column(String),
    /// `our_status = { column = "decision", words = { checking = "review" } }`
    Explicit { column: String, words: BTreeMap<String, String> },
    /// `our_status = { active = "pass", blocked = "fail" }`: verdicts or decisions, as the words say.
    Words(BTreeMap<String, String>),
}
