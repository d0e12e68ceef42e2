"""How each clock of a case stands on a day: met, running, late, or not to be judged.

The clocks stand in ``clocks.toml``, as dated rows of law.  Read here, in order: what a row says, how a stop belongs to
its start, what a reading says, and how it comes about; ``derivation.py`` tells the last in words.  Nothing is stored: a reading follows from the entries in force
(see ``domain.record.standing``) and the day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain import day
from domain.case import Case
from domain.case_events import CaseExtended, CaseOrdered, CasePaid, CaseReferred, CaseReopened, CaseServed
from domain.record import Entry, Event, sort_of
from domain.rules.calendar import CALENDAR, Calendar, Due, fingerprint
from domain.rules.derivation import Step, Unit, counted, step, told

State = Literal["running", "met", "late", "provisional", "unknown"]

# What a row says


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event by name, with the facts it must have or the words it must say."""

    event: str
    where: dict[str, tuple[str | bool, ...]] = {}
    says: dict[str, tuple[str, ...]] = {}

    def fits(self, event: Event) -> bool:
        """Whether an event is of this sort."""
        return (
            type(event).__name__ == self.event
            and _holds(event, self.where)
            and all(any(word in str(event.fact(name)) for word in words) for name, words in self.says.items())
        )


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By how much the head of the office may extend a clock, where the law prints a number."""

    n: int | None = None
    unit: Unit = "working_days"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clock as the law stood since a day; ``clocks.toml`` says what each part means."""

    id: str
    zh: str
    en: str
    law: str
    since: date
    unit: Unit
    starts: tuple[Match, ...]
    n: int | None = None
    stops: tuple[Match, ...] = ()
    ends: tuple[Match, ...] = ()
    cases: dict[str, tuple[str | bool, ...]] = {}
    order: dict[str, tuple[str | bool, ...]] = {}
    needs: tuple[Match, ...] = ()
    unless: tuple[Match, ...] = ()
    only_if: tuple[Match, ...] = ()
    ties: Literal["", "document", "referral", "payment"] = ""
    each: bool = False
    roll: bool = True
    served: bool = False
    deemed: str | None = None
    start_fact: str | None = None
    due_fact: str | None = None
    extension: Extension | None = None
    when_over: Literal["late", "met", "unknown"] = "late"
    unverified: bool = False


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
ROWS: tuple[Row, ...] = msgspec.convert(_TABLE["clock"], tuple[Row, ...])
RULES_DIGEST = fingerprint(_TABLE)


def _holds(event: Event, facts: dict[str, tuple[str | bool, ...]]) -> bool:
    return all(event.fact(name) in values for name, values in facts.items())


def _any_fits(matches: Sequence[Match], event: Event) -> bool:
    return any(match.fits(event) for match in matches)


# How a stop belongs to its start


