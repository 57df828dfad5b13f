//! One user: attempt after attempt, until there is an outcome or the job stops.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::{
    allowance::{Allowance, Taken},
    announced::announced,
    brake::{Brake, Step},
    classify::{Retry, Ruled, Ruling, classify},
    failures::Failures,
    halt::{Halt, Stop},
    http::Exchange,
    places::{Place, Places, Pressure},
    retry::{asked_wait, backoff, retry_after},
    throttle::{Leave, Throttle},
};
use crate::{
    clock,
    model::{
        attempt::{Answer, Attempt, Fault},
        event::{Event, Observer, Pause},
        identity::Identity,
        ids::UserId,
        outcome::Outcome,
    },
};

/// How often a newcomer looks whether a request that is kept for a retry has become free.
const LOOK: Duration = Duration::from_millis(50);

/// What one user may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Attempts that may fail before the user is `exhausted`; at least 1.
    pub attempts: u32,
    /// Requests out at the same time, at most; at least 1.
    pub in_flight: usize,
    /// Requests of this session; `None`: as many as it takes.
    pub requests: Option<u64>,
    /// The longest wait that the partner may ask for.
    pub max_wait: Duration,
    /// How long attempts in flight may take to end after the job was stopped.
    pub grace: Duration,
}

/// Somebody to ask about: position in the roster, id, and attempts made by earlier sessions.
#[derive(Debug, Clone)]
pub struct Question {
    pub position: u64,
    pub user_id: UserId,
    pub attempts_before: u32,
}

/// One attempt and what it meant; with `outcome`, the user is settled.
#[derive(Debug, Clone)]
pub struct Reply {
    pub position: u64,
    pub attempt: Attempt,
    pub reason: &'static str,
    /// The wait that the server asked for with this answer.
    pub asked_wait: Option<Duration>,
    pub outcome: Option<Outcome>,
    /// Hashes of the numbers in the document that the answer holds.
    pub identity: Identity,
}

/// Everything that asking about any user needs.
pub struct Asker<E> {
    exchange: E,
    /// Begins every request id; no two sessions have the same.
    session: String,
    limits: Limits,
    places: Places,
    allowance: Allowance,
    /// Attempts given up in flight, of which the partner may have heard and the journal has not.
    cut: AtomicU64,
    throttle: Throttle,
    brake: Brake,
    stop: Stop,
    observer: Observer,
    chance: fn() -> f64,
}

/// An attempt that was made. It keeps its place until its body is handed over, so that no more bodies are in memory
/// than places.
struct Made<'a> {
    attempt: Attempt,
    ruled: Ruled,
    step: Step,
    place: Place<'a>,
}

impl<E: Exchange> Asker<E> {
    pub fn new(
        exchange: E,
        session: String,
        limits: Limits,
        throttle: Throttle,
        stop: Stop,
        observer: Observer,
        chance: fn() -> f64,
    ) -> Self {
        Self {
            exchange,
            session,
            limits,
            places: Places::new(limits.in_flight),
            allowance: Allowance::of(limits.requests),
            cut: AtomicU64::new(0),
            throttle,
            brake: Brake::new(limits.attempts),
            stop,
            observer,
            chance,
        }
    }

    /// How many attempts were given up in flight.
    pub fn cut(&self) -> u64 {
        self.cut.load(Ordering::Relaxed)
    }

    /// Asks about one user until there is an outcome; gives every attempt to `reply`, the settling one last.
    /// Returns early, without an outcome, when the job is stopped.
    pub async fn settle(&self, question: Question, mut reply: impl AsyncFnMut(Reply)) {
        let mut failures = Failures::default();
        let mut number = question.attempts_before;
        loop {
            number += 1;
            let is_retry = number > question.attempts_before + 1;
            let made = self.attempt(&question, number, is_retry).await;
            let Some(Made { attempt, ruled, step, place }) = made else {
                return;
            };
            let outcome = match ruled.ruling {
                Ruling::Settled(outcome) => Some(outcome),
                _ => failures.add(ruled.ruling, step, number, self.limits.attempts),
            };
            let asked = asked(&attempt);
            let wait = self.wait_after(ruled.ruling, asked, failures.all);
            let position = question.position;
            let Ruled { reason, identity, .. } = ruled;
            reply(Reply { position, attempt, reason, asked_wait: asked, outcome, identity }).await;
            if outcome.is_none() {
                self.allowance.keep_one();
            }
            drop(place);
            if outcome.is_some() || !self.waited(wait).await {
                return;
            }
        }
    }

