"""What the pages of the desk ask: a sorted page of a list with its count, the place of one line in it, an officer's saved views.

The filters and the scope are those of ``views.py``; here only the order, the counting and the turning of pages are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.powers import Scope
from projections.pages import Query, as_of, over
from projections.views import LEDGER_FILTERS, STANDING, Views, asked_of, filtered, seen_by

PAGE = 50
MOST_PAGES = 10_000
CASES_BY = {
    "received": "received_on", "number": "number", "employer": "employer", "claimed": "claimed", "balance": "balance",
    "due": "due_on", "last": "last_on", "persons": "coalesce(persons_confirmed, persons_claimed)", "status": "standing",
}  # fmt: skip
RECORDS_BY = {
    "opened": "opened_on", "number": "number", "title": "title", "employer": "employer", "due": "least(due_on, problem_due_on)",
    "visited": "visited_on", "problems": "problems_open", "amount": "amount", "last": "last_on", "status": "status",
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A page of a list: its lines, which page of how many, and how many lines there are in all."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Around:
    """Where a line stands in a list: "7 of 312", the one before and the one after."""

    place: int
    total: int
    previous: UUID | None
    following: UUID | None


def cases(
    views: Views, scope: Scope, filters: dict[str, Any], *, today: date, sort: str = "", page: int = 1, **moment: Any
) -> Listed:
    """A page of the register, sorted; ``-claimed`` is the largest first."""
    source = _cases(scope, filters, today, **moment)
    return _listed(views, source, _order(sort, CASES_BY), page)


def case_around(
    views: Views, scope: Scope, filters: dict[str, Any], record: UUID, *, today: date, sort: str = "", **moment: Any
) -> Around | None:
    """The place of a case in the list it was opened from; None where it is no longer in it."""
    return _around(views, _cases(scope, filters, today, **moment), _order(sort, CASES_BY), record)


def records(
    views: Views, sort_of: str, scope: Scope | None, filters: dict[str, Any], *, today: date, sort: str = "", page: int = 1,
    **moment: Any,
) -> Listed:  # fmt: skip
    """A page of a ledger, sorted."""
    return _listed(views, _records(sort_of, scope, filters, today, **moment), _order(sort, RECORDS_BY), page)


def every_case(
    scope: Scope, filters: dict[str, Any], *, today: date, sort: str = "", most: int, **moment: Any
) -> Query:
    """All cases of a list in its order, for an export."""
    source = _cases(scope, filters, today, **moment)
    return Query(f"{source.sql} ORDER BY {_order(sort, CASES_BY)} LIMIT %(most)s", {**source.parameters, "most": most})


def seen_lately(views: Views, scope: Scope, most: int = 300) -> list[dict[str, Any]]:
    """The employers and projects of the latest cases within sight, each pair once."""
    sight = seen_by(scope)
    sql = (
        "SELECT DISTINCT employer, nullif(employer_key, employer) AS uscc, project FROM"
        f" (SELECT * FROM case_facts WHERE {sight.sql} ORDER BY first_seq DESC LIMIT %(most)s) latest ORDER BY employer, project"
    )
    return views.ask(Query(sql, {**sight.parameters, "most": most}))


def every_record(
    sort_of: str, scope: Scope | None, filters: dict[str, Any], *, today: date, sort: str = "", most: int, **moment: Any
) -> Query:
    """All lines of a ledger in its order, for an export."""
    source = _records(sort_of, scope, filters, today, **moment)
    return Query(
        f"{source.sql} ORDER BY {_order(sort, RECORDS_BY)} LIMIT %(most)s", {**source.parameters, "most": most}
    )


def linked(views: Views, scope: Scope, record: UUID, repeats: list[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The cases within sight that a case repeats, and those that repeat it."""
    sight = seen_by(scope)
    sql = (
        "SELECT record, number, source, employer, received_on, status, record = ANY(%(repeats)s::uuid[]) AS original FROM case_facts"
        f" WHERE {sight.sql} AND (record = ANY(%(repeats)s::uuid[]) OR record IN"
        " (SELECT record FROM journal WHERE event = 'CaseLinked' AND target = %(record)s::text))"
        " ORDER BY first_seq"
    )
    rows = views.ask(Query(sql, {**sight.parameters, "repeats": repeats, "record": str(record)}))
    return {"repeats": [r for r in rows if r["original"]], "repeated_by": [r for r in rows if not r["original"]]}


def _cases(scope: Scope, filters: dict[str, Any], today: date, **moment: Any) -> Query:
    then = as_of(moment.get("on"), moment.get("known"))
    source = "case_facts" if not then.parameters else f"({over('case_facts', then.sql)})"
    sight, where = seen_by(scope), filtered(filters, indexed=not then.parameters)
    sql = (
        f"SELECT * FROM (SELECT *, {STANDING} AS standing FROM {source} facts) facts WHERE {sight.sql} AND {where.sql}"
    )
    return Query(sql, {**then.parameters, **sight.parameters, **where.parameters, "today": moment.get("on") or today})


def _records(sort_of: str, scope: Scope | None, filters: dict[str, Any], today: date, **moment: Any) -> Query:
    then = as_of(moment.get("on"), moment.get("known"))
    source = "record_facts" if not then.parameters else f"({over('record_facts', then.sql)})"
    sight = seen_by(scope) if scope else Query("true", {})
    where = asked_of(filters, LEDGER_FILTERS)
    sql = (
        f"SELECT * FROM {source} facts WHERE sort = %(sort)s AND {sight.sql} AND {where.sql}"
        " AND (status IS DISTINCT FROM 'revoked' OR %(revoked)s)"
    )
    parameters = {"sort": sort_of, "today": moment.get("on") or today, "revoked": not then.parameters}
    return Query(sql, {**then.parameters, **sight.parameters, **where.parameters, **parameters})


def _listed(views: Views, source: Query, order: str, page: int) -> Listed:
    page = min(max(page, 1), MOST_PAGES)
    parameters = {**source.parameters, "most": PAGE, "skipped": (page - 1) * PAGE}
    rows = views.ask(Query(f"{source.sql} ORDER BY {order} LIMIT %(most)s OFFSET %(skipped)s", parameters))
    if page == 1 and len(rows) < PAGE:
        return Listed(rows, len(rows), 1)
    [counted] = views.ask(Query(f"SELECT count(*) AS total FROM ({source.sql}) listed", source.parameters))
    return Listed(rows, counted["total"], page)


def _around(views: Views, source: Query, order: str, record: UUID) -> Around | None:
    sql = (
        "SELECT place, total, previous, following FROM (SELECT record, row_number() OVER turn AS place, count(*) OVER () AS total,"
        f" lag(record) OVER turn AS previous, lead(record) OVER turn AS following FROM ({source.sql}) listed"
        f" WINDOW turn AS (ORDER BY {order})) placed WHERE record = %(placed)s"
    )
    found = views.ask(Query(sql, {**source.parameters, "placed": record}))
    return Around(**found[0]) if found else None


def _order(sort: str, columns: dict[str, str]) -> str:
    """The order of a list; lines that are equal in it stand as they came, the newest first."""
    column = columns.get(sort.lstrip("-"))
    if column is None:
        return "first_seq DESC"
    return f"{column} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, first_seq DESC"
