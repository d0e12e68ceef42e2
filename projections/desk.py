"""What the pages of the desk ask: a sorted page of a list with its count, the place of one line in it, an officer's saved views.

The filters and the scope are those of ``views.py``; here only the order, the counting and the turning of pages are added.

A list of cases as they stand is counted and sorted in passes over an index that has all that lists filter and sort by,
``case_facts_lists`` (or ``case_facts_sight``, without the texts); only the lines that are shown are looked up in the table.  So a pass
may name no column that is not in that index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.powers import Scope
from projections import past
from projections.pages import Query, as_of, over
from projections.projector import FACTS
from projections.views import LEDGER_FILTERS, STANDING, Views, asked_of, filtered, pairs, seen_by

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
SHOWN = (
    "record", "number", "source", "version", "division", "industry", "channel", "complainant", "employer", "employer_key", "project",
    "summary", "office", "received", "received_on", "filed_on", "due_on", "closed_on", "persons_claimed", "persons_confirmed", "claimed",
    "confirmed", "ordered", "paid", "balance", "first_seq",
)  # fmt: skip
"""What a list of cases shows of each."""
LINES = (
    "first_seq", "record", "number", "employer", "claimed", "balance", "received_on", "due_on", "last_on", "persons_claimed",
    "persons_confirmed",
)  # fmt: skip
"""What a list of cases is sorted by."""
LOOKED_AT = (
    *LINES, "division", "industry", "step", "status", "channel", "offices", "officers", "employer_key", "source", "project", "summary",
)  # fmt: skip
"""What a list of cases is filtered and sorted by: no more than ``case_facts_lists`` has."""
OF_THE_RECEIPT = ("division", "channel", "from", "to")
"""The filters that ask what the receipt of a case says."""
BY_THE_RECEIPT = ("received_on", "number", "claimed")
"""What the receipt says of all that lists are sorted by."""
COMMON = 20_000
"""A search that so many cases answer to is looked for in the list; for a rarer one the index of pairs says where."""


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
    order, page = _order(sort, CASES_BY), min(max(page, 1), MOST_PAGES)
    if moment.get("on") or moment.get("known"):
        return _listed_then(views, scope, filters, order, page, today, **moment)
    lines = _lines(views, scope, filters, today)
    chosen = f"SELECT first_seq FROM ({lines.sql}) lines ORDER BY {order.sql} LIMIT %(most)s OFFSET %(skipped)s"
    sql = (
        f"SELECT * FROM (SELECT {', '.join(SHOWN)}, last_on, {STANDING} AS standing FROM case_facts"
        f" WHERE first_seq IN ({chosen})) shown ORDER BY {order.sql}"
    )
    parameters = {**lines.parameters, "most": PAGE, "skipped": (page - 1) * PAGE}
    return _counted(views, lines, views.ask(Query(sql, parameters), again=False), page, again=False)


def case_around(
    views: Views, scope: Scope, filters: dict[str, Any], record: UUID, *, today: date, sort: str = "", **moment: Any
) -> Around | None:
    """The place of a case in the list it was opened from; None where it is no longer in it."""
    order = _order(sort, CASES_BY)
    if moment.get("on") or moment.get("known"):
        lines, _ = _lines_then(views, scope, filters, order, today, **moment)
        return _around_then(views, lines, order, record)
    return _around(views, _lines(views, scope, filters, today), order, record)


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
    return Query(
        f"SELECT {', '.join(SHOWN)}, last_on, standing FROM ({source.sql}) listed ORDER BY {_order(sort, CASES_BY).sql} LIMIT %(most)s",
        {**source.parameters, "most": most},
    )


def seen_lately(views: Views, scope: Scope, most: int = 300) -> list[dict[str, Any]]:
    """The employers and projects of the latest cases within sight, each pair once."""
    sight = seen_by(scope)
    sql = (  # of the index of lists alone
        "SELECT DISTINCT employer, nullif(employer_key, employer) AS uscc, project FROM"
        f" (SELECT employer, employer_key, project FROM case_facts WHERE {sight.sql} ORDER BY first_seq DESC LIMIT %(most)s) latest ORDER BY employer, project"
    )
    return views.ask(Query(sql, {**sight.parameters, "most": most}))


def every_record(
    sort_of: str, scope: Scope | None, filters: dict[str, Any], *, today: date, sort: str = "", most: int, **moment: Any
) -> Query:
    """All lines of a ledger in its order, for an export."""
    source = _records(sort_of, scope, filters, today, **moment)
    return Query(
        f"{source.sql} ORDER BY {_order(sort, RECORDS_BY).sql} LIMIT %(most)s", {**source.parameters, "most": most}
    )


def linked(views: Views, scope: Scope, record: UUID, repeats: list[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The cases within sight that a case repeats, and those that repeat it."""
    sight = seen_by(scope)
    sql = (
        "SELECT record, number, source, employer, received_on, status, record = ANY(%(repeats)s::uuid[]) AS original FROM case_facts"
        f" WHERE {sight.sql} AND record = ANY(%(repeats)s::uuid[] ||"
        " ARRAY(SELECT record FROM journal WHERE event = 'CaseLinked' AND target = %(record)s::text))"
        " ORDER BY first_seq"
    )
    rows = views.ask(Query(sql, {**sight.parameters, "repeats": repeats, "record": str(record)}))
    return {"repeats": [r for r in rows if r["original"]], "repeated_by": [r for r in rows if not r["original"]]}


