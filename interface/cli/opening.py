"""The office as the commands that work in it open it: its records, its views, a connection in a role; and moments as they are typed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import click

from application.database import Connection, connect
from application.office import Office
from application.vault import Vault
from domain.day import moment
from interface.cli.shared import LONG, database
from interface.settings import Settings
from projections.projector import LEADER, Projector
from projections.views import Views


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


class MomentType(click.ParamType[datetime]):
    """An instant; a day means its end."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        if (found := moment(value)) is None:
            self.fail(f"{value} is no moment; write YYYY-MM-DD or an RFC 3339 instant", param, ctx)
        return found


MOMENT = MomentType()
