"""Processes that work at the same time: started once, told what to do, measured between a barrier and the end."""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

WARM = 20
PATIENCE = 60

Once = Callable[[], object]
"""Does the thing measured, once."""
Make = Callable[[int], AbstractContextManager[Once]]
"""Connects and prepares in a worker, by its place in the crew.  A function of a module, or a partial of one."""


class Failed(RuntimeError):
    """A worker failed; what it said."""


class Crew:
    """Eight workers, or so many, who stay until sent home."""

    def __init__(self, size: int = 8):
        context = multiprocessing.get_context("spawn")
        self.barrier, self.pipes, self.workers = context.Barrier(size), [], []
        for place in range(size):
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(place, theirs, self.barrier), daemon=True)
            worker.start()
            theirs.close()  # so that a worker who dies is noticed
            self.pipes.append(ours)
            self.workers.append(worker)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self.pipes:
            try:
                pipe.send(None)
            except OSError:  # it has gone already
                pipe.close()
        for worker in self.workers:
            worker.join(5)
            if worker.is_alive():
                worker.kill()
                worker.join()

    def rate(self, name: str, make: Make, seconds: float, *, together: bool = True) -> float:
        """How often a second the thing was done: by all together, or by the first alone."""
        asked = self.pipes if together else self.pipes[:1]
        for pipe in asked:
            pipe.send((name, make, seconds, together))
        return sum(_answer(pipe, seconds) for pipe in asked)


def _answer(pipe: Any, seconds: float) -> float:
    if not pipe.poll(seconds + PATIENCE):
        raise Failed("a worker did not answer")
    try:
        answer = pipe.recv()
    except (EOFError, OSError):
        raise Failed("a worker died") from None
    if isinstance(answer, str):
        raise Failed(answer)
    return float(answer)


def _work(place: int, pipe: Connection[Any, Any], barrier: Barrier) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever leads, who then sends us home
    made: dict[str, Once] = {}
    with ExitStack() as stack:
        while order := _next(pipe):
            name, make, seconds, together = order
            try:
                if name not in made:
                    made[name] = stack.enter_context(make(place))
                    _often(made[name], WARM)
                _often(made[name], 3)
                if together:
                    barrier.wait(PATIENCE)
                pipe.send(measured(made[name], seconds))
            except Exception:
                barrier.abort()
                pipe.send(traceback.format_exc())


def _next(pipe: Connection[Any, Any]) -> Any:
    try:
        return pipe.recv()
    except EOFError:  # the leader has gone
        return None


def _often(once: Once, times: int) -> None:
    for _ in range(times):
        once()


def measured(once: Once, seconds: float) -> float:
    """How often a second, over so many seconds."""
    done, start = 0, time.perf_counter()
    end = start + seconds
    while time.perf_counter() < end:
        once()
        done += 1
    return done / (time.perf_counter() - start)
