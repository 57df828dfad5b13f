//! One run in hell, killed at random instants and resumed each time: nobody lost, nobody asked again who was settled,
//! the quota kept across all kills. `make certify` runs this at its full size.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt, fs,
    str::FromStr,
    thread::sleep,
    time::Duration,
};

use kyc_recon::sandbox::{
    chance::Chance,
    fate::Fate,
    ledger::StatsSnapshot,
    options::{Faults, Options},
    population::user_id,
};

use crate::support::{
    job::{Job, KEY, Running, until},
    memory::{settled, unfinished},
    place::{Place, Tested},
    pretend::Pretend,
    twins::{assert_same, how_they_were_asked},
};

/// The quota: so low that asking takes seconds, and that it is used up all the time.
const RATE: &str = "60/1s";

/// So long that a kill always finds requests in flight, about which the journal knows nothing.
const LATENCY: Duration = Duration::from_millis(200);

/// How many milliseconds after its moment a kill may come.
const LATE: u32 = 40;

/// The size of the proof, from the environment.
struct Size {
    rounds: u64,
    users: usize,
    kills: usize,
    seed: u64,
}

impl Size {
    /// What is not set is small enough to be among the other tests.
    fn from_environment() -> Self {
        Self {
            rounds: set("KYC_RECON_CERTIFY_ROUNDS", 1),
            users: set("KYC_RECON_CERTIFY_USERS", 150),
            kills: set("KYC_RECON_CERTIFY_KILLS", 6),
            seed: set("KYC_RECON_CERTIFY_SEED", 3),
        }
    }
}

fn set<T: FromStr>(variable: &str, otherwise: T) -> T {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What was counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    rounds: u64,
    users: usize,
    kills: usize,
    /// Users whose outcome is missing or not that of a faultless, undisturbed run; and settled users forgotten by a kill.
    lost: usize,
    /// Users asked again after the journal had settled them.
    doubled: usize,
    /// Requests that found the window at the partner full.
    violations: u64,
}

impl Count {
    fn add(&mut self, round: Self) {
        self.rounds += round.rounds;
        self.users += round.users;
        self.kills += round.kills;
        self.lost += round.lost;
        self.doubled += round.doubled;
        self.violations += round.violations;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, users, kills, lost, doubled, violations } = self;
        write!(
            f,
            "{rounds} rounds, {users} users, {kills} kills, \
             {lost} lost, {doubled} doubled, {violations} quota violations"
        )
    }
}

