"""By which day, in SQL: the calendar and the terms of law, put into a page from the tables that ``domain`` reads.

The calendar travels with the question as two arrays, so that a question as of a past moment is counted on the calendar known
then, and no table of days can fall behind: ``ordinals`` says of each day since 2000 how many working days there were up to it,
``working`` names the n-th.  A page writes ``{due(C02, filed_on)}`` and gets the rows of the clock, each with its number, its unit
and the day since when; nothing of it is typed again in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from domain.rulebook import Rulebook
from domain.rules.calendar import Calendar
from domain.rules.clock_rows import ROWS, Row
from domain.rules.settings import SETTINGS, Settings

FIRST, LAST = date(2000, 1, 1), date(2035, 12, 31)
_FACTS = {"complainant_kind": "complainant", "channel": "channel"}
"""Which column of case_facts holds which fact of the receipt."""


def days(calendar: Calendar) -> dict[str, str]:
    """The calendar as parameters of a page."""
    return dict(_days(calendar.digest, _Kept(calendar)))


def expanded(text: str, book: Rulebook) -> str:
    """A page with its terms put in, as the law and the office have them."""
    for pattern, put in _MACROS:
        text = pattern.sub(lambda found, put=put: put(book.settings, *_arguments(found)), text)  # type: ignore[misc]
    return text


def days_counted(expression: str) -> str:
    """How many working days there were up to a day."""
    expression = "%(today)s::date" if expression == "today" else expression
    return f"(%(ordinals)s::int[])[{expression} - DATE '{FIRST}' + 1]"


class _Kept:
    """A calendar that a cache need not compare."""

    def __init__(self, calendar: Calendar):
        self.calendar = calendar

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)


@lru_cache(maxsize=16)
def _days(_: str, kept: _Kept) -> tuple[tuple[str, str], ...]:
    ordinals: list[str] = []
    working: list[str] = []
    for number in range((LAST - FIRST).days + 1):
        if kept.calendar.is_working_day(day := FIRST + timedelta(days=number)):
            working.append(day.isoformat())
        ordinals.append(str(len(working)))
    return ("ordinals", f"{{{','.join(ordinals)}}}"), ("working", f"{{{','.join(working)}}}")


# What a page may write


def _due(settings: Settings, clock: str, start: str, paused: str = "") -> str:
    """The due day of a clock that started on a day and stood still for some; null where no row applies."""
    cases = "".join(f" WHEN {when} THEN {then}" for when, then in _rows(settings, clock, start, paused))
    return f"CASE{cases} END" if cases else "NULL::date"


def _rows(settings: Settings, clock: str, start: str, paused: str) -> Iterator[tuple[str, str]]:
    for row in sorted((row for row in ROWS if row.id == clock), key=lambda row: row.since, reverse=True):
        when = f"{start} >= DATE '{row.since}' AND {_applies(settings, clock, row)}"
        if row.setting is None:
            yield when, _counted(row, str(row.n), start, paused)
        else:
            yield when, _decided(settings, row.setting, start, lambda n, row=row: _counted(row, n, start, paused))


def _counted(row: Row, n: str, start: str, paused: str) -> str:
    days = f"{n} + coalesce({paused}, 0)" if paused else n
    match row.unit:
        case "working_days":
            return f"(%(working)s::date[])[{days_counted(start)} + {days}]"
        case "calendar_days":
            last = f"{start} + ({days})"
        case "months":
            last = f"CAST({start} + INTERVAL '{n} months' AS date)"
        case _:
            raise ValueError(f"{row.id} has no term that SQL can count")
    return f"(%(working)s::date[])[{days_counted(f'({last}) - 1')} + 1]" if row.roll else last


def _decided(settings: Settings, name: str, on: str, then: Any = str, otherwise: str = "NULL") -> str:
    """What follows from a setting as it was decided on a day."""
    since = sorted({decided.since for decided in settings.decided if decided.name == name}, reverse=True)
    cases = "".join(f" WHEN {on} >= DATE '{day}' THEN {then(str(settings.value(name, day)))}" for day in since)
    return f"CASE{cases} ELSE {otherwise} END" if cases else "NULL::integer" if then is str else "NULL::date"


def _setting(settings: Settings, name: str, on: str) -> str:
    return _decided(settings, SETTINGS[name].name, on)


def _within(settings: Settings, start: str, name: str) -> str:
    """The last of so many working days after a day, as the office had decided on that day."""
    return f"(%(working)s::date[])[{days_counted(start)} + {_setting(settings, name, start)}]"


def _applies(settings: Settings, clock: str, row: Row | None = None) -> str:
    """Whether a case is one the clock runs for, by the facts of its receipt."""
    rows = [row] if row else [each for each in ROWS if each.id == clock]
    conditions = [
        " AND ".join(f"{_FACTS[fact]} IN ({_quoted(values)})" for fact, values in each.cases.items()) or "true"
        for each in rows
    ]
    return f"({' OR '.join(conditions)})"


def _events(settings: Settings, clock: str, parts: tuple[str, ...] = ("stops", "ends")) -> str:
    """The names of the events that stop a clock."""
    names = {match.event for row in ROWS if row.id == clock for part in parts for match in getattr(row, part)}
    return _quoted(sorted(names))


def _quoted(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _arguments(found: re.Match[str]) -> list[str]:
    return [argument.strip() for argument in found[1].split(",")]


_MACROS = [
    (re.compile(r"\{" + name + r"\(([^(){}]+)\)\}"), put)
    for name, put in (
        ("due", _due),
        ("setting", _setting),
        ("within", _within),
        ("applies", _applies),
        ("stops", _events),
        ("counted", lambda _settings, day: days_counted(day)),
    )
]