    /// Makes one attempt, when the job's limits allow it. `None`: the job was stopped first.
    async fn attempt(&self, question: &Question, number: u32, is_retry: bool) -> Option<Made<'_>> {
        let (mut place, leave) = self.admitted(is_retry).await?;
        place.leaves();
        (self.observer)(&Event::Sent);
        let request_id = format!("{}-{}-{number}", self.session, question.position);
        let (started_at, start) = (clock::now(), clock::instant());
        let result = tokio::select! {
            result = self.exchange.ask(&question.user_id, &request_id) => result,
            () = self.stopped_for(self.limits.grace) => {
                self.cut.fetch_add(1, Ordering::Relaxed);
                return None;
            }
        };
        let elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let ruled = classify(&result);
        place.learn(pressure(ruled.ruling));
        let step = self.brake.note(ruled, start, leave.is_probe());
        // Before the leave ends and somebody else passes.
        self.act_on(step);
        match ruled.ruling {
            Ruling::Settled(_) | Ruling::Retry(Retry::Unreadable) => leave.answered(),
            Ruling::Retry(Retry::Throttled) => leave.refused(),
            Ruling::Retry(Retry::Transient) | Ruling::Refused(_) => {}
        }
        self.heed(&leave, &result);
        let attempt = Attempt { number, request_id, started_at, elapsed_ms, result };
        Some(Made { attempt, ruled, step, place })
    }

    /// A place, the leave of the throttle, and one of the requests allowed. `None`: the job was stopped first.
    async fn admitted(&self, is_retry: bool) -> Option<(Place<'_>, Leave<'_>)> {
        loop {
            let passed = tokio::select! {
                biased;
                _ = self.stop.pulled() => return None,
                passed = async { (self.places.take().await, self.throttle.pass().await) } => passed,
            };
            match self.allowance.take(is_retry) {
                Taken::Granted => return Some(passed),
                Taken::Kept => drop(passed),
                Taken::Spent => {
                    self.stop.pull(Halt::RequestsSpent);
                    return None;
                }
            }
            while self.allowance.is_kept() && self.waited(LOOK).await {}
        }
    }

    /// How long this user waits before the next attempt. A wait that the server asked for, or that its refusal
    /// deserves, closes the gate for everybody.
    fn wait_after(&self, ruling: Ruling, asked: Option<Duration>, failures: u32) -> Duration {
        let chance = (self.chance)();
        let wait = match ruling {
            Ruling::Settled(_) => Duration::ZERO,
            Ruling::Retry(Retry::Throttled) => {
                backoff(Retry::Throttled, self.brake.waves(), chance)
            }
            Ruling::Retry(retry) => backoff(retry, failures, chance),
            Ruling::Refused(_) => backoff(Retry::Transient, failures, chance),
        };
        if asked.is_some_and(|asked| asked > self.limits.max_wait) {
            self.stop.pull(Halt::AskedToWait(asked.unwrap_or_default()));
        }
        if asked.is_some() || ruling == Ruling::Retry(Retry::Throttled) {
            self.close(Pause::Asked, wait.max(asked.unwrap_or_default()));
        }
        wait
    }

    /// Heeds what the answer announces of the server's quotas, also if it is a healthy one, before anybody else passes.
    fn heed(&self, leave: &Leave<'_>, result: &Result<Answer, Fault>) {
        let now = clock::now();
        let announced = match result {
            // With `Retry-After` the server asks for another wait than until the reset.
            Ok(answer) if retry_after(&answer.headers, now).is_none() => {
                announced(&answer.headers, now)
            }
            _ => Vec::new(),
        };
        let Some(wait) = leave.heed(&announced) else { return };
        (self.observer)(&Event::Paused { why: Pause::Asked, wait });
        if wait > self.limits.max_wait {
            self.stop.pull(Halt::AskedToWait(wait));
        }
    }

    fn act_on(&self, step: Step) {
        match step {
            Step::GoOn | Step::StillFailing => {}
            Step::ProbeAfter(wait) => {
                self.throttle.probe(true);
                self.close(Pause::Failing, wait);
            }
            Step::Recovered => self.throttle.probe(false),
            Step::Stop(halt) => self.stop.pull(halt),
        }
    }

    fn close(&self, why: Pause, wait: Duration) {
        self.throttle.close_for(wait);
        (self.observer)(&Event::Paused { why, wait });
    }

    /// Waits; says whether the job still goes on.
    async fn waited(&self, wait: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.stop.pulled() => false,
            () = clock::sleep(wait) => true,
        }
    }

    async fn stopped_for(&self, grace: Duration) {
        self.stop.pulled().await;
        clock::sleep(grace).await;
    }
}

