"""One supervisor over everything that runs: the embedded PostgreSQL if there is no other, gunicorn, the projector.

It starts them in that order and stops them in the other; what dies is started again, a little later each time.  On SIGTERM or
Ctrl-C requests under way are finished, the projector finishes its page, and the database shuts down cleanly.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

from application.migrate import migrate
from interface import embedded
from interface.settings import NotSet, Settings

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
GRACE = 15
READY_SECONDS = 45
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0


class Child:
    """A process kept alive."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path):
        self.name, self.command, self.env, self.log = name, command, env, log
        self.process: subprocess.Popen[bytes] | None = None
        self.pause, self.not_before, self.started = FIRST_PAUSE, 0.0, 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the supervisor, which then stops its children in order
                preexec_fn=_die_with_parent,
            )

    def look_after(self) -> None:
        """Start it again if it died."""
        assert self.process is not None
        now = time.monotonic()
        if self.process.poll() is None:
            if now - self.started > LONGEST_PAUSE:  # it keeps well: old deaths are forgotten
                self.pause = FIRST_PAUSE
            return
        if self.not_before == 0.0:
            self.not_before, self.pause = now + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self.not_before:
            self.not_before = 0.0
            self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs the office of one home until told to stop."""

    def __init__(self, settings: Settings, migrations: Path):
        self.settings, self.migrations = settings, migrations
        self.stopping = False
        self.children: list[Child] = []

    def run(self, prepare: Callable[[str], None], ready: Callable[[], None]) -> None:
        """Start everything, call ``ready`` once the counter answers, and look after it until a signal comes.

        ``prepare`` is called with the URL of the migrated database before the counter opens.
        """
        settings = self.settings
        for folder in (settings.run, settings.home / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        with (settings.run / "supervisor.lock").open("a+") as lock, (settings.run / "users").open("a") as users:
            _only_one(lock, settings)
            _port_is_free(settings.port)
            (settings.run / "supervisor.pid").write_text(str(os.getpid()))
            fcntl.flock(users, fcntl.LOCK_SH)
            signal.signal(signal.SIGTERM, self._signalled)
            signal.signal(signal.SIGINT, self._signalled)
            url = settings.database_url or embedded.start(settings.cluster)
            try:
                migrate(url, self.migrations)
                prepare(url)
                self._start(url)
                self._wait_until_ready()
                if not self.stopping:
                    ready()
                self._look_after(url)
            finally:
                for child in reversed(self.children):
                    child.stop()
                if not settings.database_url:
                    embedded.stop(settings.cluster)
                (settings.run / "supervisor.pid").unlink(missing_ok=True)

    def _start(self, url: str) -> None:
        settings = self.settings
        metrics = settings.run / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir(parents=True)
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "QINGXIN_HOME": str(settings.home),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
            "PYTHONUNBUFFERED": "1",
        }
        gunicorn = [
            sys.executable, "-m", "gunicorn", "-c", str(ROOT / "interface" / "gunicorn_conf.py"),
            "--bind", f"{HOST}:{settings.port}", "--workers", str(settings.workers), "wsgi:app",
        ]  # fmt: skip
        log = settings.home / "log"
        projecting = {name: value for name, value in env.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
        self.children = [
            Child("projector", [sys.executable, "-m", "interface", "projector"], projecting, log / "projector.log"),
            Child("web", gunicorn, env, log / "web.log"),
        ]
        for child in self.children:
            child.start()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping:
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise NotSet(f"the counter did not open within {READY_SECONDS} s; see {self.settings.home / 'log'}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.settings.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _look_after(self, url: str) -> None:
        while not self.stopping:
            if not self.settings.database_url and embedded.running(self.settings.cluster) is None:
                with suppress(Exception):
                    embedded.start(self.settings.cluster, seconds=0)  # it is tried again at the next look
            for child in self.children:
                child.look_after()
            self._bury_orphans()
            time.sleep(0.2)

    def _bury_orphans(self) -> None:
        """As process 1 of a container, take leave of processes that lost their parents; never of our own children."""
        ours = {child.process.pid for child in self.children if child.process}
        with suppress(ChildProcessError, AttributeError):  # there are none; or there is no waitid (macOS)
            while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if dead.si_pid in ours:
                    return
                os.waitpid(dead.si_pid, os.WNOHANG)

    def _signalled(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True


def stop(settings: Settings) -> bool:
    """Stop the supervisor of a home, and wait until it has; False if none runs.

    The lock says whether one runs: a number left in a file may be anybody's by now.
    """
    path = settings.run / "supervisor.lock"
    if not path.exists():
        return False
    with path.open("a+") as lock:
        if _taken(lock):
            return False
        with suppress(OSError, ValueError):
            os.kill(int((settings.run / "supervisor.pid").read_text()), signal.SIGTERM)
        deadline = time.monotonic() + 3 * GRACE
        while not _taken(lock):
            if time.monotonic() > deadline:
                raise NotSet(f"it has not stopped within {3 * GRACE} s; see {settings.home / 'log'}")
            time.sleep(0.05)
    return True


def _taken(lock: IO[str]) -> bool:
    """Whether the lock of a supervisor could be had now, and so none runs."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _only_one(lock: IO[str], settings: Settings) -> None:
    """Refuse to run twice in one home."""
    if not _taken(lock):
        raise NotSet(f"already running in {settings.home}; stop it with ./dev stop")


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise NotSet(f"port {port} is taken; set QINGXIN_PORT to another") from None


def _die_with_parent() -> None:
    """A child whose supervisor was killed stops too (Linux); elsewhere it is found by its port at the next start."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
