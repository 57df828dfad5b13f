"""One program, on cores of its own, and what it cost: CPU, wall time, peak memory."""

import json
import os
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Mark:
    """Where a program was when it said that a step begins."""

    step: str
    cpu: float
    wall: float


@dataclass
class Cost:
    """CPU and wall in seconds, memory in bytes. CPU is user and system, of every thread and every waited-for child."""

    cpu: float
    wall: float
    memory: int
    status: int
    marks: list[Mark] = field(default_factory=list)
    # (seconds since the start, resident bytes)
    samples: list[tuple[float, int]] = field(default_factory=list)


def measure(command, cores, *, may_end_with=(0,), sample_every=None, environment=None):
    """Runs a program to its end on these cores. Of ours, every step it tells in its log becomes a mark."""
    begun = time.monotonic()
    child = subprocess.Popen(
        pinned(command, cores), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean(environment)
    )
    marks, said, samples = [], [], []
    watchers = [threading.Thread(target=listen, args=(child, begun, marks, said))]
    if sample_every:
        watchers.append(threading.Thread(target=sample, args=(child.pid, begun, sample_every, samples)))
    for watcher in watchers:
        watcher.start()
    # Wait for its end, not for its pipe: `wait4` alone tells what it used.
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    for watcher in watchers:
        watcher.join()
    if child.returncode not in may_end_with:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {child.returncode}:\n{''.join(said[-20:])}")
    cpu = used.ru_utime + used.ru_stime
    return Cost(cpu, wall, used.ru_maxrss * 1024, child.returncode, marks, samples)


def pinned(command, cores):
    if not shutil.which("taskset"):
        raise SystemExit("taskset is missing (package util-linux)")
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), *map(str, command)]


def clean(more):
    """The environment without settings of whoever calls."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KYC_RECON_")}
    return kept | (more or {})


def listen(child, begun, marks, said):
    for line in child.stderr:
        said.append(line)
        step = step_of(line)
        if step:
            marks.append(Mark(step, cpu_of(child.pid), time.monotonic() - begun))


def step_of(line):
    """The step that a line of our log tells, if it tells one."""
    if not line.startswith("{"):
        return None
    told = json.loads(line)
    return told.get("message") if told.get("event") == "deriving" else None


def cpu_of(pid):
    """CPU seconds of a process so far; all its threads, also those that ended. Exact to a tick."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        # The name of the program stands in parentheses and may hold blanks.
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def sample(pid, begun, every, samples):
    """Resident memory, until the process ends."""
    while (resident := resident_of(pid)) is not None:
        samples.append((time.monotonic() - begun, resident))
        time.sleep(every)


def resident_of(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            lines = [line for line in file if line.startswith("VmRSS:")]
    except OSError:
        return None
    # A process that has ended and is not yet waited for has a status, but no memory.
    return int(lines[0].split()[1]) * 1024 if lines else None
