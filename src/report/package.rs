//! `datapackage.json`: the published CSV files for programs that read Frictionless data packages.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    disk,
    kyc::catalogue::{Column, Kind, Table},
    model::ids::RunId,
    report::error::ReportError,
};

/// Writes the package of the tables that were published as CSV.
///
/// # Errors
/// When the disk refuses.
pub fn write<'a>(
    path: &Path,
    run_id: &RunId,
    tables: impl IntoIterator<Item = &'a Table>,
) -> Result<(), ReportError> {
    Ok(disk::write_private(path, text(run_id, tables).as_bytes())?)
}

/// The package as the text of its file.
#[must_use]
pub fn text<'a>(run_id: &RunId, tables: impl IntoIterator<Item = &'a Table>) -> String {
    format!("{:#}\n", package(run_id, tables))
}

/// The tables as resources of a package, each with its fields.
#[must_use]
pub fn resources<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Value {
    json!({ "resources": tables.into_iter().map(resource).collect::<Vec<_>>() })
}

fn package<'a>(run_id: &RunId, tables: impl IntoIterator<Item = &'a Table>) -> Value {
    json!({
        // The standard allows lower case only in a name; the title keeps the run's own spelling.
        "name": format!("kyc-recon-{}", run_id.as_str().to_lowercase()),
        "title": format!("KYC report {run_id}"),
        "profile": "tabular-data-package",
        "resources": tables.into_iter().map(resource).collect::<Vec<_>>(),
    })
}

fn resource(table: &Table) -> Value {
    json!({
        "name": table.name,
        "description": table.meaning,
        "path": format!("csv/{}.csv", table.name),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": table.columns.iter().map(field).collect::<Vec<_>>(),
            "missingValues": [""],
        },
    })
}

fn field(column: &Column) -> Value {
    let (kind, format) = match column.kind {
        Kind::Text => ("string", "default"),
        Kind::Int => ("integer", "default"),
        Kind::Float => ("number", "default"),
        Kind::Bool => ("boolean", "default"),
        Kind::Date => ("date", "default"),
        // The default form has no fractions of a second.
        Kind::Timestamp => ("datetime", "%Y-%m-%dT%H:%M:%S.%fZ"),
    };
    json!({ "name": column.name, "type": kind, "format": format, "description": column.meaning })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::kyc::catalogue;

    #[test]
    fn every_column_is_a_field_of_its_table() -> Result<(), Box<dyn Error>> {
        let package = package(&RunId::parse("Night-1")?, catalogue::tables());
        assert_eq!(package["name"], "kyc-recon-night-1");
        for (resource, table) in
            package["resources"].as_array().into_iter().flatten().zip(catalogue::tables())
        {
            let fields = resource["schema"]["fields"].as_array().map(Vec::len);
            assert_eq!(fields, Some(table.columns.len()), "{}", table.name);
        }
        Ok(())
    }
}
