//! The key is nowhere but in the request; persons are nowhere but in tables and archive; files are their owner's alone.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

use crate::support::{
    job::{Ended, until},
    place::{Place, Tested},
    report::below,
    sample::sample,
    scripted::{Reply, Scripted},
};

const CANARY: &str = "canary-key-3141592653";

/// Words that stand in every document of these tests, one for each kind of personal data.
const MARKERS: [&str; 6] = [
    "Zanahoria",
    "MARK850101XYZ",
    "+525511223344",
    "ID-MARK-7",
    "https://media.invalid/marker.jpg",
    "Calle Marcada 9",
];

const DOCUMENT: &str = r#"{"status":"ok","data":{
    "aipriseSummary":{"verificationResult":"APPROVED"},
    "clientReferenceData":{"personalInfo":{"taxId":"MARK850101XYZ","phoneNumber":"+525511223344"}},
    "idInfo":{"result":"APPROVED","firstName":"Zanahoria","fullName":"Zanahoria Marcada",
        "idNumber":"ID-MARK-7","birthDate":"not a date of Zanahoria",
        "address":{"fullAddress":"Calle Marcada 9"},"nickname":"Zanahoria",
        "warnings":[{"code":"MISSING_NAME","message":"no Zanahoria"}]},
    "media":{"selfieImageUrl":"https://media.invalid/marker.jpg"},
    "amlInfo":{"numHits":1,"entityHits":[{"name":"Zanahoria","dateOfBirth":"Zanahoria"}]}}}"#;

fn partner() -> io::Result<Scripted> {
    Scripted::start(|call| match (call.user.as_str(), call.visit) {
        ("person-2", 1) => Reply::json(429, DOCUMENT).header("retry-after", "1"),
        ("person-3", _) => Reply::page(200, "<html>Zanahoria</html>"),
        ("person-4", 1) => Reply::json(500, DOCUMENT),
        ("person-5", _) => Reply::json(401, r#"{"message":"Zanahoria is not associated"}"#),
        ("person-hang", _) => Reply::Hang,
        _ => Reply::json(200, DOCUMENT),
    })
}

fn people() -> impl Iterator<Item = String> {
    (1..=6).map(|number| format!("person-{number}"))
}

fn assert_names_nobody(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        for marker in MARKERS.iter().copied().chain([CANARY, "person-"]) {
            assert!(!text.contains(marker), "{marker} is in the output:\n{text}");
        }
    }
}

/// Names of the files below a directory that hold these bytes.
fn holders(dir: &Path, bytes: &str) -> io::Result<Vec<String>> {
    let mut holders = Vec::new();
    for path in below(dir)?.into_iter().filter(|path| path.is_file()) {
        let content = fs::read(&path)?;
        if content.windows(bytes.len()).any(|window| window == bytes.as_bytes()) {
            holders.push(path.display().to_string());
        }
    }
    Ok(holders)
}

#[test]
fn a_key_is_sent_and_is_nowhere_else_while_the_job_works() -> Tested {
    let partner = partner()?;
    let place = Place::with_roster(people().chain(["person-hang".to_owned()]))?;
    place.write("key", format!("{CANARY}\n"))?;
    let job = place.run("night").args(["--base-url", &partner.base_url(), "--api-key-file", "key"]);
    let running = job.start()?;
    until("one hangs", || Ok(partner.calls().iter().any(|call| call.user == "person-hang")))?;
    let command_line = fs::read_to_string(format!("/proc/{}/cmdline", running.id()))?;
    assert!(command_line.contains("--api-key-file") && !command_line.contains(CANARY));
    running.kill()?;
    assert!(place.reports().join(".work/night/journal.sqlite").exists());
    assert_eq!(holders(&place.reports(), CANARY)?, [""; 0]);
    assert!(partner.calls().iter().all(|call| call.key.as_deref() == Some(CANARY)));
    Ok(())
}

#[test]
fn a_key_is_sent_and_is_nowhere_else_when_the_report_is_published() -> Tested {
    for format in ["text", "json"] {
        let partner = partner()?;
        let place = Place::with_roster(people())?;
        let job = place.run("night").asking(&partner.base_url()).env("KYC_RECON_API_KEY", CANARY);
        let ended = job.args(["--log-format", format]).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_names_nobody(&ended);
        assert_eq!(holders(&place.reports(), CANARY)?, [""; 0]);
        assert!(partner.calls().iter().all(|call| call.key.as_deref() == Some(CANARY)));
    }
    Ok(())
}

