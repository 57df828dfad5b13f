//! `datapackage.json`: the published CSV files for programs that read Frictionless data packages.

use serde_json::{Map, Value, json};

use crate::{
    disk,
    kyc::catalogue::{self, Column, Kind, Origin, Table, keys::Reference},
    report::{certificate::Certificate, csv::ByteOrderMark, error::ReportError, publish::Staging},
};

/// Writes the package of the tables that were published as CSV, which must be complete: their digests are in it.
///
/// # Errors
/// When a table cannot be read again, or the disk refuses.
pub fn write(
    staging: &Staging,
    certificate: &Certificate,
    tables: &[Table],
    mark: ByteOrderMark,
) -> Result<(), ReportError> {
    let path = staging.file("datapackage.json");
    let resources = tables.iter().map(|table| resource(staging, table, mark));
    let package = package(certificate, &resources.collect::<Result<Vec<_>, _>>()?);
    Ok(disk::write_private(&path, format!("{package:#}\n").as_bytes())?)
}

/// The tables as resources of a package, each with its fields.
#[must_use]
pub fn resources<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Value {
    json!({ "resources": tables.into_iter().map(described).collect::<Vec<_>>() })
}

fn package(certificate: &Certificate, resources: &[Value]) -> Value {
    let Certificate { run_id, environment, tool_version, policy, .. } = certificate;
    let environment = environment.as_str();
    json!({
        // The standard allows lower case only in a name; the title keeps the run's own spelling.
        "name": format!("kyc-recon-{}", run_id.to_lowercase()),
        "title": format!("KYC report {run_id} ({environment})"),
        "profile": "tabular-data-package",
        "created": certificate.ended_at,
        "kyc_recon": {
            "run_id": run_id,
            "environment": environment,
            "catalogue_version": catalogue::VERSION,
            "policy_sha256": policy.sha256,
            "tool_version": tool_version,
        },
        "resources": resources,
    })
}

/// A table as it was published.
fn resource(staging: &Staging, table: &Table, mark: ByteOrderMark) -> Result<Value, ReportError> {
    let file = staging.csv(table.name);
    let mut resource = described(table);
    resource["encoding"] = json!(encoding(mark));
    resource["bytes"] = json!(disk::length(&file)?);
    resource["hash"] = json!(format!("sha256:{}", staging.sha256(&file)?));
    Ok(resource)
}

/// A table as any run publishes it.
fn described(table: &Table) -> Value {
    json!({
        "name": table.name,
        "description": table.meaning,
        "path": format!("csv/{}.csv", table.name),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": "\"",
            "doubleQuote": true,
            "skipInitialSpace": false,
            "header": true,
        },
        "schema": schema(table),
    })
}

/// Under the name of plain UTF-8 readers would take the mark for a part of the first column's name.
const fn encoding(mark: ByteOrderMark) -> &'static str {
    match mark {
        ByteOrderMark::Without => "utf-8",
        ByteOrderMark::With => "utf-8-sig",
    }
}

fn schema(table: &Table) -> Value {
    let mut schema = json!({
        "fields": table.columns.iter().map(|column| field(table, column)).collect::<Vec<_>>(),
        "missingValues": [""],
    });
    if !table.key().is_empty() {
        schema["primaryKey"] = json!(table.key());
    }
    if !table.references().is_empty() {
        schema["foreignKeys"] = table.references().iter().map(foreign_key).collect();
    }
    schema
}

fn foreign_key(reference: &Reference) -> Value {
    json!({
        "fields": reference.columns,
        "reference": { "resource": reference.table, "fields": reference.to },
    })
}

fn field(table: &Table, column: &Column) -> Value {
    let (kind, format) = match column.kind {
        Kind::Text => ("string", "default"),
        Kind::Int => ("integer", "default"),
        Kind::Float => ("number", "default"),
        Kind::Bool => ("boolean", "default"),
        Kind::Date => ("date", "default"),
        // The default form has no fractions of a second.
        Kind::Timestamp => ("datetime", "%Y-%m-%dT%H:%M:%S.%fZ"),
    };
    let mut field = json!({ "name": column.name, "type": kind, "format": format, "description": column.meaning });
    let constraints = constraints(table, column);
    if !constraints.is_empty() {
        field["constraints"] = constraints.into();
    }
    field
}

/// What holds of every cell. The partner's own words are open: those listed in the catalogue are the ones known so far.
fn constraints(table: &Table, column: &Column) -> Map<String, Value> {
    let is_ours = matches!(column.origin, Origin::Derived | Origin::Run);
    let mut constraints = Map::new();
    if table.always_has(&column.name) {
        constraints.insert("required".to_owned(), true.into());
    }
    if table.key() == [column.name.as_str()] {
        constraints.insert("unique".to_owned(), true.into());
    }
    if is_ours && !column.words.is_empty() {
        constraints.insert("enum".to_owned(), json!(column.words));
    }
    constraints
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::certificate::tests::certified;

    fn written(mark: ByteOrderMark) -> Result<Value, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let staging = Staging::begin(place.path(), true)?;
        for table in catalogue::tables() {
            disk::write_private(&staging.csv(table.name), b"abc")?;
        }
        write(&staging, &certified(|_| {})?, catalogue::tables(), mark)?;
        Ok(serde_json::from_slice(&disk::read(&staging.file("datapackage.json"))?)?)
    }

    #[test]
    fn every_column_is_a_field_of_its_table() -> Result<(), Box<dyn Error>> {
        let package = written(ByteOrderMark::Without)?;
        assert_eq!(package["name"], "kyc-recon-night-1");
        assert_eq!(package["title"], "KYC report night-1 (SANDBOX)");
        let resources = package["resources"].as_array().ok_or("no resources")?;
        for (resource, table) in resources.iter().zip(catalogue::tables()) {
            let fields = resource["schema"]["fields"].as_array().map(Vec::len);
            assert_eq!(fields, Some(table.columns.len()), "{}", table.name);
        }
        Ok(())
    }

    #[test]
    fn a_file_is_described_as_it_lies_there() -> Result<(), Box<dyn Error>> {
        let users = &written(ByteOrderMark::Without)?["resources"][0];
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((&users["bytes"], &users["encoding"]), (&json!(3), &json!("utf-8")));
        assert_eq!(users["hash"], format!("sha256:{digest}"));
        assert_eq!(written(ByteOrderMark::With)?["resources"][0]["encoding"], "utf-8-sig");
        Ok(())
    }

    #[test]
    fn our_own_words_are_closed_and_the_partner_s_are_not() -> Result<(), Box<dyn Error>> {
        let users = &written(ByteOrderMark::Without)?["resources"][0]["schema"];
        let of = |name: &str| {
            let fields = users["fields"].as_array().into_iter().flatten();
            fields.filter(|field| field["name"] == name).map(|f| f["constraints"].clone()).next()
        };
        assert_eq!(of("user_id"), Some(json!({ "required": true, "unique": true })));
        let verdicts = json!({ "required": true, "enum": catalogue::table("users")
            .and_then(|users| users.column("verdict")).map(|verdict| &verdict.words) });
        assert_eq!(of("verdict"), Some(verdicts));
        assert_eq!(of("aiprise_summary_verification_result"), Some(Value::Null));
        Ok(())
    }
}
