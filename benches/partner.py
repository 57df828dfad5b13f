"""The partner: documents of a fixed seed, written once by our sandbox, then served by nginx, which is not ours."""

import contextlib
import getpass
import http.client
import random
import shutil
import socket
import subprocess
import time
import uuid
from pathlib import Path

from process import clean, pinned

HERE = Path(__file__).parent
DETAILS = "/api/partner/v2/kyc/details"
# An error object is shorter than this, and a document longer.
SHORTEST_DOCUMENT = 600


def user_ids(seed):
    """Ids without end, always the same ones for a seed."""
    chance = random.Random(seed)
    while True:
        yield str(uuid.UUID(int=chance.getrandbits(128), version=4))


def write_roster(path, users, seed):
    """A roster of so many ids, whatever the partner says about them."""
    ids = user_ids(seed)
    with path.open("w", encoding="ascii") as file:
        file.write("user_id\n")
        file.writelines(next(ids) + "\n" for _ in range(users))


def write_documents(place, users, seed, binary):
    """So many users with a document each: `documents/ID.json` and `roster.csv`. Does nothing if they are there."""
    roster = place / "roster.csv"
    if roster.exists():
        return roster
    shutil.rmtree(place, ignore_errors=True)
    (place / "documents").mkdir(parents=True)
    written = []
    with sandbox(binary, cores=None) as port:
        server = http.client.HTTPConnection("127.0.0.1", port)
        for user in user_ids(seed):
            if len(written) == users:
                break
            document = document_of(server, user)
            if document:
                (place / "documents" / f"{user}.json").write_bytes(document)
                written.append(user)
    roster.write_text("\n".join(["user_id", *written, ""]), encoding="ascii")
    return roster


def document_of(server, user):
    """What the partner has about a user, if it is a document and not a refusal."""
    server.request("GET", f"{DETAILS}?userId={user}", headers={"partner-api-key": "any"})
    answer = server.getresponse()
    body = answer.read()
    return body if answer.status == 200 and len(body) >= SHORTEST_DOCUMENT else None


@contextlib.contextmanager
def sandbox(binary, cores, *wishes):
    """Our pretend partner as a server; gives its port."""
    port = free_port()
    command = [binary, "sandbox", "--port", port, *wishes]
    with serving(pinned(command, cores) if cores else list(map(str, command)), port):
        yield port


@contextlib.contextmanager
def nginx(documents, prefix, cores):
    """nginx over the documents; gives its port."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin")
    if not program:
        raise SystemExit("nginx is missing (Debian: package nginx-light)")
    prefix.mkdir(parents=True, exist_ok=True)
    port = free_port()
    filled = {"user": getpass.getuser(), "prefix": prefix, "port": port, "documents": documents}
    text = (HERE / "nginx.conf").read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", str(value))
    config = prefix / "nginx.conf"
    config.write_text(text, encoding="utf-8")
    with serving(pinned([program, "-p", prefix, "-e", prefix / "error.log", "-c", config], cores), port):
        yield port


@contextlib.contextmanager
def serving(command, port):
    """A server until the end of the block, once it answers; gives its process."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=clean(None))
    try:
        wait_for(port, server)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port, server):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"{server.args[3:]} does not answer")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
