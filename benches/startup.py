"""What it costs to begin: `--help`, and `plan` of the roster that comes with the project."""

from machine import PROJECT
from process import measure

ROUNDS = 11


def measure_startup(binary, options):
    plan = ["plan", PROJECT / "input/users.csv", "--base-url", "https://partner.invalid"]
    commands = {"--help": [binary, "--help"], "plan, 500 users": [binary, *plan]}
    return {
        name: [measure(command, [options.client_core]) for _ in range(ROUNDS)] for name, command in commands.items()
    }
