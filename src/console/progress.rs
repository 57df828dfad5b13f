//! Progress while asking: a bar on a terminal, a line every 30 seconds elsewhere. The arithmetic is done once, here.

use std::{
    collections::VecDeque,
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
        quota::Quota,
    },
    settings::Output,
};

/// How often a line is written where no bar can be shown.
const LINE_EVERY: Duration = Duration::from_secs(30);
/// Over how long the speed is measured.
const LATELY: Duration = Duration::from_secs(10);
/// How long a wait must be, or how much longer than the one under way, to be told.
const NEWS: Duration = Duration::from_secs(1);
/// How often it is sampled.
const SAMPLE: Duration = Duration::from_millis(100);
/// `wide_msg` is cut where the line ends: a line that wraps is not drawn over, but again and again.
const STYLE: &str = "{prefix} {bar:8.green/dim} {pos}/{len}  {wide_msg}";

/// What is known of the asking so far, told to the operator as it changes.
pub struct Progress {
    counts: Mutex<Counts>,
    /// What the tightest quota allows, in requests per second.
    allowed: Option<f64>,
    bar: Option<ProgressBar>,
    log: Log,
}

#[derive(Debug, Clone)]
struct Counts {
    roster: u64,
    settled: u64,
    /// Settled when this session began; speed is measured from there.
    settled_before: u64,
    sent: u64,
    requests: u64,
    retries: u64,
    opened: Instant,
    /// How many requests were made by when, of the last seconds.
    lately: VecDeque<(Instant, u64)>,
    paused: Option<(Pause, Instant)>,
    /// When the bar was drawn last.
    drawn: Instant,
}

impl Progress {
    #[must_use]
    pub fn new(output: Output, run_id: &RunId, quotas: &[Quota]) -> Arc<Self> {
        let bar = shows_a_bar(output).then(bar);
        let log = Log::new(output, run_id.clone(), bar.clone());
        let counts = Counts {
            roster: 0,
            settled: 0,
            settled_before: 0,
            sent: 0,
            requests: 0,
            retries: 0,
            opened: clock::instant(),
            lately: VecDeque::new(),
            paused: None,
            drawn: clock::instant(),
        };
        Arc::new(Self { counts: Mutex::new(counts), allowed: allowed(quotas), bar, log })
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
        let (news, shown) = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let news = counts.is_news(event);
            counts.hear(event);
            let due = self.bar.is_some() && counts.is_due(event);
            (news, due.then(|| counts.clone()))
        };
        match event {
            Event::Paused { why, wait } if news => {
                self.tell_pause(*why, *wait);
            }
            Event::Deriving { step } => self.log.line("deriving", step, &[]),
            _ => {}
        }
        if let (Some(bar), Some(counts)) = (&self.bar, shown) {
            draw(bar, event, &counts, self.allowed);
        }
    }

    fn tell_pause(&self, why: Pause, wait: Duration) {
        let seconds = wait.as_secs_f64();
        let text = format!("waiting {seconds:.1} s: {}", why.as_str());
        self.log.line("paused", &text, &[("wait_s", json!(seconds)), ("why", json!(why.as_str()))]);
    }

    fn write_line(&self) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = format!(
            "settled {} of {}, {}",
            counts.settled,
            counts.roster,
            counts.describe(self.allowed)
        );
        let fields = [
            ("settled", json!(counts.settled)),
            ("roster", json!(counts.roster)),
            ("requests", json!(counts.requests)),
            ("retries", json!(counts.retries)),
            ("in_flight", json!(counts.in_flight())),
            ("requests_per_s", json!(counts.speed())),
            ("allowed_per_s", json!(self.allowed)),
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
            Event::Sent => self.sent += 1,
            Event::Attempted { retried, .. } => {
                self.requests += 1;
                self.remember_lately();
                self.retries += u64::from(*retried);
            }
            Event::Settled { .. } => self.settled += 1,
            Event::Paused { why, wait } => {
                let until = clock::instant() + *wait;
                if self.paused.is_none_or(|(_, known)| known < until) {
                    self.paused = Some((*why, until));
                }
            }
            Event::Closed | Event::Deriving { .. } => {}
        }
    }

    /// Whether a wait is worth a line: one of some length, and not the one that is under way, for which every request
    /// that was out asks again.
    fn is_news(&self, event: &Event) -> bool {
        let Event::Paused { wait, .. } = event else { return false };
        let until = clock::instant() + *wait;
        *wait >= NEWS && self.paused.is_none_or(|(_, known)| known + NEWS <= until)
    }

    /// Whether the bar is drawn: with thousands of events a second not for each of those that only count.
    fn is_due(&mut self, event: &Event) -> bool {
        let counts = matches!(event, Event::Sent | Event::Attempted { .. } | Event::Settled { .. });
        let due = !counts || self.drawn.elapsed() >= SAMPLE;
        if due {
            self.drawn = clock::instant();
        }
        due
    }

    fn remember_lately(&mut self) {
        let now = clock::instant();
        if self.lately.back().is_none_or(|(then, _)| now.duration_since(*then) >= SAMPLE) {
            self.lately.push_back((now, self.requests));
        }
        while self.lately.front().is_some_and(|(then, _)| now.duration_since(*then) > LATELY) {
            self.lately.pop_front();
        }
    }

    /// Requests per second over the last seconds.
    fn speed(&self) -> f64 {
        let Some((then, count)) = self.lately.front() else { return 0.0 };
        let seconds = then.elapsed().as_secs_f64().max(0.1);
        (self.requests - count) as f64 / seconds
    }

    fn in_flight(&self) -> u64 {
        self.sent.saturating_sub(self.requests)
    }

    /// What fits beside a bar: the wait, or else speed, retries and how long it will take.
    fn in_brief(&self, allowed: Option<f64>) -> String {
        if let Some(wait) = self.waiting() {
            return wait;
        }
        let of = allowed.map_or_else(String::new, |allowed| format!(" of {allowed:.1}"));
        let mut parts = vec![format!("{:.1}{of}/s", self.speed())];
        if self.retries > 0 {
            parts.push(format!("{} retries", self.retries));
        }
        parts.extend(self.time_left());
        parts.join(", ")
    }

    /// Speed against what is allowed, requests out, retries, what is waited for, and how long it will take.
    fn describe(&self, allowed: Option<f64>) -> String {
        let of = allowed.map_or_else(String::new, |allowed| format!(" of {allowed:.1}"));
        let mut parts = vec![format!("{:.1}{of} requests/s", self.speed())];
        if self.in_flight() > 0 {
            parts.push(format!("{} in flight", self.in_flight()));
        }
        if self.retries > 0 {
            parts.push(format!("{} retries", self.retries));
        }
        let left = || self.time_left().map(|left| format!("about {left}"));
        parts.extend(self.waiting().or_else(left));
        parts.join(", ")
    }

    fn waiting(&self) -> Option<String> {
        let (why, until) = self.paused.filter(|(_, until)| *until > clock::instant())?;
        let left = until.duration_since(clock::instant()).as_secs_f64();
        Some(format!("waiting {left:.0} s: {}", why.as_str()))
    }

    fn time_left(&self) -> Option<String> {
        let seconds = self.opened.elapsed().as_secs_f64().max(0.001);
        let done = self.settled - self.settled_before;
        let left = self.roster.saturating_sub(self.settled);
        if done == 0 || left == 0 {
            return None;
        }
        let estimate = rough(left as f64 * seconds / done as f64);
        Some(format!("{} left", humantime::format_duration(estimate)))
    }
}

