"""From the lines of the register to what the escalation rules ask, and back to a proposal or a board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from domain.rulebook import Rulebook
from domain.rules.calendar import Calendar
from domain.rules.clocks import ROWS
from domain.rules.escalation import RULES, NotARule, Rule, Situation, parsed

_C02 = next(row for row in ROWS if row.id == "C02")


def rules_of(book: Rulebook) -> list[Rule]:
    """The rules of the law and those the office has made since."""
    return [*RULES, *_amended(book)]


def _amended(book: Rulebook) -> Iterator[Rule]:
    """What the office has made; a row that an earlier release let in and that is no rule proposes nothing."""
    for content in book.rules:
        try:
            yield parsed(content)
        except NotARule:
            continue


def situation(row: Mapping[str, Any], on: date, calendar: Calendar) -> Situation:
    """What the rules ask of a case, from its line (``Views.situations``)."""
    filed, due = row["filed_on"], row["due_on"]
    limit = None
    if filed and not row["final"] and row["step"] < 60:
        limit = row["extended_to"] or calendar.add_working_days(filed, _C02.n or 0).day
    unpaid = row["step"] in (60, 61) and row["balance"] != 0 and due and due < on
    return Situation(
        on=on,
        persons=row["persons_confirmed"] if row["persons_confirmed"] is not None else row["persons_claimed"],
        amount=row["owed"] if row["owed"] is not None else row["claimed"],
        channel=row["channel"] or "",
        finding=row["finding"],
        flags=frozenset((row["flags"] or "").split(",")) - {""},
        major_opinion=row["major_opinion"],
        handled=row["handled_on"] is not None,
        repeats=row["repeats"],
        investigation_overdue=bool(limit and limit < on),
        unpaid_days=(on - due).days if unpaid and due else None,
    )


def situations(
    rows: Iterable[Mapping[str, Any]], on: date, book: Rulebook
) -> list[tuple[Mapping[str, Any], Situation]]:
    calendar = book.calendar
    return [(row, situation(row, on, calendar)) for row in rows]
