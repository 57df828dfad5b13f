"""How much our sandbox can serve, so that it is not what limits a measurement."""

import sys
from dataclasses import dataclass

from job import floor
from pace import stats_of
from partner import free_port, serving, write_roster
from process import cpu_of, measure, pinned
from results import at_least, middle

REQUESTS = 200_000
ROUNDS = 3


@dataclass
class Served:
    """Requests a second: of the sandbox's CPU, and of the time in which oha asked."""

    per_cpu: float
    per_wall: float


def measure_capacity(binary, place, options):
    roster = place / "capacity.csv"
    write_roster(roster, REQUESTS, options.seed)
    return [serve(binary, place, roster, options) for _ in range(ROUNDS)]


def serve(binary, place, roster, options):
    print("capacity of the sandbox", file=sys.stderr)
    port = free_port()
    with serving(pinned([binary, "sandbox", "--port", port], [options.server_core]), port) as server:
        before = cpu_of(server.pid)
        asked = measure(floor(place, roster, f"http://127.0.0.1:{port}", REQUESTS), [options.client_core])
        used = cpu_of(server.pid) - before
        if stats_of(port)["requests"] != REQUESTS:
            raise SystemExit("the sandbox did not serve all requests of oha")
    return Served(REQUESTS / used, REQUESTS / asked.wall)


def sentence(served):
    per_cpu, per_wall = (middle(served, what) for what in (lambda one: one.per_cpu, lambda one: one.per_wall))
    return (
        f"Our sandbox serves {per_cpu:,.0f} requests for a second of its CPU. oha, with as much CPU on the other core, asks it "
        f"{per_wall:,.0f} times a second.\n"
    )


def targets(served):
    per_cpu = middle(served, lambda one: one.per_cpu)
    return [at_least("the sandbox: requests for a second of its one core's CPU", per_cpu, 30_000)]
