"""Makes the read models again from the events, beside the live ones, and swaps; or only compares.

The same lines and the same page that keep the live tables are run over everything, in the official order.  What differs is
named, row by row and column by column: a read model that was altered by hand cannot hide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from psycopg import Connection

from projections.journal import Stored
from projections.pages import IN_FORCE, over
from projections.projector import FACTS, NUMBERED, RECORDS, project

log = structlog.get_logger("rebuild")

NAMES = ("journal", "case_facts", "record_facts")
_FACTS = {"case_facts": FACTS, "record_facts": RECORDS}
PAGE = 20_000
MOST_NAMED = 50
_KEYS = {"journal": ("seq", "revision"), "case_facts": ("record",), "record_facts": ("record",)}
_DROP = "DROP TABLE IF EXISTS rebuilt.journal, rebuilt.case_facts, rebuilt.record_facts"
_KEPT = "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02"
"""As the migrations set it (0004_lists.sql): LIKE does not take it along."""
_GRANTS = """
GRANT SELECT ON journal, case_facts, record_facts TO qingxin_web, qingxin_reader, qingxin_projector;
GRANT INSERT, UPDATE, DELETE ON journal, case_facts, record_facts TO qingxin_projector;
"""

Progress = Callable[[int, int], None]
"""Called with how many events are done, of how many."""


@dataclass(frozen=True)
class Difference:
    """A row that is not what the events make of it: its key, and the columns as they are and as they should be."""

    table: str
    key: str
    columns: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        if not self.columns:
            return f"{self.table} {self.key}"
        told = "; ".join(f"{name}: {live!r} ≠ {rebuilt!r}" for name, (live, rebuilt) in self.columns.items())
        return f"{self.table} {self.key}: {told}"


def rebuild(connection: Connection[Any], names: tuple[str, ...] = NAMES, progress: Progress = lambda *_: None) -> int:
    """Make read models again and put them in place of the live ones; answers how many events went in.

    The live ones are read and kept up to date meanwhile; only the last step, which takes in what came since, makes the
    projector wait.  Needs the owner's role.
    """
    connection.execute("SET work_mem = '256MB'")
    head = _projected(connection)
    connection.execute(_DROP)
    if "journal" in names:
        connection.execute("CREATE TABLE rebuilt.journal (LIKE qingxin.journal INCLUDING ALL)")
        _lines(connection, "rebuilt", 0, head, progress)
    with connection.transaction():
        connection.execute("SELECT FROM projection WHERE name = 'journal' FOR UPDATE")
        now = _projected(connection)
        for table in _FACTS:
            connection.execute(f"CREATE TABLE rebuilt.{table} (LIKE qingxin.{table} INCLUDING ALL)")
        connection.execute(f"ALTER TABLE rebuilt.case_facts SET ({_KEPT})")
        if "journal" in names:
            _lines(connection, "rebuilt", head, now, progress)
            connection.execute("DROP TABLE qingxin.journal")
            connection.execute("ALTER TABLE rebuilt.journal SET SCHEMA qingxin")
        for table in _FACTS:
            connection.execute(_fill(table, "rebuilt", "qingxin"))
            connection.execute(f"DROP TABLE qingxin.{table}")
            connection.execute(f"ALTER TABLE rebuilt.{table} SET SCHEMA qingxin")
        connection.execute(_GRANTS)
        connection.execute("DELETE FROM set_aside s WHERE EXISTS (SELECT FROM journal j WHERE j.seq = s.seq)")
    connection.execute("VACUUM ANALYZE qingxin.journal, qingxin.case_facts, qingxin.record_facts")
    return now


def check(
    connection: Connection[Any], names: tuple[str, ...] = NAMES, progress: Progress = lambda *_: None
) -> list[Difference]:
    """Compare the live read models with what the events make of them; nothing is changed.  Needs the owner's role."""
    connection.execute("SET work_mem = '256MB'")
    with connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(_DROP)
        for table in NAMES:
            connection.execute(f"CREATE TABLE rebuilt.{table} (LIKE qingxin.{table} INCLUDING ALL)")
        _lines(connection, "rebuilt", 0, _projected(connection), progress)
        for table in _FACTS:
            connection.execute(_fill(table, "rebuilt", "rebuilt"))
        return [difference for name in names for difference in _differences(connection, name)]


def _projected(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT seq FROM projection WHERE name = 'journal'").fetchone()
    assert row is not None
    return int(row[0])


def _lines(connection: Connection[Any], schema: str, after: int, until: int, progress: Progress) -> None:
    """Write the lines of the events numbered after one and until another, page by page."""
    connection.execute(f"SET search_path = {schema}, qingxin")
    try:
        while after < until:
            most = min(PAGE, until - after)
            page = [Stored(*row) for row in connection.execute(NUMBERED, {"seq": after, "most": most}, binary=True)]
            if not page:
                return
            project(connection, page, facts=False, alarm=False)
            after = page[-1].seq
            progress(after, until)
    finally:
        connection.execute("SET search_path = qingxin")


def _fill(table: str, facts: str, journal: str) -> str:
    return f"INSERT INTO {facts}.{table} ({', '.join(_FACTS[table])}) " + over(
        table, IN_FORCE, journal=f"{journal}.journal"
    )


def _differences(connection: Connection[Any], name: str) -> list[Difference]:
    key = _KEYS[name]
    joined = " AND ".join(f"live.{column} = made.{column}" for column in key)
    named = ", ".join(f"coalesce(live.{column}, made.{column})" for column in key)
    sql = (
        f"SELECT concat_ws('/', {named}), to_jsonb(live), to_jsonb(made)"
        f"  FROM qingxin.{name} live FULL JOIN rebuilt.{name} made ON {joined}"
        f" WHERE to_jsonb(live) IS DISTINCT FROM to_jsonb(made) ORDER BY 1 LIMIT {MOST_NAMED}"
    )
    found = []
    for at, live, made in connection.execute(sql):
        if live is None or made is None:
            state = "not made by any event" if made is None else "missing"
            found.append(Difference(name, f"{at} ({state})", {}))
        else:
            columns = {column: (live[column], made[column]) for column in live if live[column] != made[column]}
            found.append(Difference(name, str(at), columns))
    return found
