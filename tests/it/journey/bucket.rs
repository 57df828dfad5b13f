//! Reports brought to another place, here a directory by `file://`; the same over S3 is in `tests/interop`.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use crate::support::{
    job::{Ended, Job},
    place::{Place, Tested},
    report::{Report, below},
};

fn share(place: &Place) -> String {
    format!("file://{}", place.path("share").display())
}

fn night(place: &Place, run_id: &str) -> Job {
    place.run(run_id).args(["--sandbox", "--publish", &share(place)])
}

fn ended_well(job: Job) -> Result<Ended, Box<dyn std::error::Error>> {
    let ended = job.end()?;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    Ok(ended)
}

fn pointer(place: &Place) -> Result<Value, Box<dyn std::error::Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(place.path("share/latest.json"))?)?)
}

#[test]
fn a_report_is_brought_there_whole_and_readable_by_its_owner_alone() -> Tested {
    let place = Place::with_roster(["approved-1", "rejected-1"])?;
    ended_well(night(&place, "night-1"))?;
    let (here, there) = (place.report("night-1"), Report::at(place.path("share/night-1")));
    assert_eq!(here.files()?, there.files()?);
    for file in here.files()? {
        assert!(fs::read(here.path(&file))? == fs::read(there.path(&file))?, "{file} differs");
    }
    assert_eq!(fs::metadata(place.path("share/night-1"))?.permissions().mode() & 0o777, 0o700);
    assert_eq!(pointer(&place)?["run_id"], "night-1");
    assert_eq!(pointer(&place)?["environment"], "SANDBOX");
    let verified = ended_well(place.command(["verify", &format!("{}/latest", share(&place))]))?;
    assert!(verified.stdout.contains("intact") && !verified.stdout.contains("skipped"));
    Ok(())
}

#[test]
fn what_is_there_is_not_sent_again_and_never_replaced() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    ended_well(night(&place, "night-1"))?;
    let files = place.report("night-1").files()?.len();
    let again = ended_well(night(&place, "night-1"))?;
    assert!(again.stderr.contains(&format!("{files} of them were already")), "{}", again.stderr);

    fs::remove_file(place.path("share/night-1/manifest-sha256.txt"))?;
    fs::write(place.path("share/night-1/certificate.json"), "cut")?;
    let rest = ended_well(night(&place, "night-1"))?;
    assert!(
        rest.stderr.contains(&format!("{} of them were already", files - 2)),
        "{}",
        rest.stderr
    );

    fs::write(place.path("share/night-1/manifest-sha256.txt"), "of another run")?;
    let taken = night(&place, "night-1").end()?;
    assert_eq!(taken.code, Some(73), "{}", taken.stderr);
    assert!(taken.stderr.contains("never changed"), "{}", taken.stderr);
    Ok(())
}

#[test]
fn the_pointer_follows_latest_and_stays_with_the_newer_run() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    ended_well(night(&place, "night-1"))?;
    ended_well(night(&place, "audit").args(["--no-latest"]))?;
    assert_eq!(pointer(&place)?["run_id"], "night-1");
    ended_well(night(&place, "night-2"))?;
    assert_eq!(pointer(&place)?["run_id"], "night-2");

    let newer = pointer(&place)?.to_string().replace("\"started_at\":\"2", "\"started_at\":\"3");
    place.write("share/latest.json", newer.replace("night-2", "elsewhere"))?;
    ended_well(night(&place, "night-3"))?;
    assert_eq!(pointer(&place)?["run_id"], "elsewhere");
    Ok(())
}

#[test]
fn a_bucket_that_cannot_be_written_keeps_the_report_here_and_the_job_to_be_ended() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    place.write("share", "a file in the way")?;
    let failed = night(&place, "night-1").end()?;
    assert_eq!(failed.code, Some(73), "{}", failed.stderr);
    assert!(failed.stderr.contains("published here"), "{}", failed.stderr);
    assert_eq!(ended_well(place.command(["verify", "night-1"]))?.code, Some(0));
    fs::remove_file(place.path("share"))?;
    ended_well(night(&place, "night-1"))?;
    assert!(place.path("share/night-1/manifest-sha256.txt").exists());
    assert!(!place.path("reports/.work/night-1").exists());
    Ok(())
}

#[test]
fn an_address_that_is_none_is_refused_before_anybody_is_asked() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for address in ["https://bucket/x", "s3:///x", "s3://key:canary@bucket/x", "share"] {
        let ended = place.run("night").args(["--sandbox", "--publish", address]).end()?;
        assert_eq!(ended.code, Some(78), "{address}: {}", ended.stderr);
        assert!(!ended.stderr.contains("canary"));
    }
    assert!(below(&place.reports()).map_or(true, |found| found.is_empty()));
    let missing = place.command(["verify", &format!("{}/night", share(&place))]).end()?;
    assert_eq!(missing.code, Some(66), "{}", missing.stderr);
    Ok(())
}

#[test]
fn what_is_wrong_there_is_told_by_its_address_and_not_by_that_of_our_copy() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    ended_well(night(&place, "night-1"))?;
    let night = format!("{}/night-1", share(&place));
    let file = |name: &str| place.path("share/night-1").join(name);
    let (certificate, archive) = (file("certificate.json"), file("archive/responses.parquet"));
    for name in ["certificate.json", "summary.json"] {
        fs::write(file(name), "{")?;
    }
    for (command, name) in [
        (&["explain", &night, "approved-1"][..], "certificate.json"),
        (&["rebuild", &night], "certificate.json"),
        (&["compare", "night-1", &night], "summary.json"),
    ] {
        let ended = place.command(command.iter().copied()).end()?;
        assert_eq!(ended.code, Some(65), "{command:?}");
        assert!(ended.stderr.contains(&format!("{night}/{name}")), "{}", ended.stderr);
    }
    fs::copy(place.report("night-1").path("certificate.json"), certificate)?;
    fs::write(archive, "altered")?;
    let ended = place.command(["verify", &night]).end()?;
    assert_eq!(ended.code, Some(65));
    assert!(!ended.stdout.contains("kyc-recon-bucket"), "{}", ended.stdout);
    Ok(())
}
