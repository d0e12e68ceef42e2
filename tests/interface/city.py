"""An office served from outside: real processes in a home of their own, asked over loopback, ended by their own ids."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from application import tokens
from application.database import connect
from domain.powers import Actor
from interface import embedded
from tests.conftest import ROOT

SECONDS = 60


class Answer(NamedTuple):
    """What the counter answered."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def version(self) -> int:
        return int(self.headers["ETag"].strip('"'))


class City:
    """`serve` in a home of its own."""

    def __init__(self, home: Path, port: int | None = None):
        self.home, self.port = home, port or free_port()
        self.output = home / "said.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.seen: set[psutil.Process] = set()

    # Running

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {
            **kept, "QINGXIN_HOME": str(self.home), "QINGXIN_PORT": str(self.port), "QINGXIN_WORKERS": "2",
            "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "default",
        }  # fmt: skip

    def serve(self, *arguments: str, before: Callable[[], None] | None = None) -> str:
        """Start it in a process group of its own, and answer what it said once it is ready."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "interface", "serve", *arguments],
                env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=before,
            )  # fmt: skip
        assert until(lambda: "Ctrl-C" in self.said or self.process.poll() is not None), self.everything_said()
        assert self.process.poll() is None, self.everything_said()
        self.processes()
        return self.said

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        command = [sys.executable, "-m", "interface", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * SECONDS
        )  # fmt: skip

    def signal(self, number: int, *, group: bool = False) -> int:
        """Send a signal and wait for the end; answers the exit code."""
        assert self.process is not None
        self.processes()
        (os.killpg if group else os.kill)(self.process.pid, number)
        return self.process.wait(SECONDS)

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8", "replace")

    def everything_said(self) -> str:
        logs = [self.output, *sorted((self.home / "log").glob("*.log")), self.home / "postgres" / "log"]
        return "\n".join(f"== {log.name}\n{log.read_text('utf-8', 'replace')[-4000:]}" for log in logs if log.exists())

    # Its processes

    def processes(self) -> list[psutil.Process]:
        """Everything that runs for this home now."""
        roots = [self.supervisor, self.postmaster]
        found = [each for root in roots if root for each in (root, *_children(root, recursive=True))]
        self.seen.update(found)
        return found

    @property
    def supervisor(self) -> psutil.Process | None:
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            found = psutil.Process(int((self.home / "run" / "supervisor.pid").read_text()))
            return found if "interface" in found.cmdline() else None
        return None

    @property
    def postmaster(self) -> psutil.Process | None:
        with suppress(OSError, IndexError, ValueError, psutil.NoSuchProcess):
            found = psutil.Process(int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
            return found if str(self.home / "postgres") in found.cmdline() else None
        return None

    @property
    def master(self) -> psutil.Process | None:
        return self._child("gunicorn")

    @property
    def projector(self) -> psutil.Process | None:
        return self._child("projector")

    @property
    def workers(self) -> list[psutil.Process]:
        return _children(self.master) if self.master else []

    @property
    def backends(self) -> list[psutil.Process]:
        """The database's processes that serve somebody."""
        found = _children(self.postmaster) if self.postmaster else []
        return [each for each in found if "[local]" in " ".join(_cmdline(each))]

    def _child(self, word: str) -> psutil.Process | None:
        found = _children(self.supervisor) if self.supervisor else []
        return next((each for each in found if word in _cmdline(each)), None)

    def left(self) -> list[psutil.Process]:
        """Which of the processes ever seen here still run."""
        return [each for each in self.seen if _runs(each)]

    def end(self) -> None:
        """End whatever still runs of it, however the test went."""
        with suppress(psutil.Error):
            self.processes()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.processes()
        for each in self.left():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        assert until(lambda: not self.left(), 10)

    # Asking

    def ask(
        self, method: str, path: str, token: str | None = None, body: Any = None, *, seconds: float = 20, **headers: str
    ) -> Answer:
        """One request on a connection of its own."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(body)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            read = answer.read()
        known = answer.headers.get_content_type().endswith("json")
        return Answer(answer.status, dict(answer.headers), json.loads(read) if known else read.decode())

    def insist(self, *request: Any, most: float = SECONDS, **headers: str) -> Answer:
        """The same request again and again, until somebody answers it with anything but a fault of his own."""
        deadline, answer = time.monotonic() + most, None
        while answer is None or (answer.status >= 500 and time.monotonic() < deadline):
            try:
                answer = self.ask(*request, **headers)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
            if answer is None or answer.status >= 500:
                time.sleep(0.1)
        return answer

    def answers(self, path: str = "/healthz") -> bool:
        try:
            return self.ask("GET", path, seconds=5).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def token(self, officer: str, role: str) -> str:
        """A token for an officer of the office at 620502, as ``qingxin token issue`` makes it (tests/interface/test_cli.py)."""
        url = embedded.running(self.home / "postgres")
        assert url is not None
        with connect(url, "owner") as connection:
            return tokens.issue(connection, Actor(officer, role, "620502-hrss", "620502"))


def until(true: Callable[[], Any], seconds: float = SECONDS) -> bool:
    """Whether something comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return bool(true())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _children(process: psutil.Process, *, recursive: bool = False) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [each for each in process.children(recursive=recursive) if _runs(each)]
    return []


def _cmdline(process: psutil.Process) -> list[str]:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.cmdline()
    return []


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
