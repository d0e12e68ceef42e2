"""What stands behind a figure: the things it counts and the records they rest on, by the report's own page asked thing by thing.

A figure counts records, unless ``COUNTED`` says otherwise.  A rate stands on its denominator: of each thing it is told what it puts
into the numerator, if it is nothing, too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from projections import past
from projections.pages import as_of, over
from projections.reports.asking import Asked, Report, Values
from projections.reports.cells import cell_of
from projections.reports.running import Moment, Rulebooks, moment_of, snapshot, stamp, today_of, worked
from projections.views import STANDING, Views

COUNTED = {
    "divisions_inspected": "division", "employers_inspected": "employer", "employers_listed": "employer", "listed": "document",
    "F20": "site",
}  # fmt: skip
"""The figures that count something else than records, each thing once."""
GATHERED = ("division", "employer", "document")
"""What is no record itself: the records that speak of it are shown under it."""
COLUMNS = {"employer": "h.employer_key", "document": "coalesce(j.document, j.record::text)"}
"""What tells a thing in a page that cannot be asked by it."""
DAYS = ("median", "p90", "max")
"""The cells that measure what they stand on, so that nothing can be added up."""


class Thing(NamedTuple):
    """Something a figure counts: what it adds, and the records it rests on."""

    key: str
    part: Any
    records: list[dict[str, Any]]


class Behind(NamedTuple):
    """What stands behind a figure: things of one kind, some of them shown; what they come to in all; and the stamp."""

    kind: str
    things: list[Thing]
    total: int
    sum: Any
    stamp: dict[str, Any]


def behind(
    views: Views,
    report: Report,
    asked: Asked,
    rulebook: Rulebooks,
    figure: str,
    *,
    cell: str = "",
    group: str | None = None,
    shown: slice = slice(None),
) -> Behind:
    """The things behind a figure, or behind its value for one of the groups that ``asked.by`` makes; the largest part first.

    What is withheld has nothing behind it; nor has what counts acts about an official, for whoever may not know of them.
    """
    kind = COUNTED.get(figure, "record")
    hidden = frozenset() if asked.confidant else report.confidential
    with snapshot(views) as connection:
        moment = moment_of(connection, asked, rulebook)
        found = [] if figure in hidden else _things(connection, report, asked, moment, figure, cell, group)
        wanted = found[shown]
        facts = _facts(connection, asked, moment, {record for thing in wanted for record in thing.records})
    things = [
        Thing(key, 1 if kind in GATHERED else part, [facts.get(record, {"record": record}) for record in sorted(records)])
        for key, part, records in wanted
    ]  # fmt: skip
    whole = len(found) if kind in GATHERED else summed([part for _, part, _ in found], cell)
    return Behind(kind, things, len(found), whole, stamp(report, asked, moment))


def summed(parts: list[Any], cell: str = "") -> Any:
    """What parts come to: of rates, numerators and denominators; of days, the longest, or how many took some."""
    if cell.endswith(".count"):
        return len(parts)
    if not parts or cell.rpartition(".")[2] in DAYS:
        return max(parts, default=0)
    if isinstance(parts[0], dict):
        return {side: _added(part[side] for part in parts) for side in ("numerator", "denominator")}
    return True if parts[0] is True else _added(parts)


# Thing by thing


class _Found(NamedTuple):
    key: str
    part: Any
    records: set[str]


def _things(
    connection: Connection[Any], report: Report, asked: Asked, moment: Moment, figure: str, cell: str, group: str | None
) -> list[_Found]:
    """What has a part in a cell of a figure, the largest first, and of the same those that do not count first."""
    kind = COUNTED.get(figure, "record")
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for key, values in _worked(connection, report, asked, moment, kind, group):
        if (part := _part(values[figure], cell)) is None:
            continue
        its, thing, record = json.loads(key)
        if thing and (group is None or (its or "") == group):
            found[thing].append((record, part))
    things = [
        _Found(thing, parts[0][1] if len(parts) == 1 else summed([part for _, part in parts], cell), {record for record, _ in parts})
        for thing, parts in found.items()
    ]  # fmt: skip
    return sorted(things, key=lambda thing: (_size(thing.part), thing.key))


def _worked(
    connection: Connection[Any], report: Report, asked: Asked, moment: Moment, kind: str, group: str | None
) -> Iterable[tuple[str, Values]]:
    """The figures of each thing in each group, by both of them and the record, as JSON."""
    # asked by a name of its own, a page does not look for the case of every entry, which the figure did not ask for, either
    name = "record" if asked.by in ("channel", "industry") else "thing"
    by = asked.by if group is not None else None
    groups = {part: {**columns, name: _told(columns, kind, by) if part.endswith("by") else columns["record"]}
              for part, columns in report.groups.items()}  # fmt: skip
    _, found = worked(connection, replace(report, groups=groups), replace(asked, by=name, yoy=False, groups=()), moment)
    return ((key, values) for key, values in found.items() if key)


def _told(columns: dict[str, str], kind: str, by: str | None) -> str:
    """The group, the thing and the record of a line, in SQL."""
    thing = COLUMNS.get(kind) or columns.get(kind, columns["record"])
    record = columns["record"] if kind in GATHERED else thing
    return f"jsonb_build_array({columns[by] if by else 'NULL'}, {thing}, {record})"


def _part(value: Any, cell: str) -> Any:
    """What a thing adds to a cell of a figure; None where it has no part in it."""
    part = cell_of(value, cell)
    if part and cell.endswith(".count"):  # how long it took tells more than that it is one
        return cell_of(value, f"{cell.removesuffix('count')}max")
    match part:
        case None | False:
            return None
        case float() if not cell:  # a percentage of one thing: it counts or it does not
            return {"numerator": int(part == 100), "denominator": 1}
        case dict():
            return part if any(float(part[side] or 0) for side in ("numerator", "denominator")) else None
    return part if float(part) or cell.rpartition(".")[2] in DAYS else None


def _size(part: Any) -> tuple[float, float]:
    """The largest first; of rates by what they are measured by, and what does not count before what does."""
    if isinstance(part, dict):
        return -float(part["denominator"]), float(part["numerator"])
    return -float(part), 0


def _added(numbers: Iterable[Any]) -> Any:
    """A sum, of amounts as an amount."""
    found = list(numbers)
    return str(sum(map(Decimal, found))) if isinstance(found[0], str) else sum(found)


# What they are


def _facts(connection: Connection[Any], asked: Asked, moment: Moment, records: set[str]) -> dict[str, dict[str, Any]]:
    """Records as a list shows them, whatever their sort, as they stood at the moment the figure is of."""
    when = (None, None) if moment.stands else (asked.on, moment.known)
    cases, lines, meant = past.facts(*when), as_of(*when), "record = ANY(%(records)s::uuid[])"
    others = f"({over('record_facts', f'{lines.sql} AND {meant}')})" if lines.parameters else "record_facts"
    sql = (
        f"SELECT record, 'case' AS sort, coalesce(number, source) AS number, employer AS title, employer, division, {STANDING} AS status,"
        f" received_on AS opened_on FROM ({cases.sql}) facts WHERE {meant}"
        " UNION ALL SELECT record, sort, coalesce(number, source), coalesce(title, employer), employer, division, status, opened_on"
        f" FROM {others} others WHERE {meant}"
    )
    known = [UUID(record) for record in records]
    parameters = {**lines.parameters, **cases.parameters, "records": known, "today": today_of(asked, moment.known)}
    with connection.cursor(row_factory=dict_row) as cursor:
        return {str(row["record"]): row for row in cursor.execute(sql, parameters, prepare=False)}
