"""Keeps the read models in step with the events: numbers them, writes their lines, works out the facts of their cases.

One process leads, by advisory lock; others wait for it to fail.  A page of events is one transaction with the place
reached in it, so delivery twice changes nothing.  It wakes by notification and by polling, reconnects by itself, and sets
a poisonous event aside, with an alarm, while the others go on.
"""

from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import structlog
from psycopg import Connection

from domain.event import Correction, Revocation
from projections.journal import COLUMNS, Line, Stored, amended, entry_of, line
from projections.pages import IN_FORCE, over

LEADER = 620500_0002
CHANNEL = "qingxin_events"
POLL_SECONDS = 0.2
PAGE = 10_000
LONGEST_PAUSE = 5.0

log = structlog.get_logger("projector")

FACTS = (
    "record", "version", "number", "source", "division", "industry", "channel", "complainant", "employer", "employer_key",
    "project", "summary", "received", "received_on", "assigned_on", "office", "offices", "officers", "filed_on",
    "inspected_on", "inspections", "ordered_on", "orders", "due_on", "served_on", "paid_on", "payments", "referred_on",
    "police_on", "publicised_on", "closed_on", "close_reason", "revisited_on", "revisits", "satisfaction", "returns",
    "reopenings", "escalated_on", "persons_claimed", "persons_confirmed", "persons_paid", "claimed", "confirmed",
    "ordered", "paid", "current_paid", "owed", "balance", "step", "status", "last_on", "first_seq", "last_seq",
    "last_recorded_at",
    "received_from", "received_by", "filings", "declines", "declined_on", "closings", "rebounded", "escalations",
    "first_inspected_on", "finding", "police_referrals", "police_filed", "linked_to", "reached", "suspensions", "order_due_on",
    "c01_stopped", "c01_stopped_on", "c02_started_on", "c02_extended_on", "c02_stopped", "c02_stopped_on", "c03_started_on",
    "c03_extended_on", "c03_stopped", "c03_stopped_on", "c19_started_on", "c19_extended_on", "c19_stopped", "c19_stopped_on",
    "c21_stopped", "c21_stopped_on",
    "first_by", "last_by", "first_recorded_at",
)  # fmt: skip
"""The columns of case_facts, in the order of its page: those of the register, of the statistics, and of ``past``."""
STATISTICS = FACTS[FACTS.index("received_from") :]

RECORDS = (
    "record", "sort", "version", "number", "source", "title", "division", "industry", "offices", "employer", "employer_key",
    "kind", "status", "opened", "opened_on", "last_on", "amount", "persons", "due_on", "severity", "tier_1", "tier_2", "tier_3",
    "visits", "visited_on", "problems", "problems_open", "problem_due_on", "signals_open", "signals", "orders", "related",
    "listed_on", "listed_until", "delisted_on", "first_seq", "last_seq", "last_recorded_at",
)  # fmt: skip
"""The columns of record_facts, in the order of its page."""

NUMBER_NEXT = """
WITH page AS (
    SELECT e.position, e.record, e.version, e.event, e.state, e.recorded_at, e.xid,
           row_number() OVER (ORDER BY e.xid, e.position) AS nth
      FROM reading r, read_after(r.xid, r.position, r.since, %(most)s) e
), numbered AS (
    INSERT INTO numbering (seq, position, record, version)
    SELECT r.seq + page.nth, page.position, page.record, page.version FROM page, reading r
), moved AS (
    UPDATE reading SET seq = seq + (SELECT count(*) FROM page), xid = last.xid, position = last.position
      FROM (SELECT xid, position FROM page ORDER BY nth DESC LIMIT 1) last
)
SELECT r.seq + page.nth, page.record, page.version, page.event, page.state, page.recorded_at
  FROM page, reading r ORDER BY page.nth
"""
NUMBERED = """
SELECT n.seq, e.record, e.version, e.event, e.state, e.recorded_at
  FROM numbering n JOIN events e ON e.record = n.record AND e.version = n.version
 WHERE n.seq > %(seq)s ORDER BY n.seq LIMIT %(most)s
"""


def upsert(table: str, columns: tuple[str, ...]) -> str:
    """Work the facts of some records out again, and put them in place of the old."""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        + over(table, f"record = ANY(%(records)s) AND {IN_FORCE}")
        + " ON CONFLICT (record) DO UPDATE SET "
        + ", ".join(f"{name} = EXCLUDED.{name}" for name in columns[1:])
    )


UPSERT = upsert("case_facts", FACTS)
UPSERT_RECORDS = upsert("record_facts", RECORDS)
UNTOLD = frozenset({"case", "person", "rulebook", "period", "number"})
"""The sorts of record that have no line in record_facts."""


