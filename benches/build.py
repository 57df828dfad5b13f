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
from results import at_most

# What whoever calls may have set, and would make another build of it.
WITHOUT = ["MAKEFLAGS", "CARGO_TARGET_DIR", "CARGO_INCREMENTAL", "CPPFLAGS", "RUSTFLAGS", "RUSTC_WRAPPER"]


def main():
    options = parse()
    for part in [options.only] if options.only else PARTS:
        about = machine.describe_machine()
        costs, targets = PARTS[part](options.place.resolve() / "build")
        text = "\n".join([
            results.machine_table(about | {"load after": f"{machine.load():.1f}"}),
            f"From nothing, in a clone, but with all crates downloaded, on {os.cpu_count()} cores:\n",
            build_table(costs),
            results.target_table(targets),
        ])
        print(text)
        if not options.dry:
            results.write_part(f"The build: {part}", text)


def parse():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--place", type=Path, default=PROJECT / "target/bench")
    options.add_argument("--dry", action="store_true", help="print only, write nothing to RESULTS.md")
    options.add_argument("--only", choices=PARTS, help="one part only; the release takes most of the time")
    return options.parse_args()


def demo(place):
    """What somebody new waits for."""
    cost = build(place, "make", "-C", place, "demo")
    return {"`make demo`": cost}, [at_most("7 `make demo` from nothing", cost.wall / 60, 6, " min")]


def release(place):
    """The trial of which half was asked took 44 minutes of CPU by cargo's own profile."""
    command = ["cargo", "build", "--release", "--locked", "--offline", "--manifest-path", place / "Cargo.toml"]
    ours, cargos_own = build(place, *command), build(place, *command, prepare=forget_profile)
    share = ours.cpu / cargos_own.cpu * 100
    return {"release": ours, "release, cargo's own profile": cargos_own}, [
        at_most("7 release build: CPU", ours.cpu / 60, 22, " min"),
        at_most("7 release build: CPU, share of that by cargo's own profile", share, 50, " %"),
    ]


PARTS = {"demo": demo, "release": release}


def build(place, *command, prepare=lambda _: None):
    """The cost of a command in a new clone at the place."""
    subprocess.run(["cargo", "fetch", "--quiet", "--locked"], check=True, cwd=PROJECT)
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


if __name__ == "__main__":
    main()
