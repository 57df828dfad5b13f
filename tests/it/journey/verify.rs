//! `verify`: every byte that was altered is found, and the file is named.

use std::{
    error::Error,
    fs::{self, File},
    io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use polars::prelude::{
    ChunkApply as _, IntoColumn as _, ParquetReader, ParquetWriter, SerReader as _,
};
use serde_json::Value;

use crate::support::{
    job::{Job, until},
    place::{Place, Tested},
    report::{Report, sha256},
};

const MANIFEST: &str = "manifest-sha256.txt";

fn published() -> Result<Place, Box<dyn Error>> {
    let names = ["approved", "rejected", "missing", "review", "hits"];
    let people = (0..20).map(|number| format!("{}-{number}", names[number % names.len()]));
    let place = Place::with_roster(people)?;
    let ended = place.run("night").args(["--sandbox", "--faults", "some"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    Ok(place)
}

/// The exit status, and everything that was found, as `path: what`.
fn verified(report: &Path) -> io::Result<(Option<i32>, Vec<String>)> {
    let ended = Job::new(report, ["verify", ".", "--json"]).end()?;
    assert_eq!(ended.stderr, "", "a panic or a complaint");
    let said: Value = serde_json::from_str(&ended.stdout)?;
    assert_eq!(said["intact"], ended.code == Some(0));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let steps = said["steps"].as_array().into_iter().flatten();
    let findings = steps.flat_map(|step| step["findings"].as_array().into_iter().flatten());
    let findings = findings.map(|f| text(&f["path"]) + ": " + &text(&f["what"])).collect();
    Ok((ended.code, findings))
}

/// Copies the report to where it may be spoiled.
fn copy(report: &Report, to: &Path) -> io::Result<()> {
    for name in report.files()? {
        let to = to.join(&name);
        to.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::copy(report.path(&name), to)?;
    }
    Ok(())
}

/// Writes the manifest that fits what is there now, as somebody would who covers his tracks.
fn cover(report: &Path) -> io::Result<()> {
    let mut manifest = String::new();
    for line in fs::read_to_string(report.join(MANIFEST))?.lines() {
        let name = line.split_once("  ").map(|(_, name)| name).unwrap_or_default();
        if !report.join(name).exists() {
            continue;
        }
        let digest = sha256(fs::read(report.join(name))?);
        manifest.extend([&digest, "  ", name, "\n"]);
    }
    fs::write(report.join(MANIFEST), manifest)
}

/// Spoils one group of files after another, each in a whole report, and gives those that were not found or not named.
fn unnoticed(
    groups: &[Vec<String>],
    spoil: impl Fn(&Path, &str) -> io::Result<()> + Sync,
) -> Result<Vec<String>, Box<dyn Error>> {
    let place = published()?;
    let next = AtomicUsize::new(0);
    let work = |worker: usize| -> io::Result<Vec<String>> {
        let report = place.path(format!("copy-{worker}"));
        let mut unnoticed = Vec::new();
        while let Some(names) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            copy(&place.report("night"), &report)?;
            names.iter().try_for_each(|name| spoil(&report, name))?;
            let (code, findings) = verified(&report)?;
            let is_named = |name: &str| findings.iter().any(|finding| finding.contains(name));
            for name in names.iter().filter(|name| code != Some(65) || !is_named(name)) {
                unnoticed.push(format!("{name}: {code:?} {findings:?}"));
            }
        }
        Ok(unnoticed)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|worker| scope.spawn(move || work(worker))).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| "a worker panicked")??);
        }
        Ok(all)
    })
}

fn files() -> Result<Vec<String>, Box<dyn Error>> {
    Ok(published()?.report("night").files()?)
}

/// Each file by itself.
fn in_turn(names: impl IntoIterator<Item = String>) -> Vec<Vec<String>> {
    names.into_iter().map(|name| vec![name]).collect()
}

/// Flips one bit in the middle of a file.
fn flip(report: &Path, name: &str) -> io::Result<()> {
    let path = report.join(name);
    let mut bytes = fs::read(&path)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes)
}

