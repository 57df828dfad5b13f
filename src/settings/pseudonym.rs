//! Where the key of the pseudonyms comes from.

use super::{
    error::SettingsError,
    secret::{self, Found},
};
use crate::{model::secret::PseudonymKey, report::export::profiles::Exports};

/// Environment variable that holds the key itself.
const VARIABLE: &str = "KYC_RECON_PSEUDONYM_KEY";
/// Its name among systemd's credentials.
const CREDENTIAL: &str = "kyc-recon-pseudonym-key";

/// The key, if there is one: in the environment or among systemd's credentials, in this order.
///
/// # Errors
/// When there is one that cannot be used.
pub fn key() -> Result<Option<PseudonymKey>, SettingsError> {
    let Some(Found { origin, text }) = secret::find(VARIABLE, CREDENTIAL)? else { return Ok(None) };
    let key = PseudonymKey::parse(&text);
    key.map(Some).map_err(|source| SettingsError::PseudonymKey { origin, source })
}

/// The key, if one of the exports needs it; it must be there then.
pub(super) fn needed_by(exports: &Exports) -> Result<Option<PseudonymKey>, SettingsError> {
    let Some(export) = exports.first_with_pseudonyms() else { return Ok(None) };
    let missing = || SettingsError::NoPseudonymKey { export: export.name().to_owned() };
    key()?.map(Some).ok_or_else(missing)
}