def _same_document(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """A service is of the document it names; an order without a number is served by any."""
    return start.event.fact("document_no") in (stop.event.fact("document_no"), None)


def _same_referral(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """An answer is to the referral it names, or to any when it names none."""
    referrals = [entry.event for entry in entries if isinstance(entry.event, CaseReferred)]
    meant = [referral for referral in referrals if stop.event.fact("from_") in (referral.to, referral.kind)]
    return start.event in (meant or referrals)


def _paid_in_full(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """The sum ordered came in since the order, or nothing more is owed on the case."""
    before = [entry for entry in entries if entry.version <= stop.version]
    balance = Case.replay(stop.originator_id, before).balance
    if not isinstance(stop.event, CasePaid):
        return not balance
    since = [e.event for e in before if e.version > start.version and isinstance(e.event, CasePaid)]
    paid = sum((payment.amount for payment in since if payment.kind == "arrears"), Decimal(0))
    ordered = start.event.fact("amount")
    return balance == 0 or (ordered is not None and paid >= ordered)


TIES: dict[str, Callable[[Sequence[Entry], Entry, Entry], bool]] = {
    "": lambda entries, start, stop: True,
    "document": _same_document,
    "referral": _same_referral,
    "payment": _paid_in_full,
}

# What a reading says


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How one clock stands on a day, and why."""

    clock: str
    name_zh: str
    name_en: str
    started: date | None
    due: date | None  # as the law has it
    extended: date | None  # as the head of the office has it; judged against this one
    stopped: date | None
    state: State
    days_left: int | None  # in the clock's own unit; negative when late, None when there is nothing to wait for
    unit: Unit
    law: str
    late_originally: bool  # whatever was extended
    provisional: bool  # the due day depends on a year not yet published
    unverified: bool
    document_no: str | None
    derivation: list[Step]

    def explained(self, lang: str = "zh") -> list[str]:
        """The derivation in sentences."""
        return told(self.derivation, lang)


# How it comes about


def readings(
    entries: Sequence[Entry], *, today: date, calendar: Calendar = CALENDAR, rows: Sequence[Row] = ROWS
) -> list[Reading]:
    """Every clock that the entries in force have started, as it stands on a day."""
    return list(_Clocks(entries, today, calendar, rows).readings())


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
    rows: Sequence[Row]

    def readings(self) -> Iterator[Reading]:
        for clock in dict.fromkeys(row.id for row in self.rows):
            starts = list(self._starts(clock))
            for start, following in zip(starts, [*starts[1:], None], strict=False):
                yield self._reading(start, following.entry.version if following else None)

    def _starts(self, clock: str) -> Iterator[_Start]:
        """The entries that start a clock, in turn; unless it runs for each, the first since the case was opened."""
        begun = False
        for entry in self.entries:
            begun = begun and not isinstance(entry.event, CaseReopened)
            rows = [row for row in self.rows if row.id == clock and self._applies(row, entry)]
            if rows and not (begun and not rows[0].each) and (start := self._start(rows, entry)):
                begun = True
                yield start

    def _applies(self, row: Row, entry: Entry) -> bool:
        """Whether the case and what stands before the entry let it start the clock."""
        if not _any_fits(row.starts, entry.event):
            return False
        before = [earlier.event for earlier in self.entries if earlier.version < entry.version]
        return (
            _holds(self.entries[0].event, row.cases)
            and (not row.order or self._first_service(entry, row.order))
            and (not row.needs or any(_any_fits(row.needs, event) for event in before))
            and not any(_any_fits(row.unless, event) for event in before)
            and (not row.only_if or any(_any_fits(row.only_if, e.event) for e in self.entries))
            and all(entry.event.fact(name) is not None for name in (row.start_fact, row.due_fact) if name)
        )

    def _first_service(self, service: Entry, facts: dict[str, tuple[str | bool, ...]]) -> bool:
        """Whether a service is the first of an order with these facts."""
        orders = [
            entry
            for entry in self.entries
            if entry.version < service.version and isinstance(entry.event, CaseOrdered) and _holds(entry.event, facts)
        ]
        return any(self._service_of(order) == service for order in orders)

    def _service_of(self, order: Entry) -> Entry | None:
        return next(
            (
                entry
                for entry in self.entries
                if entry.version > order.version
                and isinstance(entry.event, CaseServed)
                and _same_document(self.entries, order, entry)
            ),
            None,
        )

    def _start(self, rows: list[Row], entry: Entry) -> _Start | None:
        """The start under the latest row in force on its day; none while no row was."""
        known_by = day.latest(entry.event.on) or self.today
        starts = [_Start(row, entry, *self._started(row, entry)) for row in rows]
        in_force = [start for start in starts if start.row.since <= (start.on.day if start.on else known_by)]
        return max(in_force, key=lambda start: start.row.since, default=None)

    def _started(self, row: Row, entry: Entry) -> tuple[Due | None, Step]:
        """The day a clock starts, and how that is told; a service by notice counts from the day it is deemed served."""
        if row.served:
            entry = self._service_of(entry) or entry
        event, on = entry.event, day.exact(entry.event.on)
        if row.start_fact:
            on = day.latest(event.fact(row.start_fact))
        by: dict[str, Any] = {"version": entry.version, "event": _word(event)}
        if on and row.deemed and event.fact("mode") == "notice":
            if deemed := self._deemed(row.deemed, on):
                return deemed, step("started", "deemed", **by, day=deemed.day, notice=on)
        elif on:
            return Due(on), step("started", **by, day=on)
        return None, step("started", "unknown", **by)

    def _deemed(self, clock: str, on: date) -> Due | None:
        rows = [row for row in self.rows if row.id == clock and row.since <= on]
        return self._due(max(rows, key=lambda row: row.since), Due(on)) if rows else None

    def _due(self, row: Row, start: Due, given: date | None = None) -> Due | None:
        """The due day of a clock; none while the office has not confirmed the term."""
        if row.unverified:
            return None
        due = self._count(row.unit, row.n, start.day, row.roll, given)
        return replace(due, provisional=True) if due and start.provisional and not given else due

    def _count(self, unit: Unit, n: int | None, start: date, roll: bool, given: date | None = None) -> Due | None:
        match unit, n:
            case "working_days", int():
                return self.calendar.add_working_days(start, n)
            case "calendar_days", int():
                return self.calendar.add_calendar_days(start, n, roll)
            case "months", int():
                return self.calendar.add_months(start, n, roll)
            case "same_day", _:
                return Due(start)
            case "given", _ if given:
                return Due(given)
        return None

    def _reading(self, start: _Start, until: int | None) -> Reading:
        row, entry = start.row, start.entry
        due = self._due(row, start.on, entry.event.fact(row.due_fact) if row.due_fact else None) if start.on else None
        extension = self._extension(row, entry, until) if due else None
        stop = self._stop(row, entry)
        stopped = day.exact(stop.event.on) if stop else None
        extended = extension.event.fact("due_on") if extension else None
        state = self._state(row, due, extended, stop, stopped)
        last = extended or (due.day if due else None)
        return Reading(
            clock=row.id,
            name_zh=row.zh,
            name_en=row.en,
            started=start.on.day if start.on else None,
            due=due.day if due else None,
            extended=extended,
            stopped=stopped,
            state=state,
            days_left=self._left(row.unit, last) if last and not stop and state not in ("met", "unknown") else None,
            unit=row.unit,
            law=row.law,
            late_originally=bool(due and self._late(row, due.day, stop, stopped)),
            provisional=bool(due and due.provisional and not extended),
            unverified=row.unverified,
            document_no=entry.event.fact("document_no") if row.each else None,
            derivation=list(self._derivation(start, due, extension, stop)),
        )

    def _extension(self, row: Row, start: Entry, until: int | None) -> Entry | None:
        """The last extension of a clock before it starts again."""
        if row.extension is None:
            return None
        extensions = [
            entry
            for entry in self.entries
            if entry.version > start.version
            and (until is None or entry.version < until)
            and isinstance(entry.event, CaseExtended)
            and entry.event.fact("clock") == row.id
        ]
        return extensions[-1] if extensions else None

    def _stop(self, row: Row, start: Entry) -> Entry | None:
        """The first entry after the start that stops its clock; the start itself where its day is a fact of it."""
        first = start.version if row.start_fact else start.version + 1
        return next(
            (
                entry
                for entry in self.entries
                if entry.version >= first
                and _any_fits((*row.stops, *row.ends), entry.event)
                and TIES[row.ties](self.entries, start, entry)
            ),
            None,
        )

    def _state(
        self, row: Row, due: Due | None, extended: date | None, stop: Entry | None, stopped: date | None
    ) -> State:
        if due is None or (stop and not stopped):
            return "unknown"
        last = extended or due.day
        if stopped:
            return "met" if stopped <= last else "late"
        if self.today > last:
            return row.when_over
        return "provisional" if due.provisional and not extended else "running"

    def _late(self, row: Row, due: date, stop: Entry | None, stopped: date | None) -> bool:
        if stop:
            return stopped is not None and stopped > due
        return row.when_over == "late" and self.today > due

    def _left(self, unit: Unit, last: date) -> int:
        if unit == "working_days":
            return self.calendar.working_days_between(self.today, last)
        return (last - self.today).days

    def _derivation(
        self, start: _Start, due: Due | None, extension: Entry | None, stop: Entry | None
    ) -> Iterator[Step]:
        """How a reading came about, step by step."""
        row = start.row
        yield start.step
        yield step(
            "rule", "unverified" if row.unverified else "",
            clock=row.id, law=row.law, since=row.since, n=row.n, unit=row.unit,
        )  # fmt: skip
        if due:
            yield from counted(due, "skipped" if row.unit == "working_days" else "rolled")
        if extension and due:
            at_most = row.extension and self._count(row.extension.unit, row.extension.n, due.day, row.roll)
            yield step(
                "extended", "limited" if at_most else "",
                day=extension.event.fact("due_on"), version=extension.version, at_most=at_most.day if at_most else None,
            )  # fmt: skip
        if stop:
            on = day.exact(stop.event.on)
            yield step("stopped", "" if on else "unknown", day=on, version=stop.version, event=_word(stop.event))


def _word(event: Event) -> str:
    return f"done_{sort_of(type(event))}"
