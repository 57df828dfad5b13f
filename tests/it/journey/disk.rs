//! A disk that is full, or not to be written: said clearly, nothing published, nothing lost that was committed.

use std::{collections::BTreeSet, fs};

use kyc_recon::sandbox::options::Options;

use crate::support::{
    memory::settled,
    place::{Place, Tested},
    pretend::Pretend,
};

fn people(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("approved-{number}")).collect()
}

/// The system refuses to make any file larger than this: what a full disk is to a program, without filling one.
const KILOBYTES: [u32; 3] = [100, 250, 400];

#[test]
fn a_disk_that_fills_up_stops_the_job_and_what_was_committed_is_kept() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let people = people(600);
    let place = Place::with_roster(&people)?;
    let job = || place.run("night").asking(&partner.base_url());
    let mut before = BTreeSet::new();
    for kilobytes in KILOBYTES {
        let ended = job().with_files_up_to(kilobytes).end()?;
        assert!(matches!(ended.code, Some(73 | 74)), "{kilobytes}: {ended:?}");
        assert!(ended.stderr.contains("check space and permissions"), "{}", ended.stderr);
        assert_eq!(place.published()?, [""; 0]);
        let now = settled(&place.reports(), "night")?;
        assert!(now.is_superset(&before) && now.len() < people.len(), "{} settled", now.len());
        before = now;
    }
    assert!(!before.is_empty(), "nobody was settled");
    let asked = |user: &String| partner.attempts(user);
    let asked_before: Vec<_> = before.iter().map(asked).collect();
    assert_eq!(job().end()?.code, Some(0));
    assert_eq!(place.report("night").counted("outcomes", "answered")?, people.len() as u64);
    assert_eq!(before.iter().map(asked).collect::<Vec<_>>(), asked_before, "asked again");
    Ok(())
}

#[test]
fn a_disk_without_room_for_the_report_leaves_a_run_that_is_derived_again() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster(people(300))?;
    let job = || place.run("night").asking(&partner.base_url());
    // All are asked; then the directory where the report is made cannot be one.
    let work = place.reports().join(".work/night");
    fs::create_dir_all(&work)?;
    fs::write(work.join("report"), "in the way")?;
    let ended = job().end()?;
    assert!(matches!(ended.code, Some(73 | 74)), "{ended:?}");
    assert_eq!(place.published()?, [""; 0]);
    let asked = partner.stats().requests;
    assert_eq!(asked, 300);
    fs::remove_file(work.join("report"))?;
    assert_eq!(job().end()?.code, Some(0));
    assert_eq!(partner.stats().requests, asked, "somebody was asked again");
    Ok(())
}

#[test]
fn where_nothing_can_be_made_nobody_is_asked() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let in_the_way = ["reports", "reports/.work", "reports/.work/night"];
    for file in in_the_way {
        let place = Place::with_roster(people(3))?;
        if let Some(above) = place.path(file).parent() {
            fs::create_dir_all(above)?;
        }
        place.write(file, "in the way")?;
        let ended = place.run("night").asking(&partner.base_url()).end()?;
        assert_eq!(ended.code, Some(73), "{file}: {ended:?}");
        assert!(ended.stderr.contains("cannot create"), "{}", ended.stderr);
    }
    let place = Place::with_roster(people(3))?;
    fs::create_dir_all(place.path("reports/.work/night/journal.sqlite"))?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(73), "{ended:?}");
    assert_eq!(partner.stats().requests, 0);
    Ok(())
}