/// In whole seconds, and from an hour on in whole minutes; never less.
fn rough(seconds: f64) -> Duration {
    let unit = if seconds < 3_600.0 { 1.0 } else { 60.0 };
    Duration::from_secs_f64((seconds / unit).ceil() * unit)
}

/// What the tightest quota allows, in requests per second.
fn allowed(quotas: &[Quota]) -> Option<f64> {
    let rates =
        quotas.iter().map(|quota| f64::from(quota.requests.get()) / quota.per.as_secs_f64());
    rates.min_by(f64::total_cmp)
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

fn draw(bar: &ProgressBar, event: &Event, counts: &Counts, allowed: Option<f64>) {
    match event {
        Event::Opened { roster, settled } => {
            bar.set_length(*roster);
            bar.set_position(*settled);
        }
        Event::Closed => bar.finish_and_clear(),
        _ => {
            bar.set_position(counts.settled);
            bar.set_message(counts.in_brief(allowed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million users, an hour in, with a day left: what is asked of a line of 80 columns at most.
    fn long_under_way(paused: Option<(Pause, Instant)>) -> Counts {
        Counts {
            roster: 1_000_000,
            settled: 40_123,
            settled_before: 0,
            sent: 45_032,
            requests: 45_000,
            retries: 4_877,
            opened: clock::instant() - Duration::from_hours(1),
            lately: VecDeque::from([(clock::instant(), 44_990)]),
            paused,
            drawn: clock::instant(),
        }
    }

    #[test]
    fn a_line_with_a_bar_fits_into_80_columns() {
        let before = "asking ".len() + 8 + " 1000000/1000000  ".len();
        let until = clock::instant() + Duration::from_secs(3_599);
        for paused in [None, Some((Pause::Asked, until)), Some((Pause::Failing, until))] {
            let brief = long_under_way(paused).in_brief(Some(100.0));
            assert!(before + brief.chars().count() <= 80, "{brief}");
        }
    }
}
