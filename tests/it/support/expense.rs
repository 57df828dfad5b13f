//! What this process and this thread cost, as the kernel counts it: the work of a busy machine, not its waiting.

use std::{fs, io, time::Duration};

/// How long this thread has been working.
pub(crate) fn work() -> io::Result<Duration> {
    let schedule = fs::read_to_string("/proc/thread-self/schedstat")?;
    number(schedule.split_whitespace().next()).map(Duration::from_nanos)
}

/// The most memory that this process ever held, in bytes.
pub(crate) fn peak_memory() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    number(line.and_then(|line| line.split_whitespace().next())).map(|kib| kib << 10)
}

fn number(text: Option<&str>) -> io::Result<u64> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| io::Error::other("not a number"))
}
