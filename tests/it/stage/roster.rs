//! The roster as files arrive in real life, and those that cannot be used.

use crate::support::{
    job::Ended,
    place::{Place, Tested},
};

fn end_with(
    roster: impl AsRef<[u8]>,
    arguments: &[&str],
) -> Result<Ended, Box<dyn std::error::Error>> {
    let place = Place::new()?;
    place.write("roster.csv", roster)?;
    Ok(place.run("night").args(["--sandbox"]).args(arguments).end()?)
}

#[test]
fn an_unknown_column_is_an_error_that_lists_the_columns_there_are() -> Tested {
    let ended = end_with("email_hash;country\nx;MX\n", &[])?;
    assert_eq!(ended.code, Some(65));
    assert!(ended.stderr.contains("`email_hash`, `country`"), "{}", ended.stderr);
    assert!(ended.stderr.contains("--column"));

    let ended = end_with("user_id,country\napproved-1,MX\n", &["--column", "uid"])?;
    assert_eq!(ended.code, Some(65));
    assert!(ended.stderr.contains("no column `uid`; it has `user_id`, `country`"));
    Ok(())
}

#[test]
fn a_roster_that_names_nobody_is_an_error() -> Tested {
    for roster in ["", "\u{feff}", "user_id\n", "user_id,country\r\n\r\n\r\n", "user_id\n  \n"] {
        let ended = end_with(roster, &[])?;
        assert_eq!(ended.code, Some(65), "{roster:?}: {}", ended.stderr);
    }
    Ok(())
}

#[test]
fn a_roster_of_rejects_alone_is_an_error() -> Tested {
    let ended = end_with("user_id,country\na b,MX\nc\n", &[])?;
    assert_eq!(ended.code, Some(65), "{}", ended.stderr);
    Ok(())
}

#[test]
fn a_file_without_a_header_does_not_lose_its_first_user() -> Tested {
    let ended = end_with("5d573ab0-6867-4da5-b22f-3ad4446c41a8\napproved-1\n", &[])?;
    assert_eq!(ended.code, Some(65));
    assert!(ended.stderr.contains("no header") && !ended.stderr.contains("5d573ab0"));
    Ok(())
}

#[test]
fn what_was_wrong_with_a_roster_is_not_held_against_the_corrected_one() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", "user_id\n")?;
    let job = || place.run("night").args(["--sandbox"]);
    assert_eq!(job().end()?.code, Some(65));
    place.write("roster.csv", "user_id\napproved-1\n")?;
    assert_eq!(job().end()?.code, Some(0));
    Ok(())
}

#[test]
fn a_missing_roster_is_an_error_of_its_own() -> Tested {
    let place = Place::new()?;
    for roster in ["nowhere.csv", "."] {
        let ended = place.command(["run", roster, "--sandbox"]).end()?;
        assert_eq!(ended.code, Some(66), "{roster}: {}", ended.stderr);
        assert!(ended.stderr.contains(roster));
    }
    Ok(())
}

/// What the run made of a roster: the users, and their `country` column.
fn users(place: &Place) -> Result<(Vec<String>, Vec<String>), Box<dyn std::error::Error>> {
    let users = place.report("night").table("users")?;
    Ok((users.texts("user_id"), users.texts("roster_country")))
}

#[test]
fn semicolons_and_tabs_are_detected_or_taken_at_the_operator_s_word() -> Tested {
    for (roster, arguments) in [
        ("id;country\napproved-1;MX\n\"rejected-1\";\"DO\"\n", vec![]),
        ("country\tuserId\r\nMX\tapproved-1\r\nDO\trejected-1\r\n", vec![]),
        ("person;country\napproved-1;MX\nrejected-1;DO", vec!["--column", "person"]),
        (
            "user_id,x;y\tcountry\napproved-1,;\tMX\nrejected-1,;\tDO",
            vec!["--delimiter", "tab", "--column", "user_id,x;y"],
        ),
        ("a,b,c;user_id;country\n1;approved-1;MX\n2;rejected-1;DO", vec!["--delimiter", ";"]),
    ] {
        let place = Place::new()?;
        place.write("roster.csv", roster)?;
        let ended =
            place.run("night").args(["--sandbox", "--format", "parquet"]).args(arguments).end()?;
        assert_eq!(ended.code, Some(0), "{roster}: {}", ended.stderr);
        let (ids, countries) = users(&place)?;
        if !roster.starts_with("user_id,x") {
            assert_eq!(ids, ["approved-1", "rejected-1"]);
        }
        assert_eq!(countries, ["MX", "DO"], "{roster}");
    }
    Ok(())
}

#[test]
fn a_roster_comes_by_standard_input_too() -> Tested {
    let place = Place::new()?;
    let job = || place.command(["run", "-", "--sandbox", "--run-id", "night"]);
    let roster = "user_id,country\napproved-1,MX\n\n approved-1 ,DO\n";
    assert_eq!(job().input(roster).end()?.code, Some(0));
    assert_eq!(users(&place)?, (vec!["approved-1".to_owned()], vec!["MX".to_owned()]));
    let population = &place.report("night").json("certificate.json")?["population"];
    assert_eq!((&population["duplicates"], &population["blanks"]), (&1.into(), &1.into()));
    assert_eq!(job().input("").args(["--run-id", "other"]).end()?.code, Some(2), "named twice");
    Ok(())
}

#[test]
fn ids_stay_text() -> Tested {
    let ids = ["007", "1e5", "null", "12345678901234567890"];
    let place = Place::with_roster(ids)?;
    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    assert_eq!(place.report("night").table("users")?.texts("user_id"), ids);
    Ok(())
}
