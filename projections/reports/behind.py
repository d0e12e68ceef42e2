"""What stands behind a figure: the records that add to it, and how much each adds, by the report's own page asked record by record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from projections.pages import Query
from projections.reports.asking import Asked, Report
from projections.reports.running import Rulebooks, moment_of, snapshot, worked
from projections.views import Views

CONFIDENTIAL = frozenset({"discipline_referrals"})
"""Figures whose records are for the discipline office and the auditors to know."""


class Behind(NamedTuple):
    """The records behind a figure: the first of them with what each adds, and how many there are."""

    rows: list[dict[str, Any]]
    total: int


def behind(views: Views, report: Report, asked: Asked, rulebook: Rulebooks, figure: str, *, most: int) -> Behind:
    """The records that add to a figure, the largest part first; a rate's are those of its denominator."""
    if figure in CONFIDENTIAL and not asked.confidant:
        return Behind([], 0)
    with snapshot(views) as connection:
        moment = moment_of(connection, asked, rulebook)
        _, groups = worked(connection, report, replace(asked, by="record", yoy=False, groups=()), moment)
    parts = [
        (record, values[figure], size)
        for record, values in groups.items()
        if record and (size := _size(values[figure]))
    ]
    parts.sort(key=lambda part: (-part[2], part[0]))
    named = _named(views, [UUID(record) for record, _, _ in parts[:most]])
    rows = [{**named[record], "part": part} for record, part, _ in parts[:most] if record in named]
    return Behind(rows, len(parts))


def _size(value: Any) -> float:
    """How much a record adds, to be sorted by; of a rate, to what it is measured by."""
    match value:
        case None | False:
            return 0
        case dict() if "denominator" in value:
            return float(value["denominator"] or 0)
        case dict():
            return max((_size(part) for part in value.values()), default=0)
        case str():
            return float(value)
    return float(value)


def _named(views: Views, records: list[UUID]) -> dict[str, dict[str, Any]]:
    """The records as a list shows them, whatever their sort."""
    sql = (
        "SELECT record, 'case' AS sort, coalesce(number, source) AS number, employer AS title, division, status, received_on AS opened_on"
        " FROM case_facts WHERE record = ANY(%(records)s)"
        " UNION ALL SELECT record, sort, number, coalesce(title, employer), division, status, opened_on"
        " FROM record_facts WHERE record = ANY(%(records)s)"
    )
    return {str(row["record"]): row for row in views.ask(Query(sql, {"records": records}))}
