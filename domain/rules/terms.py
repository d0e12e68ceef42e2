"""By when a clock is to be answered: as the law counts it, as it was extended, as it stood still while suspended.

A pause lasts from the day of the suspension to the day of the resumption, and the due day moves by as many days, in the clock's own
unit.  A clock that had run out before is not revived.  An extension gives a day, so only a pause after it was signed moves that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from domain import day
from domain.case_asides import CaseResumed, CaseSuspended
from domain.record import Entry
from domain.rules.calendar import Calendar, Due
from domain.rules.derivation import Step, Unit, counted, step


def count(
    calendar: Calendar,
    unit: Unit,
    n: int | None,
    start: date,
    *,
    roll: bool,
    given: date | None = None,
    paused: int = 0,
) -> Due | None:
    """The due day of a term that stood still for so many of its days; none where it has no number and no day is given."""
    match unit, n:
        case "working_days", int():
            return calendar.add_working_days(start, n + paused)
        case "calendar_days", int():
            return calendar.add_calendar_days(start, n + paused, roll)
        case "months", int():
            return calendar.add_calendar_days(day.plus_months(start, n), paused, roll)
        case "same_day", _:
            return Due(start)
        case "given", _ if given:
            return Due(given)
    return None


@dataclass(frozen=True)
class Term:
    """The last day of a clock, and how it came about."""

    original: Due | None  # as the law has it
    due: Due | None  # moved by the pauses; None where nothing can be judged
    extension: Entry | None = None
    extended: date | None = None  # as the head of the office has it, moved by the pauses since
    pauses: tuple[Step, ...] = ()
    suspended: bool = False  # still

    @property
    def last(self) -> date | None:
        """The day it is judged by."""
        return self.extended or (self.due.day if self.due else None)

    def told(self, passed: Literal["skipped", "rolled"], at_most: Due | None) -> Iterator[Step]:
        """How the last day came about, step by step; ``at_most`` is what the law would have let it be extended to."""
        if self.original is None:
            return
        yield from counted(self.original, passed)
        given = self.extension and self.extension.event.fact("due_on")
        if self.extension:
            limit = at_most.day if at_most else None
            reason = "limited" if limit else ""
            yield step("extended", reason, day=given, version=self.extension.version, at_most=limit)
        yield from self.pauses
        if self.due and self.due != self.original:
            *passing, due = counted(self.due, passed)
            yield from (each for each in passing if each["day"] > self.original.day)
            yield {**due, "step": "moved"}
        if self.extended and self.extended != given:
            yield step("moved", "extended", day=self.extended)


@dataclass(frozen=True)
class Pauses:
    """What suspended a clock, and how its days are counted."""

    clock: str
    unit: Unit
    calendar: Calendar
    recount: Callable[[int], Due | None]  # the due day, had the clock stood still for so many days

    def move(self, term: Term, entries: Sequence[Entry], *, today: date, stopped: date | None) -> Term:
        """The term, moved by every pause that began while it ran."""
        paused = 0
        for suspended, resumed in self._found(entries):
            since, until = day.exact(suspended.event.on), day.exact(resumed.event.on) if resumed else None
            if since is None or (resumed and until is None):
                unknown = step("paused", "unknown", version=suspended.version)
                return replace(term, due=None, extended=None, pauses=(*term.pauses, unknown))
            end = min(filter(None, (until, stopped)), default=today)
            if since > end or (term.last and since > term.last):
                continue
            paused += (days := self._between(since, end))
            told = step(
                "paused", "" if resumed else "still",
                day=since, until=end, version=suspended.version, n=days, unit=self.unit,
            )  # fmt: skip
            term = replace(
                term,
                due=self.recount(paused),
                extended=self._moved(term, since, end),
                pauses=(*term.pauses, told),
                suspended=resumed is None,
            )
        return term

    def _found(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
        """Each suspension of the clock, with its resumption if there was one."""
        begun: Entry | None = None
        for entry in entries:
            match entry.event:
                case CaseSuspended(clock=self.clock):
                    begun = begun or entry
                case CaseResumed(clock=self.clock) if begun:
                    yield begun, entry
                    begun = None
        if begun:
            yield begun, None

    def _moved(self, term: Term, since: date, end: date) -> date | None:
        """The day of an extension, moved by what a pause lasted after it was signed."""
        if term.extended is None or term.extension is None:
            return None
        days = self._between(max(since, day.exact(term.extension.event.on) or since), end)
        if days <= 0:
            return term.extended
        if self.unit == "working_days":
            return self.calendar.add_working_days(term.extended, days).day
        return self.calendar.add_calendar_days(term.extended, days).day

    def _between(self, since: date, end: date) -> int:
        return self.calendar.working_days_between(since, end) if self.unit == "working_days" else (end - since).days
