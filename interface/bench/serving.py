"""What it costs to record an action over HTTP: the counter beside a bare page, under the same gunicorn settings."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import repeat
from pathlib import Path
from uuid import UUID, uuid4

from application import tokens
from application.database import connect
from application.office import today
from domain.powers import Actor
from interface.bench.crew import Crew, Failed, Once
from interface.bench.ground import DIVISION, NOTE, opened, received
from interface.bench.table import Line, Trial, in_turn, line, share
from interface.serving import HOST, ROOT, Child

OURS, BARE = "counter", "bare Flask"
APPS = {OURS: "wsgi:app", BARE: "interface.bench.bare:app"}
WORKERS = 2
READY_SECONDS = 30
NOTES = 11  # a case with more is rare, and loading it would be measured
AHEAD = 100
LOST = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


def http_(trial: Trial) -> list[Line]:
    """A note, by its route, with token and If-Match."""
    with connect(trial.url, "owner") as connection:
        token = tokens.issue(connection, Actor("lead.02", "inspector_lead", f"{DIVISION}-hrss", DIVISION))
    with served(trial, OURS) as ours, served(trial, BARE) as bare, Crew() as crew:
        makes = {OURS: partial(posting, ours, token, trial.url), BARE: partial(posting, bare, token, None)}
        ways = {name: partial(crew.rate, make, 2 * trial.seconds) for name, make in makes.items()}
        found = in_turn(trial, "http", ways)
    name = f"POST …/note, {WORKERS} workers, 8 clients"
    return [line("http", name, found[OURS], BARE, found[BARE], target=share(0.5))]


@contextmanager
def served(trial: Trial, name: str) -> Iterator[int]:
    """An application under gunicorn, on a port of loopback."""
    port, log = _free_port(), trial.home / f"{name.replace(' ', '-')}.log"
    metrics = trial.home / f"metrics-{port}"
    metrics.mkdir()
    env = {
        **os.environ,
        "DATABASE_URL": trial.url,
        "QINGXIN_HOME": str(trial.home),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable, "-m", "gunicorn", "-c", str(ROOT / "interface" / "gunicorn_conf.py"),
        "--bind", f"{HOST}:{port}", "--workers", str(WORKERS), APPS[name],
    ]  # fmt: skip
    child = Child(name, command, env, log)
    child.start()
    try:
        _wait(port, log)
        yield port
    finally:
        child.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=2)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        time.sleep(0.05)
    raise Failed(f"gunicorn did not answer: {log.read_text()[-2000:]}")


@contextmanager
def posting(port: int, token: str, url: str | None, place: int) -> Iterator[Once]:
    """A client that posts notes on a kept-alive connection; a dozen entries, then the next case."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    body = json.dumps({**NOTE, "on": today().isoformat()}).encode()
    always = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    cases = (uuid4() for _ in repeat(None)) if url is None else _cases(url)
    record, version = next(cases), 1

    def once() -> None:
        nonlocal record, version
        answer = _posted(connection, f"/api/cases/{record}/note", body, {**always, "If-Match": f'"{version}"'})
        version = int(answer.strip('"'))
        if version > NOTES:
            record, version = next(cases), 1

    try:
        yield once
    finally:
        connection.close()


def _posted(connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> str:
    """The ETag answered.  A connection that was idle for some seconds may have been closed; then a new one is made."""
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
    except LOST:
        connection.close()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
    text = answer.read()
    if answer.status != 201:
        raise Failed(f"{answer.status} {text.decode()[:500]}")
    return str(answer.headers["ETag"])


def _cases(url: str) -> Iterator[UUID]:
    """Cases just received, made so many ahead."""
    with opened(url) as office:
        while True:
            yield from received(office, AHEAD)
