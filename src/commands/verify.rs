//! x
use super::published::Published;
use crate::{
    error::{Error, ExitStatus},
    settings::PublishedSettings,
};
pub(super) fn verify(settings: &PublishedSettings) -> Result<ExitStatus, Error> {
    let _ = Published::find(settings)?.dir();
    Ok(ExitStatus::Complete)
}
