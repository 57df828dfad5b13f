"""On what, and with which versions, something was measured."""

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MODULES = ["aiohttp", "uvloop", "orjson", "tenacity", "pandas", "pyarrow", "duckdb", "pysimdjson"]


def describe(binary, place, options):
    """Rows of a table: what, and which."""
    return describe_machine() | {
        "cores": f"{os.cpu_count()}; server on core {options.server_core}, client on core {options.client_core}",
        "kyc-recon": said(binary, "--version"),
        "oha": said(place / "bin/oha", "--version"),
        "nginx": said(shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-v"),
        "Python": platform.python_version() + ": " + ", ".join(modules(place)),
        "seed": options.seed,
    }


def describe_machine():
    """Those that hold whatever is measured."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": said("git", "-C", PROJECT, "describe", "--always", "--dirty"),
        "processor": processor(),
        "memory": memory(),
        "kernel": platform.release(),
        "Rust": said("rustc", "--version"),
    }


def forget(binary):
    """Has the system read a program anew from the disk. As the linker left it in memory it may lie there in larger pieces,
    all of each is resident once a byte of it is, and a run would seem to need megabytes more than anywhere else."""
    file = os.open(binary, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def processor():
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()


def memory():
    found = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{int(found[1]) / 1048576:.1f} GiB"


def modules(place):
    installed = said(place / "venv/bin/pip", "freeze", "--disable-pip-version-check").split()
    return [module.replace("==", " ") for module in installed if module.split("==")[0] in MODULES]


def said(*command):
    """What a program says about itself, wherever it says it; nothing if it is not here: a run at scale has no peers."""
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return (done.stdout + done.stderr).strip()


def load():
    """How many processes wanted a core over the last minute: above the cores in use, wall times say little."""
    return os.getloadavg()[0]
