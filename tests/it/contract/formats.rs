//! Every published file against what is promised of it, read by a reader that shares nothing with the writer.

use std::{collections::BTreeMap, fs};

use kyc_recon::kyc::catalogue::{self, Kind, Privacy, Table};
use parquet::{
    basic::{LogicalType, TimeUnit, Type as Physical},
    file::{
        metadata::RowGroupMetaData,
        reader::FileReader as _,
        serialized_reader::{ReadOptionsBuilder, SerializedFileReader},
        statistics::Statistics,
    },
    schema::types::ColumnDescriptor,
};

use crate::support::{
    place::{Place, Tested},
    report::sha256,
    sample::sample,
};

/// The tables of the sample run, whose roster has four columns beside the ids.
fn tables() -> Vec<Table> {
    let others = ["email_hash", "country", "our_status", "onboarded_on"].map(str::to_owned);
    let rest = catalogue::tables().iter().filter(|table| table.name != "users").cloned();
    std::iter::once(catalogue::users_table(&others)).chain(rest).collect()
}

#[test]
fn every_table_has_as_many_rows_as_the_certificate_says() -> Tested {
    let report = &sample()?.report;
    let certificate = report.json("certificate.json")?;
    let certified = certificate["tables"].as_object().ok_or("no tables")?;
    assert_eq!(certified.len(), tables().len() + 1, "every table, and the archive");
    for (name, rows) in certified {
        let read = if name == "responses" { report.archive()? } else { report.table(name)? };
        assert_eq!(rows, read.len(), "{name}");
        let file =
            if name == "responses" { "archive/responses" } else { &format!("tables/{name}") };
        let footer = report.open(&format!("{file}.parquet"))?;
        assert_eq!(Some(footer.metadata().file_metadata().num_rows()), rows.as_i64(), "{name}");
    }
    Ok(())
}

#[test]
fn every_table_has_the_columns_and_types_of_the_catalogue() -> Tested {
    let report = &sample()?.report;
    for table in tables() {
        let reader = report.open(&format!("tables/{}.parquet", table.name))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let found: Vec<_> =
            schema.columns().iter().map(|c| (c.name().to_owned(), kind(c))).collect();
        let declared: Vec<_> =
            table.columns.iter().map(|c| (c.name.clone(), Some(c.kind))).collect();
        assert_eq!(found, declared, "{}", table.name);
    }
    Ok(())
}

fn kind(column: &ColumnDescriptor) -> Option<Kind> {
    match (column.physical_type(), column.logical_type_ref()) {
        (Physical::BYTE_ARRAY, Some(LogicalType::String)) => Some(Kind::Text),
        (Physical::INT64, None) => Some(Kind::Int),
        (Physical::DOUBLE, None) => Some(Kind::Float),
        (Physical::BOOLEAN, None) => Some(Kind::Bool),
        (Physical::INT32, Some(LogicalType::Date)) => Some(Kind::Date),
        (Physical::INT64, Some(LogicalType::Timestamp(time)))
            if time.is_adjusted_to_u_t_c && time.unit == TimeUnit::MICROS =>
        {
            Some(Kind::Timestamp)
        }
        _ => None,
    }
}

#[test]
fn every_row_names_its_run_and_every_child_row_its_user() -> Tested {
    let report = &sample()?.report;
    let users = report.table("users")?.texts("user_id");
    for table in tables() {
        let rows = report.table(table.name)?;
        assert!(rows.texts("run_id").iter().all(|run| run == "sample"), "{}", table.name);
        if table.column("user_id").is_some() {
            // A line of the roster that names nobody has an action too.
            let is_nobody = |user: &str| table.name == "actions" && user.is_empty();
            let ids = rows.texts("user_id");
            let known = ids.iter().all(|user| is_nobody(user) || users.contains(user));
            assert!(known, "{} names somebody who is not in users", table.name);
        }
    }
    Ok(())
}