#[test]
fn killed_at_random_instants_in_hell_nobody_is_lost_doubled_or_asked_too_fast() -> Tested {
    let size = Size::from_environment();
    let mut all = Count::default();
    for round in 0..size.rounds {
        let seed = size.seed + round;
        say(&format!("round {} of {}, seed {seed}", round + 1, size.rounds));
        all.add(Round::begin(seed, size.users)?.play(size.kills)?);
    }
    if let Some(file) = env::var_os("KYC_RECON_CERTIFY_LINE") {
        fs::write(file, format!("certify: {all}\n"))?;
    }
    let (users, kills) = (all.users, all.kills);
    let spotless = Count { rounds: size.rounds, users, kills, ..Count::default() };
    assert_eq!(all, spotless);
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the seed is needed to play a round again")]
fn say(text: &str) {
    eprintln!("certify: {text}");
}

/// People of every fate but one: about some the partner only ever says that it failed, and a run that asks about them is
/// rightly incomplete.
fn people(seed: u64, count: usize) -> Vec<String> {
    let ids = (0..).map(|number| user_id(seed, number));
    ids.filter(|id| Fate::of(seed, id) != Fate::ErrorObject).take(count).collect()
}

/// One run, from its first kill to its report.
struct Round {
    seed: u64,
    people: Vec<String>,
    place: Place,
    partner: Pretend,
    /// Who was settled at some kill, and how often they had been asked by then.
    settled: BTreeMap<String, u8>,
    count: Count,
}

impl Round {
    fn begin(seed: u64, users: usize) -> Result<Self, Box<dyn Error>> {
        let people = people(seed, users);
        Ok(Self {
            seed,
            place: Place::with_roster(&people)?,
            partner: Pretend::start(Options {
                seed,
                faults: Faults::Hell,
                observe: Some(RATE.parse()?),
                latency: LATENCY,
                ..Options::default()
            })?,
            people,
            settled: BTreeMap::new(),
            count: Count { rounds: 1, users, ..Count::default() },
        })
    }

    /// Kills the run this often, the last time while it derives; then lets it end and looks at what it left.
    fn play(mut self, kills: usize) -> Result<Count, Box<dyn Error>> {
        let chance = &mut Chance::new(self.seed, "kills", "");
        for moment in self.moments(kills.saturating_sub(1), chance) {
            let running = self.job().start()?;
            until("the moment has come", || Ok(self.partner.stats().requests >= moment))?;
            self.kill(running, chance)?;
        }
        if kills > 0 {
            let running = self.job().start()?;
            let staging = unfinished(&self.place.reports(), "night").join("report");
            until("the run derives", || Ok(staging.exists()))?;
            self.kill(running, chance)?;
        }
        let ended = self.job().end()?;
        // An incomplete report counts its lost users itself.
        assert!(matches!(ended.code, Some(0 | 3)), "{ended:?}");
        self.check()
    }

    fn job(&self) -> Job {
        self.place
            .run("night")
            .env("KYC_RECON_API_KEY", KEY)
            .args(["--base-url", &self.partner.base_url(), "--rate", RATE])
            .args(["--timeout", "1s", "--max-in-flight", "16"])
    }

    /// After how many requests to kill. Everybody takes one at least, so that somebody is pending at the last of them.
    fn moments(&self, kills: usize, chance: &mut Chance) -> Vec<u64> {
        let requests = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let mut moments: Vec<_> = (0..kills).map(|_| chance.below(requests).into()).collect();
        moments.sort_unstable();
        moments
    }

    /// Kills the run a little later, and compares what its journal says with what it said at the kill before.
    fn kill(&mut self, running: Running, chance: &mut Chance) -> Tested {
        sleep(Duration::from_millis(chance.below(LATE).into()));
        running.kill()?;
        self.count.kills += 1;
        assert_eq!(self.place.published()?, [""; 0], "half a report is to be seen");
        let now = self.settled_now()?;
        self.count.lost += self.settled.keys().filter(|user| !now.contains(*user)).count();
        for user in now {
            let asked = self.partner.attempts(&user);
            self.settled.entry(user).or_insert(asked);
        }
        Ok(())
    }

    fn settled_now(&self) -> Result<BTreeSet<String>, Box<dyn Error>> {
        let begun = unfinished(&self.place.reports(), "night").join("journal.sqlite").exists();
        if begun { settled(&self.place.reports(), "night") } else { Ok(BTreeSet::new()) }
    }

    fn check(mut self) -> Result<Count, Box<dyn Error>> {
        let stats = self.partner.settled_stats()?;
        self.count.violations = stats.violations;
        let again = |(user, asked): &(&String, &u8)| self.partner.attempts(user) > **asked;
        self.count.doubled = self.settled.iter().filter(again).count();
        self.check_certificate()?;
        self.check_waits(&stats)?;
        self.count.lost += self.compare_with_the_truth()?;
        let Count { kills, lost, doubled, violations, .. } = self.count;
        say(&format!(
            "{kills} kills, {} requests, at most {} in a window: \
             {lost} lost, {doubled} doubled, {violations} quota violations",
            stats.requests, stats.max_in_window
        ));
        Ok(self.count)
    }

    fn check_certificate(&self) -> Tested {
        let certificate = self.place.report("night").json("certificate.json")?;
        let equations = certificate["equations"].as_array().ok_or("no equations")?;
        assert!(
            equations.len() >= 3 && equations.iter().all(|equation| equation["closes"] == true)
        );
        assert_eq!(certificate["population"]["unique_users"], self.people.len());
        Ok(())
    }

    /// A wait may be cut short only where the 429 that asked for it was lost in a kill.
    fn check_waits(&self, stats: &StatsSnapshot) -> Tested {
        let attempts = self.place.report("night").table("attempts")?;
        let known = attempts.texts("http_status").iter().filter(|status| *status == "429").count();
        let asked = stats.by_status.get(&429).copied().unwrap_or_default();
        let unheard = asked.saturating_sub(known as u64);
        assert!(stats.waits_shortened <= unheard, "{stats:?}, {known} of 429 in the journal");
        Ok(())
    }

    /// The number of users whose outcome a partner without faults, asked without a kill, would not give.
    fn compare_with_the_truth(&self) -> Result<usize, Box<dyn Error>> {
        let truthful = Pretend::start(Options { seed: self.seed, ..Options::default() })?;
        let undisturbed = Place::with_roster(&self.people)?;
        let ended = undisturbed.run("night").asking(&truthful.base_url()).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let (disturbed, truth) = (self.place.report("night"), undisturbed.report("night"));
        let (users, attempts) = (disturbed.table("users")?, disturbed.table("attempts")?);
        let mut lost = 0;
        for (user, outcome) in truth.table("users")?.outcomes() {
            let found = users.of(&user, "outcome");
            if found != [outcome.as_str()] {
                lost += 1;
                let reasons = attempts.of(&user, "reason");
                say(&format!("{found:?} instead of {outcome}: {reasons:?}"));
            }
        }
        if lost == 0 {
            assert_same(&disturbed, &truth, &how_they_were_asked())?;
        }
        Ok(lost)
    }
}
