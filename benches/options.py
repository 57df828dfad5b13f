"""What every measurement may be told."""

import argparse
import os
from pathlib import Path

from machine import PROJECT


def parser(description, users):
    """The options that all have; `users` is the usual length of the roster."""
    cores = sorted(os.sched_getaffinity(0))
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--binary", type=Path, default=PROJECT / "target/release/kyc-recon")
    options.add_argument("--place", type=Path, default=PROJECT / "target/bench")
    options.add_argument("--users", type=int, default=users)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--server-core", type=int, default=cores[0])
    options.add_argument("--client-core", type=int, default=cores[-1])
    options.add_argument("--dry", action="store_true", help="print only, write nothing to RESULTS.md")
    return options
