"""What a row of the table of clocks says, and how a stop belongs to its start.

The rows stand in ``clocks.toml`` (what the office itself does on a case, and what each part means), ``clocks_between_offices.toml``
(police, petition, hotline and the rest) and ``clocks_of_records.toml`` (an employer, a project, an inspection).  ``clocks.py``
reads a record by them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec

from domain.case import Case
from domain.case_asides import CaseIssued, CaseReferred
from domain.case_events import CaseClosed, CasePaid
from domain.event import Event
from domain.fingerprint import fingerprint
from domain.record import Entry
from domain.rules.derivation import Unit

Facts = dict[str, tuple[str | bool, ...]]

# What a row says


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event by name, with the facts it must have, must not have, or must give at all, and the words it must say."""

    event: str
    where: Facts = {}
    but: Facts = {}
    has: tuple[str, ...] = ()
    says: dict[str, tuple[str, ...]] = {}

    def fits(self, event: Event) -> bool:
        """Whether an event is of this sort."""
        return (
            type(event).__name__ == self.event
            and holds(event, self.where)
            and not any(event.fact(name) in values for name, values in self.but.items())
            and all(event.fact(name) is not None for name in self.has)
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
    setting: str | None = None
    stops: tuple[Match, ...] = ()
    ends: tuple[Match, ...] = ()
    cases: Facts = {}
    at_least: dict[str, int] = {}
    order: Facts = {}
    answers: Facts = {}
    needs: tuple[Match, ...] = ()
    unless: tuple[Match, ...] = ()
    only_if: tuple[Match, ...] = ()
    ties: Literal["", "document", "referral", "payment", "problem"] = ""
    each: bool = False
    roll: bool = True
    served: bool = False
    deemed: str | None = None
    after: str | None = None
    start_fact: str | None = None
    due_fact: str | None = None
    stop_fact: str | None = None
    extension: Extension | None = None
    pause: bool = False
    earliest: Literal["on", "after"] | None = None
    when_over: Literal["late", "met", "unknown"] = "late"

    @property
    def unverified(self) -> bool:
        """Whether the term is the office's to decide, and is not decided."""
        return self.setting is not None and self.n is None

    def missed(self, last: date, stopped: date) -> bool:
        """Whether a stop came on the wrong side of the last day: after it, or before a wait was over."""
        match self.earliest:
            case None:
                return stopped > last
            case "on":
                return stopped < last
            case "after":
                return stopped <= last


def holds(event: Event, facts: Facts) -> bool:
    """Whether an event has these facts."""
    return all(event.fact(name) in values for name, values in facts.items())


def any_fits(matches: Sequence[Match], event: Event) -> bool:
    """Whether an event is of one of these sorts."""
    return any(match.fits(event) for match in matches)


class Table:
    """Rows by their clock, and the clocks that a sort of event may start."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.starting: dict[str, frozenset[str]] = {}  # the names of the events that a clock may start on
        for row in rows:
            self.rows.setdefault(row.id, []).append(row)
            self.starting[row.id] = self.starting.get(row.id, frozenset()) | {match.event for match in row.starts}
        self.started_by: dict[str, list[str]] = {}  # the clocks that a sort of event may start
        for clock, events in self.starting.items():
            for event in events:
                self.started_by.setdefault(event, []).append(clock)


def _read(*pages: str) -> dict[str, list[Any]]:
    tables = [tomllib.loads(Path(__file__).with_name(page).read_text("utf-8")) for page in pages]
    return {"clock": [row for table in tables for row in table["clock"]]}


_PAGES = _read("clocks.toml", "clocks_between_offices.toml", "clocks_of_records.toml")
ROWS: tuple[Row, ...] = msgspec.convert(_PAGES["clock"], tuple[Row, ...])
RULES_DIGEST = fingerprint(_PAGES)
TABLE = Table(ROWS)

# How a stop belongs to its start


def answered(entries: Sequence[Entry], answer: Event) -> list[CaseReferred]:
    """The referrals an answer is to: the one it names, or any when it names none."""
    referrals = [entry.event for entry in entries if isinstance(entry.event, CaseReferred)]
    return [referral for referral in referrals if answer.fact("from_") in (referral.to, referral.kind)] or referrals


def same_document(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """A service is of the document it names, by its own number or the one it was made out under; one without is served by any."""
    own, served = start.event.fact("document_no"), stop.event.fact("document_no")
    issued = (entry.event for entry in entries if isinstance(entry.event, CaseIssued))
    return own in (served, None) or any((it.entry, it.document_no) == (start.version, served) for it in issued)


def _same_referral(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """An answer is to its referral; what is no answer ends any."""
    return stop.event.fact("from_") is None or start.event in answered(entries, stop.event)


def _paid_in_full(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """The sum ordered came in since the order, or nothing more is owed on the case."""
    if not isinstance(stop.event, CasePaid | CaseClosed):
        return True
    before = [entry for entry in entries if entry.version <= stop.version]
    balance = Case.replay(stop.originator_id, before).balance
    if isinstance(stop.event, CaseClosed):
        return not balance
    since = [e.event for e in before if e.version > start.version and isinstance(e.event, CasePaid)]
    paid = sum((payment.amount for payment in since if payment.kind == "arrears"), Decimal(0))
    ordered = start.event.fact("amount")
    return balance == 0 or (ordered is not None and paid >= ordered)


def _same_problem(entries: Sequence[Entry], start: Entry, stop: Entry) -> bool:
    """A problem is followed by what names it; what names none ends any."""
    return stop.event.fact("problem") in (start.event.fact("problem"), None)


TIES: dict[str, Callable[[Sequence[Entry], Entry, Entry], bool]] = {
    "": lambda entries, start, stop: True,
    "document": same_document,
    "referral": _same_referral,
    "payment": _paid_in_full,
    "problem": _same_problem,
}
