"""How each clock of a record stands on a day: met, running, late, or not to be judged.

The clocks are dated rows of law (``clock_rows.py``).  Read here, in order: what a reading says, which entry starts a clock, on
which day and under which row, by when it is to be answered (``terms.py``), and how it stands; ``derivation.py`` tells it in words.
Nothing is stored: a reading follows from the entries in force (see ``domain.record.standing``), the day, and what the office had
decided by the day the clock started.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_
from datetime import date
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain import day
from domain.case_asides import CasePursued
from domain.case_events import CaseExtended, CaseOrdered, CaseReopened, CaseServed
from domain.employer import EmployerExtended
from domain.event import Event, sort_of
from domain.record import Entry
from domain.rules.calendar import CALENDAR, Calendar, Due
from domain.rules.clock_rows import (
    ROWS,
    RULES_DIGEST,
    TABLE,
    TIES,
    Extension,
    Facts,
    Match,
    Row,
    Table,
    answered,
    any_fits,
    holds,
    same_document,
)
from domain.rules.derivation import Step, Unit, step, told
from domain.rules.settings import Settings
from domain.rules.terms import Pauses, Term, count

__all__ = ["ROWS", "RULES_DIGEST", "TIES", "Extension", "Match", "Reading", "Row", "State", "readings"]

State = Literal["running", "met", "late", "provisional", "unknown"]

EXTENDED = (CaseExtended, EmployerExtended)
UNDECIDED = Settings()

_version = attrgetter("originator_version")

# What a reading says


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How one clock stands on a day, and why."""

    clock: str
    name_zh: str
    name_en: str
    started: date | None
    due: date | None  # as the law has it, moved by what it was suspended
    extended: date | None  # as the head of the office has it, moved as well; judged against this one
    stopped: date | None
    state: State
    days_left: int | None  # in the clock's own unit; negative when late, None when there is nothing to wait for
    unit: Unit
    law: str
    late_originally: bool  # whatever was extended
    provisional: bool  # the due day depends on a year not yet published
    unverified: bool
    document_no: str | None  # the paper, or the problem, that a clock of each is about
    derivation: list[Step]
    setting: str | None = None  # the office's own number that the term is

    def explained(self, lang: str = "zh") -> list[str]:
        """The derivation in sentences."""
        return told(self.derivation, lang)


# How it comes about


def readings(
    entries: Sequence[Entry],
    *,
    today: date,
    calendar: Calendar = CALENDAR,
    rows: Sequence[Row] = ROWS,
    settings: Settings = UNDECIDED,
    clocks: Container[str] | None = None,
    running: bool = False,
) -> list[Reading]:
    """Every clock that the entries in force have started, as it stands on a day; or those asked for, or those not answered yet."""
    table = TABLE if rows is ROWS else Table(rows)
    return list(_Clocks(entries, today, calendar, table, settings).readings(clocks, running=running))


@dataclass(frozen=True)
class _Start:
    """An entry that starts a clock: under which row, on which day."""

    row: Row
    entry: Entry
    on: Due | None  # None when the day is not known to the day
    step: Step


