//! Forty users, each with one thing a client has to tolerate (API notes, section F), and the report about them.
//!
//! What must come of each is written in his file, before anybody looked. The whole report is in `tests/fixtures/golden`,
//! read by eye, every cell: `make golden` writes it anew.

use std::{error::Error, fs, path::Path, sync::Arc};

use crate::support::{
    golden::{self, Texts},
    place::{Place, Tested},
    scripted::{Reply, Scripted},
    tolerances::{self, Tolerance},
};

/// What the signature of the signed media addresses says.
const SIGNATURE: &str = "f16secretsignature";

#[test]
fn the_report_about_forty_tolerances_is_the_one_that_was_read_by_eye() -> Tested {
    let tolerances = Arc::new(tolerances::all()?);
    assert_eq!(tolerances.len(), 40);
    let texts = report_about(&tolerances)?;
    let surprises: Vec<_> = tolerances.iter().flat_map(|one| surprises(one, &texts)).collect();
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    for (name, text) in &texts {
        assert!(!text.contains(SIGNATURE), "{name}");
    }
    golden::assert_golden(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden"),
        &texts,
    )
}

/// The texts of the report of one run over all of them.
fn report_about(tolerances: &Arc<Vec<Tolerance>>) -> Result<Texts, Box<dyn Error>> {
    let known = Arc::clone(tolerances);
    let partner = Scripted::start(move |call| {
        let tolerance = known.iter().find(|tolerance| tolerance.user == call.user);
        tolerance.map_or_else(|| Reply::empty(400), |tolerance| tolerance.answer(call.visit))
    })?;
    let place = Place::new()?;
    place.write("roster.csv", fs::read(tolerances::folder().join("roster.csv"))?)?;
    // Any base URL will do, also one below another service (F.18).
    let base_url = format!("{}/gateway/capa", partner.base_url());
    let run = place.run("golden").asking(&base_url);
    let ended = run.args(["--attempts", "3", "--by", "our_status"]).end()?;
    // One of them is never answered, so the report is not complete.
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(!ended.stderr.contains(SIGNATURE) && !ended.stdout.contains(SIGNATURE));
    golden::texts(&place.report("golden"))
}

/// The cells of a user that are not what was written down.
fn surprises(tolerance: &Tolerance, texts: &Texts) -> Vec<String> {
    let file = golden::file_of(&tolerance.user);
    let text = texts.get(&file).map_or("", String::as_str);
    let found = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))
            .map(str::to_owned)
    };
    let wrong = tolerance.expected.iter().filter(|(name, value)| found(name) != *value);
    let told = wrong
        .map(|(name, value)| format!("{file}: {name}: {value:?}, but it is {:?}", found(name)));
    let silent = tolerance.expected.is_empty().then(|| format!("{file}: nothing is expected"));
    told.chain(silent).collect()
}