#[test]
fn no_footer_of_personal_columns_tells_the_least_or_the_greatest_value() -> Tested {
    let report = &sample()?.report;
    let personal = |table: &Table| table.columns.iter().any(|c| c.privacy >= Privacy::Personal);
    let names: Vec<_> = tables().iter().filter(|t| personal(t)).map(|t| t.name).collect();
    assert!(names.contains(&"users") && names.contains(&"aml_entities"), "{names:?}");
    let tables = names.iter().map(|name| format!("tables/{name}.parquet"));
    for file in tables.chain(["archive/responses.parquet".to_owned()]) {
        let reader = report.open(&file)?;
        for column in reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns) {
            let told = column.statistics().and_then(|s| s.min_bytes_opt().or(s.max_bytes_opt()));
            assert_eq!(told, None, "{file}: {}", column.column_path());
            // Nor does its index, which has extremes page by page.
            assert_eq!(column.column_index_offset(), None, "{file}: {}", column.column_path());
        }
    }
    Ok(())
}

/// Readers skip the pages that an index declares to hold nothing but nulls.
#[test]
fn no_index_says_of_a_page_with_values_that_it_has_none() -> Tested {
    let report = &sample()?.report;
    let mut seen = 0;
    for file in report.files()?.iter().filter(|file| file.ends_with(".parquet")) {
        let options = ReadOptionsBuilder::new().with_page_index().build();
        let bytes = fs::File::open(report.path(file))?;
        let reader = SerializedFileReader::new_with_options(bytes, options)?;
        let metadata = reader.metadata();
        let indexes = metadata.column_index().into_iter().flatten();
        for (group, indexes) in metadata.row_groups().iter().zip(indexes) {
            let columns = group.columns().iter().zip(indexes);
            for (column, index) in
                columns.filter(|(column, _)| column.column_index_offset().is_some())
            {
                let empty =
                    (0..usize::try_from(index.num_pages())?).all(|at| index.is_null_page(at));
                let nulls = column.statistics().and_then(Statistics::null_count_opt);
                let all_null = nulls == u64::try_from(column.num_values()).ok();
                assert_eq!(empty, all_null, "{file}: {}", column.column_path());
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no file has an index: is this test still needed?");
    Ok(())
}

#[test]
fn the_manifest_names_every_other_file_with_its_digest() -> Tested {
    let report = &sample()?.report;
    let manifest = report.text("manifest-sha256.txt")?;
    let noted = manifest.lines().filter_map(|line| line.split_once("  "));
    // By file: `actions.csv` stands in two places with the same digest.
    let noted: BTreeMap<_, _> = noted.map(|(digest, file)| (file, digest)).collect();
    let files = report.files()?;
    assert_eq!(noted.len() + 1, files.len(), "not {:?}", noted.keys());
    for (file, digest) in noted {
        assert_eq!(digest, sha256(fs::read(report.path(file))?), "{file}");
    }
    Ok(())
}

#[test]
fn every_csv_has_the_rows_and_columns_of_its_table() -> Tested {
    let report = &sample()?.report;
    for table in tables() {
        let path = report.path(format!("csv/{}.csv", table.name));
        let text = fs::read_to_string(&path)?;
        assert!(text.ends_with("\r\n") && !text.starts_with('\u{feff}'), "{}", table.name);
        let mut reader = csv::Reader::from_path(&path)?;
        let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(reader.headers()?.iter().collect::<Vec<_>>(), columns, "{}", table.name);
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(rows.len(), report.table(table.name)?.len(), "{}", table.name);
    }
    Ok(())
}

#[test]
fn a_cell_of_the_csv_is_the_cell_of_the_table() -> Tested {
    let report = &sample()?.report;
    let users = report.table("users")?;
    let mut reader = csv::Reader::from_path(report.path("csv/users.csv"))?;
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    for table in tables().iter().filter(|table| table.name == "users") {
        for (at, column) in table.columns.iter().enumerate() {
            if !matches!(column.kind, Kind::Text | Kind::Int | Kind::Bool) {
                continue;
            }
            for (row, cell) in rows.iter().zip(users.texts(&column.name)) {
                // A cell that a spreadsheet could take for a formula gets an apostrophe before it.
                let written = row.get(at).ok_or("short row")?;
                let plain = written.strip_prefix('\'').unwrap_or(written);
                assert!(written == cell || plain == cell, "{}: {written} {cell}", column.name);
            }
        }
    }
    Ok(())
}

#[test]
fn a_formula_of_an_applicant_is_disarmed_and_a_phone_number_stays_whole() -> Tested {
    use crate::support::scripted::{Reply, Scripted};
    let document = r#"{"status":"ok","data":{"idInfo":{"fullName":"=cmd|'/c calc'!A1"},
        "clientReferenceData":{"personalInfo":{"phoneNumber":"+525511223344"}}}}"#;
    let partner = Scripted::start(move |_| Reply::json(200, document))?;
    let place = Place::with_roster(["person-1"])?;
    assert_eq!(place.run("night").asking(&partner.base_url()).end()?.code, Some(0));
    let csv = place.report("night").text("csv/users.csv")?;
    assert!(!csv.contains(",=cmd") && !csv.contains(",\"=cmd") && csv.contains("=cmd"), "{csv}");
    assert!(csv.contains(",+525511223344,"), "{csv}");
    Ok(())
}

#[test]
fn every_statistic_stands_beside_the_query_that_gave_it() -> Tested {
    let report = &sample()?.report;
    let files = report.files()?;
    let names = |ending: &str| -> Vec<String> {
        let own = files.iter().filter_map(|file| file.strip_prefix("statistics/"));
        own.filter_map(|file| file.strip_suffix(ending)).map(str::to_owned).collect()
    };
    assert_eq!(names(".sql"), names(".csv"));
    for wanted in [
        "outcomes",
        "decisions",
        "verdicts",
        "pass_rates",
        "checks",
        "verdicts_by_country",
        "verdicts_by_document_type",
        "verdicts_by_month",
        "rules_fired",
        "warnings_by_code",
        "aml_by_type_and_resolution",
        "http_statuses",
        "latencies",
        "face_scores",
        "verification_ages",
        "expiring_documents",
        "shared_numbers",
        "drift_by_kind",
    ] {
        assert!(names(".csv").contains(&wanted.to_owned()), "{wanted} is not among the statistics");
    }
    for name in names(".csv") {
        let mut reader = csv::Reader::from_path(report.path(format!("statistics/{name}.csv")))?;
        assert!(!reader.headers()?.is_empty(), "{name}");
        assert!(reader.records().all(|row| row.is_ok()), "{name}");
    }
    Ok(())
}

#[test]
fn statistics_certificate_and_tables_say_the_same() -> Tested {
    let report = &sample()?.report;
    for (statistic, word) in [("outcomes", "outcome"), ("verdicts", "verdict")] {
        let words = report.table("users")?.texts(word);
        let mut reader =
            csv::Reader::from_path(report.path(format!("statistics/{statistic}.csv")))?;
        let headers = reader.headers()?.clone();
        let at = |name: &str| headers.iter().position(|header| header == name).ok_or("no column");
        let (name, users) = (at(word)?, at("users")?);
        for row in reader.records() {
            let row = row?;
            let counted = words.iter().filter(|found| **found == row[name]).count();
            assert_eq!(row[users], counted.to_string(), "{}", &row[name]);
            assert_eq!(report.counted(statistic, &row[name])?, counted as u64);
        }
    }
    Ok(())
}

/// Statistics whose rows share out all users.
#[test]
fn nobody_is_left_out_of_a_statistic_that_shares_out_everybody() -> Tested {
    let report = &sample()?.report;
    for name in [
        "verdicts_by_country",
        "verdicts_by_document_type",
        "verdicts_by_month",
        "verdicts_by_decision",
        "verification_ages",
        "expiring_documents",
    ] {
        let mut reader = csv::Reader::from_path(report.path(format!("statistics/{name}.csv")))?;
        assert_eq!(reader.headers()?.get(1), Some("population"), "{name}");
        let mut sum = 0;
        for row in reader.records() {
            sum += row?[1].parse::<u64>()?;
        }
        assert_eq!(sum, 500, "{name}");
    }
    Ok(())
}

#[test]
fn every_answer_is_in_the_archive_with_its_digest() -> Tested {
    let archive = sample()?.report.archive()?;
    assert_eq!(archive.len(), 500);
    for (user, digest) in archive.texts("user_id").iter().zip(archive.texts("body_sha256")) {
        let body = archive.body_of(user).ok_or("no body")?;
        assert_eq!(digest, sha256(body));
    }
    Ok(())
}

#[test]
fn without_csv_there_is_none_and_nobody_speaks_of_it() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let job = place.run("night").args(["--sandbox", "--format", "parquet"]);
    assert_eq!(job.end()?.code, Some(0));
    let files = place.report("night").files()?;
    assert!(files.iter().all(|file| !file.starts_with("csv/") && file != "datapackage.json"));
    assert!(files.iter().any(|file| file == "tables/users.parquet"));
    Ok(())
}