#[test]
fn what_was_published_is_intact_and_nothing_is_left_behind() -> Tested {
    let place = published()?;
    let report = place.report("night");
    let before = report.files()?;
    for run in ["night", "latest", "reports/night"] {
        let ended = place.command(["verify", run]).end()?;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{}", ended.stdout);
        assert!(ended.stdout.contains(&sha256(report.text(MANIFEST)?)), "{}", ended.stdout);
        assert!(!ended.stdout.contains("skipped"), "{}", ended.stdout);
    }
    assert_eq!(report.files()?, before);
    let ended = place.command(["verify", "evening"]).end()?;
    assert_eq!(ended.code, Some(66));
    Ok(())
}

#[test]
fn one_bit_in_any_file_is_found_and_the_file_named() -> Tested {
    let mut files = files()?;
    assert!(files.len() > 60 && files.contains(&MANIFEST.to_owned()), "{files:?}");
    files.retain(|name| name != MANIFEST);
    // The manifest tells of each file by itself, so all of them can be spoiled at once.
    assert_eq!(unnoticed(&[files, vec![MANIFEST.to_owned()]], flip)?, [""; 0]);
    Ok(())
}

#[test]
fn one_bit_is_found_also_when_the_manifest_was_made_to_fit() -> Tested {
    let files = files()?.into_iter().filter(|name| name != MANIFEST);
    // Tables, certificate and policy are what the others are checked against: they are spoiled one by one.
    let is_source = |name: &String| {
        name.ends_with(".parquet") || name == "certificate.json" || name == "policy.toml"
    };
    let (sources, results): (Vec<_>, Vec<_>) = files.partition(is_source);
    let mut groups = in_turn(sources);
    assert!(groups.len() > 12 && results.len() > 40);
    groups.push(results);
    let covered = |report: &Path, name: &str| {
        flip(report, name)?;
        cover(report)
    };
    assert_eq!(unnoticed(&groups, covered)?, [""; 0]);
    Ok(())
}

#[test]
fn a_parquet_file_that_is_garbage_is_a_finding_and_no_crash() -> Tested {
    let is_parquet = |name: &String| name.ends_with(".parquet");
    let files = in_turn(files()?.into_iter().filter(is_parquet));
    let garbled = |report: &Path, name: &str| {
        let path = report.join(name);
        let bytes = fs::read(&path)?;
        // The footer, of which readers believe every word.
        let garbled = (0..).zip(&bytes).map(|(at, byte)| {
            let in_footer = at + 300 > bytes.len() && at + 8 < bytes.len();
            if in_footer && at % 7 == 0 { !byte } else { *byte }
        });
        fs::write(&path, garbled.collect::<Vec<_>>())?;
        cover(report)
    };
    assert_eq!(unnoticed(&files, garbled)?, [""; 0]);
    let cut = |report: &Path, name: &str| {
        let bytes = fs::read(report.join(name))?;
        fs::write(report.join(name), &bytes[..bytes.len() / 3])?;
        cover(report)
    };
    assert_eq!(unnoticed(&files, cut)?, [""; 0]);
    Ok(())
}

#[test]
fn a_file_too_many_and_a_file_too_few_are_named() -> Tested {
    let place = published()?;
    let report = place.report("night");
    fs::write(report.path("tables/others.parquet"), "others")?;
    fs::remove_file(report.path("statistics/verdicts.csv"))?;
    let (code, findings) = verified(&report.path("."))?;
    assert_eq!(code, Some(65));
    for said in [
        "tables/others.parquet: is one too many: the manifest does not list it",
        "statistics/verdicts.csv: is missing: the manifest lists it",
    ] {
        assert!(findings.iter().any(|finding| finding == said), "{findings:?}");
    }
    Ok(())
}

#[test]
fn a_policy_by_which_nobody_was_judged_is_found_without_the_manifest() -> Tested {
    let place = published()?;
    let report = place.report("night");
    let policy = report.text("policy.toml")?.replace("verdict = \"fail\"", "verdict = \"review\"");
    fs::write(report.path("policy.toml"), policy)?;
    cover(&report.path("."))?;
    let (code, findings) = verified(&report.path("."))?;
    assert_eq!(code, Some(65));
    let said = "policy.toml: its SHA-256";
    assert!(findings.iter().any(|finding| finding.starts_with(said)), "{findings:?}");
    Ok(())
}