def _cases(
    scope: Scope, filters: dict[str, Any], today: date, columns: Sequence[str] = FACTS, *, among: Query | None = None, **moment: Any
) -> Query:  # fmt: skip
    """The cases of a list, as they stand or as of a moment; ``among`` some cases, where it is known that it has no others."""
    on, known = moment.get("on"), moment.get("known")
    among = among or (_among(scope, filters) if on and not known else None)
    then = past.facts(on, known, columns=columns, among=among)
    sight, where = seen_by(scope), filtered(filters, indexed=False)
    sql = (
        f"SELECT {', '.join(columns)}, standing FROM (SELECT *, {STANDING} AS standing FROM ({then.sql}) facts) facts"
        f" WHERE {sight.sql} AND {where.sql}"
    )
    return Query(sql, {**then.parameters, **sight.parameters, **where.parameters, "today": on or today})


def _among(scope: Scope, filters: dict[str, Any]) -> Query:
    """The cases that can be in a list of a past day at all.

    What a receipt says is the same on every day since, and a case was never in more offices than it has been in by now; so whatever
    fitted these on a day, as it is known today, fits them today.
    """
    sight = seen_by(replace(scope, industry=None))
    where = filtered({name: filters[name] for name in OF_THE_RECEIPT if name in filters})
    return Query(f"{sight.sql} AND {where.sql}", {**sight.parameters, **where.parameters})


def _listed_then(
    views: Views, scope: Scope, filters: dict[str, Any], order: Order, page: int, today: date, **moment: Any
) -> Listed:
    """A page of a list as it was: which lines, and how many there are; then those lines alone, as they stood."""
    lines, total = _lines_then(views, scope, filters, order, today, **moment)
    counted = ", count(*) OVER () AS total" if total is None else ""
    chosen = views.ask(
        Query(
            f"SELECT record{counted} FROM ({lines.sql}) lines ORDER BY {order.sql} LIMIT %(most)s OFFSET %(skipped)s",
            {**lines.parameters, "most": PAGE, "skipped": (page - 1) * PAGE},
        ),
        again=False,
    )
    if not chosen:
        return Listed([], 0, 1) if page == 1 else _listed_then(views, scope, filters, order, 1, today, **moment)
    among = Query("record = ANY(%(chosen)s)", {"chosen": [row["record"] for row in chosen]})
    shown = past.facts(moment.get("on"), moment.get("known"), among=among)
    sql = (
        f"SELECT {', '.join(SHOWN)}, last_on, standing FROM (SELECT *, {STANDING} AS standing FROM ({shown.sql}) facts) facts"
        f" WHERE record = ANY(%(chosen)s) ORDER BY {order.sql}"
    )
    rows = views.ask(Query(sql, {**shown.parameters, "today": moment.get("on") or today}), again=False)
    return Listed(rows, chosen[0]["total"] if total is None else total, page)


