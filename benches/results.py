"""Costs as tables of Markdown; each part of `RESULTS.md` is written by the run that measured it."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from obstacles import obstacles

RESULTS = Path(__file__).parent / "RESULTS.md"
# The heading of the part that comes before the others: the long rosters by their size, then the builds.
FIRST = "The whole job"
INTRODUCTION = """# How fast

Written by `make bench`, `make bench-scale` and `make bench-build`; do not edit. CPU is user and system, of all threads.
What was measured in rounds or several runs has their median, and programs side by side took turns; the rest was measured once.
What counts is the ratios: absolute figures move with the machine, and wall times with what else it does.
"""


@dataclass
class Target:
    """What the job must reach; `met` is `None` where nothing was measured."""

    what: str
    wanted: str
    figure: str
    met: bool | None


def shown(figure):
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.4g}"


def at_most(what, figure, limit, unit=""):
    return Target(what, f"at most {limit:g}{unit}", f"{shown(figure)}{unit}", figure <= limit)


def at_least(what, figure, limit, unit=""):
    return Target(what, f"at least {limit:g}{unit}", f"{shown(figure)}{unit}", figure >= limit)


def unmeasured(what, wanted, why):
    return Target(what, wanted, why, None)


def middle(costs, what):
    """The median over the rounds of something about a cost."""
    return median(what(cost) for cost in costs)


def cpu(costs):
    return middle(costs, lambda cost: cost.cpu)


def wall(costs):
    return middle(costs, lambda cost: cost.wall)


def memory(costs):
    return middle(costs, lambda cost: cost.memory)


def table(header, rows):
    """A table of Markdown; all columns but the first are figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def target_table(targets):
    words = {True: "met", False: "**not met**", None: "not measured"}
    rows = [[target.what, target.wanted, target.figure, words[target.met]] for target in targets]
    return "\n".join([table(["target", "wanted", "figure", ""], rows), obstacles(targets)])


def machine_table(machine):
    return table(["measured on", ""], machine.items())


def write_part(heading, text):
    """Puts a part in its place in the file and leaves the other parts as they are."""
    parts = read_parts() | {heading: text.strip()}
    names = sorted(parts, key=lambda name: (name != FIRST, not name.startswith("At "), len(name), name))
    written = [f"## {name}\n\n{parts[name]}\n" for name in names]
    RESULTS.write_text("\n".join([INTRODUCTION, *written]), encoding="utf-8")


def read_parts():
    if not RESULTS.exists():
        return {}
    _, *parts = RESULTS.read_text(encoding="utf-8").split("\n## ")
    return {heading: text.strip() for heading, _, text in (part.partition("\n") for part in parts)}
