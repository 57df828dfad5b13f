//! `schema`: the dictionary in its three forms, and the built-in policy.

use kyc_recon::{kyc::catalogue, roster::reject::RejectReason};
use serde_json::Value;

use crate::support::{
    place::{Place, Tested},
    sample::sample,
};

fn printed(arguments: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let ended = Place::new()?.command(["schema"]).args(arguments).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    Ok(ended.stdout)
}

#[test]
fn every_form_names_every_column() -> Tested {
    let markdown = printed(&[])?;
    let json: Value = serde_json::from_str(&printed(&["--format", "json"])?)?;
    let frictionless: Value = serde_json::from_str(&printed(&["--format", "frictionless"])?)?;
    for (at, table) in catalogue::tables().iter().enumerate() {
        assert!(markdown.contains(&format!("\n## {}\n", table.name)));
        assert_eq!(json["tables"][at]["name"], table.name);
        assert_eq!(frictionless["resources"][at]["name"], table.name);
        for (place, column) in table.columns.iter().enumerate() {
            assert!(markdown.contains(&format!("| `{}` |", column.name)));
            assert_eq!(json["tables"][at]["columns"][place]["name"], *column.name);
            let fields = &frictionless["resources"][at]["schema"]["fields"];
            assert_eq!(fields[place]["name"], *column.name);
        }
    }
    Ok(())
}

#[test]
fn every_reason_of_a_reject_is_listed() {
    let column = catalogue::table("rejects").and_then(|table| table.column("reason"));
    let listed = column.map(|column| column.words.as_slice());
    assert_eq!(listed, Some(RejectReason::ALL.map(RejectReason::as_str).as_slice()));
}

#[test]
fn one_table_can_be_asked_for_and_an_unknown_one_is_refused() -> Tested {
    let one = printed(&["--table", "warnings"])?;
    assert_eq!(one.matches("\n## ").count(), 1, "{one}");
    let ended = Place::new()?.command(["schema", "--table", "warning"]).end()?;
    assert!(ended.code == Some(66) && ended.stderr.contains("warnings"), "{}", ended.stderr);
    Ok(())
}

#[test]
fn the_policy_printed_is_the_one_that_judges() -> Tested {
    assert_eq!(printed(&["--policy"])?, sample()?.report.text("policy.toml")?);
    let both = Place::new()?.command(["schema", "--policy", "--format", "json"]).end()?;
    assert_eq!(both.code, Some(2));
    Ok(())
}
