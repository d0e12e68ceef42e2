"""eventsourcing as it comes: its own recorder, tables, aggregate and projection, as its documentation has them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import singledispatchmethod
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict

from interface.bench.crew import Once

BATCH = 500


class Notes(Aggregate):
    """A record that takes notes."""

    @event("Opened")
    def __init__(self) -> None:
        self.count = 0

    @event("Noted")
    def note(self, by: str, on: str, text: str) -> None:
        self.count += 1


class Register(Application[UUID]):
    """Keeps notes."""

    name = "bench_library"


class View(PostgresTrackingRecorder):
    """Counts, and remembers how far it has counted."""


class Counting(Projection[View]):
    """Follows the notes."""

    name = "bench_library_view"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        with self.view.datastore.transaction(commit=True) as cursor:
            self.view._insert_tracking(cursor, tracking)


def environment(url: str, *, create: bool = False) -> dict[str, str]:
    """The settings the library reads, for a database."""
    parts = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts.get("dbname") or ""),
        "POSTGRES_HOST": str(parts.get("host") or ""),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts.get("user") or "postgres"),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_POOL_SIZE": "2",  # five by default: eight writers would take forty of a server's hundred
        "CREATE_TABLE": "y" if create else "n",
    }


def create_tables(url: str) -> None:
    env = environment(url, create=True)
    with (
        Register(env),
        ProjectionRunner(application_class=Register, projection_class=Counting, view_class=View, env=env),
    ):
        pass


@contextmanager
def appending(url: str, place: int) -> Iterator[Once]:
    """Notes on one aggregate, held, saved one by one."""
    with Register(environment(url)) as register:
        notes = Notes()
        register.save(notes)

        def once() -> None:
            notes.note(
                by="lead.02", on="2026-11-23", text="电话告知反映人:已联系项目部,施工单位承诺三日内提交工资支付台账"
            )
            register.save(notes)

        yield once


def fill(url: str, events: int) -> None:
    """Notes to be followed, many to a transaction."""
    with Register(environment(url)) as register:
        for _ in range(0, events, BATCH):
            notes = Notes()
            for _ in range(BATCH):
                notes.note(by="lead.02", on="2026-11-23", text="电话告知反映人")
            register.save(notes)


def follow(url: str, seconds: float) -> float:
    """How many events a second the runner works through, in a window that opens once it is under way."""
    with ProjectionRunner(
        application_class=Register, projection_class=Counting, view_class=View, env=environment(url)
    ) as runner:
        time.sleep(0.2)
        start, before = time.perf_counter(), runner.view.max_tracking_id(Register.name) or 0
        runner.run_forever(timeout=seconds)
        after = runner.view.max_tracking_id(Register.name) or 0
        return (after - before) / (time.perf_counter() - start)