@dataclass(frozen=True)
class _Clocks:
    entries: Sequence[Entry]
    today: date
    calendar: Calendar
    table: Table
    settings: Settings

    def readings(self, clocks: Container[str] | None = None, *, running: bool = False) -> Iterator[Reading]:
        begun = {clock for name in self._by_name for clock in self.table.started_by.get(name, ())}
        for clock, rows in self.table.rows.items():
            if clock not in begun or (clocks is not None and clock not in clocks):
                continue
            starts = list(self._starts(rows))
            for start, following in zip(starts, [*starts[1:], None], strict=False):
                stop = self._stop(start.row, start.entry)
                if not (running and stop):
                    yield self._reading(start, following.entry.version if following else None, stop)

    @cached_property
    def _by_name(self) -> dict[str, list[Entry]]:
        """The entries by the name of their event: most clocks ask for one or two."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(type(entry.event).__name__, []).append(entry)
        return found

    def _named(self, names: Iterable[str]) -> list[Entry]:
        """The entries whose events bear these names, in order."""
        found = [entry for name in {*names} for entry in self._by_name.get(name, ())]
        return sorted(found, key=_version)

    # Which entry starts a clock

    def _starts(self, rows: Sequence[Row]) -> Iterator[_Start]:
        """The entries that start a clock, in turn; unless it runs for each, the first since the case was opened."""
        begun = False
        for entry in self._named({*self.table.starting[rows[0].id], "CaseReopened"}):
            begun = begun and not isinstance(entry.event, CaseReopened)
            fitting = [row for row in rows if (row.each or not begun) and self._applies(row, entry)]
            if fitting and (start := self._start(fitting, entry)):
                begun = True
                yield start

    def _applies(self, row: Row, entry: Entry) -> bool:
        """Whether the record and what stands before the entry let it start the clock."""
        event = entry.event
        return (
            any_fits(row.starts, event)
            and not event.confidential
            and holds(self.entries[0].event, row.cases)
            and all((self.entries[0].event.fact(name) or 0) >= least for name, least in row.at_least.items())
            and (not row.order or self._first_service(entry, row.order))
            and (not row.answers or any(holds(each, row.answers) for each in answered(self.entries, event)))
            and (not row.needs or any(any_fits(row.needs, earlier) for earlier in self._before(entry)))
            and not (row.unless and any(any_fits(row.unless, earlier) for earlier in self._before(entry)))
            and (not row.only_if or any(any_fits(row.only_if, e.event) for e in self.entries))
            and all(event.fact(name) is not None for name in (row.start_fact, row.due_fact) if name)
        )

    def _before(self, entry: Entry) -> Iterator[Event]:
        return (earlier.event for earlier in self.entries if earlier.version < entry.version)

    def _first_service(self, service: Entry, facts: Facts) -> bool:
        """Whether a service is the first of an order with these facts."""
        orders = [
            entry
            for entry in self.entries
            if entry.version < service.version and isinstance(entry.event, CaseOrdered) and holds(entry.event, facts)
        ]
        return any(self._service_of(order) == service for order in orders)

    def _service_of(self, order: Entry) -> Entry | None:
        return next(
            (
                entry
                for entry in self.entries
                if entry.version > order.version
                and isinstance(entry.event, CaseServed)
                and same_document(self.entries, order, entry)
            ),
            None,
        )

    # On which day, under which row

    def _start(self, rows: Iterable[Row], entry: Entry) -> _Start | None:
        """The start under the latest row in force on its day; none while no row was."""
        known_by = day.latest(entry.event.on) or self.today
        starts = [_Start(row, entry, *started) for row in rows if (started := self._started(row, entry))]
        in_force = [start for start in starts if start.row.since <= (start.on.day if start.on else known_by)]
        latest = max(in_force, key=lambda start: start.row.since, default=None)
        return self._decided(latest, known_by) if latest and latest.row.setting else latest

    def _decided(self, start: _Start, known_by: date) -> _Start:
        """The start with the term as the office had decided it on that day, if it had."""
        assert start.row.setting
        value = self.settings.value(start.row.setting, start.on.day if start.on else known_by)
        return start if value is None else with_(start, row=replace(start.row, n=int(value)))

    def _started(self, row: Row, entry: Entry) -> tuple[Due | None, Step] | None:
        """The day a clock starts, and how that is told; a service by notice counts from the day it is deemed served."""
        if row.after:
            return self._ran_out(row, row.after, entry)
        if row.served:
            entry = self._service_of(entry) or entry
        event, on = entry.event, day.exact(entry.event.on)
        if row.start_fact:
            fact = event.fact(row.start_fact)
            on = fact if isinstance(fact, date) else day.latest(fact)
        by: dict[str, Any] = {"version": entry.version, "event": _word(event)}
        if on and row.deemed and event.fact("mode") == "notice":
            if deemed := self._deemed(row.deemed, on):
                return deemed, step("started", "deemed", **by, day=deemed.day, notice=on)
        elif on:
            return Due(on), step("started", **by, day=on)
        return None, step("started", "unknown", **by)

    def _deemed(self, clock: str, on: date) -> Due | None:
        rows = [row for row in self.table.rows.get(clock, ()) if row.since <= on]
        return self._due(max(rows, key=lambda row: row.since), Due(on)) if rows else None

    def _ran_out(self, row: Row, clock: str, entry: Entry) -> tuple[Due, Step] | None:
        """The last day of another clock that the entry started, once it has passed with neither clock answered."""
        base = self._start([each for each in self.table.rows.get(clock, ()) if self._applies(each, entry)], entry)
        due = self._due(base.row, base.on) if base and base.on else None
        if base is None or due is None or due.day >= self.today:
            return None
        for answered_by in (base.row, row):
            if stop := self._stop(answered_by, entry):
                stopped = self._stopped(answered_by, stop)
                if stopped is None or stopped <= due.day:
                    return None
        return due, step("started", "ran_out", version=entry.version, clock=clock, day=due.day)

    # By which day

    def _due(self, row: Row, start: Due, given: date | None = None, paused: int = 0) -> Due | None:
        """The due day of a clock; none while the office has not decided the term."""
        due = count(self.calendar, row.unit, row.n, start.day, roll=row.roll, given=given, paused=paused)
        return replace(due, provisional=True) if due and start.provisional and not given else due

    def _reading(self, start: _Start, until: int | None, stop: Entry | None) -> Reading:
        row, entry = start.row, start.entry
        stopped = self._stopped(row, stop) if stop else None
        term = self._term(start, until, stopped)
        due, last = term.due, term.last
        state = self._state(row, term, stop, stopped)
        return Reading(
            clock=row.id,
            name_zh=row.zh,
            name_en=row.en,
            started=start.on.day if start.on else None,
            due=due.day if due else None,
            extended=term.extended,
            stopped=stopped,
            state=state,
            days_left=self._left(row.unit, last) if last and not stop and state not in ("met", "unknown") else None,
            unit=row.unit,
            law=row.law,
            late_originally=bool(due and self._late(row, due.day, term, stop, stopped)),
            provisional=bool(due and due.provisional and not term.extended),
            unverified=row.unverified,
            document_no=(entry.event.fact("document_no") or entry.event.fact("problem")) if row.each else None,
            derivation=list(self._derivation(start, term, stop, stopped)),
            setting=row.setting,
        )

    def _term(self, start: _Start, until: int | None, stopped: date | None) -> Term:
        """By when a clock is to be answered: as the law has it, as it was extended, as it was suspended."""
        row, entry, on = start.row, start.entry, start.on
        given = entry.event.fact(row.due_fact) if row.due_fact else None
        due = self._due(row, on, given) if on else None
        if on is None or due is None:
            return Term(due, due)
        following = [e for e in self.entries if e.version > entry.version and (until is None or e.version < until)]
        extension = self._extension(row, following)
        term = Term(due, due, extension, extension.event.fact("due_on") if extension else None)
        if not row.pause:
            return term
        pauses = Pauses(row.id, row.unit, self.calendar, lambda paused: self._due(row, on, given, paused))
        return pauses.move(term, following, today=self.today, stopped=stopped)

    def _extension(self, row: Row, following: Sequence[Entry]) -> Entry | None:
        """The last extension of a clock before it starts again."""
        if row.extension is None:
            return None
        extensions = [e for e in following if isinstance(e.event, EXTENDED) and e.event.clock == row.id]
        return extensions[-1] if extensions else None

    def _stop(self, row: Row, start: Entry) -> Entry | None:
        """The first entry after the start that stops its clock; where the start is a fact, any entry may have, or the start itself."""
        first = start.version + 1 if not row.start_fact else start.version if row.each else 0
        matches = (*row.stops, *row.ends)
        return next(
            (
                entry
                for entry in self._named(match.event for match in matches)
                if entry.version >= first
                and any_fits(matches, entry.event)
                and not entry.event.confidential
                and TIES[row.ties](self.entries, start, entry)
            ),
            None,
        )

    def _stopped(self, row: Row, stop: Entry) -> date | None:
        fact = stop.event.fact(row.stop_fact) if row.stop_fact else None
        return fact if isinstance(fact, date) else day.exact(stop.event.on)

    # How it stands

    def _state(self, row: Row, term: Term, stop: Entry | None, stopped: date | None) -> State:
        if term.due is None or term.last is None or (stop and not stopped):
            return "unknown"
        if stopped:
            return "late" if row.missed(term.last, stopped) else "met"
        if self.today > term.last and not term.suspended:
            return row.when_over
        return "provisional" if term.due.provisional and not term.extended else "running"

    def _late(self, row: Row, due: date, term: Term, stop: Entry | None, stopped: date | None) -> bool:
        if stop:
            return stopped is not None and row.missed(due, stopped)
        return row.when_over == "late" and self.today > due and not term.suspended

    def _left(self, unit: Unit, last: date) -> int:
        if unit == "working_days":
            return self.calendar.working_days_between(self.today, last)
        return (last - self.today).days

    def _derivation(self, start: _Start, term: Term, stop: Entry | None, stopped: date | None) -> Iterator[Step]:
        """How a reading came about, step by step."""
        row, more = start.row, start.row.extension
        yield start.step
        yield step(
            "rule", "unverified" if row.unverified else "decided" if row.setting else "",
            clock=row.id, law=row.law, since=row.since, n=row.n, unit=row.unit, setting=row.setting,
        )  # fmt: skip
        at_most = (
            count(self.calendar, more.unit, more.n, term.original.day, roll=row.roll)
            if more and term.original
            else None
        )
        yield from term.told("skipped" if row.unit == "working_days" else "rolled", at_most)
        if stop:
            early = row.earliest and stopped and term.last and row.missed(term.last, stopped)
            reason = "unknown" if stopped is None else "early" if early else ""
            yield step("stopped", reason, day=stopped, version=stop.version, event=_word(stop.event))


def _word(event: Event) -> str:
    return event.kind if isinstance(event, CasePursued) else _done(type(event))


@lru_cache(maxsize=256)
def _done(event: type[Event]) -> str:
    return f"done_{sort_of(event)}"
