"""`make bench-scale`: a long roster, answers from our sandbox on its own core, the memory of ours over time, and what it
costs to go on with a run of which little is left."""

import contextlib
import json
import shutil
import subprocess
import sys

import machine
import results
from job import KEY, NO_LIMIT, our_run
from options import parser
from partner import sandbox, write_roster
from process import Cost, Mark, clean, measure
from results import at_most, unmeasured

# How many lines the table of memory over time has, about.
LINES = 36
# How many users are left, about, when the run goes on for the last time.
LEFT = 1000
# How many short runs are made before the long one, and how many after it. The machine may become slower or faster meanwhile:
# the long one is held against those that cost less.
SHORT_RUNS = 3


def main():
    options = parse()
    binary, place = options.binary.resolve(), options.place.resolve()
    about = machine.describe(binary, place, options)
    machine.forget(binary)
    before = [run(options.small, binary, place / "scale", options) for _ in range(SHORT_RUNS)]
    first, last, left = run_in_sessions(options.users, binary, place / "scale", options)
    large = joined(first, last)
    fresh = run(left, binary, place / "scale", options)
    after = [run(options.small, binary, place / "scale", options) for _ in range(SHORT_RUNS)]
    about["load after"] = f"{machine.load():.1f}"
    text = "\n".join([
        results.machine_table(about),
        f"Answers from our sandbox on its own core, ours with `--rate {NO_LIMIT} --baseline none`:\n",
        cost_table([(options.small, before), (options.users, [large]), (options.small, after)]),
        f"Of {options.users:,} users {left:,} were left to the last session. CPU until the last answer: "
        f"{last.marks[0].cpu:.1f} s to go on, {fresh.marks[0].cpu:.1f} s to run a roster of {left:,}.\n",
        f"Resident memory over time, {options.users} users:\n",
        memory_table(large),
        results.target_table([*targets(min(before, after, key=results.cpu), large, options), going_on(last, fresh, left)]),
    ])
    print(text)
    if not options.dry:
        results.write_part(f"At {options.users:,} users", text)


def parse():
    options = parser(__doc__, users=1_000_000)
    options.add_argument("--small", type=int, default=20_000, help="the size whose cost per user it is held against")
    return options.parse_args()


def run(users, binary, place, options):
    """One run over so many users, its memory sampled."""
    with partner_of(users, binary, place, options) as session:
        return session()


def run_in_sessions(users, binary, place, options):
    """A run that goes on twice. The first session ends when as many requests were sent as there are users, so that those who
    were asked in vain are left; the second when about `LEFT` are. Gives the cost of these two together, that of the last, and
    how many were left to it."""
    with partner_of(users, binary, place, options) as session:
        first = session("--max-requests", users, may_end_with=(75,))
        too_many = left_in(binary, place / "reports") - LEFT
        if too_many > 0:
            first = joined(first, session("--max-requests", too_many, may_end_with=(75,)))
        left = left_in(binary, place / "reports")
        return first, session(), left


@contextlib.contextmanager
def partner_of(users, binary, place, options):
    """A new roster, and a way to measure sessions of one run over it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    roster = place / "roster.csv"
    write_roster(roster, users, options.seed)
    with sandbox(binary, [options.server_core]) as port:
        command = our_run(
            binary, place / "reports", roster, "--base-url", f"http://127.0.0.1:{port}", "--run-id", "scale"
        )

        # Users whose answers cannot be read make a run incomplete; it is published all the same.
        def session(*wishes, may_end_with=(0, 3)):
            print(f"{users} users {' '.join(map(str, wishes))}", file=sys.stderr)
            cores = [options.client_core]
            return measure(
                [*command, *wishes], cores, may_end_with=may_end_with, sample_every=0.1, environment=KEY
            )

        yield session
    shutil.rmtree(place)


def left_in(binary, reports):
    """Users who are not settled in the only run there is."""
    command = [binary, "runs", "--reports", reports, "--json"]
    told = subprocess.run(command, check=True, capture_output=True, env=clean(None))
    (only,) = json.loads(told.stdout)["runs"]
    return only["users"] - only["settled"]


def joined(first, last):
    """Two sessions as one cost."""
    marks = [Mark(mark.step, mark.cpu + first.cpu, mark.wall + first.wall) for mark in last.marks]
    samples = first.samples + [(at + first.wall, held) for at, held in last.samples]
    memory = max(first.memory, last.memory)
    return Cost(first.cpu + last.cpu, first.wall + last.wall, memory, last.status, marks, samples)


def cost_table(costs):
    rows = []
    for users, same in costs:
        in_all = [cost.cpu / users * 1e6 for cost in same]
        asking = results.middle(same, lambda cost: cost.marks[0].cpu) / users * 1e6
        rows.append([
            f"{users:,}",
            len(same),
            f"{results.cpu(same) / users * 1e6:.1f} µs",
            f"{min(in_all):.1f} to {max(in_all):.1f}" if len(same) > 1 else "",
            f"{asking:.1f} µs",
            f"{results.wall(same):.1f} s",
            f"{results.memory(same) / 1e6:.0f} MB",
        ])
    columns = ["users", "runs", "CPU per user", "lowest to highest", "of it until the last answer", "wall", "peak memory"]
    return results.table(columns, rows)


def memory_table(cost):
    """The samples thinned, each line with the highest of the samples that it stands for."""
    each = max(1, len(cost.samples) // LINES)
    groups = [cost.samples[first : first + each] for first in range(0, len(cost.samples), each)]
    rows = [[f"{group[0][0]:.1f} s", f"{max(held for _, held in group) / 1e6:.0f} MB", step_at(cost, group[0][0])] for group in groups]
    return results.table(["after", "resident", "step"], rows)


def step_at(cost, seconds):
    begun = [mark.step for mark in cost.marks if mark.wall <= seconds]
    return begun[-1] if begun else "roster, fetch, journal"


def targets(small, large, options):
    limits = {20_000: 120, 1_000_000: 200, 5_000_000: 300}
    what = f"3 peak memory of the whole job, {options.users} users"
    limit = limits.get(options.users)
    growth = (large.cpu / options.users) / (results.cpu(small) / options.small) * 100 - 100
    memory = (
        at_most(what, large.memory / 1e6, limit, " MB")
        if limit
        else unmeasured(what, "no limit for this size", f"{large.memory / 1e6:.0f} MB")
    )
    cost = f"3 CPU per user: above that at {options.small}"
    is_asked = options.users == 1_000_000
    return [
        memory,
        at_most(cost, growth, 15, " %") if is_asked else unmeasured(cost, "asked of a million", f"{growth:.0f} %"),
    ]


def going_on(last, fresh, left):
    """What the last session cost, held against asking as many anew and deriving all."""
    derived = last.cpu - last.marks[0].cpu
    times = last.cpu / (fresh.marks[0].cpu + derived)
    return at_most(f"6 CPU to go on with {left:,} left, times that of asking {left:,} and deriving all", times, 1.05)


if __name__ == "__main__":
    main()
