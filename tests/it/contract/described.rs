//! What the files of a report say of themselves and of each other, against the files.

use std::{collections::BTreeSet, error::Error, fs};

use kyc_recon::kyc::catalogue;
use parquet::file::reader::FileReader as _;
use serde_json::Value;

use crate::support::{
    place::{Place, Tested},
    report::{Report, sha256},
    sample::sample,
};

#[test]
fn every_parquet_file_says_of_which_run_catalogue_and_policy_it_is() -> Tested {
    let report = &sample()?.report;
    let certificate = report.json("certificate.json")?;
    for file in report.files()?.iter().filter(|file| file.ends_with(".parquet")) {
        let reader = report.open(file)?;
        let said = reader.metadata().file_metadata().key_value_metadata();
        let of = |key: &str| {
            let key = format!("kyc_recon.{key}");
            let pair = said.into_iter().flatten().find(|pair| pair.key == key);
            pair.and_then(|pair| pair.value.clone()).unwrap_or_default()
        };
        assert_eq!(of("run_id"), "sample", "{file}");
        assert!(file.ends_with(&format!("/{}.parquet", of("table"))), "{file}");
        assert_eq!(of("environment"), "SANDBOX", "{file}");
        assert_eq!(of("catalogue_version"), catalogue::VERSION.to_string(), "{file}");
        assert_eq!(certificate["policy"]["sha256"], of("policy_sha256"), "{file}");
        assert_eq!(certificate["tool_version"], of("tool_version"), "{file}");
    }
    Ok(())
}

/// The rows of a package's resource, as text, by the names of some of its columns.
fn rows(report: &Report, path: &str, names: &Value) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(report.path(path))?;
    let headers = reader.headers()?.clone();
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    let at: Vec<_> = names.filter_map(|name| headers.iter().position(|h| h == name)).collect();
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        rows.push(at.iter().map(|at| row[*at].to_owned()).collect());
    }
    Ok(rows)
}

#[test]
fn the_data_package_knows_size_and_digest_of_every_table() -> Tested {
    let report = &sample()?.report;
    let package = report.json("datapackage.json")?;
    let resources = package["resources"].as_array().ok_or("no resources")?;
    assert_eq!(resources.len(), catalogue::tables().len());
    for resource in resources {
        let bytes = fs::read(report.path(resource["path"].as_str().ok_or("no path")?))?;
        assert_eq!(resource["bytes"], bytes.len(), "{}", resource["name"]);
        assert_eq!(resource["hash"], format!("sha256:{}", sha256(&bytes)), "{}", resource["name"]);
    }
    Ok(())
}

#[test]
fn keys_and_references_of_the_data_package_hold() -> Tested {
    let report = &sample()?.report;
    let package = report.json("datapackage.json")?;
    let resources = package["resources"].as_array().ok_or("no resources")?;
    let path = |name: &Value| {
        let found = resources.iter().find(|resource| resource["name"] == *name);
        found.and_then(|resource| resource["path"].as_str()).ok_or("no such resource")
    };
    for resource in resources {
        let (name, schema) = (&resource["name"], &resource["schema"]);
        let keys = rows(report, path(name)?, &schema["primaryKey"])?;
        if schema["primaryKey"].is_array() {
            let distinct: BTreeSet<_> = keys.iter().collect();
            assert_eq!(distinct.len(), keys.len(), "{name}");
        }
        for key in schema["foreignKeys"].as_array().into_iter().flatten() {
            let to = &key["reference"];
            let there: BTreeSet<_> =
                rows(report, path(&to["resource"])?, &to["fields"])?.into_iter().collect();
            let here = rows(report, path(name)?, &key["fields"])?;
            // A line of the roster that names no user points nowhere.
            let is_held =
                |row: &Vec<String>| there.contains(row) || row.iter().all(String::is_empty);
            assert!(here.iter().all(is_held), "{name}: {key}");
        }
    }
    Ok(())
}

#[test]
fn constraints_of_the_data_package_hold() -> Tested {
    let report = &sample()?.report;
    let package = report.json("datapackage.json")?;
    for resource in package["resources"].as_array().into_iter().flatten() {
        let path = resource["path"].as_str().ok_or("no path")?;
        for field in resource["schema"]["fields"].as_array().into_iter().flatten() {
            let (name, rules) = (&field["name"], &field["constraints"]);
            let cells = rows(report, path, &Value::from(vec![name.clone()]))?.concat();
            if rules["required"] == true {
                assert!(cells.iter().all(|cell| !cell.is_empty()), "{path}: {name}");
            }
            if let Some(words) = rules["enum"].as_array() {
                let known =
                    |cell: &String| cell.is_empty() || words.contains(&cell.as_str().into());
                assert!(cells.iter().all(known), "{path}: {name}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_summary_has_every_field_that_its_schema_requires() -> Tested {
    let report = &sample()?.report;
    let (schema, summary) = (report.json("summary.schema.json")?, report.json("summary.json")?);
    let required = schema["required"].as_array().ok_or("nothing is required")?;
    let fields = summary.as_object().ok_or("no summary")?;
    assert_eq!(required.len(), fields.len());
    assert!(required.iter().filter_map(Value::as_str).all(|name| fields.contains_key(name)));
    Ok(())
}

#[test]
fn with_a_byte_order_mark_every_csv_file_begins_with_it_and_is_else_the_same() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let marked = place.run("marked").args(["--sandbox", "--csv-bom"]).end()?;
    let plain = place.run("plain").args(["--sandbox"]).end()?;
    assert_eq!((marked.code, plain.code), (Some(0), Some(0)));
    let (marked, plain) = (place.report("marked"), place.report("plain"));
    let files = marked.files()?;
    let csv: Vec<_> = files
        .iter()
        .filter(|file| file.rsplit_once('.').is_some_and(|(_, ending)| ending == "csv"))
        .collect();
    assert!(csv.iter().any(|f| f.starts_with("csv/")) && csv.iter().any(|f| f.starts_with("stat")));
    for file in csv {
        let (with, without) = (marked.text(file)?, plain.text(file)?);
        let rest = with.strip_prefix('\u{feff}').ok_or("no mark")?;
        assert!(!rest.contains('\u{feff}') && !without.contains('\u{feff}'), "{file}");
        assert_eq!(rest.lines().next(), without.lines().next(), "{file}");
    }
    assert_eq!(marked.json("datapackage.json")?["resources"][0]["encoding"], "utf-8-sig");
    Ok(())
}
