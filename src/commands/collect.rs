//! Collecting: from the pending users in the journal to their outcomes in the journal.

use std::{sync::Arc, time::Duration};

use futures::{Stream, StreamExt as _, stream};
use serde_json::json;
use tokio::{
    runtime::{self, Runtime},
    task::JoinHandle,
};

use super::{signals::Signals, trail, workplace::Workplace};
use crate::{
    clock,
    console::progress::Progress,
    error::Error,
    fetch::{
        halt::{Halt, Stop},
        http::{self, Door, Transport},
        schedule::ask_everybody,
        settle::{Asker, Limits, Question, Reply},
        throttle::Throttle,
    },
    journal::{
        reader::Count,
        records::{AttemptRecord, CameOf, OutcomeRecord, Pending, Purpose},
        store::Journal,
        writer::{Entry, Writer},
    },
    model::{
        deadline::Deadline,
        event::{Event, Observer, Pause},
        secret::ApiKey,
    },
    sandbox::{options::SANDBOX_KEY, server::Sandbox},
    settings::{RunSettings, error::SettingsError, partner::Partner},
};

/// How many pending users are read from the journal at a time.
const PAGE: usize = 1_000;

/// Asks about everybody who is pending. When nobody is left, notes the end of the asking; in a run that carries answers also
/// when the deadline or the number of requests is reached: then nobody is left whom this run will ask.
pub(super) fn collect(
    journal: Journal,
    place: &Workplace,
    settings: &RunSettings,
    progress: &Arc<Progress>,
    runtime: &Runtime,
    signals: &Signals,
) -> Result<(), Error> {
    let count = journal.count()?;
    let has_ended = journal.fact("ended_at")?.is_some();
    if (count.left() > 0 || settings.reread > 0) && !has_ended {
        let _heartbeat = progress.heartbeat();
        progress.observer()(&Event::Opened { roster: count.to_ask(), settled: count.settled });
        let asking = signals.asking();
        let (sandbox, door) =
            runtime.block_on(open_door(&settings.partner, &settings.transport))?;
        let stop = &signals.stop;
        let halt = network()?.block_on(ask(journal, door, place, settings, progress, stop))?;
        if let Some(sandbox) = sandbox {
            runtime.block_on(sandbox.shutdown());
        }
        drop(asking);
        progress.observer()(&Event::Closed);
        let count = Journal::open_for_reading(&place.journal())?.count()?;
        if let Some(halt) = halt.filter(|halt| is_in_the_way(*halt, count, settings)) {
            let (settled, roster) = (count.settled, count.to_ask());
            return Err(Error::Halted { run: place.run_id.clone(), settled, roster, halt });
        }
        if count.left() > 0 {
            tell_left(count, progress);
        }
    }
    Journal::open(&place.journal())?.note("ended_at", &clock::now().to_string())?;
    Ok(())
}

/// Whether what stopped the asking keeps the report from being made.
fn is_in_the_way(halt: Halt, count: Count, settings: &RunSettings) -> bool {
    match halt {
        Halt::Interrupted(_) | Halt::JournalFailed => true,
        // Part of a campaign is asked every night, as many as fit.
        Halt::Deadline | Halt::RequestsSpent if settings.max_age.is_some() => false,
        // With nobody left to ask about, neither a deadline nor a quota used up is in the way.
        _ => count.left() > 0,
    }
}

fn tell_left(count: Count, progress: &Arc<Progress>) {
    let left = count.left();
    let text = format!(
        "{left} users are left for another night: carried with their age, or not attempted"
    );
    progress.log().line("left", &text, &[("left", json!(left))]);
}

/// All asking is done by one thread. It waits most of the time, and between several every answer would be handed over
/// twice, which costs more than all else that is done about it here.
fn network() -> Result<Runtime, Error> {
    runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)
}

/// One session of asking; gives the reason if something stopped it.
async fn ask(
    journal: Journal,
    door: Door,
    place: &Workplace,
    settings: &RunSettings,
    progress: &Arc<Progress>,
    stop: &Stop,
) -> Result<Option<Halt>, Error> {
    let longest = settings.quotas.iter().map(|quota| quota.per).max().unwrap_or_default();
    let mut past = journal.begin_session(settings.max_in_flight, clock::now(), longest)?;
    let partner = settings.partner.to_string();
    past.join(trail::others(place, &partner, longest)?);
    let limits = limits(settings, journal.requests()?);
    let session = format!("{}-{}", place.run_id, journal.session()?);
    let deadline =
        settings.deadline.map(|deadline| tokio::spawn(obey_deadline(deadline, stop.clone())));
    let throttle = Throttle::new(&settings.quotas, &past.ages).with_reserve(settings.reserve);
    keep_waiting(past.wait, settings.max_wait, &throttle, stop, &progress.observer());
    let asker =
        Asker::new(door, session, limits, throttle, stop.clone(), progress.observer(), clock::draw);
    let writer = Writer::start(journal, progress.observer());
    let questions = questions(Journal::open_for_reading(&place.journal())?, stop);
    let reply = async |reply| keep(&writer, reply, Purpose::Settle, stop).await;
    ask_everybody(&asker, questions, settings.max_in_flight, stop, reply).await;
    writer.finish()?;
    if settings.reread > 0 && stop.reason().is_none() {
        reread(&asker, place, settings, progress, stop).await?;
    }
    deadline.inspect(JoinHandle::abort);
    if asker.cut() == 0 {
        Journal::open(&place.journal())?.end_session()?;
    }
    Ok(stop.reason())
}