/// The wait that the server asked for with its answer, if it gave one.
fn asked(attempt: &Attempt) -> Option<Duration> {
    let headers = attempt.result.as_ref().ok().map(|answer| &answer.headers);
    headers.and_then(|headers| asked_wait(headers, clock::now()))
}

/// What a ruling says about the number of requests in flight.
fn pressure(ruling: Ruling) -> Pressure {
    match ruling {
        Ruling::Retry(Retry::Transient | Retry::Throttled) => Pressure::TooMuch,
        Ruling::Settled(_) | Ruling::Retry(Retry::Unreadable) | Ruling::Refused(_) => {
            Pressure::Well
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::model::attempt::PacingHeaders;

    /// A partner that says what a function says.
    struct ScriptedExchange(fn(&str) -> Result<Answer, Fault>);

    impl Exchange for ScriptedExchange {
        async fn ask(&self, user: &UserId, _: &str) -> Result<Answer, Fault> {
            clock::sleep(Duration::from_millis(5)).await;
            (self.0)(user.as_str())
        }
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            content_type: None,
            headers: PacingHeaders::default(),
            from_sandbox: false,
            body: body.as_bytes().to_vec(),
        }
    }

    /// Asks about one user after the other; gives the last reply about each, and why the job stopped, if it did.
    async fn ask(
        partner: fn(&str) -> Result<Answer, Fault>,
        users: &[(&str, u32)],
    ) -> (Vec<(u32, Option<Outcome>)>, Option<Halt>) {
        let stop = Stop::default();
        let limits = Limits {
            attempts: 5,
            in_flight: 8,
            requests: None,
            max_wait: Duration::from_mins(1),
            grace: Duration::ZERO,
        };
        let (session, throttle) = ("r-1".to_owned(), Throttle::new(&[], &[]));
        let observer: Observer = Arc::new(|_| {});
        let exchange = ScriptedExchange(partner);
        let asker = Asker::new(exchange, session, limits, throttle, stop.clone(), observer, || 0.5);
        let mut ends = Vec::new();
        for (position, (user, attempts_before)) in users.iter().enumerate() {
            let Ok(user_id) = UserId::parse(user) else { unreachable!("a user id") };
            let last = Mutex::new((0, None));
            let question = Question {
                position: position as u64 + 1,
                user_id,
                attempts_before: *attempts_before,
            };
            let note = async |reply: Reply| {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                *last = (reply.attempt.number, reply.outcome);
            };
            asker.settle(question, note).await;
            ends.push(last.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        (ends, stop.reason())
    }

    #[expect(clippy::unnecessary_wraps, reason = "a script may also say a fault")]
    fn fails_about_bad_ones(user: &str) -> Result<Answer, Fault> {
        Ok(if user.starts_with("bad") { answer(502, "") } else { answer(200, r#"{"idInfo":{}}"#) })
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_about_whom_the_partner_fails_is_exhausted_while_others_are_answered() {
        let (ends, halt) = ask(fails_about_bad_ones, &[("good", 0), ("bad", 0), ("good", 0)]).await;
        let answered = (1, Some(Outcome::Answered));
        assert_eq!(ends, [answered, (5, Some(Outcome::Exhausted)), answered]);
        assert_eq!(halt, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_partner_that_is_down_exhausts_nobody() {
        let (ends, halt) = ask(|_| Err(Fault::Connect), &[("first", 0), ("second", 0)]).await;
        assert_eq!(
            ends,
            [(10, None), (0, None)],
            "five attempts and five probes, then nobody else"
        );
        assert_eq!(halt, Some(Halt::PartnerDown));
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_who_looks_like_an_outage_night_after_night_is_exhausted_in_the_end() {
        let (ends, halt) = ask(fails_about_bad_ones, &[("bad", 10)]).await;
        assert_eq!((ends, halt), (vec![(15, Some(Outcome::Exhausted))], None));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unreadable_answer_is_asked_for_once_more_and_then_stands() {
        let (ends, _) = ask(|_| Ok(answer(200, "<html>")), &[("page", 0)]).await;
        assert_eq!(ends, [(2, Some(Outcome::Unreadable))]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_costs_a_handful_of_requests() {
        let users: Vec<_> = (0..100).map(|_| ("anybody", 0)).collect();
        let (ends, halt) =
            ask(|_| Ok(answer(401, r#"{"message":"Invalid API Key"}"#)), &users).await;
        assert_eq!(halt, Some(Halt::KeyRefused));
        assert_eq!(ends.iter().map(|(attempts, _)| attempts).sum::<u32>(), 5);
        assert!(ends.iter().all(|(_, outcome)| outcome.is_none()), "nobody is settled by it");
    }
}
