//! The certificate: its equations close with the numbers of the tables, and what it states of files is true.

use std::collections::BTreeMap;

use super::{careful::careful, chain::USERS};
use crate::{
    commands::{derive::findings, published::Published},
    console::verified::Step,
    disk,
    error::Error,
    model::{digest::Digest, ids::UserId},
    report::{
        certificate::{self, Certificate},
        id_digest::IdDigest,
        reading::PublishedTable,
    },
    tally::runner::Answered,
};

const CERTIFICATE: &str = "certificate.json";

pub(super) fn check(
    run: &Published,
    certificate: Option<&Certificate>,
    counted: &BTreeMap<String, u64>,
    answers: Option<&[Answered<'_>]>,
) -> Step {
    let mut step = Step::new("certificate");
    let Some(certificate) = certificate else {
        careful(&mut step, CERTIFICATE, |_| Ok(Certificate::read(&run.file(CERTIFICATE))?));
        return step;
    };
    careful(&mut step, CERTIFICATE, |step| as_written(run, certificate, step));
    if certificate.tables != *counted {
        step.find(CERTIFICATE, "states other numbers of rows than the tables have");
    }
    careful(&mut step, "policy.toml", |step| policy(run, certificate, step));
    let ids = careful(&mut step, USERS, |step| ids(run, certificate, step));
    if let Some((ids, answers)) = ids.zip(answers) {
        careful(&mut step, CERTIFICATE, |step| close(certificate, ids, counted, answers, step));
    }
    step.checked = format!("{} equations, ids, policy, times", certificate.equations.len());
    step
}

/// Another number would not be read, another field not be known: so the text must be the one we would write.
fn as_written(run: &Published, certificate: &Certificate, step: &mut Step) -> Result<(), Error> {
    let path = run.file(CERTIFICATE);
    if disk::read(&path)? != certificate.to_json(&path)?.as_bytes() {
        step.find(CERTIFICATE, "is not as kyc-recon writes it");
    }
    Ok(())
}

fn policy(run: &Published, certificate: &Certificate, step: &mut Step) -> Result<(), Error> {
    let digest = Digest::of(&disk::read(&run.file("policy.toml"))?).to_string();
    if digest != certificate.policy.sha256 {
        step.find("policy.toml", "its SHA-256 is not the one in the certificate");
    }
    let policy = run.policy()?;
    if (policy.name(), policy.version())
        != (&*certificate.policy.name, &*certificate.policy.version)
    {
        step.find(CERTIFICATE, "names another policy than policy.toml does");
    }
    Ok(())
}

/// Checks the digest of the ids, and the first and last time of asking; gives the number of ids.
fn ids(run: &Published, certificate: &Certificate, step: &mut Step) -> Result<u64, Error> {
    let users = PublishedTable::open(&run.file(USERS))?;
    let mut digest = IdDigest::default();
    let mut times: Option<(i64, i64)> = None;
    for batch in users.batches(Some(&["run_id", "user_id", "fetched_at"])) {
        let batch = batch?;
        for id in batch.column("user_id")?.str()?.iter().flatten() {
            if let Ok(id) = UserId::parse(id) {
                digest.add(&id);
            }
        }
        for at in batch.column("fetched_at")?.datetime()?.physical().iter().flatten() {
            let (first, last) = times.unwrap_or((at, at));
            times = Some((first.min(at), last.max(at)));
        }
        let is_of_run = |run: Option<&str>| run == Some(certificate.run_id.as_str());
        if !batch.column("run_id")?.str()?.iter().all(is_of_run) {
            step.find(USERS, "holds rows of another run than the certificate's");
        }
    }
    if digest.digest().to_string() != certificate.ids_digest {
        step.find(USERS, "its ids have another digest than the one in the certificate");
    }
    compare_times(times, certificate, step);
    Ok(digest.ids())
}

fn compare_times(times: Option<(i64, i64)>, certificate: &Certificate, step: &mut Step) {
    let micros = |text: &Option<String>| {
        let instant = text.as_ref().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        instant.map(jiff::Timestamp::as_microsecond)
    };
    let stated = micros(&certificate.first_fetched_at).zip(micros(&certificate.last_fetched_at));
    if stated != times {
        step.find(CERTIFICATE, "states other times of asking than `users` holds");
    }
}

/// The equations once more, from what the tables hold now.
fn close(
    certificate: &Certificate,
    ids: u64,
    counted: &BTreeMap<String, u64>,
    answers: &[Answered<'_>],
    step: &mut Step,
) -> Result<(), Error> {
    let recounts = findings::recount(answers)?;
    let Certificate { population, exports, .. } = certificate;
    match certificate::equations(population, ids, counted, exports, &recounts) {
        Err(open) => step.find(CERTIFICATE, open.to_string()),
        Ok(equations) if equations != certificate.equations => {
            step.find(CERTIFICATE, "states other equations than the tables give");
        }
        Ok(_) => {}
    }
    Ok(())
}
