"""What the commands share: the database they work on, how they print and how they fail.

Read by every command, it reads little itself: what only some need - the office and its views - stands in ``opening.py``.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from application.migrate import migrate as apply
from interface import embedded
from interface.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "projections" / "migrations"
LONG = 3600
"""Seconds a statement of a maintenance command may take."""

err = Console(stderr=True, highlight=False)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong, and stop."""
    err.print(f"[red]✗[/red] {sentence}", soft_wrap=True)
    raise SystemExit(code)


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what can go wrong into a sentence and an exit code; nobody reads a stack trace at six in the evening."""

    @wraps(command)
    def careful(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(0) from None
        except Exception as problem:
            from interface.cli.failing import sentence  # read when something goes wrong, which is seldom

            if (said := sentence(problem)) is None:
                raise
            fail(said)

    return careful


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database for as long as a command needs it.

    An embedded server that does not run is started, brought up to date, and stopped again by the last who used it.
    """
    if settings.database_url:
        yield settings.database_url
        return
    settings.run.mkdir(parents=True, exist_ok=True)
    with (settings.run / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        url = embedded.running(settings.cluster) or embedded.start(settings.cluster)
        apply(url, MIGRATIONS)
        try:
            yield url
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                embedded.stop(settings.cluster)


def printed(body: Any) -> None:
    """Data as JSON, the shapes of the API."""
    click.echo(json.dumps(json.loads(body) if isinstance(body, bytes) else body, ensure_ascii=False, indent=2))


def bar(**options: Any) -> Progress:
    """A progress bar on long work; silent where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err, disable=not sys.stderr.isatty(), transient=True, **options)


class DayType(click.ParamType[date]):
    """A legal day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not a day; write YYYY-MM-DD", param, ctx)


DAY = DayType()
LANG = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default=lambda: os.environ.get("QINGXIN_LANG", "zh"),
    help="language of sentences",
)
JSON = click.option("--json", "as_json", is_flag=True, help="print JSON, the shapes of the API")
