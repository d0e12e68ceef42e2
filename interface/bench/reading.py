"""What it costs to read: one case, the events as they come, and every case's facts from the journal."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import cycle
from uuid import UUID

import psycopg

from application.database import Connection, connect
from application.office import Office
from interface.bench import library
from interface.bench.crew import measured
from interface.bench.ground import NOTE, Stories, clue, opened
from interface.bench.table import Line, Trial, in_turn, line, rate, slower
from projections.journal import COLUMNS
from projections.pages import over
from projections.projector import Projector

CASES = 50
ENTRIES = 12
EVENTS = 60_000
LINES, LINES_IN_FULL = 120_000, 1_000_000
STOCK = 12_000
LONG = 3600
SELECT = "SELECT record, version, event, state FROM events WHERE record = %s ORDER BY version"
BARE = "SELECT record, max(version), max(recorded_at), sum(amount) FROM bench_journal GROUP BY record"


def load(trial: Trial) -> list[Line]:
    """A case of twelve events, folded, beside its rows."""
    with opened(trial.url) as office, connect(trial.url, "web") as connection:
        ids = cycle(_twelve_each(office))

        def rows() -> object:
            return connection.execute(SELECT, (next(ids),), prepare=True, binary=True).fetchall()

        ways: dict[str, Callable[[], object]] = {"case": lambda: office.case(next(ids)), "rows": rows}
        for once in ways.values():
            measured(once, min(0.2, trial.seconds))
        found = in_turn(trial, "load", {name: partial(measured, once, trial.seconds) for name, once in ways.items()})
    return [
        line("load", f"Office.case, {ENTRIES} events", found["case"], "bare SELECT", found["rows"], target=slower(2.5))
    ]


def _twelve_each(office: Office) -> list[UUID]:
    cases = [clue() for _ in range(CASES)]
    for case in cases:
        for _ in range(ENTRIES - 1):
            case.note(**NOTE)
    office.save(*(entry for case in cases for entry in case.pending))
    return [case.id for case in cases]


def project(trial: Trial) -> list[Line]:
    """Events never read before, numbered, written to the journal, and the facts of their cases worked out."""
    stories, each = Stories(), -(-EVENTS // trial.rounds)
    trial.say("project: filling")
    library.fill(trial.url, int(4000 * (trial.seconds + 1) * trial.rounds))
    with opened(trial.url) as office, connect(trial.url, "projector", statement_seconds=LONG) as connection:
        caught_up(connection)

        def ours() -> float:
            events = stories.fill(office, each)
            start = time.perf_counter()
            caught_up(connection, events)
            return events / (time.perf_counter() - start)

        ways = {"Projector": ours, "ProjectionRunner": lambda: library.follow(trial.url, trial.seconds)}
        found = in_turn(trial, "project", ways)
    name = f"catch-up over {EVENTS:,} events"
    return [
        line("project", name, found["Projector"], "ProjectionRunner", found["ProjectionRunner"], target=rate(20_000))
    ]


def caught_up(connection: Connection, least: int = 0) -> None:
    """Project what there is, and at least so many: a transaction somewhere in the cluster may hold the newest back."""
    projector = Projector(lambda: connection)
    deadline, done = time.monotonic() + LONG / 10, 0
    while True:
        done += projector.catch_up(connection)
        if done >= least or time.monotonic() > deadline:
            return
        time.sleep(0.002)


def facts(trial: Trial) -> list[Line]:
    """The page case_facts over a long journal, as a rebuild runs it."""
    lines = LINES_IN_FULL if trial.full else LINES
    trial.say(f"facts: a journal of {lines:,} lines")
    with connect(trial.url, "owner", statement_seconds=LONG) as connection:
        _copied(trial, connection, lines)
        connection.execute("SET work_mem = '256MB'")
        page = over("case_facts", journal="bench_journal")
        ways = {
            "page": lambda: lines / _seconds(connection, page),
            "one GROUP BY": lambda: lines / _seconds(connection, BARE),
        }
        found = in_turn(trial, "facts", ways)
        connection.execute("DROP TABLE bench_journal")
    name = f"page case_facts, {lines:,} lines"
    return [line("facts", name, found["page"], "one GROUP BY", found["one GROUP BY"], target=rate(200_000))]


def _copied(trial: Trial, connection: Connection, lines: int) -> None:
    """A journal so long, of the lines there are over and over, each time under other records."""
    with opened(trial.url) as office, connect(trial.url, "projector", statement_seconds=LONG) as follower:
        caught_up(follower)
        if one(connection, "SELECT count(*) FROM journal") < STOCK:
            caught_up(follower, Stories().fill(office, STOCK))
    there, step = one(connection, "SELECT count(*) FROM journal"), one(connection, "SELECT max(seq) FROM journal")
    rest = ", ".join(COLUMNS[3:])
    connection.execute("DROP TABLE IF EXISTS bench_journal")
    connection.execute("CREATE UNLOGGED TABLE bench_journal (LIKE journal)")
    for copy in range(-(-lines // there)):
        connection.execute(
            f"INSERT INTO bench_journal SELECT seq + %s, revision, md5(record::text || %s)::uuid, {rest}"
            " FROM journal ORDER BY seq LIMIT %s",
            (copy * step, str(copy), min(there, lines - copy * there)),
        )
    connection.execute("ALTER TABLE bench_journal ADD PRIMARY KEY (seq, revision)")
    connection.execute("CREATE INDEX ON bench_journal (record, version)")
    connection.execute("VACUUM ANALYZE bench_journal")


def one(connection: Connection, question: str) -> int:
    """The one number that answers a question."""
    [(answer,)] = connection.execute(question).fetchall()
    return int(answer or 0)


def _seconds(connection: psycopg.Connection[tuple[object, ...]], select: str) -> float:
    """How long a SELECT takes to its last row; the rows are fetched and let go."""
    start = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT binary)") as rows:
        for _ in rows:
            pass
    return time.perf_counter() - start
