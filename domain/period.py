"""A closed period (封账): the figures of a report as they were signed off, kept with their stamp.

Later knowledge never changes them; it appears as a restatement beside them (``projections/closing.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from domain.event import Event, Note
from domain.facts import Division, Name, Sha256
from domain.record import Record, records, step
from domain.refused import Refused


class PeriodClosed(Event, frozen=True, kw_only=True):
    """{by}封账:报表{report},{since}至{until},区划{division},截至日志第{seq}条,SHA-256 {sha256}。

    {by} closed the period: report {report}, {since} to {until}, division {division}, up to journal line {seq}, SHA-256 {sha256}.
    """

    KIND: ClassVar[str | None] = "report"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"seq", "sha256", "body"})
    WORD, OPENS = "closed", True

    report: Name
    since: date
    until: date
    division: Division
    by_column: Name | None = None
    seq: int
    sha256: Sha256
    body: str  # the report's own JSON, to the byte

    def apply(self, period: Period) -> None:
        period.division, period.report, period.since, period.until = self.division, self.report, self.since, self.until
        period.by_column, period.seq, period.sha256, period.body = self.by_column, self.seq, self.sha256, self.body


class PeriodNotOver(Refused):
    """报表期间至{until},尚未结束,不能封账;请在{until}之后办理。

    The period ends on {until} and is not over; close it after that day.
    """

    malformed = True


class PeriodNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


@dataclass
class Period(Record, keeping=(PeriodNoted,)):
    """The figures of one report over one window, signed off."""

    lifecycle = {PeriodClosed: step(once=True)}

    report: str | None = None
    since: date | None = None
    until: date | None = None
    by_column: str | None = None
    seq: int = 0
    sha256: str | None = None
    body: str = ""

    SHOWN: ClassVar[tuple[str, ...]] = ("report", "since", "until", "by_column", "seq", "sha256")

    @property
    def number(self) -> str | None:
        return None

    @property
    def title(self) -> str:
        return f"{self.report} {self.since}–{self.until}"

    @records(PeriodClosed)
    def close(self, *, until: date, **facts: Any) -> None:
        """Close a period: its figures are kept with their stamp (封账)."""
        if until >= self.signature.today:
            raise PeriodNotOver(at="to", until=until)