def _lines_then(
    views: Views, scope: Scope, filters: dict[str, Any], order: Order, today: date, **moment: Any
) -> tuple[Query, int | None]:
    """The cases of a list as it was, with what it is sorted by, and how many there are where that was counted.

    Where only the receipt is asked, which cases it was is known without working out how they stood: those received by then.  Only of
    those of other divisions, in sight for the offices they were given to, is it to be seen whether they had been given by then.
    """
    on, asked = moment.get("on"), {name for name, value in filters.items() if value is not None}
    by_receipt = order.key in (None, *BY_THE_RECEIPT) and asked <= set(OF_THE_RECEIPT)
    if on is None or moment.get("known") or not by_receipt or scope.divisions is None or scope.industry is not None:
        return _cases(scope, filters, today, LOOKED_AT, **moment), None
    among, columns = _among(scope, filters), ", ".join(("record", "first_seq", *BY_THE_RECEIPT))
    ours = "division LIKE %(scope_divisions)s"
    [found] = views.ask(
        Query(
            f"SELECT count(*) FILTER (WHERE {ours} AND received_by <= %(on)s) AS ours, array_agg(record) FILTER (WHERE NOT {ours}) AS others"
            f" FROM case_facts WHERE {among.sql}",
            {**among.parameters, "on": on},
        ),
        again=False,
    )
    lines = Query(
        f"SELECT {columns} FROM case_facts WHERE received_by <= %(on)s AND {ours} AND {among.sql}",
        {**among.parameters, "on": on},
    )
    if not found["others"]:
        return lines, found["ours"]
    chosen = Query("record = ANY(%(others)s)", {"others": found["others"]})
    given = _cases(scope, filters, today, LOOKED_AT, among=chosen, on=on)
    others = f"SELECT {columns} FROM ({given.sql}) given WHERE {chosen.sql}"
    return Query(f"{lines.sql} UNION ALL {others}", {**lines.parameters, **given.parameters, **chosen.parameters}), None


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


def _lines(views: Views, scope: Scope, filters: dict[str, Any], today: date) -> Query:
    """The cases of a list as they stand: what it sorts by, and nothing that is not in the index of lists."""
    wanted: str = filters.get("q") or ""
    rare = len(wanted) > 1 and _matches(views, wanted) < COMMON
    sight, where = seen_by(scope), filtered(filters, indexed=rare)
    sql = f"SELECT {', '.join(LINES)}, standing FROM (SELECT *, {STANDING} AS standing FROM case_facts) facts WHERE {sight.sql} AND {where.sql}"
    return Query(sql, {**sight.parameters, **where.parameters, "today": today})


def _matches(views: Views, wanted: str) -> int:
    """How many cases have the pairs of a search, as the planner expects."""
    [row] = views.ask(
        Query(
            "EXPLAIN (FORMAT JSON) SELECT FROM case_facts WHERE terms @> %(pairs)s::text[]", {"pairs": pairs(wanted)}
        ),
        again=False,
    )
    return int(row["QUERY PLAN"][0]["Plan"]["Plan Rows"])


def _listed(views: Views, source: Query, order: Order, page: int) -> Listed:
    page = min(max(page, 1), MOST_PAGES)
    parameters = {**source.parameters, "most": PAGE, "skipped": (page - 1) * PAGE}
    rows = views.ask(Query(f"{source.sql} ORDER BY {order.sql} LIMIT %(most)s OFFSET %(skipped)s", parameters))
    return _counted(views, source, rows, page)


def _counted(views: Views, source: Query, rows: list[dict[str, Any]], page: int, *, again: bool = True) -> Listed:
    if page == 1 and len(rows) < PAGE:
        return Listed(rows, len(rows), 1)
    [counted] = views.ask(Query(f"SELECT count(*) AS total FROM ({source.sql}) listed", source.parameters), again=again)
    return Listed(rows, counted["total"], page)


