//! Hostile bytes in every reader: no panic, no hang, work and memory in proportion to the bytes. `make soak` goes on for
//! minutes, with bodies as large as they may be.

use std::{
    env,
    error::Error,
    fs,
    path::Path,
    str::FromStr,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use kyc_recon::{
    assess::policy::Policy,
    flatten::{
        census::{self, Census},
        flattener::{Before, Flattener, Subject},
    },
    kyc::face_score::FaceScoreScale,
    model::{
        ids::{RunId, UserId},
        outcome::Outcome,
    },
    roster::{header::Dialect, reader::Reader},
    sandbox::chance::Chance,
};

use crate::support::{
    expense,
    hostile::{Stature, altered, good_bodies, monsters},
    place::Tested,
};

/// How long one text may take before it is said to hang, on whatever machine.
const PATIENCE: Duration = Duration::from_mins(10);

/// What reading may cost at most: generous for a build without optimisation, but nothing that grows with the square.
fn most_work(bytes: usize) -> Duration {
    Duration::from_secs(1) + Duration::from_micros(20) * u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// How much more memory a text of this length may take than there was before.
const fn most_memory(bytes: u64) -> u64 {
    (64 << 20) + 64 * bytes
}

/// The size of the tests, from the environment; what is not set is small enough to be among the others.
struct Size {
    seed: u64,
    /// How long to go on with altered texts; without it there is a fixed number.
    minutes: Option<u64>,
    stature: Stature,
}

impl Size {
    fn from_environment() -> Self {
        Self {
            seed: set("KYC_RECON_SOAK_SEED").unwrap_or(1),
            minutes: set("KYC_RECON_SOAK_MINUTES"),
            stature: Stature {
                bytes: set("KYC_RECON_SOAK_BYTES").unwrap_or(10_000),
                levels: set("KYC_RECON_SOAK_LEVELS").unwrap_or(10_000),
            },
        }
    }

    /// A seed for every altered text.
    fn seeds(&self, without_minutes: u64) -> impl Iterator<Item = u64> {
        let end = self.minutes.map(|minutes| Instant::now() + Duration::from_mins(minutes));
        let goes_on = move |n: &u64| match end {
            Some(end) => Instant::now() < end,
            None => *n < without_minutes,
        };
        let seed = self.seed;
        (0..).take_while(goes_on).map(move |n| seed + n)
    }
}

fn set<T: FromStr>(variable: &str) -> Option<T> {
    env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn no_answer_is_too_deep_or_too_long() -> Tested {
    let size = Size::from_environment();
    let before = expense::peak_memory()?;
    let most = before + most_memory(u64::try_from(size.stature.bytes)?);
    for monster in monsters(size.stature) {
        survive(&monster.of, monster.body, answer)?;
        // Among other tests the memory is not ours alone.
        let peak = expense::peak_memory()?;
        assert!(size.minutes.is_none() || peak <= most, "{}: {before} to {peak} bytes", monster.of);
    }
    Ok(())
}

#[test]
fn no_answer_altered_by_chance_is_a_crash_or_a_burden() -> Tested {
    withstand("answer", &good_bodies(7), 400, answer)
}

#[test]
fn no_roster_altered_by_chance_is_a_crash_or_a_burden() -> Tested {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = |path: &str| fs::read(project.join(path));
    let mut large = file("input/users.csv")?;
    large.truncate(4_000);
    withstand("roster", &[large, file("tests/interop/rosters/other_columns.csv")?], 400, |text| {
        roster(text);
        Ok(())
    })
}

#[test]
fn no_policy_altered_by_chance_is_a_crash_or_a_burden() -> Tested {
    let built_in = Policy::built_in()?.text().as_bytes().to_vec();
    withstand("policy", &[built_in], 40, |text| {
        policy(text);
        Ok(())
    })
}

/// Reads altered texts, each from a seed of its own, for as long as the size says.
fn withstand(what: &str, texts: &[Vec<u8>], without_minutes: u64, read: Read) -> Tested {
    let mut last = 0;
    for seed in Size::from_environment().seeds(without_minutes) {
        let body = altered(texts, &mut Chance::new(seed, "hostile", what));
        survive(&format!("the {what} of seed {seed}"), body, read)?;
        last = seed;
    }
    told(&format!("hostile: the last {what} was that of seed {last}"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "`make soak` shows how far it came")]
fn told(line: &str) {
    println!("{line}");
}

/// A reader. It may refuse, but must come back.
type Read = fn(&[u8]) -> Result<(), Box<dyn Error>>;

/// Reads on a thread of its own, so that a panic, a hang and the work of one text can be told from those of another.
fn survive(what: &str, text: Vec<u8>, read: Read) -> Tested {
    let most = most_work(text.len());
    let (done, end) = mpsc::channel();
    thread::spawn(move || {
        let read = read(&text).map_err(|error| error.to_string());
        let _ = done.send((read, expense::work()));
    });
    match end.recv_timeout(PATIENCE) {
        Ok((Ok(()), Ok(work))) if work <= most => Ok(()),
        Ok((Ok(()), work)) => Err(format!("{what} took {:?}, more than {most:?}", work?).into()),
        Ok((Err(error), _)) => Err(format!("{what}: {error}").into()),
        Err(RecvTimeoutError::Timeout) => Err(format!("{what} hangs").into()),
        Err(RecvTimeoutError::Disconnected) => Err(format!("{what} is a panic").into()),
    }
}

/// Everything that is made of an answer: who shares a number, the rows, the drift.
fn answer(body: &[u8]) -> Result<(), Box<dyn Error>> {
    let (run, user) = (RunId::parse("soak")?, UserId::parse("user-1")?);
    let subject = Subject {
        position: 1,
        roster_line: 2,
        user_id: &user,
        extra: &[],
        outcome: Outcome::Answered,
        asked_by: None,
        http_status: Some(200),
        fetched_at: Some(Timestamp::UNIX_EPOCH),
        attempts: 1,
        sha256: None,
        body: Some(body),
        before: Before::default(),
    };
    let mut census = Census::of(1);
    census.note(census::numbers(body));
    let mut flattener = Flattener::new(&run, &[], FaceScoreScale::Auto, census.close());
    flattener.push(&subject);
    let users = flattener.take()?.users.height();
    flattener.drift()?;
    if users == 1 { Ok(()) } else { Err(format!("{users} rows of one user").into()) }
}

fn roster(text: &[u8]) {
    if let Ok(mut reader) = Reader::open(text, "hostile.csv", &Dialect::default()) {
        while let Some(Ok(_)) = reader.next() {}
    }
}

fn policy(text: &[u8]) {
    let _ = Policy::parse(&String::from_utf8_lossy(text), "hostile.toml");
}
