"""How much our sandbox can serve, so that it is not what limits a measurement."""

import sys
from dataclasses import dataclass

from job import floor
from pace import stats_of
from partner import free_port, serving, write_roster
from process import cpu_of, measure, pinned
from results import at_least, at_most, middle

REQUESTS = 200_000
ROUNDS = 3


@dataclass
class Served:
    """Seconds for each request: of the sandbox's CPU, of oha's, and of the clock."""

    cpu: float
    floor_cpu: float
    wall: float


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
    return Served(used / REQUESTS, asked.cpu / REQUESTS, asked.wall / REQUESTS)


def sentence(served):
    cpu, floor_cpu, wall = (middle(served, lambda one: getattr(one, name)) for name in ["cpu", "floor_cpu", "wall"])
    return (
        f"Our sandbox takes {cpu * 1e6:.1f} µs of CPU for a request, oha beside it {floor_cpu * 1e6:.1f} µs; they do "
        f"{1 / wall:,.0f} requests a second.\n"
    )


def targets(served):
    """The target was set where oha takes 17 µs, so that 30,000 a second are 1.96 times that for each."""
    rate = middle(served, lambda one: 1 / one.cpu)
    times = middle(served, lambda one: one.cpu / one.floor_cpu)
    return [
        at_least("the sandbox: requests for a second of CPU", rate, 30_000),
        at_most("the sandbox: CPU per request, times oha's", times, 1.96),
    ]
