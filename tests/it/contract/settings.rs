//! Every setting as a flag, in the environment and in `kyc-recon.toml`; a flag wins over the environment, that over the file.

use crate::support::{
    job::{Ended, Job, KEY},
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() -> Tested {
    let place = Place::new()?;
    let named = |job: Job, roster: &str| -> Tested {
        let ended = job.end()?;
        assert_eq!(ended.code, Some(66), "{}", ended.stderr);
        assert!(ended.stderr.contains(roster), "{}", ended.stderr);
        Ok(())
    };
    let from_nowhere = || place.command(["run", "--sandbox"]);
    let from_environment = || from_nowhere().env("KYC_RECON_ROSTER", "from-environment.csv");
    named(from_nowhere(), "input/users.csv")?;
    place.write("kyc-recon.toml", "roster = 'from-file.csv'\n")?;
    named(from_nowhere(), "from-file.csv")?;
    named(from_environment(), "from-environment.csv")?;
    named(from_environment().args(["from-flag.csv"]), "from-flag.csv")?;
    place.write("other.toml", "roster = 'from-other-file.csv'\n")?;
    named(from_nowhere().args(["--config", "other.toml"]), "from-other-file.csv")?;
    named(from_nowhere().env("KYC_RECON_CONFIG", "other.toml"), "from-other-file.csv")
}

/// Variable, a value that cannot be obeyed, and the status it must give: so it was read.
const REFUSED_FROM_THE_ENVIRONMENT: [(&str, &str, i32); 32] = [
    ("KYC_RECON_CONFIG", "nowhere.toml", 78),
    ("KYC_RECON_DELIMITER", "x", 2),
    ("KYC_RECON_COLUMN", "nobody", 65),
    ("KYC_RECON_REPORTS", "roster.csv", 73),
    ("KYC_RECON_RUN_ID", "a/b", 2),
    ("KYC_RECON_POLICY", "nowhere.toml", 78),
    ("KYC_RECON_FORMAT", "csv", 78),
    ("KYC_RECON_BY", "nobody", 78),
    ("KYC_RECON_PRIVACY", "names", 2),
    ("KYC_RECON_PUBLISH", "bucket", 78),
    ("KYC_RECON_MEDIA", "some", 2),
    ("KYC_RECON_RATE", "fast", 2),
    ("KYC_RECON_MAX_IN_FLIGHT", "0", 78),
    ("KYC_RECON_ATTEMPTS", "0", 78),
    ("KYC_RECON_TIMEOUT", "soon", 2),
    ("KYC_RECON_MAX_WAIT", "long", 2),
    ("KYC_RECON_RESERVE", "some", 2),
    ("KYC_RECON_DEADLINE", "25:00", 2),
    ("KYC_RECON_MAX_REQUESTS", "few", 2),
    ("KYC_RECON_GRACE", "none", 2),
    ("KYC_RECON_MAX_AGE", "old", 2),
    ("KYC_RECON_MAX_AGE", "0s", 78),
    ("KYC_RECON_FINAL_DECISIONS", "undecided", 2),
    ("KYC_RECON_REREAD", "some", 2),
    ("KYC_RECON_REREAD_SEED", "chance", 2),
    ("KYC_RECON_MAX_BODY", "0", 78),
    ("KYC_RECON_CA_CERT", "nowhere.pem", 78),
    ("KYC_RECON_CLIENT_CERT", "nowhere.pem", 78),
    ("KYC_RECON_LOG_FORMAT", "xml", 2),
    ("KYC_RECON_PING_URL", "nonsense", 78),
    ("KYC_RECON_ROSTER", "nowhere.csv", 66),
    ("KYC_RECON_API_KEY_FILE", "nowhere", 78),
];

#[test]
fn every_setting_is_read_from_the_environment() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for (name, value, code) in REFUSED_FROM_THE_ENVIRONMENT {
        let job = if name == "KYC_RECON_API_KEY_FILE" {
            place.command(["run", "roster.csv", "--base-url", "https://capa.fi"])
        } else if name == "KYC_RECON_ROSTER" {
            place.command(["run", "--sandbox"])
        } else {
            place.command(["run", "roster.csv", "--sandbox"])
        };
        let ended = job.env(name, value).end()?;
        assert_eq!(ended.code, Some(code), "{name}={value}: {}", ended.stderr);
    }
    let base_url =
        place.command(["run", "roster.csv"]).env("KYC_RECON_BASE_URL", "nonsense").end()?;
    assert!(base_url.stderr.contains("nonsense"), "{}", base_url.stderr);
    Ok(())
}

