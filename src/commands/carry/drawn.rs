//! From which published runs a run has carried answers, as its journal says: a run that is gone on with tells what it did.

use serde::{Deserialize, Serialize};

use crate::{error::Error, journal::store::Journal};

/// What was drawn from one published run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::commands) struct Drawn {
    pub(in crate::commands) run_id: String,
    pub(super) manifest_sha256: String,
    /// How many answers came from it.
    pub(super) answers: u64,
}

impl Drawn {
    /// What the journal says, the newest run first; nothing in a run that carries nothing.
    pub(in crate::commands) fn noted(journal: &Journal) -> Result<Vec<Self>, Error> {
        let Some(text) = journal.sources()? else { return Ok(Vec::new()) };
        let read = serde_json::from_str(&text);
        Ok(read
            .map_err(|_| journal.corrupt("the sources of carried answers cannot be understood"))?)
    }

    /// The runs in words.
    pub(super) fn say(drawn: &[Self]) -> String {
        let runs = drawn.iter().map(|drawn| format!("run {} ({})", drawn.run_id, drawn.answers));
        runs.collect::<Vec<_>>().join(", ")
    }
}
