//! `man`: the manual, made from the help.

use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::{Man, generate_to};

use crate::{
    cli::Cli,
    console::terminal,
    disk::DiskError,
    error::{Error, ExitStatus},
};

/// Prints the page of kyc-recon, or writes one for each command into a directory that is there. The pages are no secrets, so
/// they are as readable as any file of the caller.
pub(super) fn man(out: Option<&Path>) -> Result<ExitStatus, Error> {
    if let Some(dir) = out {
        generate_to(Cli::command(), dir)
            .map_err(|source| DiskError::Create { path: dir.to_owned(), source })?;
        return Ok(ExitStatus::Complete);
    }
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page).map_err(Error::Reading)?;
    terminal::print(&String::from_utf8_lossy(&page));
    Ok(ExitStatus::Complete)
}