def _around(views: Views, lines: Query, order: Order, record: UUID) -> Around | None:
    """Counts what stands before a line, and looks for its neighbours among its equals; a second pass only where it has none there."""
    keyed = f"(SELECT first_seq, {order.key or 'NULL::integer'} AS key FROM ({lines.sql}) lines) keyed"
    sql = f"SELECT first_seq, {order.key or 'NULL::integer'} AS key FROM ({lines.sql}) lines WHERE record = %(placed)s"
    here = views.ask(Query(sql, {**lines.parameters, "placed": record}), again=False)
    if not here:
        return None
    parameters = {**lines.parameters, "seq": here[0]["first_seq"], "key": here[0]["key"]}
    nearer, further, nearest, next_ = (">", "<", "min", "max") if order.down else ("<", ">", "max", "min")
    same = "key IS NULL" if here[0]["key"] is None else "key = %(key)s"
    before = "key IS NOT NULL" if here[0]["key"] is None else f"key {nearer} %(key)s"
    after = "false" if here[0]["key"] is None else f"key {further} %(key)s"
    unknown = "false" if here[0]["key"] is None else "key IS NULL"
    [found] = views.ask(
        Query(
            f"SELECT count(*) AS total, count(*) FILTER (WHERE {before} OR {same} AND first_seq > %(seq)s) + 1 AS place,"
            f" min(first_seq) FILTER (WHERE {same} AND first_seq > %(seq)s) AS previous,"
            f" max(first_seq) FILTER (WHERE {same} AND first_seq < %(seq)s) AS following,"
            f" {nearest}(key) FILTER (WHERE {before}) AS key_before, {next_}(key) FILTER (WHERE {after}) AS key_after,"
            f" max(first_seq) FILTER (WHERE {unknown}) AS unknown"
            f" FROM {keyed}",
            parameters,
        ),
        again=False,
    )
    wanted = {
        "before": found["key_before"] if found["previous"] is None else None,
        "after": found["key_after"] if found["following"] is None else None,
    }
    beside = {"previous": found["previous"], "following": found["following"]}
    if any(key is not None for key in wanted.values()):
        [other] = views.ask(
            Query(
                "SELECT min(first_seq) FILTER (WHERE key = %(before)s) AS previous,"
                f" max(first_seq) FILTER (WHERE key = %(after)s) AS following FROM {keyed}",
                {**lines.parameters, **wanted},
            ),
            again=False,
        )
        beside = {name: seq or other[name] for name, seq in beside.items()}
    beside["following"] = beside["following"] or found["unknown"]
    rows = views.ask(
        Query("SELECT first_seq, record FROM case_facts WHERE first_seq = ANY(%(seqs)s)", {"seqs": [*beside.values()]})
    )
    records = {row["first_seq"]: row["record"] for row in rows}
    return Around(found["place"], found["total"], records.get(beside["previous"]), records.get(beside["following"]))


def _around_then(views: Views, source: Query, order: Order, record: UUID) -> Around | None:
    """The same of a list as it was: its lines are worked out anew for each pass, so there is one."""
    sql = (
        "SELECT place, total, previous, following FROM (SELECT record, row_number() OVER turn AS place, count(*) OVER () AS total,"
        f" lag(record) OVER turn AS previous, lead(record) OVER turn AS following FROM ({source.sql}) listed"
        f" WINDOW turn AS (ORDER BY {order.sql})) placed WHERE record = %(placed)s"
    )
    found = views.ask(Query(sql, {**source.parameters, "placed": record}))
    return Around(**found[0]) if found else None


class Order(NamedTuple):
    """The order of a list: by what, if by anything, and whether the largest comes first.

    What is not known stands last; lines that are equal stand as they came, the newest first.
    """

    key: str | None
    down: bool

    @property
    def sql(self) -> str:
        return (
            f"{self.key} {'DESC' if self.down else 'ASC'} NULLS LAST, first_seq DESC" if self.key else "first_seq DESC"
        )


def _order(sort: str, columns: dict[str, str]) -> Order:
    return Order(columns.get(sort.lstrip("-")), sort.startswith("-"))
