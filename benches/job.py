"""The whole job, side by side: the floor that throws answers away, ours, and the script one would write instead."""

import shutil
import sys
from pathlib import Path

from partner import DETAILS, nginx, write_documents
from process import measure

PEERS = Path(__file__).parent / "peers"
IN_FLIGHT = 64
# High enough never to bind: what is measured is the program, not the quota.
NO_LIMIT = "1000000/1s"
KEY = {"KYC_RECON_API_KEY": "any"}

FLOOR = "oha"
OURS = "kyc-recon run"
BOTH_CORES = "kyc-recon run, both cores"
SCRIPT = "Python, pandas"
HARDER_SCRIPT = "Python, pyarrow"


def measure_job(binary, place, options):
    """The costs of every program, a list of one for each round. The programs take turns, so that a slow minute of the
    machine meets all of them."""
    partner = place / f"partner-{options.users}-{options.seed}"
    roster = write_documents(partner, options.users, options.seed, binary)
    costs = {}
    with nginx(partner / "documents", place / "nginx", [options.server_core]) as port:
        base_url = f"http://127.0.0.1:{port}"
        programs = all_programs(binary, place, roster, base_url, options)
        for number in range(options.rounds):
            for name, (command, cores) in programs.items():
                shutil.rmtree(place / "reports", ignore_errors=True)
                print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
                costs.setdefault(name, []).append(measure(command, cores, environment=KEY))
    return costs


def all_programs(binary, place, roster, base_url, options):
    """By name, the command and its cores."""
    alone, both = [options.client_core], sorted({options.server_core, options.client_core})
    ours = our_run(binary, place / "reports", roster, "--base-url", base_url, "--run-id", "bench")
    return {
        FLOOR: (floor(place, roster, base_url, options.users), alone),
        OURS: (ours, alone),
        SCRIPT: (script("pandas", place, roster, base_url), alone),
        HARDER_SCRIPT: (script("pyarrow", place, roster, base_url), alone),
        BOTH_CORES: (ours, both),
    }


def our_run(binary, reports, roster, *wishes, rate=NO_LIMIT, in_flight=IN_FLIGHT):
    command = [binary, "run", roster, "--reports", reports, "--baseline", "none", "--log-format", "json"]
    return [*command, "--rate", rate, "--max-in-flight", in_flight, *wishes]


def floor(place, roster, base_url, users):
    """oha asks about as many users of the roster, drawn by chance, and throws the answers away."""
    urls = place / "urls.txt"
    ids = roster.read_text(encoding="ascii").split()[1:]
    urls.write_text("".join(f"{base_url}{DETAILS}?userId={user}\n" for user in ids), encoding="ascii")
    command = [place / "bin/oha", "--no-tui", "-n", users, "-c", IN_FLIGHT, "-H", "partner-api-key: any"]
    return [*command, "--urls-from-file", urls]


def script(how, place, roster, base_url):
    command = [place / "venv/bin/python", PEERS / "fetch_flatten.py", how, base_url + DETAILS, roster, IN_FLIGHT]
    return [*command, place / "flat.parquet"]


def fetch_cost(cost):
    """CPU and wall of ours until nobody was left to ask."""
    first = cost.marks[0]
    return first.cpu, first.wall
