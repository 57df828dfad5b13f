//! Files read back by a reader that is not ours.

use std::error::Error;

use ::parquet::file::{
    metadata::RowGroupMetaData,
    reader::{FileReader, SerializedFileReader},
};
use polars::prelude::df;

use super::*;

type Test = Result<(), Box<dyn Error>>;

fn facts(run_id: &RunId) -> FileFacts<'_> {
    FileFacts {
        run_id,
        table: "people",
        environment: Environment::Sandbox,
        policy_sha256: "ab",
        tool_version: "0.1.0",
    }
}

fn write(
    path: &Path,
    statistics: FooterStatistics,
    batches: &[DataFrame],
) -> Result<u64, Box<dyn Error>> {
    let run_id = RunId::parse("night-1")?;
    let schema = Schema::from_iter([
        Field::new("name".into(), DataType::String),
        Field::new("hits".into(), DataType::Int64),
    ]);
    let mut writer = TableWriter::with_schema(path, schema, 2, statistics, facts(&run_id))?;
    for batch in batches {
        writer.append(batch)?;
    }
    Ok(writer.finish()?)
}

fn batches() -> Result<Vec<DataFrame>, Box<dyn Error>> {
    let first = df!["name" => [Some("Ana"), None], "hits" => [1_i64, 2]]?;
    let none = first.head(Some(0));
    let mut last = first.clone();
    last.vstack_mut(&df!["name" => [Some("Zoé")], "hits" => [3_i64]]?)?;
    Ok(vec![first, none, last])
}

#[test]
fn rows_come_in_groups_of_a_size_whatever_the_batches() -> Test {
    let place = tempfile::tempdir()?;
    let path = place.path().join("people.parquet");
    assert_eq!(write(&path, FooterStatistics::Full, &batches()?)?, 5);
    let reader = SerializedFileReader::new(File::open(&path)?)?;
    let groups: Vec<_> =
        reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!(groups, [2, 2, 1]);
    Ok(())
}

#[test]
fn a_table_without_rows_is_a_file_with_columns() -> Test {
    let place = tempfile::tempdir()?;
    let path = place.path().join("people.parquet");
    assert_eq!(write(&path, FooterStatistics::Full, &[])?, 0);
    let reader = SerializedFileReader::new(File::open(&path)?)?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().len();
    assert_eq!((reader.metadata().file_metadata().num_rows(), columns), (0, 2));
    Ok(())
}

#[test]
fn the_footer_of_a_personal_table_names_nobody() -> Test {
    let place = tempfile::tempdir()?;
    for (statistics, told) in [(FooterStatistics::Full, true), (FooterStatistics::Withheld, false)]
    {
        let path = place.path().join("people.parquet");
        write(&path, statistics, &batches()?)?;
        let reader = SerializedFileReader::new(File::open(&path)?)?;
        for column in reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns) {
            let said = column.statistics();
            assert_eq!(said.is_some_and(|said| said.min_bytes_opt().is_some()), told);
            assert_eq!(said.is_some_and(|said| said.max_bytes_opt().is_some()), told);
            assert_eq!(column.column_index_offset().is_some(), told);
        }
    }
    Ok(())
}

#[test]
fn a_file_says_which_run_and_table_it_is() -> Test {
    let place = tempfile::tempdir()?;
    let path = place.path().join("people.parquet");
    write(&path, FooterStatistics::Full, &batches()?)?;
    let reader = SerializedFileReader::new(File::open(&path)?)?;
    let said = reader.metadata().file_metadata().key_value_metadata().ok_or("no metadata")?;
    let of = |key: &str| said.iter().find(|pair| pair.key == key).and_then(|p| p.value.clone());
    assert_eq!(of("kyc_recon.run_id").as_deref(), Some("night-1"));
    assert_eq!(of("kyc_recon.environment").as_deref(), Some("SANDBOX"));
    assert_eq!(of("kyc_recon.table").as_deref(), Some("people"));
    assert_eq!(of("kyc_recon.catalogue_version"), Some(catalogue::VERSION.to_string()));
    assert_eq!(of("kyc_recon.policy_sha256").as_deref(), Some("ab"));
    assert_eq!(of("kyc_recon.tool_version").as_deref(), Some("0.1.0"));
    assert_eq!(said.iter().filter(|pair| pair.key == "ARROW:schema").count(), 1);
    Ok(())
}

#[test]
fn the_same_rows_give_the_same_bytes_however_they_come() -> Test {
    let place = tempfile::tempdir()?;
    let path = place.path().join("people.parquet");
    let mut whole = batches()?.remove(0);
    for batch in batches()?.iter().skip(1) {
        whole.vstack_mut(batch)?;
    }
    let single: Vec<_> = (0..5).map(|row| whole.slice(row, 1)).collect();
    let mut files = Vec::new();
    for batches in [batches()?, batches()?, single, vec![whole]] {
        write(&path, FooterStatistics::Full, &batches)?;
        files.push(std::fs::read(&path)?);
    }
    assert!(files.windows(2).all(|pair| pair[0] == pair[1]));
    Ok(())
}

#[test]
fn a_column_that_changed_its_type_is_refused() -> Test {
    let place = tempfile::tempdir()?;
    let changed = df!["name" => ["Ana"], "hits" => [0.5]]?;
    let said = write(&place.path().join("p"), FooterStatistics::Full, &[changed]).map(drop);
    let message = said.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.contains("hits i64 became hits f64"), "{message}");
    Ok(())
}