#[test]
fn a_refused_key_is_not_quoted() -> Tested {
    let place = Place::with_roster(people())?;
    let refusal = format!(r#"{{"code":"UNAUTHORIZED","message":"Invalid API Key {CANARY}"}}"#);
    let partner = Scripted::start(move |_| Reply::json(401, &refusal))?;
    for (url, key, code) in [
        (partner.base_url(), CANARY.to_owned(), 77),
        ("https://capa.invalid".to_owned(), format!("{CANARY} \u{1}x"), 78),
        (format!("https://{CANARY}@capa.invalid"), CANARY.to_owned(), 78),
        (format!("https://capa.invalid?key={CANARY}"), CANARY.to_owned(), 78),
    ] {
        let ended = place.run("night").asking(&url).env("KYC_RECON_API_KEY", key).end()?;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert_names_nobody(&ended);
    }
    Ok(())
}

#[test]
fn persons_are_in_tables_and_archive_and_in_no_other_file() -> Tested {
    let partner = partner()?;
    let place = Place::with_roster(people())?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    let names = report.table("users")?.texts("id_info_first_name");
    assert!(names.contains(&"Zanahoria".to_owned()), "the marker is not where it belongs");
    for marker in MARKERS.iter().copied().chain(["person-1"]) {
        for holder in holders(&report.path("."), marker)? {
            let belongs = ["/tables/", "/csv/", "/archive/"].iter().any(|dir| holder.contains(dir));
            assert!(belongs, "{marker} is in {holder}");
        }
    }
    // What drifted is shown by its place, not by its value.
    let drift = report.table("drift")?;
    assert!(drift.len() > 0);
    assert!(drift.texts("sample").iter().all(|sample| !sample.contains("Zanahoria")));
    Ok(())
}

#[test]
fn no_file_names_a_person_in_its_footer() -> Tested {
    let partner = partner()?;
    let place = Place::with_roster(people())?;
    assert_eq!(place.run("night").asking(&partner.base_url()).end()?.code, Some(0));
    for path in below(&place.report("night").path("."))? {
        if path.extension().is_none_or(|extension| extension != "parquet") {
            continue;
        }
        let bytes = fs::read(&path)?;
        let tail = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[tail..tail + 4].try_into()?);
        let footer = &bytes[tail - usize::try_from(length)?..tail];
        let text = String::from_utf8_lossy(footer);
        for marker in MARKERS {
            assert!(!text.contains(marker), "{marker} is in the footer of {}", path.display());
        }
    }
    Ok(())
}

fn assert_owner_s_alone(reports: &Path) -> io::Result<()> {
    let mut seen = 0;
    for path in below(reports)?.into_iter().chain([reports.to_owned()]) {
        let metadata = fs::symlink_metadata(&path)?;
        let mode = metadata.permissions().mode() & 0o777;
        let wanted = match (metadata.is_symlink(), metadata.is_dir()) {
            (true, _) => continue,
            (_, true) => 0o700,
            (_, false) => 0o600,
        };
        assert_eq!(mode, wanted, "{mode:o} {}", path.display());
        seen += 1;
    }
    assert!(seen > 3);
    Ok(())
}

#[test]
fn files_are_readable_by_their_owner_alone() -> Tested {
    assert_owner_s_alone(&sample()?.reports)?;
    let partner = partner()?;
    let place = Place::with_roster(people().chain(["person-hang".to_owned()]))?;
    let running = place.run("night").asking(&partner.base_url()).start()?;
    until("one hangs", || Ok(partner.calls().iter().any(|call| call.user == "person-hang")))?;
    assert_owner_s_alone(&place.reports())?;
    running.kill()?;
    assert_owner_s_alone(&place.reports())?;
    Ok(())
}

#[test]
fn the_signature_of_a_media_address_is_shown_only_if_that_is_asked_for() -> Tested {
    let signed = r#"{"media":{"selfieImageUrl":"https://media.invalid/a.jpg?signature=s"}}"#;
    let partner = Scripted::start(move |_| Reply::json(200, signed))?;
    let place = Place::with_roster(["person-1"])?;
    for (run, asked, shown) in [
        ("default", &[][..], "https://media.invalid/a.jpg"),
        ("keep", &["--media", "keep"], "https://media.invalid/a.jpg?signature=s"),
        ("drop", &["--media", "drop"], ""),
    ] {
        let ended = place.run(run).asking(&partner.base_url()).args(asked).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let report = place.report(run);
        assert_eq!(report.table("users")?.texts("media_selfie_image_url"), [shown], "{run}");
        assert_eq!(report.archive()?.body_of("person-1"), Some(signed.into()), "{run}");
        // As it was asked for then, and to the byte.
        assert_eq!(place.command(["rebuild", run]).end()?.code, Some(0), "{run}");
    }
    Ok(())
}
