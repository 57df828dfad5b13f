//! Files for others beside the report: the users, columns and forms that a profile asks for, and its control totals.

use std::{error::Error, fs};

use kyc_recon::{model::secret::PseudonymKey, report::export::pseudonym::Pseudonyms};

use crate::support::{
    job::{Ended, Job},
    place::{Place, Tested},
    report::Report,
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const OTHER_KEY: &str = "fedcba9876543210fedcba9876543210";

/// Two files of one run: one to be read by people, one by programs.
const SETTINGS: &str = r#"
[export.people]
rows = "verdict <> 'pass' AND outcome = 'answered'"
order = ["roster_team DESC", "user_id"]
privacy = "masked"
columns = [
    { column = "roster_team", as = "TEAM", privacy = "as_is" },
    { column = "user_id", as = "USER", privacy = "as_is" },
    { column = "id_info_full_name", as = "NAME" },
    { column = "id_info_birth_date", as = "BORN" },
    { column = "created_at", as = "SINCE" },
    "verdict",
]

[export.people.csv]
delimiter = ";"
decimal_mark = ","
times = "%d/%m/%Y"

[export.programs]
format = "parquet"
file = "users_{run_id}.parquet"
privacy = "pseudonym"
columns = [
    "user_id",
    { column = "id_info_full_name", as = "name" },
    { column = "id_info_birth_date", as = "born", privacy = "as_is" },
]
"#;
const PROGRAMS: &str = "exports/programs/SANDBOX-users_night.parquet";

fn night() -> Result<Place, Box<dyn Error>> {
    let place = Place::new()?;
    let roster =
        "user_id,team\nrejected-1,a\napproved-1,a\nrejected-2,b\nmissing-1,b\nrejected-3,\n";
    place.write("roster.csv", roster)?;
    place.write("kyc-recon.toml", SETTINGS)?;
    ended_well(with_key(KEY, place.run("night").args(["--sandbox"])))?;
    Ok(place)
}

fn with_key(key: &str, job: Job) -> Job {
    job.env("KYC_RECON_PSEUDONYM_KEY", key)
}

fn ended_well(job: Job) -> Result<Ended, Box<dyn Error>> {
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    Ok(ended)
}

/// What the certificate states of an export.
fn stated(report: &Report, name: &str, what: &str) -> Result<String, Box<dyn Error>> {
    let certificate = report.json("certificate.json")?;
    let exports = certificate["exports"].as_array().ok_or("no exports")?;
    let export = exports.iter().find(|export| export["name"] == name).ok_or("no such export")?;
    Ok(export[what].as_str().map_or_else(|| export[what].to_string(), str::to_owned))
}

#[test]
fn a_file_for_people_has_their_rows_columns_order_and_form() -> Tested {
    let place = night()?;
    let report = place.report("night");
    let file = stated(&report, "people", "file")?;
    let lines: Vec<String> = report.text(&file)?.lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "TEAM;USER;NAME;BORN;SINCE;verdict");
    let teams_and_users: Vec<_> =
        lines[1..].iter().map(|line| line.split(';').take(2).collect::<Vec<_>>()).collect();
    assert_eq!(teams_and_users, [["b", "rejected-2"], ["a", "rejected-1"], ["", "rejected-3"]]);

    let users = report.table("users")?;
    let of = |column: &str| users.of("rejected-2", column)[0].clone();
    let (name, since) = (of("id_info_full_name"), of("created_at"));
    let cells: Vec<_> = lines[1].split(';').collect();
    let shown = cells[2].strip_prefix("****").ok_or("no mask")?;
    assert!(name.ends_with(shown) && shown.chars().count() == 4, "{shown}");
    assert_eq!(cells[3].len(), 4, "of a birth date the year");
    assert!(cells[4].len() == 10 && since.starts_with(&cells[4][6..]), "{since}: {}", cells[4]);
    assert_eq!(cells[5], "fail");

    assert_eq!(stated(&report, "people", "selected")?, "3");
    assert_eq!(stated(&report, "people", "written")?, "3");
    let certificate = report.text("certificate.json")?;
    assert!(certificate.contains("rows_of_export_people = users_it_selects"));
    assert!(report.text("manifest-sha256.txt")?.contains(&file));
    assert!(report.text("exports/people/dictionary.md")?.contains("| `BORN` | text |"));
    Ok(())
}