/// A line of the settings file that cannot be obeyed, and the status it must give.
const REFUSED_FROM_THE_FILE: [(&str, i32); 42] = [
    ("delimiter = 'x'", 78),
    ("column = 'nobody'", 65),
    ("reports = 'roster.csv'", 73),
    ("run_id = 'a/b'", 78),
    ("policy = 'nowhere.toml'", 78),
    ("format = ['csv']", 78),
    ("by = ['nobody']", 78),
    ("csv_bom = 'yes'", 78),
    ("privacy = 'names'", 78),
    ("publish = 'bucket'", 78),
    ("media = 'some'", 78),
    ("rate = ['fast']", 78),
    ("max_in_flight = 0", 78),
    ("attempts = 0", 78),
    ("timeout = 'soon'", 78),
    ("max_wait = 7", 78),
    ("reserve = 'some'", 78),
    ("deadline = '25:00'", 78),
    ("max_requests = -1", 78),
    ("grace = 'none'", 78),
    ("max_age = 'old'", 78),
    ("max_age = '0s'", 78),
    ("final_decisions = ['undecided']", 78),
    ("reread = -1", 78),
    ("reread_seed = 'chance'", 78),
    ("max_body = 0", 78),
    ("ca_cert = 'nowhere.pem'", 78),
    ("client_cert = 'nowhere.pem'", 78),
    ("log_format = 'xml'", 78),
    ("json = 'yes'", 78),
    ("quiet = 1", 78),
    ("metrics_file = 7", 78),
    ("ping_url = 'nonsense'", 78),
    ("api_key = 'secret'", 78),
    ("[books]\ncountry = 'id_issue_country_code'", 78),
    ("[books]\nstatus = { active = 'good' }", 78),
    ("[gates]\nmax_exhausted_share = 2", 78),
    ("[gates]\nmax_nonsense = 1", 78),
    ("[export.a]\ncolumns = ['verdct']", 78),
    ("[export.a]\ncolumns = ['verdict']\nrows = \"verdict = 'fial'\"", 78),
    ("[export.a]\ncolumns = ['id_info_full_name']", 78),
    ("[export.a]\ncolumns = ['verdict']\nprivacy = 'pseudonym'", 78),
];

#[test]
fn every_setting_is_read_from_the_file() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for (line, code) in REFUSED_FROM_THE_FILE {
        place.write("kyc-recon.toml", line)?;
        let ended = place.command(["run", "roster.csv", "--sandbox"]).end()?;
        assert_eq!(ended.code, Some(code), "{line}: {}", ended.stderr);
    }
    for (lines, code) in [("base_url = 'nonsense'", 78), ("api_key_file = 'nowhere'", 78)] {
        place.write("kyc-recon.toml", lines)?;
        let job = place.command(["run", "roster.csv", "--base-url", "https://capa.fi"]);
        assert_eq!(job.end()?.code, Some(code), "{lines}");
    }
    Ok(())
}

#[test]
fn a_file_alone_can_say_it_all() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::new()?;
    place.write("people.txt", "person;x\napproved-1;y\n")?;
    place.write("key", "key-from-the-file\n")?;
    let settings = format!(
        "roster = 'people.txt'\ncolumn = 'person'\ndelimiter = ';'\nbase_url = '{}'\n\
         api_key_file = 'key'\nreports = 'nightly'\nrun_id = 'night'\nformat = ['parquet']\n\
         rate = ['100/1s', '1000/1h']\nmax_in_flight = 3\nattempts = 2\ntimeout = '5s'\n\
         max_wait = '10s'\nquiet = true\nlog_format = 'json'\n",
        partner.base_url()
    );
    place.write("kyc-recon.toml", settings)?;
    let Ended { code, stdout, stderr } = place.command(["run"]).end()?;
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", ""));
    assert!(place.path("nightly/night/summary.json").exists());
    assert!(!place.path("nightly/night/csv").exists());
    assert_eq!(partner.calls()[0].key.as_deref(), Some("key-from-the-file"));
    let certificate = std::fs::read_to_string(place.path("nightly/night/certificate.json"))?;
    assert!(certificate.contains("100/1s") && certificate.contains("1000/1h"), "{certificate}");
    Ok(())
}

#[test]
fn the_key_comes_from_the_file_named_else_the_variable_else_systemd() -> Tested {
    let partner = Scripted::start(|_| Reply::json(403, r#"{"code":"INVALID_PARTNER_FLOW"}"#))?;
    let place = Place::with_roster(["approved-1"])?;
    place.write("named", "from-file\r\n")?;
    place.write("kyc-recon-api-key", "from-systemd")?;
    let job = || place.run("night").args(["--base-url", &partner.base_url()]);
    let systemd = || job().env("CREDENTIALS_DIRECTORY", place.path("."));
    let variable = || systemd().env("KYC_RECON_API_KEY", KEY);
    for job in [variable().args(["--api-key-file", "named"]), variable(), systemd()] {
        assert_eq!(job.end()?.code, Some(78));
    }
    let keys: Vec<_> = partner.calls().into_iter().filter_map(|call| call.key).collect();
    assert_eq!(keys, ["from-file", KEY, "from-systemd"]);
    Ok(())
}

#[test]
fn the_sandbox_is_asked_even_where_a_partner_is_configured() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::with_roster(["approved-1"])?;
    let ended = place.run("night").asking(&partner.base_url()).args(["--sandbox"]).end()?;
    assert_eq!((ended.code, partner.calls().len()), (Some(0), 0), "{}", ended.stderr);
    Ok(())
}
