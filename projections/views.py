"""The questions the counter asks of the read models: find a case, list cases, how far behind.

A list asks the same scope (``domain.powers.Scope``) that ``decide`` asks of a single case; ``seen_by`` is that scope in SQL.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from domain.powers import SHARED, Scope, covered
from domain.rules.likeness import Clue, core
from projections import past
from projections.pages import Query, as_of, over
from projections.projector import wait_for

Connections = Callable[[], AbstractContextManager[Connection[Any]]]

_PLACE = 1_000_000_000_000
"""A day and the number of an entry as one number: so many times the day, and the entry."""

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

    def ask(self, query: Query, *, again: bool = True) -> list[dict[str, Any]]:
        """What a question answers.  One that is not asked ``again`` in the same words, as those for a list, is planned for what it
        asks, and rather over an index: left to itself the planner reads the whole table for fear of a disk with an arm."""
        with self.connections() as connection, connection.cursor(row_factory=dict_row) as cursor:
            if again:
                return cursor.execute(query.sql, query.parameters).fetchall()
            with connection.transaction():
                cursor.execute("SET LOCAL random_page_cost = 1.1")
                return cursor.execute(query.sql, query.parameters, prepare=False).fetchall()

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
        moment = past.facts(on, known)
        source = f"({moment.sql})" if moment.parameters else "case_facts"
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

    # Other records

    def find_record(self, sort: str, reference: str) -> UUID | None:
        """A record of a sort by its number, the source it is known by, or an employer's code or name."""
        rows = self.ask(
            Query(
                "SELECT record FROM record_facts WHERE sort = %(sort)s"
                " AND (number = %(it)s OR source = %(it)s OR (sort = 'employer' AND %(it)s IN (employer_key, employer))) LIMIT 1",
                {"sort": sort, "it": reference},
            )
        )
        return rows[0]["record"] if rows else None

    def numbers_of(self, scope: Scope, records: list[UUID]) -> dict[UUID, str]:
        """The numbers of records, of those that have one and are within sight."""
        sight = seen_by(scope)
        sql = (
            f"SELECT record, number FROM case_facts WHERE record = ANY(%(records)s) AND number IS NOT NULL AND {sight.sql} UNION ALL"
            " SELECT record, number FROM record_facts"
            f" WHERE record = ANY(%(records)s) AND number IS NOT NULL AND (sort = ANY(%(shared)s) OR {sight.sql})"
        )
        rows = self.ask(Query(sql, {**sight.parameters, "records": records, "shared": list(SHARED)}))
        return {row["record"]: row["number"] for row in rows}

    def ledger(
        self,
        sort: str,
        scope: Scope | None,
        filters: dict[str, Any],
        *,
        today: date,
        limit: int,
        cursor: str | None = None,
        on: date | None = None,
        known: datetime | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Records of a sort within a scope (None: all), newest first, and the cursor of the next page if there is one."""
        moment = as_of(on, known)
        source = (  # what had not been opened by then, or was revoked, was not there
            f"(SELECT * FROM ({over('record_facts', moment.sql)}) facts WHERE status IS DISTINCT FROM 'revoked')"
            if moment.parameters
            else "record_facts"
        )
        sight = seen_by(scope) if scope else Query("true", {})
        where = asked_of(filters, LEDGER_FILTERS)
        parameters = {
            **moment.parameters, **sight.parameters, **where.parameters, "sort": sort,
            "today": on or today, "behind": decoded(cursor), "most": limit + 1,
        }  # fmt: skip
        sql = (
            f"SELECT * FROM {source} facts WHERE sort = %(sort)s AND {sight.sql} AND {where.sql}"
            " AND first_seq < %(behind)s ORDER BY first_seq DESC LIMIT %(most)s"
        )
        rows = self.ask(Query(sql, parameters))
        return rows[:limit], encoded(rows[limit - 1]["first_seq"]) if len(rows) > limit else None

    # Drawing, revisiting, escalating

    def candidates(self, scope: Scope, asked: dict[str, Any], *, today: date, recent: int | None) -> dict[str, Any]:
        """What may be drawn, as candidates with a key and a name; and what might be left out, with the reason."""
        sight = seen_by(scope)
        parameters = {
            **sight.parameters, "today": today, "recent": recent, "from": asked.get("from"), "to": asked.get("to"),
            "division": covered(asked.get("division") or "000000") + "%", "industry": asked.get("industry"),
        }  # fmt: skip
        sql = _SITES if asked["purpose"] == "inspection" else _CLOSED
        rows = self.ask(Query(sql.format(sight=sight.sql), parameters))
        return {
            "purpose": asked["purpose"],
            "candidates": [{"key": str(row["record"]), "name": row["name"]} for row in rows],
            "exclusions": [{"key": str(row["record"]), "reason": row["reason"]} for row in rows if row["reason"]],
        }

    def alike(
        self, scope: Scope, known_by: Sequence[str], clue: Clue, records: list[UUID], division: str
    ) -> list[dict[str, Any]]:
        """Cases worth comparing with a clue: of the same person, employer or project, and the latest of the division that are called
        or worded much alike."""
        sight = seen_by(scope)
        parts = {"text": clue.text, "name": core(clue.name), "site": core(clue.project)}
        shared = {name: sorted(set(pairs(part))) for name, part in parts.items() if len(part) > 1}
        parameters = {
            **sight.parameters, "known_by": [*known_by], "project": clue.project, "records": records,
            "division": covered(division) + "%", **shared,
        }  # fmt: skip
        close = " OR ".join(_SHARES.format(pairs=f"%({name})s::text[]") for name in shared) or "false"
        return self.ask(Query(_ALIKE.format(sight=sight.sql, close=close), parameters), again=False)

    def revisits_due(
        self, scope: Scope, *, today: date, after: int, limit: int, cursor: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Cases closed at least so many days ago and not revisited since, the longest first, and the cursor of the next page."""
        sight = seen_by(scope)
        sql = (
            f"SELECT *, {STANDING} AS standing, (closed_on - DATE '0001-01-01') * {_PLACE} + first_seq AS place FROM case_facts"
            f" WHERE {sight.sql} AND step = 100 AND closed_on <= %(today)s::date - %(after)s::integer"
            "  AND (closed_on, first_seq) > (DATE '0001-01-01' + %(days)s::integer, %(seq)s::bigint)"
            " ORDER BY closed_on, first_seq LIMIT %(most)s"
        )
        days, seq = divmod(decoded(cursor) if cursor else 0, _PLACE)
        parameters = {**sight.parameters, "today": today, "after": after, "days": days, "seq": seq, "most": limit + 1}
        rows = self.ask(Query(sql, parameters), again=False)
        return rows[:limit], encoded(int(rows[limit - 1]["place"])) if len(rows) > limit else None

    def standing_of_contractor(self, employer_key: str, division: str, record: UUID, signed_on: date) -> dict[str, Any]:
        """What a project's deposit hangs on: the contractor's other projects here by then, arrears in the year before, the list."""
        [row] = self.ask(
            Query(_CONTRACTOR, {"key": employer_key, "division": division, "record": record, "on": signed_on})
        )
        return row

    def complaints(self, project: str | None, division: str, on: date, days: int) -> int:
        """How many clues of a division named a project in so many days up to a day."""
        [row] = self.ask(
            Query(
                "SELECT count(*) AS times FROM case_facts WHERE project = %(project)s AND division LIKE %(division)s"
                " AND received_on BETWEEN %(on)s::date - %(days)s::integer AND %(on)s",
                {"project": project, "division": covered(division) + "%", "on": on, "days": days},
            )
        )
        return int(row["times"])

    def open_cases(self) -> list[UUID]:
        """Every case that has not ended."""
        return [row["record"] for row in self.ask(Query("SELECT record FROM case_facts WHERE step < 95", {}))]

    def lines(self, records: list[UUID], *, today: date) -> dict[UUID, dict[str, Any]]:
        """The lines of some cases in the register."""
        sql = f"SELECT *, {STANDING} AS standing FROM case_facts WHERE record = ANY(%(records)s)"
        return {row["record"]: row for row in self.ask(Query(sql, {"records": records, "today": today}))}

    def waiting(
        self,
        scope: Scope,
        office: str,
        *,
        today: date,
        most: int,
        skipped: int = 0,
        open_: bool = True,
        closed: bool = True,
    ) -> list[dict[str, Any]]:
        """Cases that have not ended, given to an office or to none yet, and closed ones that nobody has revisited: one sort, or first
        the open and then the closed, those with the nearest term first."""
        sight = seen_by(scope)
        found: list[dict[str, Any]] = []
        for which in [sql for sql, wanted in ((_OPEN_HERE, open_), (_UNVISITED, closed)) if wanted]:
            parameters = {
                **sight.parameters,
                "office": office,
                "today": today,
                "most": most - len(found),
                "skipped": skipped,
            }
            sql = (
                f"SELECT record, {STANDING} AS standing FROM case_facts WHERE first_seq IN (SELECT first_seq FROM case_facts"
                f" WHERE {sight.sql} AND {which} ORDER BY due_on NULLS LAST, first_seq LIMIT %(most)s OFFSET %(skipped)s)"
                " ORDER BY due_on NULLS LAST, first_seq"
            )
            rows = self.ask(Query(sql, parameters), again=False)
            found += rows
            if rows or not skipped:
                skipped = 0
            else:  # all of these stand before
                counted = f"SELECT count(*) AS there FROM case_facts WHERE {sight.sql} AND {which}"
                skipped -= self.ask(Query(counted, parameters), again=False)[0]["there"]
        return found

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
    given = "string_to_array(coalesce(offices, ''), ',') && %(scope_offices)s::text[]"
    sql = given
    parameters: dict[str, Any] = {"scope_offices": list(scope.offices)}
    if scope.divisions is not None:
        inside = "division LIKE %(scope_divisions)s"
        parameters["scope_divisions"] = scope.divisions + "%"
        if scope.industry is not None:
            inside += " AND industry = %(scope_industry)s"
            parameters["scope_industry"] = scope.industry
        sql = f"(({inside}) OR {given})"  # the cheaper question first
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
        given["q"] = liked(wanted)
        where.append(_found_in("number", "source", "employer", "project", "summary", wanted=wanted))
        if indexed and len(wanted) > 1:
            where.append("terms @> %(pairs)s::text[]")
            given["pairs"] = pairs(wanted)
    return Query(" AND ".join(where) or "true", given)


def _found_in(*columns: str, wanted: str) -> str:
    """Whether some columns, a space between them, have a text somewhere: as cheaply as the text lets it be asked."""
    if wanted.lower() != wanted.upper():
        return f"concat_ws(' ', {', '.join(columns)}) ILIKE %(q)s"
    if " " in wanted:
        return f"concat_ws(' ', {', '.join(columns)}) LIKE %(q)s"
    return f"({' OR '.join(f'{column} LIKE %(q)s' for column in reversed(columns))})"


def pairs(text: str) -> list[str]:
    """The pairs of characters in a text, as the index of terms has them."""
    return [text.lower()[i : i + 2] for i in range(len(text) - 1)]


_OPEN_HERE = "step < 95 AND (office = %(office)s OR office IS NULL)"
_UNVISITED = "step = 100"
_CONTRACTOR = """
SELECT (SELECT count(*)::integer FROM record_facts
         WHERE sort = 'project' AND employer_key = %(key)s AND division = %(division)s AND record <> %(record)s
           AND status = 'registered' AND opened_on <= %(on)s)                                        AS other_projects,
       NOT EXISTS (SELECT FROM case_facts
                    WHERE employer_key = %(key)s AND owed > 0
                      AND received_on >= %(on)s::date - INTERVAL '1 year' AND received_on < %(on)s)  AS clean,
       EXISTS (SELECT FROM record_facts
                WHERE sort = 'employer' AND employer_key = %(key)s AND listed_on <= %(on)s AND listed_until >= %(on)s
                  AND (delisted_on IS NULL OR delisted_on > %(on)s OR delisted_on < listed_on))      AS listed
"""
_ALIKE = """
SELECT f.*, j.data->>'period_from' AS period_from, j.data->>'period_to' AS period_to
  FROM (SELECT * FROM case_facts WHERE first_seq IN (
         SELECT first_seq FROM case_facts
         WHERE {sight} AND (record = ANY(%(records)s::uuid[]) OR employer_key = ANY(%(known_by)s::text[])
           OR employer = ANY(%(known_by)s::text[]) OR project = %(project)s)
         ORDER BY first_seq DESC LIMIT 300)) f
  JOIN journal j ON j.record = f.record AND j.version = 1 AND j.revision = 0
 UNION ALL
SELECT f.*, j.data->>'period_from', j.data->>'period_to'
  FROM (SELECT * FROM case_facts WHERE {sight} AND division LIKE %(division)s ORDER BY first_seq DESC LIMIT 1000) f
  JOIN journal j ON j.record = f.record AND j.version = 1 AND j.revision = 0
 WHERE NOT (f.record = ANY(%(records)s::uuid[]) OR coalesce(f.employer_key = ANY(%(known_by)s::text[]), false)
            OR coalesce(f.employer = ANY(%(known_by)s::text[]), false)
            OR coalesce(f.project = %(project)s, false))
   AND ({close})
"""
_SHARES = "f.terms && {pairs} AND cardinality(ARRAY(SELECT unnest(f.terms) INTERSECT SELECT unnest({pairs}))) > 0.6 * cardinality({pairs})"
_SITES = """
SELECT record, title AS name,
       CASE WHEN %(recent)s::integer IS NOT NULL AND visited_on >= %(today)s::date - %(recent)s::integer
            THEN 'recently_inspected' END AS reason
  FROM record_facts
 WHERE sort = 'project' AND status = 'registered' AND {sight} AND division LIKE %(division)s
   AND (%(industry)s::text IS NULL OR industry = %(industry)s)
 ORDER BY record LIMIT 10000
"""
_CLOSED = """
SELECT record, number AS name, NULL AS reason
  FROM case_facts
 WHERE step = 100 AND {sight} AND division LIKE %(division)s
   AND (%(industry)s::text IS NULL OR industry = %(industry)s)
   AND closed_on BETWEEN coalesce(%(from)s, '-infinity'::date) AND coalesce(%(to)s, 'infinity'::date)
 ORDER BY record LIMIT 10000
"""
LEDGER_FILTERS = {
    "division": "division LIKE %(division)s",
    "industry": "industry = %(industry)s",
    "kind": "kind = %(kind)s",
    "status": "status = %(status)s",
    "severity": "severity = %(severity)s",
    "employer": "(employer_key = %(employer)s OR employer = %(employer)s)",
    "campaign": "related = %(campaign)s",
    "from": "opened_on >= %(from)s",
    "to": "opened_on <= %(to)s",
    "unattended": "(status = 'registered' AND (tier_1 IS NULL OR tier_2 IS NULL OR tier_3 IS NULL)) = %(unattended)s",
    "not_visited_days": "status = 'registered' AND coalesce(visited_on, opened_on) < %(today)s::date - %(not_visited_days)s::integer",
    "problems": "(problems_open > 0) = %(problems)s",
    "signals": "(signals_open > 0) = %(signals)s",
    "overdue": "coalesce(least(due_on, problem_due_on) < %(today)s, false) = %(overdue)s",
    "listed": "(status = 'listed' AND listed_until >= %(today)s) = %(listed)s",
    "q": "concat_ws(' ', number, source, title, employer) ILIKE %(q)s",
}


def asked_of(filters: dict[str, Any], columns: dict[str, str]) -> Query:
    """The filters of a ledger as a condition."""
    given = {name: value for name, value in filters.items() if value is not None}
    if "division" in given:
        given["division"] = covered(given["division"]) + "%"
    if "q" in given:
        given["q"] = liked(given["q"])
    return Query(" AND ".join(f"({columns[name]})" for name in given) or "true", given)


def liked(text: str) -> str:
    """A text as a pattern that finds it anywhere."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


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
