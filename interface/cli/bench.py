"""``qingxin bench``: what it costs, as ratios against baselines measured in the same run."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from interface.cli.shared import JSON, MIGRATIONS, bar, database, fail, printed, told
from interface.settings import Settings

NAMES = ("append", "slow-disk", "load", "project", "facts", "reports", "http", "pages", "memory")
"""What is measured, in the order it is shown."""

_IN_TURN = ("load", "pages", "project", "facts", "reports", "append", "slow-disk", "http", "memory")
"""The order it is measured in: the journal of ordinary cases first, the rebuild over all there was last."""


@click.command()
@click.option(
    "--rounds", type=click.IntRange(1), default=3, show_default=True, help="how often each is measured, in turn"
)
@click.option("--seconds", type=click.FloatRange(0.01), default=1.0, show_default=True, help="how long each time")
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="only this; may be given again")
@click.option("--full", is_flag=True, help="a journal of a million lines")
@JSON
@told
def bench(rounds: int, seconds: float, only: tuple[str, ...], full: bool, as_json: bool) -> None:
    """Measure what it costs, as ratios against the least that could be done on this machine.

    Works in a database of its own on the same server, and drops it afterwards.  A target that is missed is marked and
    fails nothing.

    \b
    Example:
      qingxin bench
      qingxin bench --only append --only load --rounds 5
    """
    # Every other command starts in half the time without what only this one needs.
    from interface.bench.crew import Failed
    from interface.bench.ground import own_database
    from interface.bench.table import Trial, table

    groups = _groups()
    chosen = [name for name in _IN_TURN if not only or name in only]
    found: dict[str, list[Any]] = {}
    with (
        _ended_in_order(),
        tempfile.TemporaryDirectory(prefix="qingxin-bench-") as home,
        database(Settings.from_environment()) as server,
        bar() as progress,
    ):
        task = progress.add_task("making a database", total=len(chosen))

        def say(what: str) -> None:
            progress.update(task, description=what)

        try:
            with own_database(server, MIGRATIONS) as url:
                for name in chosen:
                    found[name] = groups[name](Trial(url, Path(home), rounds, seconds, full, say))
                    progress.advance(task)
        except Failed as problem:
            fail(str(problem))
    lines = [line for name in NAMES for line in found.get(name, [])]
    if as_json:
        printed([line.shown() for line in lines])
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(table(lines))


def _groups() -> dict[str, Callable[[Any], list[Any]]]:
    """How each is measured."""
    from interface.bench import appending, browsing, counting, memory, reading, serving

    return {
        "append": appending.append, "slow-disk": appending.append_slowly, "load": reading.load, "project": reading.project,
        "facts": reading.facts, "reports": counting.reports, "http": serving.http_, "pages": browsing.pages, "memory": memory.memory,
    }  # fmt: skip


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """On SIGTERM leave as on Ctrl-C: processes ended, database dropped."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
