"""What it costs to count: the two big reports over a long journal, as they stand and as of a past day."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from application.database import Connection, connect
from application.office import RULEBOOK, today
from domain.rulebook import Rulebook
from domain.rules.settings import PROPOSED
from interface.bench.ground import Stories, opened
from interface.bench.reading import LINES, LINES_IN_FULL, LONG, STOCK, caught_up, one
from interface.bench.table import Line, Trial, in_turn, line, rate
from projections.journal import COLUMNS
from projections.pages import IN_FORCE, over
from projections.projector import FACTS
from projections.reports import REPORTS, Asked, run
from projections.views import Views

NAMES = ("six-mechanisms", "closed-loop")
BARE = "SELECT record, count(*), sum(amount) FROM journal GROUP BY record"
BEHIND = 10**9
"""Where the copied lines begin: behind every number that an event can have."""
NOW, PAST = 1_000_000 / 3, 1_000_000 / 8
"""Lines a second: a million in three seconds as it stands, in eight as of a past day."""


def reports(trial: Trial) -> list[Line]:
    """The reports of a year over the whole city, beside a bare GROUP BY over the same lines."""
    lines = LINES_IN_FULL if trial.full else LINES
    trial.say(f"reports: a journal of {lines:,} lines")
    with connect(trial.url, "owner", statement_seconds=LONG) as connection, long(trial, connection, lines):
        there = one(connection, "SELECT count(*) FROM journal")
        ways: dict[str, Callable[[], float]] = {
            "GROUP BY": lambda: there / _timed(lambda: connection.execute(BARE).fetchall())
        }
        for name in NAMES:
            ways[name] = partial(_reported, trial, name, there)
            ways[f"{name} then"] = partial(_reported, trial, name, there, days=30)
        found = in_turn(trial, "reports", ways)
    told = f"{lines:,} lines"
    return [
        line("reports", f"{name}{when}, {told}", found[key], "one GROUP BY", found["GROUP BY"], target=rate(target))
        for name in NAMES
        for key, when, target in ((name, "", NOW), (f"{name} then", " as of a past day", PAST))
    ]


def _reported(trial: Trial, name: str, lines: int, days: int | None = None) -> float:
    """Lines counted a second by a report; as of so many days ago."""
    on = today() - timedelta(days=days) if days else None
    asked = Asked(today() - timedelta(days=365), today(), "620500", on=on)
    views = Views(partial(_reading, trial.url))
    book = Rulebook(RULEBOOK, decided=list(PROPOSED.decided))
    return lines / _timed(lambda: run(views, REPORTS[name], asked, lambda _: book))


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    with connect(url, "web", statement_seconds=LONG) as connection:
        yield connection


def _timed(once: Callable[[], object]) -> float:
    start = time.perf_counter()
    once()
    return time.perf_counter() - start


@contextmanager
def long(trial: Trial, connection: Connection, lines: int) -> Iterator[None]:
    """A journal so long, of the lines there are over and over, each time under other records; gone afterwards."""
    with opened(trial.url) as office, connect(trial.url, "projector", statement_seconds=LONG) as follower:
        caught_up(follower)
        if one(connection, "SELECT count(*) FROM journal") < STOCK:
            caught_up(follower, Stories().fill(office, STOCK))
    there, step = one(connection, "SELECT count(*) FROM journal"), one(connection, "SELECT max(seq) FROM journal")
    marked = {"number": "number || '-' || %(copy)s AS number", "source": "source || '-' || %(copy)s AS source"}
    rest = ", ".join(marked.get(name, name) for name in COLUMNS[3:])
    try:
        for copy in range(1, -(-lines // there)):
            connection.execute(
                f"INSERT INTO journal SELECT seq + %(by)s, revision, md5(record::text || %(copy)s)::uuid, {rest}"
                " FROM journal WHERE seq < %(behind)s ORDER BY seq",
                {"by": BEHIND + copy * step, "copy": str(copy), "behind": BEHIND},
            )
        connection.execute(
            f"INSERT INTO case_facts ({', '.join(FACTS)}) " + over("case_facts", f"{IN_FORCE} AND seq >= {BEHIND}")
        )
        connection.execute("VACUUM ANALYZE journal, case_facts")
        yield
    finally:
        connection.execute(f"DELETE FROM case_facts WHERE first_seq >= {BEHIND}")
        connection.execute(f"DELETE FROM journal WHERE seq >= {BEHIND}")
        connection.execute("VACUUM ANALYZE journal, case_facts")
