"""`make bench`: measures the whole job side by side in one run, prints it and writes it to `RESULTS.md`."""

import capacity
import derive
import job
import machine
import pace
import results
from job import BOTH_CORES, FLOOR, HARDER_SCRIPT, OURS, SCRIPT
from options import parser
from results import at_least, at_most, cpu, memory, middle, wall
from startup import measure_startup


def main():
    options = parse()
    binary, place = options.binary.resolve(), options.place.resolve()
    machine.forget(binary)
    load = [machine.load()]
    startup = measure_startup(binary, options)
    jobs = job.measure_job(binary, place, options)
    derived, facts = derive.measure_derive(binary, place, options)
    flatten = derive.measure_flatten(place, options)
    paces = pace.measure_pace(binary, place, options)
    served = capacity.measure_capacity(binary, place, options)
    load.append(machine.load())
    about = machine.describe(binary, place, options)
    about["load before and after"] = " and ".join(f"{figure:.1f}" for figure in load)
    text = "\n".join([
        results.machine_table(about),
        f"{options.users} users, documents of 3 KB in the mean from nginx, {job.IN_FLIGHT} requests in flight, ours with "
        f"`--rate {job.NO_LIMIT} --baseline none`, {options.rounds} rounds:\n",
        job_table(jobs, options.users),
        "Ours by stage, CPU per user:\n",
        stage_table(jobs[OURS], options.users),
        f"{facts['documents']} documents of {facts['users']} users of our sandbox, {facts['bytes'] / 1e6:.0f} MB as NDJSON, "
        f"one core, {options.derive_rounds} rounds:\n",
        derive_table(derived, facts),
        f"Flattening alone, documents in memory to columns: {flatten:,.0f} rows/s of CPU.\n",
        "`rebuild` by step, CPU seconds:\n",
        step_table(derived[derive.REBUILD]),
        "Pace, against our sandbox. Ours: what was not refused, from the first request until the last user was asked for the "
        "first time; curl's: all of it, with its start:\n",
        pace.pace_table(paces),
        capacity.sentence(served),
        "Start-up:\n",
        startup_table(startup),
        results.target_table([
            *job_targets(jobs),
            *derive_targets(derived, facts, flatten),
            *memory_targets(jobs, options),
            *pace.targets(paces),
            *startup_targets(startup),
            *capacity.targets(served),
        ]),
    ])
    print(text)
    if not options.dry:
        results.write_part("The whole job", text)


def parse():
    options = parser(__doc__, users=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--derive-users", type=int, default=200_000)
    options.add_argument("--derive-rounds", type=int, default=3)
    options.add_argument("--pace-seconds", type=int, default=30, help="about how long each trial of pace lasts")
    return options.parse_args()


def job_table(jobs, users):
    rows = []
    for name, costs in jobs.items():
        per_user, floor = cpu(costs) / users * 1e6, cpu(jobs[FLOOR]) / users * 1e6
        lowest, highest = (find(cost.cpu for cost in costs) / users * 1e6 for find in (min, max))
        spread = f"{lowest:.1f} to {highest:.1f}"
        rows.append([
            name, f"{per_user:.1f} µs", spread, f"{per_user / floor:.2f}", f"{wall(costs):.2f} s", megabytes(costs)
        ])
    return results.table(["program", "CPU per user", "lowest to highest", "times oha", "wall", "peak memory"], rows)


def stage_table(costs, users):
    """Until the first mark ours reads the roster and asks; the steps after it are those of the derivation."""
    steps = [derive.steps(cost) for cost in costs]
    rows = [
        ["roster, fetch, journal" if name == "opening" else name, f"{middle(steps, lambda step: step[name]) / users * 1e6:.1f} µs"]
        for name in steps[0]
    ]
    return results.table(["stage", "CPU per user"], rows)


def step_table(costs):
    steps = [derive.steps(cost) for cost in costs]
    return results.table(
        ["step", "CPU"], [[name, f"{middle(steps, lambda step: step[name]):.2f} s"] for name in steps[0]]
    )


def derive_table(derived, facts):
    rows = [
        [name, f"{cpu(costs):.2f} s", f"{rate(name, costs, facts):,.0f}", f"{wall(costs):.2f} s", megabytes(costs)]
        for name, costs in derived.items()
    ]
    return results.table(["program", "CPU", "rows/s of CPU", "wall", "peak memory"], rows)


def rate(name, costs, facts):
    """Rows per second of CPU. Ours writes a row for everybody, the others only for those with a document."""
    rows = facts["users"] if name == derive.REBUILD else facts["documents"]
    return rows / cpu(costs)


def startup_table(startup):
    rows = [[name, f"{cpu(costs) * 1e3:.1f} ms", megabytes(costs)] for name, costs in startup.items()]
    return results.table(["command", "CPU", "peak memory"], rows)


def megabytes(costs):
    return f"{memory(costs) / 1e6:.0f} MB"


def job_targets(jobs):
    fetch = middle(jobs[OURS], lambda cost: job.fetch_cost(cost)[0])
    after = middle(jobs[BOTH_CORES], lambda cost: (cost.wall - job.fetch_cost(cost)[1]) / job.fetch_cost(cost)[1])
    return [
        at_most("1 fetch with journal: CPU, times oha's", fetch / cpu(jobs[FLOOR]), 3),
        at_most("1 whole job: CPU, times oha's", cpu(jobs[OURS]) / cpu(jobs[FLOOR]), 4.5),
        at_most("1 whole job: wall, times oha's", wall(jobs[OURS]) / wall(jobs[FLOOR]), 4.5),
        at_least("1 the script with pandas: CPU, times ours", cpu(jobs[SCRIPT]) / cpu(jobs[OURS]), 7),
        at_least("1 the script with pandas: wall, times ours", wall(jobs[SCRIPT]) / wall(jobs[OURS]), 7),
        at_least("1 the script with pyarrow: CPU, times ours", cpu(jobs[HARDER_SCRIPT]) / cpu(jobs[OURS]), 7),
        at_most("5 from the last answer to the report, both cores: share of the fetch", after * 100, 10, " %"),
    ]


def derive_targets(derived, facts, flatten):
    ceiling = rate(derive.SIMDJSON, derived[derive.SIMDJSON], facts)
    duckdb = rate(derive.DUCKDB, derived[derive.DUCKDB], facts)
    ours = rate(derive.REBUILD, derived[derive.REBUILD], facts)
    return [
        at_least("2 flatten, in memory: rows/s, share of simdjson's parsing", flatten / ceiling * 100, 33, " %"),
        at_least("2 rebuild: rows/s of CPU, times DuckDB's", ours / duckdb, 1.7),
    ]


def memory_targets(jobs, options):
    return [at_most(f"3 peak memory of the whole job, {options.users} users", memory(jobs[OURS]) / 1e6, 120, " MB")]


def startup_targets(startup):
    return [at_most(f"6 CPU of `{name}`", cpu(costs) * 1e3, 50, " ms") for name, costs in startup.items()]


if __name__ == "__main__":
    main()