/// The findings about a report that was altered and whose manifest was made to fit.
fn covered(
    place: &Place,
    alter: impl FnOnce(&Path) -> Result<(), Box<dyn Error>>,
) -> Result<Vec<String>, Box<dyn Error>> {
    let report = place.path("covered");
    let _ = fs::remove_dir_all(&report);
    copy(&place.report("night"), &report)?;
    alter(&report)?;
    cover(&report)?;
    let (code, findings) = verified(&report)?;
    assert_eq!(code, Some(65), "{findings:?}");
    Ok(findings)
}

fn replace(path: &Path, old: &str, new: &str) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    assert!(text.contains(old), "{old}");
    Ok(fs::write(path, text.replace(old, new))?)
}

#[track_caller]
fn assert_found(findings: &[String], said: &str) {
    assert!(findings.iter().any(|finding| finding.contains(said)), "{said}: {findings:#?}");
}

#[test]
fn a_file_that_is_gone_from_the_manifest_too_is_named() -> Tested {
    let place = published()?;
    for name in ["csv/drift.csv", "statistics/verdicts.csv", "summary.md", "tables/drift.parquet"] {
        let findings = covered(&place, |report| Ok(fs::remove_file(report.join(name))?))?;
        assert_found(&findings, &format!("{name}: is missing: certificate.json and the archive"));
    }
    let findings = covered(&place, |report| {
        fs::write(report.join("csv/more.csv"), "more")?;
        let manifest = fs::read_to_string(report.join(MANIFEST))?;
        let more = format!("{}  csv/more.csv\n", sha256("more"));
        let next = manifest.lines().find(|line| line.ends_with("  csv/rejects.csv"));
        let next = next.ok_or("no csv/rejects.csv")?;
        Ok(fs::write(report.join(MANIFEST), manifest.replace(next, &(more + next)))?)
    })?;
    assert_found(&findings, "csv/more.csv: is one too many: the archive does not give it");
    Ok(())
}

#[test]
fn what_only_the_certificate_states_is_found_with_the_certificate_named() -> Tested {
    let place = published()?;
    let certificate = place.report("night").json("certificate.json")?;
    for field in ["operator", "host"] {
        let findings = covered(&place, |report| {
            let old = format!("\"{field}\": {}", certificate[field]);
            let new = format!("\"{field}\": \"somebody else\"");
            replace(&report.join("certificate.json"), &old, &new)
        })?;
        assert_found(&findings, "report.html: is not what certificate.json and the archive give");
        assert_found(&findings, "or certificate.json");
    }
    Ok(())
}

#[test]
fn a_number_of_the_certificate_is_found_though_the_manifest_fits() -> Tested {
    let place = published()?;
    let findings = covered(&place, |report| {
        let certificate = report.join("certificate.json");
        replace(&certificate, "\"unique_users\": 20", "\"unique_users\": 19")
    })?;
    assert_found(&findings, "certificate.json: ");
    Ok(())
}

#[test]
fn a_column_of_the_roster_is_found_though_csv_and_manifest_fit() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", "user_id,level\napproved-1,gold\napproved-2,iron\n")?;
    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    let findings = covered(&place, |report| {
        replace(&report.join("csv/users.csv"), "gold", "lead")?;
        let path = report.join("tables/users.parquet");
        let mut users = ParquetReader::new(File::open(&path)?).finish()?;
        let gilded = users.column("roster_level")?.str()?;
        let gilded = gilded.apply(|level| level.map(|level| level.replace("gold", "lead").into()));
        users.with_column(gilded.into_column())?;
        ParquetWriter::new(File::create(&path)?).finish(&mut users)?;
        Ok(())
    })?;
    assert_found(&findings, "tables/users.parquet: is not what the archive gives");
    assert_found(&findings, "csv/users.csv: is not what the archive gives");
    Ok(())
}

