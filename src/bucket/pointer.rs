//! `latest.json`: which run in the bucket is the newest that is complete and passed its gates.

use serde::{Deserialize, Serialize};

use super::{error::BucketError, store::Bucket};

const NAME: &str = "latest.json";

/// What `latest` is to a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    pub run_id: String,
    /// `SANDBOX` where the people are invented.
    pub environment: String,
    pub started_at: String,
    /// By which the manifest of the run is known.
    pub manifest_sha256: String,
}

impl Bucket {
    /// Where the pointer points, if there is one.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn latest(&self) -> Result<Option<Pointer>, BucketError> {
        let Some(text) = self.wait_for(self.read(NAME))? else { return Ok(None) };
        let garbled = |_| BucketError::Garbled { place: self.address().of_run(NAME) };
        serde_json::from_slice(&text).map(Some).map_err(garbled)
    }

    /// Points to a run, in one step.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn point(&self, pointer: &Pointer) -> Result<(), BucketError> {
        // Texts alone: there is nothing in it that JSON could not write.
        let text = serde_json::to_string_pretty(pointer).unwrap_or_default() + "\n";
        self.wait_for(self.write(NAME, text.into_bytes()))
    }
}