#[test]
fn pseudonyms_are_those_of_the_key_and_nobody_is_named() -> Tested {
    let place = night()?;
    let report = place.report("night");
    let (users, rows) = (report.table("users")?, report.rows(PROGRAMS)?);
    let pseudonyms = Pseudonyms::of(&PseudonymKey::parse(KEY)?);
    for (column, shown) in [("user_id", "user_id"), ("id_info_full_name", "name")] {
        let expected = users.texts(column).into_iter().map(|text| match text.as_str() {
            "" => String::new(),
            text => pseudonyms.pseudonym(text),
        });
        assert_eq!(rows.texts(shown), expected.collect::<Vec<_>>(), "{column}");
    }
    assert_eq!(rows.texts("born"), users.texts("id_info_birth_date"));
    let bytes = String::from_utf8_lossy(&fs::read(report.path(PROGRAMS))?).into_owned();
    assert!(!bytes.contains("rejected-1"));
    for file in ["certificate.json", "policy.toml", "report.html", "summary.json"] {
        assert!(!report.text(file)?.contains(KEY), "{file}");
    }
    Ok(())
}

#[test]
fn with_the_key_every_file_is_made_again_and_without_it_the_others() -> Tested {
    let place = night()?;
    let whole = ended_well(with_key(KEY, place.command(["rebuild", "night", "--out", "whole"])))?;
    assert!(whole.stdout.contains("identical") && !whole.stdout.contains("not made"));
    let published = fs::read(place.report("night").path(PROGRAMS))?;
    assert_eq!(fs::read(place.path("whole").join(PROGRAMS))?, published);

    let other = |out: &str| place.command(["rebuild", "night", "--out", out]);
    for (out, job) in [("no", other("no")), ("other", with_key(OTHER_KEY, other("other")))] {
        let told = ended_well(job)?.stdout;
        assert!(told.contains("identical") && told.contains(PROGRAMS), "{told}");
        assert!(!place.path(out).join(PROGRAMS).exists());
    }
    for job in
        [with_key(KEY, place.command(["verify", "night"])), place.command(["verify", "night"])]
    {
        assert!(ended_well(job)?.stdout.contains("2 files for others, 8 rows"));
    }
    Ok(())
}

#[test]
fn a_row_that_was_taken_out_of_an_export_is_found() -> Tested {
    let place = night()?;
    let report = place.report("night");
    let file = stated(&report, "people", "file")?;
    let text = report.text(&file)?;
    let shorter: Vec<_> = text.lines().filter(|line| !line.contains("rejected-3")).collect();
    fs::write(report.path(&file), shorter.join("\r\n") + "\r\n")?;
    let ended = place.command(["verify", "night"]).end()?;
    assert_eq!(ended.code, Some(65));
    let said = format!("{file}: has 2 rows, the certificate states 3");
    assert!(ended.stdout.replace("\n           ", " ").contains(&said), "{}", ended.stdout);
    Ok(())
}

#[test]
fn what_is_not_to_be_exported_so_is_refused_before_anybody_is_asked() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for (settings, says) in [
        ("columns = ['verdct']", "did you mean `verdict`?"),
        ("columns = ['roster_team']", "no column `roster_team`"),
        ("columns = ['verdict']\nrows = \"COUNT(*) > 1\"", "[export.a]: the condition of `rows`"),
        ("columns = ['id_info_full_name']", "is personal: say by `privacy`"),
        ("columns = ['verdict']\nprivacy = 'pseudonym'", "there is no key to make them"),
    ] {
        place.write("kyc-recon.toml", format!("[export.a]\n{settings}\n"))?;
        let ended = place.run("night").args(["--sandbox"]).end()?;
        assert_eq!(ended.code, Some(78), "{}", ended.stderr);
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
        assert!(!place.reports().join("night").exists());
    }
    let ended = with_key("short-canary", place.run("night").args(["--sandbox"])).end()?;
    assert_eq!(ended.code, Some(78));
    assert!(!ended.stderr.contains("canary"), "{}", ended.stderr);
    Ok(())
}

#[test]
fn the_key_may_be_a_credential_of_systemd() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    place.write("kyc-recon.toml", "[export.a]\ncolumns = ['user_id']\nprivacy = 'pseudonym'\n")?;
    place.write("kyc-recon-pseudonym-key", format!("{KEY}\n"))?;
    let job = place.run("night").args(["--sandbox"]);
    ended_well(job.env("CREDENTIALS_DIRECTORY", place.path("")))?;
    let report = place.report("night");
    let pseudonym = Pseudonyms::of(&PseudonymKey::parse(KEY)?).pseudonym("approved-1");
    assert!(report.text(&stated(&report, "a", "file")?)?.contains(&pseudonym));
    Ok(())
}
