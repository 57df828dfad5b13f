"""`make bench-build`: what a release costs to build from nothing, beside cargo's own profile, and how long `make demo` takes."""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

import machine
import results
from machine import PROJECT
from process import measure
from results import at_most, unmeasured

# What whoever calls may have set, and would make another build of it.
WITHOUT = ["MAKEFLAGS", "CARGO_TARGET_DIR", "CARGO_INCREMENTAL", "RUSTFLAGS", "RUSTC_WRAPPER"]
CARGOS_OWN = "release, cargo's own profile"


def main():
    options = parse()
    place = options.place.resolve() / "build"
    about = machine.describe_machine()
    subprocess.run(["cargo", "fetch", "--quiet", "--locked"], check=True, cwd=PROJECT)
    demo = build(place, "make", "-C", place, "demo")
    release = ["cargo", "build", "--release", "--locked", "--offline", "--manifest-path", place / "Cargo.toml"]
    builds = {"release": build(place, *release), "`make demo`": demo}
    if not options.ours_only:
        builds[CARGOS_OWN] = build(place, *release, prepare=forget_profile)
    text = "\n".join([
        results.machine_table(about | {"load after": f"{machine.load():.1f}"}),
        f"From nothing, in a clone, but with all crates downloaded, on {os.cpu_count()} cores:\n",
        build_table(builds),
        results.target_table(targets(builds["release"], builds.get(CARGOS_OWN), demo)),
    ])
    print(text)
    if not options.dry:
        results.write_part("The build", text)


def parse():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--place", type=Path, default=PROJECT / "target/bench")
    options.add_argument("--ours-only", action="store_true", help="without cargo's own profile, which takes most of the time")
    options.add_argument("--dry", action="store_true", help="print only, write nothing to RESULTS.md")
    return options.parse_args()


def build(place, *command, prepare=lambda _: None):
    """The cost of a command in a new clone at the place."""
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", PROJECT, place], check=True)
    prepare(place)
    unset = [word for name in WITHOUT for word in ("-u", name)]
    cost = measure(["env", *unset, *command], sorted(os.sched_getaffinity(0)))
    shutil.rmtree(place)
    return cost


def forget_profile(place):
    """Leaves what the project says of its release profile out of its manifest."""
    manifest = place / "Cargo.toml"
    sections = manifest.read_text(encoding="utf-8").split("\n[")
    kept = [section for section in sections if not section.startswith("profile.release")]
    manifest.write_text("\n[".join(kept), encoding="utf-8")


def build_table(costs):
    rows = [[name, f"{cost.cpu / 60:.1f} min", f"{cost.wall / 60:.1f} min"] for name, cost in costs.items()]
    return results.table(["build", "CPU", "wall"], rows)


def targets(ours, cargos_own, demo):
    """The trial of which half was asked took 44 minutes."""
    what = "7 release build: CPU, share of that by cargo's own profile"
    share = (
        at_most(what, ours.cpu / cargos_own.cpu * 100, 50, " %")
        if cargos_own
        else unmeasured(what, "at most 50 %", "left out")
    )
    return [
        at_most("7 release build: CPU", ours.cpu / 60, 22, " min"),
        share,
        at_most("7 `make demo` from nothing", demo.wall / 60, 6, " min"),
    ]


if __name__ == "__main__":
    main()
