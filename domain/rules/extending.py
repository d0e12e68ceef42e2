"""Whether a clock of a case may be extended, and how far (延期): as the table of clocks has it (``clocks.toml``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.case_refused import ClockNotExtendable, ClockNotRunning, ExtensionTooLong
from domain.record import Entry, standing
from domain.refused import Refused
from domain.rules.calendar import CALENDAR, Calendar
from domain.rules.clock_rows import ROWS
from domain.rules.clocks import readings
from domain.rules.settings import Settings
from domain.rules.terms import count

EXTENDABLE = frozenset(row.id for row in ROWS if row.extension)
"""The clocks that the law lets be extended."""


def bars_extension(
    entries: Sequence[Entry],
    clock: str,
    due_on: date,
    *,
    today: date,
    settings: Settings,
    calendar: Calendar = CALENDAR,
) -> Refused | None:
    """Why a clock cannot be extended to a day: no law lets it, it does not run, or the law lets it run less far."""
    if clock not in EXTENDABLE:
        return ClockNotExtendable(at="clock", clock=clock)
    found = readings(standing(entries), today=today, calendar=calendar, settings=settings, clocks={clock}, running=True)
    if not found:
        return ClockNotRunning(at="clock", clock=clock)
    row = next(row for row in reversed(ROWS) if row.id == clock and row.extension)
    if row.extension and row.extension.n and (due := found[-1].due):
        most = count(calendar, row.extension.unit, row.extension.n, due, roll=row.roll)
        if most and due_on > most.day:
            return ExtensionTooLong(at="due_on", clock=clock, until=most.day, due_on=due_on)
    return None
