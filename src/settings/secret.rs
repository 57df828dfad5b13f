//! Where secrets are found: in the environment, or among systemd's credentials (`LoadCredential=`).

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::error::SettingsError;

/// The text of a secret, and where it was found.
pub(super) struct Found {
    pub(super) origin: String,
    pub(super) text: String,
}

/// A secret in the environment or among the credentials, in this order; none where it is in neither.
pub(super) fn find(variable: &str, name: &str) -> Result<Option<Found>, SettingsError> {
    let exported = env::var(variable).ok().filter(|text| !text.trim().is_empty());
    match exported {
        Some(text) => Ok(Some(Found { origin: variable.to_owned(), text })),
        None => credential(name).as_deref().map(read).transpose(),
    }
}

/// The secret in a file.
pub(super) fn read(path: &Path) -> Result<Found, SettingsError> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|source| SettingsError::KeyFile { path: path.to_owned(), source })?;
    Ok(Found { origin: path.display().to_string(), text })
}

/// The file of a credential, if it is there.
pub(super) fn credential(name: &str) -> Option<PathBuf> {
    let dir = env::var_os("CREDENTIALS_DIRECTORY")?;
    Some(Path::new(&dir).join(name)).filter(|path| path.exists())
}
