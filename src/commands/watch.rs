//! The watch: who is told when a run starts and how it ended, a file for Prometheus and an address that is called. They are
//! observers: what goes wrong with them is a line in the log.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use jiff::Timestamp;
use tokio::runtime;

use super::{runs, workplace::Workplace};
use crate::{
    clock,
    console::log::Log,
    disk::{self, DiskError},
    error::{Error, ExitStatus},
    fetch::ping::{self, Ping},
    journal::store::Journal,
    model::{quota::Quota, secret::PingUrl},
    report::{
        metrics::{self, End},
        summary::Summary,
    },
    settings::{RunSettings, watch},
};

/// What is told, and of which run as soon as it has begun.
#[derive(Debug)]
pub(super) struct Watch {
    told: watch::Watch,
    begun: OnceLock<Begun>,
}

/// Where the run is, published or not yet.
#[derive(Debug)]
struct Begun {
    run_id: String,
    published: PathBuf,
    journal: PathBuf,
    quotas: Vec<Quota>,
    log: Log,
}

impl Watch {
    pub(super) fn new(told: watch::Watch) -> Self {
        Self { told, begun: OnceLock::new() }
    }

    /// Tells that the run starts, or goes on.
    pub(super) fn begin(&self, place: &Workplace, settings: &RunSettings, log: &Log) {
        let begun = Begun {
            run_id: place.run_id.to_string(),
            published: place.published(),
            journal: place.journal(),
            quotas: settings.quotas.clone(),
            log: log.clone(),
        };
        let _ = self.begun.set(begun);
        self.ping(Ping::Start);
    }

    /// Tells how it ended. Who found another one at work says nothing: that one will.
    pub(super) fn end(&self, status: ExitStatus) {
        if status == ExitStatus::Locked {
            return;
        }
        if let Some(file) = &self.told.metrics_file
            && let Err(error) = self.write(file, status)
        {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            self.warn(&format!("{error}: {}", why.unwrap_or_default()));
        }
        self.ping(Ping::End(status as i32));
    }

    fn write(&self, file: &Path, status: ExitStatus) -> Result<(), DiskError> {
        let at = clock::now();
        let run = self.begun.get().and_then(|begun| begun.figures(at));
        let end = End { at, exit_status: status as i32, run };
        let earlier = fs::read_to_string(file).unwrap_or_default();
        disk::replace_readable(file, metrics::text(&end, &earlier).as_bytes())
    }

    fn ping(&self, moment: Ping) {
        if let Some(url) = self.told.ping_url.clone()
            && let Err(why) = call(url, moment)
        {
            self.warn(&why);
        }
    }

    fn warn(&self, what: &str) {
        if let Some(begun) = self.begun.get() {
            begun.log.line("watch", &format!("warning: {what}"), &[]);
        }
    }
}

/// Calls from a thread of its own: the caller's may belong to a runtime, in which nobody may wait for another one.
fn call(url: PingUrl, moment: Ping) -> Result<(), String> {
    let calling = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime.block_on(ping::ping(&url, moment)).map_err(|error| error.to_string())
    });
    calling.join().unwrap_or_else(|_| Err("the ping failed".to_owned()))
}

impl Begun {
    /// What is known of the run: as it was published, else as far as it got.
    fn figures(&self, now: Timestamp) -> Option<metrics::Run> {
        if let Ok(summary) = Summary::read(&self.published.join("summary.json")) {
            return Some(metrics::Run::published(summary, self.quotas.clone()));
        }
        self.unfinished(now).ok().flatten()
    }

    fn unfinished(&self, now: Timestamp) -> Result<Option<metrics::Run>, Error> {
        if !self.journal.exists() {
            return Ok(None);
        }
        let Some(journal) = Journal::look(&self.journal)? else { return Ok(None) };
        let started_at = journal.fact("started_at")?.and_then(|text| text.parse().ok());
        Ok(Some(metrics::Run {
            run_id: self.run_id.clone(),
            environment: runs::environment(&journal)?,
            seconds: now.duration_since(started_at.unwrap_or(now)).as_secs_f64(),
            quotas: self.quotas.clone(),
            requests: journal.requests()?,
            throttled: journal.answers_of(429)?,
            summary: None,
        }))
    }
}
