//! `schema`: the data dictionary and the built-in policy.

use crate::{
    assess::policy::Policy,
    cli::{SchemaArgs, SchemaFormat},
    console::terminal,
    error::{Error, ExitStatus},
    kyc::catalogue::{self, Table},
    report::{dictionary, package},
    settings::error::SettingsError,
};

/// Prints the dictionary in the form asked for, or the policy.
pub(super) fn schema(args: &SchemaArgs) -> Result<ExitStatus, Error> {
    if args.policy {
        terminal::print(Policy::built_in().map_err(SettingsError::Policy)?.text());
        return Ok(ExitStatus::Complete);
    }
    let tables = chosen(args.table.as_deref())?;
    terminal::print(&match args.format {
        SchemaFormat::Markdown => dictionary::markdown(tables),
        SchemaFormat::Json => format!("{:#}\n", dictionary::json(tables)),
        SchemaFormat::Frictionless => format!("{:#}\n", package::resources(tables)),
    });
    Ok(ExitStatus::Complete)
}

/// The table of this name, or all.
fn chosen(name: Option<&str>) -> Result<&'static [Table], Error> {
    let Some(name) = name else { return Ok(catalogue::tables()) };
    let found = catalogue::table(name).map(std::slice::from_ref);
    found.ok_or_else(|| {
        let known: Vec<_> = catalogue::tables().iter().map(|table| table.name).collect();
        Error::TableMissing { table: name.to_owned(), known: known.join(", ") }
    })
}
