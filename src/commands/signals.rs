//! SIGINT and SIGTERM, from the first step of the job to the last.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    time::Instant,
};

use super::{watch::Watch, workplace::Workplace};
use crate::{
    cli::LogFormat,
    clock,
    console::diagnostic,
    disk::passing,
    error::{Error, ExitStatus},
    fetch::halt::{Halt, Signal, Stop},
    journal::store::Journal,
    model::ids::RunId,
};

/// How long after a signal another one is taken for its echo.
const ECHO: Duration = Duration::from_millis(300);

/// What a signal does: while asking it stops the job in order, at any other time it ends the process at once. That is
/// safe at any instant: what was committed is in the journal, and a report that is not published is laid out anew.
#[derive(Debug, Clone)]
pub(super) struct Signals {
    pub(super) stop: Stop,
    asking: Arc<AtomicBool>,
    run: RunId,
    journal: PathBuf,
    log_format: LogFormat,
    watch: Arc<Watch>,
}

/// While this lives, a signal stops the asking in order.
#[must_use]
pub(super) struct Asking<'a>(&'a AtomicBool);

impl Signals {
    pub(super) fn of(place: &Workplace, log_format: LogFormat, watch: &Arc<Watch>) -> Self {
        Self {
            stop: Stop::default(),
            asking: Arc::default(),
            run: place.run_id.clone(),
            journal: place.journal(),
            log_format,
            watch: Arc::clone(watch),
        }
    }

    pub(super) fn asking(&self) -> Asking<'_> {
        self.asking.store(true, Ordering::SeqCst);
        Asking(&self.asking)
    }

    /// Obeys signals until the process ends.
    pub(super) async fn obey(self) {
        let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        let mut first: Option<Instant> = None;
        loop {
            let caught = tokio::select! {
                _ = interrupt.recv() => Signal::Interrupt,
                _ = terminate.recv() => Signal::Terminate,
            };
            // A shell and its process group often both send the same signal: that is not a second one.
            if first.is_some_and(|first| first.elapsed() < ECHO) {
                continue;
            }
            let again = first.replace(clock::instant()).is_some();
            if again || !self.asking.load(Ordering::SeqCst) {
                self.end_at_once(caught);
            }
            self.stop.pull(Halt::Interrupted(caught));
        }
    }

    fn end_at_once(&self, caught: Signal) -> ! {
        let count = Journal::open_for_reading(&self.journal).and_then(|journal| journal.count());
        let (settled, roster) = count.map_or((0, 0), |count| (count.settled, count.roster));
        let halt = Halt::Interrupted(caught);
        let error = Error::Halted { run: self.run.clone(), settled, roster, halt };
        diagnostic::show(&error, self.log_format);
        self.watch.end(error.exit_status());
        std::process::exit(error.exit_status() as i32)
    }
}

/// While this lives, a signal removes a directory before it ends the process.
#[must_use]
pub(super) struct Clearing {
    /// Held, not read.
    _runtime: Runtime,
}

impl Clearing {
    pub(super) fn of(dir: &Path) -> Result<Self, Error> {
        let runtime = Runtime::new().map_err(Error::Runtime)?;
        runtime.spawn(clear(dir.to_owned()));
        Ok(Self { _runtime: runtime })
    }
}

async fn clear(dir: PathBuf) {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return;
    };
    let status = tokio::select! {
        _ = interrupt.recv() => ExitStatus::Interrupted,
        _ = terminate.recv() => ExitStatus::Terminated,
    };
    passing::remove_from_under(&dir);
    std::process::exit(status as i32)
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
