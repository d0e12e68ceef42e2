"""Processes that work at the same time: started once, told what to do, measured between a barrier and the end."""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any

WARM = 50
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

    def rate(self, make: Make, seconds: float, *, together: bool = True) -> float:
        """How often a second the thing was done: by all together, or by the first alone.  Raises ``Failed``."""
        asked = self.pipes if together else self.pipes[:1]
        for pipe in asked:
            pipe.send((make, seconds, together))
        answers = [_answer(pipe, seconds) for pipe in asked]
        for answer in answers:
            if isinstance(answer, Failed):
                raise answer
        return float(sum(answers))


def _answer(pipe: Any, seconds: float) -> Any:
    if not pipe.poll(seconds + PATIENCE):
        return Failed("a worker did not answer")
    try:
        return pipe.recv()
    except (EOFError, OSError):
        return Failed("a worker died")


def _work(place: int, pipe: Connection[Any, Any], barrier: Barrier) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever leads, who then sends us home
    while order := _next(pipe):
        make, seconds, together = order
        try:
            with make(place) as once:
                _often(once, WARM)
                if together:
                    barrier.wait(PATIENCE)
                answer: float | Exception = measured(once, seconds)
        except BrokenBarrierError:  # somebody else failed, and says why
            answer = 0.0
        except Exception as problem:
            barrier.abort()
            answer = Failed("".join(traceback.format_exception(problem)))
        pipe.send(answer)  # after what was connected is closed again: a server has few connections to give


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
