"""How much our sandbox can serve, so that it is not what limits a measurement."""

import sys

from job import floor
from partner import free_port, serving, write_roster
from process import cpu_of, measure, pinned
from results import at_least

REQUESTS = 200_000


def measure_capacity(binary, place, options):
    """Requests for a second of CPU of the sandbox, all it needs to serve them included, when oha asks."""
    roster, port = place / "capacity.csv", free_port()
    write_roster(roster, REQUESTS, options.seed)
    print("capacity of the sandbox", file=sys.stderr)
    with serving(pinned([binary, "sandbox", "--port", port], [options.server_core]), port) as server:
        before = cpu_of(server.pid)
        measure(floor(place, roster, f"http://127.0.0.1:{port}", REQUESTS), [options.client_core])
        return REQUESTS / (cpu_of(server.pid) - before)


def targets(capacity):
    return [at_least("the sandbox: requests for a second of CPU", capacity, 30_000)]
