//! `--by`: verdicts by a column of the roster, from the header to the statistic.

use std::error::Error;

use crate::support::{
    job::Job,
    place::{Place, Tested},
};

const ROSTER: &str = "user_id,País,Our Status\nana,Perú,active\nbob,,active\neva,MX,blocked\n";

fn job(command: &str, arguments: &[&str]) -> Result<(Place, Job), Box<dyn Error>> {
    let place = Place::new()?;
    place.write("roster.csv", ROSTER)?;
    let job = place.command([command, "roster.csv", "--sandbox"]).args(arguments);
    Ok((place, job))
}

/// Keys and populations of a statistic.
fn populations(place: &Place, statistic: &str) -> Result<Vec<(String, u64)>, Box<dyn Error>> {
    let csv = place.report("night").text(&format!("statistics/{statistic}.csv"))?;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers()?.get(1), Some("population"));
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        rows.push((row[0].to_owned(), row[1].parse()?));
    }
    Ok(rows)
}

#[test]
fn every_column_named_has_a_statistic_in_which_every_user_counts_once() -> Tested {
    let by = ["--by", "País", "--by", "our_status,Our Status", "--run-id", "night"];
    let (place, job) = job("run", &by)?;
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let countries = populations(&place, "verdicts_by_roster_país")?;
    assert_eq!(countries, [("(none)", 1), ("MX", 1), ("Perú", 1)].map(owned));
    let states = populations(&place, "verdicts_by_roster_our_status")?;
    assert_eq!(states, [("active", 2), ("blocked", 1)].map(owned));
    let summary = place.report("night").json("summary.json")?;
    let names = summary["statistics"].as_array().into_iter().flatten();
    let by_roster = names.filter(|s| s["name"].as_str().is_some_and(|n| n.contains("_roster_")));
    assert_eq!(by_roster.count(), 2, "a column named twice is counted once");
    Ok(())
}

fn owned((name, count): (&str, u64)) -> (String, u64) {
    (name.to_owned(), count)
}

#[test]
fn a_column_the_roster_does_not_have_is_refused_before_anybody_is_asked() -> Tested {
    for command in ["run", "plan"] {
        let (place, job) = job(command, &["--by", "country"])?;
        let ended = job.end()?;
        assert_eq!(ended.code, Some(78), "{command}: {}", ended.stderr);
        assert!(ended.stderr.contains("country"), "{}", ended.stderr);
        assert!(ended.stderr.contains("País, Our Status"), "{}", ended.stderr);
        assert_eq!(place.published()?, Vec::<String>::new());
    }
    Ok(())
}

#[test]
fn the_answer_s_own_columns_are_none_of_the_roster() -> Tested {
    for column in ["verdict", "user_id", "id_info_full_name"] {
        let ended = job("run", &["--by", column])?.1.end()?;
        assert_eq!(ended.code, Some(78), "{column}: {}", ended.stderr);
    }
    Ok(())
}

#[test]
fn a_name_that_engines_write_differently_is_refused() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", "user_id,area m²\nana,1\n")?;
    let ended = place.run("night").args(["--sandbox", "--by", "area m²"]).end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    assert!(ended.stderr.contains("rename the column"), "{}", ended.stderr);
    Ok(())
}
