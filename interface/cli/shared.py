"""What the commands share: the database they work on, the office, how they print and how they fail."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, NoReturn

import click
import psycopg
from eventsourcing.persistence import PersistenceError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from application.database import Connection, connect
from application.importing import BadRow
from application.migrate import Changed
from application.migrate import migrate as apply
from application.office import NotOnFile, Office
from application.vault import Erased, Vault
from domain.refused import Refused
from interface import embedded
from interface.api.queries import moment
from interface.settings import NotSet, Settings
from projections.projector import LEADER, Projector
from projections.views import Views

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
        except Refused as refusal:
            fail(refusal.sentence())
        except (NotSet, BadRow, Changed) as problem:
            fail(str(problem))
        except NotOnFile as problem:
            fail(f"没有这个案件 / no such record: {problem}")
        except Erased:
            fail("联系人信息已销毁 / the data have been erased")
        except (psycopg.OperationalError, PersistenceError) as problem:
            fail(f"数据库不可用 / the database is not available: {str(problem).strip().splitlines()[0]}")
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(0) from None

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


@contextmanager
def opened(role: str = "web") -> Iterator[tuple[Office, Views]]:
    """The office and its views."""
    settings = Settings.from_environment()
    with database(settings) as url:
        office = Office(url, Vault.from_file(settings.key_file), role=role)
        try:
            yield office, Views(office.datastore.get_connection)
        finally:
            office.close()


@contextmanager
def connected(role: str) -> Iterator[Connection]:
    """A connection for maintenance, in a role."""
    with database(Settings.from_environment()) as url, connect(url, role, statement_seconds=LONG) as connection:
        yield connection


def caught_up(url: str, seconds: float = 60) -> None:
    """Wait until the read models have seen everything; where no projector runs, project it here."""
    follow = partial(connect, url, "projector", statement_seconds=LONG)
    with follow() as connection:
        deadline = time.monotonic() + seconds
        while True:
            if connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER,)).fetchone() == (True,):
                connection.execute("SELECT settle()")
                Projector(follow).catch_up(connection)
                return
            behind = connection.execute(
                "SELECT EXISTS (SELECT FROM reading r, projection p WHERE p.seq < r.seq)"
                " OR EXISTS (SELECT FROM reading r, read_after(r.xid, r.position, r.since, 1))"
            ).fetchone()
            if behind == (False,) or time.monotonic() > deadline:
                return
            time.sleep(0.05)


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


class MomentType(click.ParamType[datetime]):
    """An instant; a day means its end."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if (found := moment(value)) is None:
            self.fail(f"{value} is no moment; write YYYY-MM-DD or an RFC 3339 instant", param, ctx)
        return found


DAY, MOMENT = DayType(), MomentType()
LANG = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default=lambda: os.environ.get("QINGXIN_LANG", "zh"),
    help="language of sentences",
)
JSON = click.option("--json", "as_json", is_flag=True, help="print JSON, the shapes of the API")
