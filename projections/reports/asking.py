"""What a report is asked for, what it is, and the little arithmetic that all of them share.

Nothing is rounded before it is shown, a rate over nothing is null, and a group without a name is null.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from domain.day import plus_months
from domain.powers import Scope

Values = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: days are legal days, both ends counted; ``known`` is an instant."""

    since: date
    until: date
    division: str
    on: date | None = None
    known: datetime | None = None
    by: str | None = None  # one of the report's own columns to group by
    yoy: bool = False  # beside the same window a year before
    industry: str | None = None  # only what a regulator answers for
    office: str | None = None  # only what an office was given
    groups: tuple[str, ...] = ()  # groups that are shown even when nothing is in them
    confidant: bool = False  # may know of what is about an official

    @property
    def broadly(self) -> bool:
        """Whether it asks of a county and more, not by what would tell of whom: so much may be told to everybody of what is about an
        official."""
        return self.by in (None, "record", "division", "month") and not (self.industry or self.office)

    def told(self, today: date) -> tuple[date, date]:
        """The days over which that is told: to a confidant all, to others the whole months.

        With a window, a day or a moment that can be moved by one day, two answers side by side would tell when it was.  What goes up to
        today as things stand is told as it stands.
        """
        if self.confidant:
            return self.since, self.until
        first = self.since if self.since.day == 1 else plus_months(self.since.replace(day=1), 1)
        if self.until >= today and self.on is None and self.known is None:
            return first, self.until
        ordinal = min(self.until, today).toordinal()
        after = date.fromordinal(min(ordinal + 1, date.max.toordinal())).replace(day=1)
        return first, date.fromordinal(max(after.toordinal() - 1, 1))

    @classmethod
    def within(cls, scope: Scope, **asked: Any) -> Asked:
        """What somebody may ask within their scope."""
        office = scope.offices[0] if scope.divisions is None else None
        return cls(**asked, industry=scope.industry, office=office)


@dataclass(frozen=True)
class Figure:
    """What a figure means, in both languages."""

    zh: str
    en: str
    setting: tuple[str, ...] = ()  # numbers of the office's own that it hangs on


@dataclass(frozen=True)
class Report:
    """A named statistic: its page, how a row of it becomes figures, and what each means."""

    name: str
    page: str
    figures: dict[str, Figure]
    shaped: Callable[[dict[str, Any]], Values]
    by: tuple[str, ...] = ()  # what it may be grouped by
    groups: dict[str, dict[str, str]] = field(default_factory=dict)  # by each part of the page: what that is, in SQL
    record: str = "j.record"  # the columns that tell what is in sight
    industry: str = "j.industry"
    parts: dict[str, str] = field(default_factory=dict)  # columns that are many alike, written out
    touched: str = "true"  # which cases can have anything to do with a window
    answer: str = ""  # the last SELECT, of a page that has several
    power: str = "reports"  # what one needs, to read it
    confidential: frozenset[str] = frozenset()  # figures that count what is about an official

    def withheld(self, asked: Asked, today: date) -> frozenset[str]:
        """The figures the asker may not know so closely, or has not asked a whole month of."""
        first, last = asked.told(today)
        return frozenset() if asked.confidant or (asked.broadly and first <= last) else self.confidential

    @property
    def nothing(self) -> Values:
        """The figures of a group in which nothing happened."""
        return self.shaped(defaultdict(lambda: None))


def percent(numerator: Decimal | int, denominator: Decimal | int) -> float | None:
    """A percentage to one decimal, half up; None when there is nothing to divide by."""
    if not denominator:
        return None
    return float((Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def tenths(value: Any) -> float | None:
    """A number to one decimal, half up."""
    return None if value is None else float(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def yuan(amount: Decimal | int | None) -> str:
    """An amount as it is shown: yuan with two places."""
    return str(Decimal(amount or 0).quantize(Decimal("0.01")))


def change(this: Any, last: Any) -> Any:
    """F21, the change against a year before in percent: of a number, of a rate, of each figure in a group of figures."""
    if isinstance(this, dict) and isinstance(last, dict):
        if "value" in this:
            return change(_exact(this), _exact(last))
        return {name: change(value, last[name]) for name, value in this.items() if name in last}
    old, new = _number(last), _number(this)
    return None if old is None or new is None else percent(new - old, old)


def _exact(rate: dict[str, Any]) -> Decimal | None:
    """A rate before it was rounded."""
    numerator, denominator = _number(rate["numerator"]), _number(rate["denominator"])
    if rate["value"] is None or numerator is None or not denominator:
        return None
    return numerator / denominator


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    return Decimal(str(value))
