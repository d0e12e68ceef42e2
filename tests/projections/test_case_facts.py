"""The facts of a case in SQL are the case of the law: in PostgreSQL, in DuckDB, now and as of any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from application.database import connect
from domain.case import Case
from domain.powers import Scope
from domain.record import standing
from domain.vocabulary import encode, stored_name
from projections import past
from projections.journal import COLUMNS, Stored
from projections.pages import IN_FORCE, as_of, over
from projections.projector import FACTS, project
from projections.views import STANDING, seen_by
from tests.domain.test_walks import walks

TODAY = date(2026, 11, 24)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
EACH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def recorded(case: Case) -> list[Stored]:
    """The entries of a case as the store would hand them out, an hour apart."""
    return [
        Stored(
            entry.version,
            case.id,
            entry.version,
            stored_name(entry.event),
            encode(entry.event),
            START + timedelta(hours=entry.version),
        )
        for entry in case.entries
    ]


def lines(connection: psycopg.Connection, case: Case) -> None:
    """Put the case's lines, and nothing else, into the journal, and its facts with them."""
    page = recorded(case)
    connection.execute("DELETE FROM journal")
    connection.execute("DELETE FROM case_facts")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO numbering VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(s.seq, s.seq, s.record, s.version) for s in page],
        )
        cursor.executemany(
            "INSERT INTO events (xid, record, version, event, state, recorded_at, command, chain) OVERRIDING SYSTEM VALUE"
            " VALUES (pg_current_xact_id(), %s, %s, %s, %s, %s, gen_random_uuid(), '')",
            [(s.record, s.version, s.event, s.state, s.recorded_at) for s in page],
        )
    project(connection, page)


def facts(connection: psycopg.Connection, where: str = IN_FORCE, **parameters: Any) -> dict[str, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        sql = f"SELECT *, {STANDING} AS standing FROM ({over('case_facts', where)}) f"
        return cursor.execute(sql, {"today": TODAY, **parameters}).fetchone() or {}


def compare(row: dict[str, Any], case: Case, day: date) -> None:
    assert row["version"] == case.version
    for name in ("paid", "balance", "owed", "claimed", "confirmed", "ordered", "office", "due_on", "step"):
        assert row[name] == getattr(case, name), name
    assert row["standing"] == case.status_on(day)
    assert set(row["offices"].split(",")) == case.offices


class Rolled:
    """A connection as superuser whose work is undone, so that one database serves every example."""

    def __init__(self, url: str):
        self.connection = psycopg.connect(url, options="-c search_path=qingxin")

    def __enter__(self) -> psycopg.Connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.rollback()
        self.connection.close()


class TestFactsAndTheLawAgree:
    @EACH
    @given(case=walks())
    def test_as_it_stands(self, url, case):
        with Rolled(url) as connection:
            lines(connection, case)

            compare(facts(connection), Case.replay(case.id, case.entries), TODAY)

    @EACH
    @given(case=walks(), days=st.integers(0, 60), hours=st.integers(1, 30))
    def test_as_it_was_on_a_day_and_as_known_at_a_moment(self, url, case, days, hours):
        on, known = date(2026, 3, 2) + timedelta(days=days), START + timedelta(hours=hours)
        stamped = [
            e.__class__(e.originator_id, e.version, e.event, START + timedelta(hours=e.version)) for e in case.entries
        ]
        with Rolled(url) as connection:
            lines(connection, case)
            moment = as_of(on, known)

            row = facts(connection, moment.sql, **{**moment.parameters, "today": on})

        kept = standing(stamped, on=on, known=known)
        if any(entry.version == 1 for entry in kept):
            compare(row, Case.replay(case.id, stamped, on=on, known=known), on)

    @EACH
    @given(
        case=walks(),
        on=st.none() | st.integers(-1, 60).map(lambda days: date(2026, 3, 2) + timedelta(days=days)),
        known=st.none() | st.integers(0, 30).map(lambda hours: START + timedelta(hours=hours)),
    )
    def test_of_a_past_moment_whether_they_are_looked_up_or_worked_out(self, url, case, on, known):
        moment, kept = as_of(on, known), past.facts(on, known)
        with Rolled(url) as connection:
            lines(connection, case)

            worked_out = connection.execute(
                f"SELECT {', '.join(FACTS)} FROM ({over('case_facts', moment.sql)}) f", moment.parameters
            ).fetchall()
            looked_up = connection.execute(kept.sql, kept.parameters).fetchall()

        assert looked_up == worked_out

    @EACH
    @given(case=walks())
    def test_in_duckdb_by_the_same_text(self, url, case):
        with Rolled(url) as connection:
            lines(connection, case)
            row = facts(connection)
            names = [name for name in COLUMNS if name != "data"]
            table = connection.execute(f"SELECT {', '.join(names)} FROM journal").fetchall()

        duck = duckdb.connect()
        duck.execute("CREATE SCHEMA qingxin")
        duck.execute(f"CREATE TABLE qingxin.journal ({', '.join(f'{name} {DUCK.get(name, TEXT)}' for name in names)})")
        duck.executemany(f"INSERT INTO qingxin.journal VALUES ({', '.join('?' * len(names))})", table)
        page = over("case_facts", "known_until > TIMESTAMPTZ '9000-01-01'")
        found = duck.execute(
            f"SELECT * EXCLUDE (first_recorded_at, last_recorded_at) FROM ({page})"
        )  # instants would need pytz
        other = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))

        assert other == {name: row[name] for name in other}


TEXT = "VARCHAR"
DUCK = {
    "record": "UUID", "seq": "BIGINT", "revision": "INTEGER", "version": "INTEGER", "persons": "INTEGER", "step": "INTEGER",
    "found_persons": "INTEGER", "amount": "DECIMAL(14,2)", "found": "DECIMAL(14,2)", "happened_on": "DATE", "happened_from": "DATE",
    "happened_by": "DATE", "due_on": "DATE", "recorded_at": "TIMESTAMPTZ", "known_from": "TIMESTAMPTZ", "known_until": "TIMESTAMPTZ",
    "final": "BOOLEAN", "contacted": "BOOLEAN", "rebound": "BOOLEAN",
}  # fmt: skip


class TestScopesInSqlAndInTheLaw:
    @EACH
    @given(
        offices=st.sets(st.sampled_from(["620502-hrss", "620500-housing", "620503-hrss"])),
        division=st.sampled_from(["620502", "620503", "510104"]),
        industry=st.sampled_from([None, "housing", "water"]),
        scope=st.builds(
            Scope,
            st.sampled_from([("620502-hrss",), ("620500-housing",)]),
            st.sampled_from([None, "", "6205", "620502"]),
            st.sampled_from([None, "housing"]),
        ),
    )
    def test_cover_the_same(self, url, offices, division, industry, scope):
        from domain.powers import Place

        sight = seen_by(scope)
        with connect(url, "web") as connection:
            row = connection.execute(
                f"SELECT {sight.sql} FROM (SELECT %(d)s AS division, %(i)s::text AS industry, %(o)s::text AS offices) x",
                {**sight.parameters, "d": division, "i": industry, "o": ",".join(sorted(offices)) or None},
            ).fetchone()

        assert bool(row[0]) is scope.covers(Place(division, industry, offices))
