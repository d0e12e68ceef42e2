"""How gunicorn runs the counter: threads, so that a reader who waits holds up nobody; each worker its own connections."""

import gc
import os
from typing import Any

from prometheus_client import multiprocess

gc.disable()  # nothing that is read at the start is ever garbage: looking for it costs a sixth of the start

preload_app = True  # read once, and shared; what a worker must have for itself it makes on first use
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """What was read stays and is not looked at again: the workers go on sharing its memory, and end in half the time."""
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A worker clears away what it leaves behind itself."""
    gc.enable()


def child_exit(server: Any, worker: Any) -> None:
    """Let the counters of a worker that ended go."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