class Projector:
    """Follows the events until told to stop."""

    def __init__(self, connect: Callable[[], Connection[Any]], *, page: int = PAGE, poll: float = POLL_SECONDS):
        self.connect, self.page, self.poll = connect, page, poll
        self.stopping = threading.Event()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Lead when nobody else does, and follow the events; after a fault connect again, a little later each time."""
        pause = 0.1
        while not self.stopping.is_set():
            try:
                with self.connect() as connection:
                    if connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER,)).fetchone() == (True,):
                        log.info("leading")
                        pause = 0.1
                        self._follow(connection)
                    else:
                        self.stopping.wait(self.poll * 5)
            except psycopg.Error as problem:
                log.error("cannot project; trying again", problem=str(problem).strip())
                self.stopping.wait(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, LONGEST_PAUSE)

    def _follow(self, connection: Connection[Any]) -> None:
        if connection.execute("SELECT settle()").fetchone() == (True,):
            log.warning("the store was restored into another cluster; reading starts anew behind it")
        connection.execute(f"LISTEN {CHANNEL}")
        while not self.stopping.is_set():
            if self.step(connection) == 0:
                for _ in connection.notifies(timeout=self.poll, stop_after=1):
                    pass

    def catch_up(self, connection: Connection[Any]) -> int:
        """Project everything there is; answers how many events."""
        done = 0
        while count := self.step(connection):
            done += count
        return done

    def step(self, connection: Connection[Any]) -> int:
        """Project the next page in one transaction.  If its data cannot be, find the event that is to blame.

        Only an event's own data can be to blame: a fault of our SQL, of privileges or of the server is raised, and no
        event is set aside for it.
        """
        try:
            return self._project(connection, self.page)
        except (psycopg.DataError, psycopg.IntegrityError) as problem:
            log.error("a page failed; looking for the event to blame", problem=str(problem).strip())
            return self._bisect(connection)

    def _bisect(self, connection: Connection[Any]) -> int:
        for size in (self.page // 10, self.page // 100, 1):
            try:
                return self._project(connection, max(size, 1))
            except (psycopg.DataError, psycopg.IntegrityError) as problem:
                blame = str(problem).strip()
        return self._project(connection, 1, blame=blame)

    def _project(self, connection: Connection[Any], most: int, blame: str | None = None) -> int:
        with uncollected(), connection.transaction():
            page = self._next(connection, most)
            if page:
                project(connection, page, blame=blame)
                connection.execute("UPDATE projection SET seq = %s WHERE name = 'journal'", (page[-1].seq,))
        return len(page)

    def _next(self, connection: Connection[Any], most: int) -> list[Stored]:
        """The next events in the official order; those without a number get one, for good."""
        row = connection.execute(
            "SELECT p.seq, r.seq FROM projection p, reading r WHERE p.name = 'journal' FOR UPDATE"
        ).fetchone()
        assert row is not None
        projected, numbered = row
        if projected < numbered:
            rows = connection.execute(NUMBERED, {"seq": projected, "most": most}, binary=True)
        else:
            rows = connection.execute(NUMBER_NEXT, {"most": most}, binary=True)
        return [Stored(*row) for row in rows]


@contextmanager
def uncollected() -> Iterator[None]:
    """A page makes many objects and no cycles: looking for cycles meanwhile is work for nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def project(
    connection: Connection[Any],
    page: Sequence[Stored],
    *,
    blame: str | None = None,
    facts: bool = True,
    alarm: bool = True,
) -> None:
    """Write the lines of a page of events, and the facts of the cases they touched.

    ``blame`` is what the database said of the one event in the page; it is set aside.
    """
    lines, amendments = [], []
    for stored in page:
        try:
            if blame:
                raise ValueError(blame)
            new = line(stored)
        except Exception as problem:
            if alarm:
                _set_aside(connection, stored, problem)
            continue
        lines.append(new)
        if new.event.endswith(("Corrected", "Revoked")):
            amendments.append(stored)
    write(connection, lines)
    for stored in amendments:
        _amend(connection, stored)
    if facts and (cases := list({new.record for new in lines if new.sort == "case"})):
        connection.execute(UPSERT, {"records": cases})
    if facts and (records := list({new.record for new in lines if new.sort not in UNTOLD})):
        connection.execute(UPSERT_RECORDS, {"records": records})


def write(connection: Connection[Any], lines: Sequence[Line]) -> None:
    """Write lines; those that are there already are left, so that a page may come twice."""
    if len(lines) < 20:
        marks = ", ".join(["%s"] * len(COLUMNS))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO journal VALUES ({marks}) ON CONFLICT DO NOTHING", lines)
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY journal ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in lines:
            copy.write_row(row)


def _amend(connection: Connection[Any], stored: Stored) -> None:
    """End the line a correction is about, and write the one that takes its place."""
    rows = connection.execute(
        "SELECT n.seq, e.record, e.version, e.event, e.state, e.recorded_at"
        "  FROM events e JOIN numbering n ON n.record = e.record AND n.version = e.version"
        " WHERE e.record = %s AND e.version <= %s ORDER BY e.version",
        (stored.record, stored.version),
    ).fetchall()
    history = [Stored(*row) for row in rows]
    entries = [entry_of(each) for each in history]
    amending = entries[-1]
    assert isinstance(amending.event, Correction | Revocation)
    wrong, put_right = amended(entries, {each.version: each.seq for each in history}, amending)
    if entries[amending.event.version - 1].event.confidential:  # what is said of it is as confidential as it is
        connection.execute("UPDATE journal SET confidential = true WHERE seq = %s", (stored.seq,))
    connection.execute(
        "UPDATE journal SET known_until = %s WHERE seq = %s AND known_until > %s AND revision < %s",
        (amending.recorded_at, wrong, amending.recorded_at, amending.version),
    )
    if put_right:
        write(connection, [put_right])


def _set_aside(connection: Connection[Any], stored: Stored, problem: Exception) -> None:
    """Put an event that cannot be projected aside, and raise the alarm."""
    log.error(
        "event set aside", seq=stored.seq, record=str(stored.record), version=stored.version, problem=str(problem)
    )
    connection.execute(
        "INSERT INTO set_aside (seq, record, version, event, problem) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (seq) DO NOTHING",
        (stored.seq, stored.record, stored.version, stored.event, str(problem)[:2000]),
    )


def wait_for(connection: Connection[Any], position: int, seconds: float) -> bool:
    """Whether the read models have seen an event by its position, waiting a bounded time for it."""
    deadline, pause = time.monotonic() + seconds, 0.004
    while True:
        seen = connection.execute(
            "SELECT true FROM numbering n, projection p"
            " WHERE n.position = %s AND p.name = 'journal' AND n.seq <= p.seq",
            (position,),
        ).fetchone()
        if seen or time.monotonic() > deadline:
            return bool(seen)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