#[test]
fn a_link_in_the_place_of_a_file_is_found_and_an_empty_directory_too() -> Tested {
    let place = published()?;
    let report = place.report("night").path(".");
    for name in ["summary.md", "tables/users.parquet", "csv"] {
        fs::rename(report.join(name), place.path("elsewhere"))?;
        symlink(place.path("elsewhere"), report.join(name))?;
        let (code, findings) = verified(&report)?;
        assert_eq!(code, Some(65), "{name}");
        assert_found(&findings, &format!("{name}: is a link"));
        fs::remove_file(report.join(name))?;
        fs::rename(place.path("elsewhere"), report.join(name))?;
    }
    fs::create_dir_all(report.join("more/and/more"))?;
    let (code, findings) = verified(&report)?;
    assert_eq!(code, Some(65));
    assert_found(&findings, "more/and/more: is one too many");
    Ok(())
}

/// The directories in which a report is being derived again.
fn deriving(passing: &Path) -> io::Result<Vec<PathBuf>> {
    let dirs = fs::read_dir(passing)?.map(|entry| Ok(entry?.path()));
    let dirs: Vec<_> = dirs.collect::<io::Result<_>>()?;
    Ok(dirs.into_iter().filter(|dir| dir.join("report").exists()).collect())
}

#[test]
fn nothing_personal_is_left_where_passing_files_are_when_verify_is_ended_early() -> Tested {
    let place = published()?;
    let passing = place.path("passing");
    fs::create_dir(&passing)?;
    let job = || place.command(["verify", "night"]).env("TMPDIR", &passing);
    let is_deriving = || Ok(!deriving(&passing)?.is_empty());
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let running = job().start()?;
        until("it derives again", is_deriving)?;
        running.signal(signal)?;
        assert_eq!(running.end()?.code, Some(code));
        assert_eq!(fs::read_dir(&passing)?.count(), 0, "{signal}");
    }
    let running = job().start()?;
    until("it derives again", is_deriving)?;
    running.kill()?;
    assert_eq!(deriving(&passing)?.len(), 1);
    assert_eq!(job().end()?.code, Some(0));
    assert_eq!(fs::read_dir(&passing)?.count(), 0);
    Ok(())
}

/// What a run is derived from again.
const SOURCES: [&str; 5] = [
    "tables/attempts.parquet",
    "archive/responses.parquet",
    "certificate.json",
    "policy.toml",
    MANIFEST,
];

/// A pipe is opened by whoever waits for one who writes, and nobody does.
#[test]
fn a_pipe_in_the_place_of_a_file_is_found_and_makes_no_command_wait() -> Tested {
    let place = published()?;
    let second = place.run("second").args(["--sandbox"]).end()?;
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    for name in [
        "tables/users.parquet",
        "tables/attempts.parquet",
        "csv/users.csv",
        "archive/responses.parquet",
        "certificate.json",
        "policy.toml",
        "statistics/verdicts.csv",
        MANIFEST,
    ] {
        let (path, kept) = (place.reports().join("night").join(name), place.path("kept"));
        fs::rename(&path, &kept)?;
        assert!(Command::new("mkfifo").arg(&path).status()?.success());
        let (code, findings) = verified(&place.reports().join("night"))?;
        assert_eq!(code, Some(65), "{name}");
        assert!(findings.iter().any(|found| found.starts_with(name)), "{name}: {findings:?}");
        for (command, is_read) in [
            (&["compare", "night", "second"][..], name == "tables/users.parquet"),
            // What it makes anew is held against the manifest alone.
            (&["rebuild", "night"], SOURCES.contains(&name)),
            (&["explain", "night", "approved-0"], name == "archive/responses.parquet"),
        ] {
            let ended = place.command(command).end()?;
            assert!(ended.code.is_some() && (!is_read || ended.code != Some(0)), "{ended:?}");
            let _ = fs::remove_dir_all(place.path("rebuilt"));
        }
        fs::remove_file(&path)?;
        fs::rename(&kept, &path)?;
    }
    Ok(())
}