/// Asks a sample once more. It takes what is left of quota, requests and time; who is not reached stays unread.
async fn reread(
    asker: &Asker<Door>,
    place: &Workplace,
    settings: &RunSettings,
    progress: &Arc<Progress>,
    stop: &Stop,
) -> Result<(), Error> {
    let journal = Journal::open(&place.journal())?;
    let seed =
        settings.reread_seed.map_or_else(|| place.run_id.to_string(), |seed| seed.to_string());
    journal.draw_rereads(&seed, settings.reread)?;
    let questions = stream::iter(journal.pending_rereads()?.into_iter().map(question));
    let writer = Writer::start(journal, progress.observer());
    let reply = async |reply| keep(&writer, reply, Purpose::Reread, stop).await;
    ask_everybody(asker, questions, settings.max_in_flight, stop, reply).await;
    Ok(writer.finish()?)
}

async fn keep(writer: &Writer, reply: Reply, purpose: Purpose, stop: &Stop) {
    if writer.append(entry(reply, purpose)).await.is_err() {
        stop.pull(Halt::JournalFailed);
    }
}

/// Keeps what is left of a wait that the partner asked an earlier session for.
fn keep_waiting(
    wait: Duration,
    max_wait: Duration,
    throttle: &Throttle,
    stop: &Stop,
    observer: &Observer,
) {
    if wait.is_zero() {
        return;
    }
    throttle.close_for(wait);
    observer(&Event::Paused { why: Pause::Asked, wait });
    if wait > max_wait {
        stop.pull(Halt::AskedToWait(wait));
    }
}

/// A campaign's number of requests is that of the night, whatever the number of its sessions.
fn limits(settings: &RunSettings, sent_before: u64) -> Limits {
    let sent_before = if settings.max_age.is_some() { sent_before } else { 0 };
    Limits {
        attempts: settings.attempts,
        in_flight: settings.max_in_flight,
        max_wait: settings.max_wait,
        grace: settings.grace,
        requests: settings.max_requests.map(|most| most.saturating_sub(sent_before)),
    }
}

/// Opens the door to the partner; to the pretend one after starting it.
async fn open_door(
    partner: &Partner,
    transport: &Transport,
) -> Result<(Option<Sandbox>, Door), Error> {
    match partner {
        Partner::Live { base_url, key } => {
            Ok((None, Door::open(base_url, key.clone(), transport)?))
        }
        Partner::Sandbox(options) => {
            let sandbox = Sandbox::start(options.clone()).await.map_err(Error::Sandbox)?;
            let key = ApiKey::parse(SANDBOX_KEY).map_err(|source| SettingsError::Key {
                origin: "the sandbox".to_owned(),
                source,
            })?;
            let door = Door::open(&http::base_url(&sandbox.base_url())?, key, transport)?;
            Ok((Some(sandbox), door))
        }
    }
}

/// Everybody pending, read page by page as they are asked for.
fn questions(journal: Journal, stop: &Stop) -> impl Stream<Item = Question> {
    stream::unfold((journal, 0, stop.clone()), |(journal, after, stop)| async move {
        let Ok(page) = journal.pending(after, PAGE) else {
            stop.pull(Halt::JournalFailed);
            return None;
        };
        let last = page.last()?.turn;
        let questions = page.into_iter().map(question);
        Some((stream::iter(questions.collect::<Vec<_>>()), (journal, last, stop)))
    })
    .flatten()
}

fn question(pending: Pending) -> Question {
    Question {
        position: pending.position,
        user_id: pending.user_id,
        attempts_before: pending.attempts_before,
    }
}

/// What the journal keeps of a reply.
fn entry(reply: Reply, purpose: Purpose) -> Entry {
    let attempt = reply.attempt;
    let from_sandbox = attempt.is_from_sandbox();
    let (came_of, content_type, body) = match attempt.result {
        Ok(answer) => {
            let body_bytes = u64::try_from(answer.body.len()).unwrap_or(u64::MAX);
            let came_of = CameOf::Answer { status: answer.status, body_bytes };
            (came_of, answer.content_type, Some(answer.body))
        }
        Err(fault) => (CameOf::Fault(fault), None, None),
    };
    let outcome = reply.outcome.map(|outcome| OutcomeRecord {
        outcome,
        reason: reply.reason,
        content_type,
        body,
        identity: reply.identity,
    });
    Entry {
        purpose,
        attempt: AttemptRecord {
            position: reply.position,
            number: attempt.number,
            request_id: attempt.request_id,
            started_at: attempt.started_at,
            elapsed_ms: attempt.elapsed_ms,
            came_of,
            reason: reply.reason,
            asked_wait_ms: reply
                .asked_wait
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            retried: outcome.is_none(),
        },
        outcome,
        from_sandbox,
    }
}

async fn obey_deadline(deadline: Deadline, stop: Stop) {
    clock::sleep(deadline.from(&clock::local())).await;
    stop.pull(Halt::Deadline);
}
