"""The questions the counter asks of the read models: find a case, list cases, search the journal, how far behind.

A list asks the same scope (``domain.powers.Scope``) that ``decide`` asks of a single case; ``seen_by`` is that scope in SQL.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.powers import Scope, covered
from projections.pages import Query, as_of, over
from projections.projector import wait_for

Connections = Callable[[], AbstractContextManager[Connection[Any]]]

# Overdue follows from the day: ordered or decided, the term over, and not paid.  domain.case.Case.status_on says the same.
STANDING = (
    "CASE WHEN step IN (60, 61) AND status <> 'paid' AND due_on < %(today)s AND (balance IS NULL OR balance <> 0)"
    " THEN 'overdue' ELSE status END"
)


class NotACursor(ValueError):
    """A cursor that none of our answers gave."""


class Views:
    """Reads for the counter, each on a connection of its own for a moment."""

    def __init__(self, connections: Connections):
        self.connections = connections

    def ask(self, query: Query) -> list[dict[str, Any]]:
        with self.connections() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.sql, query.parameters).fetchall()

    # Cases

    def find(self, reference: str) -> UUID | None:
        """The case of a number, or of the source an imported case is known by."""
        rows = self.ask(
            Query(
                "SELECT record FROM case_facts WHERE number = %(it)s UNION ALL"
                " SELECT record FROM case_facts WHERE source = %(it)s LIMIT 1",
                {"it": reference},
            )
        )
        return rows[0]["record"] if rows else None

    def seqs(self, record: UUID) -> dict[int, int]:
        """The official number of each entry of a record, by version; entries not numbered yet are missing."""
        rows = self.ask(Query("SELECT version, seq FROM numbering WHERE record = %(record)s", {"record": record}))
        return {row["version"]: row["seq"] for row in rows}

    def register(
        self,
        scope: Scope,
        filters: dict[str, Any],
        *,
        today: date,
        limit: int,
        cursor: str | None = None,
        on: date | None = None,
        known: datetime | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Cases within a scope, newest first, and the cursor of the next page if there is one."""
        moment = as_of(on, known)
        source = "case_facts" if not moment.parameters else f"({over('case_facts', moment.sql)})"
        sight, where = seen_by(scope), filtered(filters, indexed=not moment.parameters)
        parameters = {
            **moment.parameters, **sight.parameters, **where.parameters,
            "today": on or today, "behind": decoded(cursor), "most": limit + 1,
        }  # fmt: skip
        sql = (
            f"SELECT * FROM (SELECT *, {STANDING} AS standing FROM {source} facts) facts"
            f" WHERE {sight.sql} AND {where.sql} AND first_seq < %(behind)s ORDER BY first_seq DESC LIMIT %(most)s"
        )
        rows = self.ask(Query(sql, parameters))
        further = encoded(rows[limit - 1]["first_seq"]) if len(rows) > limit else None
        return rows[:limit], further

    def waiting(self, scope: Scope, office: str, *, today: date, most: int) -> list[dict[str, Any]]:
        """Cases that have not ended, given to an office or to none yet, those with the nearest term first."""
        sight = seen_by(scope)
        sql = (
            f"SELECT record, {STANDING} AS standing FROM case_facts"
            f" WHERE {sight.sql} AND (step < 95 AND (office = %(office)s OR office IS NULL) OR step = 100)"
            " ORDER BY step = 100, due_on NULLS LAST, first_seq LIMIT %(most)s"
        )
        return self.ask(Query(sql, {**sight.parameters, "office": office, "today": today, "most": most}))

    # The journal

    def journal(
        self, filters: dict[str, Any], *, divisions: str, limit: int, cursor: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Every event as it was recorded, newest first."""
        where, parameters = ["revision = 0", "division LIKE %(divisions)s", "seq < %(behind)s"], dict(filters)
        equal = {"officer": "officer", "event": "event", "kind": "kind", "office": "office", "record": "record"}
        where += [f"{column} = %({name})s" for name, column in equal.items() if filters.get(name) is not None]
        if filters.get("division"):
            where.append("division LIKE %(division)s")
            parameters["division"] = covered(filters["division"]) + "%"
        if filters.get("from"):
            where.append("happened_by >= %(from)s")
        if filters.get("to"):
            where.append("happened_by <= %(to)s")
        if filters.get("on"):
            where.append("happened_on = %(on)s")
        if filters.get("recorded_on"):
            where.append("(recorded_at AT TIME ZONE 'Asia/Shanghai')::date = %(recorded_on)s")
        parameters |= {"divisions": divisions + "%", "behind": decoded(cursor), "most": limit + 1}
        sql = f"SELECT * FROM journal WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT %(most)s"
        rows = self.ask(Query(sql, parameters))
        return rows[:limit], encoded(rows[limit - 1]["seq"]) if len(rows) > limit else None

    # How far behind

    def wait(self, position: int, seconds: float) -> bool:
        with self.connections() as connection:
            return wait_for(connection, position, seconds)

    def health(self) -> dict[str, Any]:
        """How far the read models are behind the events, and how many events are set aside."""
        [row] = self.ask(
            Query(
                "SELECT (SELECT seq FROM projection WHERE name = 'journal') AS seq,"
                " (SELECT count(*) FROM set_aside) AS set_aside,"
                " (SELECT count(*) FROM (SELECT FROM reading r, read_after(r.xid, r.position, r.since, 10000)) ahead)"
                "   + (SELECT r.seq - p.seq FROM reading r, projection p WHERE p.name = 'journal') AS lag,"
                " (SELECT extract(epoch FROM clock_timestamp() - min(e.recorded_at))"
                "    FROM reading r, read_after(r.xid, r.position, r.since, 1) e) AS seconds",
                {},
            )
        )
        return row


def seen_by(scope: Scope) -> Query:
    """What a scope covers, over lines with division, industry and offices: ``Scope.covers`` in SQL."""
    sql = "string_to_array(coalesce(offices, ''), ',') && %(scope_offices)s::text[]"
    parameters: dict[str, Any] = {"scope_offices": list(scope.offices)}
    if scope.divisions is not None:
        inside = "division LIKE %(scope_divisions)s"
        parameters["scope_divisions"] = scope.divisions + "%"
        if scope.industry is not None:
            inside += " AND industry = %(scope_industry)s"
            parameters["scope_industry"] = scope.industry
        sql = f"({sql} OR ({inside}))"
    return Query(sql, parameters)


_FILTERS = {
    "division": "division LIKE %(division)s",
    "status": "standing = %(status)s",
    "channel": "channel = %(channel)s",
    "officer": "%(officer)s = ANY(string_to_array(officers, ','))",
    "employer": "(employer_key = %(employer)s OR employer = %(employer)s)",
    "from": "received_on >= %(from)s",
    "to": "received_on <= %(to)s",
}


def filtered(filters: dict[str, Any], *, indexed: bool = True) -> Query:
    """The filters of the register as a condition; a search of two characters and more finds its pairs by index."""
    given = {name: value for name, value in filters.items() if value is not None}
    where = [sql for name, sql in _FILTERS.items() if name in given]
    if "division" in given:
        given["division"] = covered(given["division"]) + "%"
    if "overdue" in given:
        where.append("standing = 'overdue'" if given["overdue"] else "standing <> 'overdue'")
    if wanted := given.get("q"):
        given["q"] = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        text = "concat_ws(' ', number, source, employer, project, summary)"
        where.append(f"{text} ILIKE %(q)s")
        if indexed and len(wanted) > 1:
            where.append("terms @> %(pairs)s::text[]")
            given["pairs"] = [wanted.lower()[i : i + 2] for i in range(len(wanted) - 1)]
    return Query(" AND ".join(where) or "true", given)


def encoded(seq: int) -> str:
    """A cursor that says nothing to whoever holds it."""
    return base64.urlsafe_b64encode(f"q{seq}".encode()).decode().rstrip("=")


def decoded(cursor: str | None) -> int:
    """The place a cursor means.  Raises ``NotACursor``."""
    if cursor is None:
        return 2**62
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise NotACursor(cursor) from None
    if not (text.startswith("q") and text[1:].isdigit() and len(text) < 20):
        raise NotACursor(cursor)
    return int(text[1:])
