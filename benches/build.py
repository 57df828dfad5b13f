"""`make bench-build`: what a release costs to build from nothing, beside cargo's own profile, and how long `make demo` takes."""

import shutil
import subprocess
import tomllib

import machine
import results
from machine import PROJECT
from options import parser
from process import measure
from results import at_most


def main():
    options = parser(__doc__, users=0).parse_args()
    cores, here = sorted({options.server_core, options.client_core}), options.place.resolve() / "build"
    builds = {"ours": build(here, cores), "cargo's own": build(here, cores, *cargos_own())}
    demo = make_demo(here, cores)
    about = machine.describe(options.binary, options.place, options)
    text = "\n".join([
        results.machine_table({name: about[name] for name in ["date", "commit", "processor", "memory", "Rust"]}),
        f"From nothing, but with all crates downloaded, on {len(cores)} cores:\n",
        build_table(builds | {"`make demo`, profile of development": demo}),
        results.target_table(targets(builds["ours"], builds["cargo's own"], demo)),
    ])
    print(text)
    if not options.dry:
        results.write_part("The build", text)


def build(place, cores, *wishes):
    shutil.rmtree(place, ignore_errors=True)
    command = ["cargo", "build", "--release", "--manifest-path", PROJECT / "Cargo.toml", "--target-dir", place]
    cost = measure([*command, *wishes], cores)
    shutil.rmtree(place)
    return cost


def cargos_own():
    """What makes of our release profile that of a project that says nothing of it."""
    packages = tomllib.loads((PROJECT / "Cargo.toml").read_text(encoding="utf-8"))["profile"]["release"]["package"]
    levels = [f"profile.release.package.{name}.opt-level=3" for name in packages if name != "*"]
    wishes = ["profile.release.codegen-units=16", "profile.release.debug=false", *levels]
    return [word for wish in wishes for word in ("--config", wish)]


def make_demo(place, cores):
    """In a clone, so that nothing is there."""
    subprocess.run(["git", "clone", "--quiet", PROJECT, place], check=True)
    cost = measure(["make", "-C", place, "demo"], cores)
    shutil.rmtree(place)
    return cost


def build_table(costs):
    rows = [[name, f"{cost.cpu / 60:.1f} min", f"{cost.wall / 60:.1f} min"] for name, cost in costs.items()]
    return results.table(["build", "CPU", "wall"], rows)


def targets(ours, cargos, demo):
    return [
        at_most("7 release build: CPU, share of that by cargo's own profile", ours.cpu / cargos.cpu * 100, 50, " %"),
        at_most("7 `make demo` from nothing", demo.wall / 60, 6, " min"),
    ]


if __name__ == "__main__":
    main()
