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
_NONE: frozenset[str] = frozenset()


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
    due = row["due_on"]
    unpaid = row["step"] in (60, 61) and row["balance"] != 0 and due and due < on
    limit = _investigated_by(row, calendar)
    return Situation(
        on=on,
        persons=row["persons_confirmed"] if row["persons_confirmed"] is not None else row["persons_claimed"],
        amount=row["owed"] if row["owed"] is not None else row["claimed"],
        channel=row["channel"] or "",
        finding=row["finding"],
        flags=frozenset(row["flags"].split(",")) if row["flags"] else _NONE,
        major_opinion=row["major_opinion"],
        handled=row["inspections"] > 0,
        repeats=row["repeats"],
        investigation_overdue=bool(limit and limit < on),
        unpaid_days=(on - due).days if unpaid and due else None,
    )


def _investigated_by(row: Mapping[str, Any], calendar: Calendar) -> date | None:
    """The last day of an investigation that runs, as it was extended; None where none runs, or nobody can tell."""
    if row["c02_started_on"] is None or row["c02_stopped"] or row["step"] >= 60:
        return None
    days: list[date | None] = row["stood_still"] or []
    if len(days) % 2 or None in days:  # it stands still now, or it is not known to the day when it did
        return None
    still = sum(calendar.working_days_between(a, b) for a, b in zip(days[::2], days[1::2], strict=True) if a and b)
    return row["c02_extended_on"] or calendar.add_working_days(row["c02_started_on"], (_C02.n or 0) + still).day


def situations(
    rows: Iterable[Mapping[str, Any]], on: date, book: Rulebook
) -> list[tuple[Mapping[str, Any], Situation]]:
    calendar = book.calendar
    return [(row, situation(row, on, calendar)) for row in rows]
