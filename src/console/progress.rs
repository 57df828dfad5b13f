//! Progress while asking: a bar on a terminal, a line every 30 seconds elsewhere. The arithmetic is done once, here.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use tokio::time::Instant;

use super::{log::Log, terminal::shows_a_bar};
use crate::{
    clock,
    model::{
        event::{Event, Observer, Pause},
        ids::RunId,
    },
    settings::Output,
};

/// How often a line is written where no bar can be shown.
const LINE_EVERY: Duration = Duration::from_secs(30);
/// How long the last line of the bar goes on naming a wait that is over.
const STYLE: &str = "{prefix} {bar:28.green/dim} {pos}/{len}  {msg}";

/// What is known of the asking so far, told to the operator as it changes.
pub struct Progress {
    counts: Mutex<Counts>,
    bar: Option<ProgressBar>,
    log: Log,
}

#[derive(Debug, Clone)]
struct Counts {
    roster: u64,
    settled: u64,
    /// Settled when this session began; speed is measured from there.
    settled_before: u64,
    requests: u64,
    retries: u64,
    opened: Instant,
    paused: Option<(Pause, Instant)>,
}

impl Progress {
    #[must_use]
    pub fn new(output: Output, run_id: &RunId) -> Arc<Self> {
        let bar = shows_a_bar(output).then(bar);
        let log = Log::new(output, run_id.clone(), bar.clone());
        let counts = Counts {
            roster: 0,
            settled: 0,
            settled_before: 0,
            requests: 0,
            retries: 0,
            opened: clock::instant(),
            paused: None,
        };
        Arc::new(Self { counts: Mutex::new(counts), bar, log })
    }

    /// The observer to hand to the stages.
    #[must_use]
    pub fn observer(self: &Arc<Self>) -> Observer {
        let progress = Arc::clone(self);
        Arc::new(move |event| progress.hear(event))
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Writes a line every 30 seconds until the guard is dropped, unless a bar shows the same.
    pub fn heartbeat(self: &Arc<Self>) -> Heartbeat {
        let (stop, stopped) = mpsc::channel::<()>();
        if self.bar.is_none() {
            let progress = Arc::clone(self);
            std::thread::spawn(move || {
                while stopped.recv_timeout(LINE_EVERY) == Err(RecvTimeoutError::Timeout) {
                    progress.write_line();
                }
            });
        }
        Heartbeat(stop)
    }

    fn hear(&self, event: &Event) {
        let counts = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            counts.hear(event);
            counts.clone()
        };
        match event {
            Event::Paused { why, wait } if *wait >= Duration::from_secs(1) => {
                self.tell_pause(*why, *wait);
            }
            Event::Deriving { step } => self.log.line("deriving", step, &[]),
            _ => {}
        }
        if let Some(bar) = &self.bar {
            draw(bar, event, &counts);
        }
    }

    fn tell_pause(&self, why: Pause, wait: Duration) {
        let seconds = wait.as_secs_f64();
        let text = format!("waiting {seconds:.1} s: {}", why.as_str());
        self.log.line("paused", &text, &[("wait_s", json!(seconds)), ("why", json!(why.as_str()))]);
    }

    fn write_line(&self) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text =
            format!("settled {} of {}, {}", counts.settled, counts.roster, counts.describe());
        let fields = [
            ("settled", json!(counts.settled)),
            ("roster", json!(counts.roster)),
            ("requests", json!(counts.requests)),
            ("retries", json!(counts.retries)),
        ];
        self.log.line("progress", &text, &fields);
    }
}

/// Ends the lines when dropped.
#[must_use]
pub struct Heartbeat(#[expect(dead_code, reason = "its drop is the message")] mpsc::Sender<()>);

impl Counts {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Opened { roster, settled } => {
                (self.roster, self.settled, self.settled_before) = (*roster, *settled, *settled);
                self.opened = clock::instant();
            }
            Event::Attempted { retried, .. } => {
                self.requests += 1;
                self.retries += u64::from(*retried);
            }
            Event::Settled { .. } => self.settled += 1,
            Event::Paused { why, wait } => self.paused = Some((*why, clock::instant() + *wait)),
            Event::Closed | Event::Deriving { .. } => {}
        }
    }

    /// Speed, retries, what is waited for, and how long it will take.
    fn describe(&self) -> String {
        let seconds = self.opened.elapsed().as_secs_f64().max(0.001);
        let mut parts = vec![format!("{:.1} requests/s", self.requests as f64 / seconds)];
        if self.retries > 0 {
            parts.push(format!("{} retries", self.retries));
        }
        match self.paused.filter(|(_, until)| *until > clock::instant()) {
            Some((why, until)) => {
                let left = until.duration_since(clock::instant()).as_secs_f64();
                parts.push(format!("waiting {left:.0} s: {}", why.as_str()));
            }
            None => parts.extend(self.time_left(seconds)),
        }
        parts.join(", ")
    }

    fn time_left(&self, seconds: f64) -> Option<String> {
        let done = self.settled - self.settled_before;
        let left = self.roster.saturating_sub(self.settled);
        if done == 0 || left == 0 {
            return None;
        }
        let estimate = Duration::from_secs_f64((left as f64 * seconds / done as f64).ceil());
        Some(format!("about {} left", humantime::format_duration(estimate)))
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
    // A template that does not parse would be a mistake of ours; the default style still shows progress.
    if let Ok(style) = ProgressStyle::with_template(STYLE) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar.set_prefix("asking");
    bar
}

fn draw(bar: &ProgressBar, event: &Event, counts: &Counts) {
    match event {
        Event::Opened { roster, settled } => {
            bar.set_length(*roster);
            bar.set_position(*settled);
        }
        Event::Closed => bar.finish_and_clear(),
        _ => {
            bar.set_position(counts.settled);
            bar.set_message(counts.describe());
        }
    }
}
