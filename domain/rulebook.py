"""The rulebook (规则簿): what the office has decided where the law leaves a number open, and the years of the calendar.

One record for the whole office.  A decision is dated: it holds from ``since``, and never changes what an old case was held to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import msgspec

from domain import day
from domain.event import Event, Note, Text
from domain.facts import Name
from domain.record import Record, records, step
from domain.refused import Refused
from domain.rules.calendar import CALENDAR, Calendar, Year
from domain.rules.settings import SETTINGS, Decided, Settings, valid

# What can happen to it


class RulebookDecided(Event, frozen=True, kw_only=True):
    """{by}确定{name}为{value}(自{since}起),依据:{basis}(批准人{approved_by})。

    {by} set {name} to {value} since {since}, on the basis of {basis} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "name"

    name: Name
    value: Name
    since: date
    basis: Text
    approved_by: Name

    def apply(self, rulebook: Rulebook) -> None:
        rulebook.decided.append(Decided(self.name, self.value, self.since))


class RulebookLoaded(Event, frozen=True, kw_only=True):
    """{by}载入{year}年放假安排[({notice})]:放假{holidays},上班{make_up_days}。

    {by} loaded the days off of {year}[ ({notice})]: off {holidays}, worked {make_up_days}.
    """

    KIND: ClassVar[str | None] = "year_code"

    year: int
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
    notice: Name | None = None

    @property
    def year_code(self) -> str:
        return str(self.year)

    def apply(self, rulebook: Rulebook) -> None:
        rulebook.years.append(Year(self.year, self.holidays, self.make_up_days, self.notice))


class RulebookAmended(Event, frozen=True, kw_only=True):
    """{by}修订提级规则{rule}(自{since}起),依据:{basis}(批准人{approved_by})。

    {by} amended the escalation rule {rule} since {since}, on the basis of {basis} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "rule"

    rule: Name
    since: date
    content: Text  # the rule as one row of JSON: see domain/rules/escalation.py
    basis: Text
    approved_by: Name

    def apply(self, rulebook: Rulebook) -> None:
        rulebook.rules.append(self.content)


class RulebookNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


# What is refused


class NoSuchSetting(Refused):
    """没有“{name}”这项设置。

    There is no setting "{name}".
    """

    malformed = True


class NotAValue(Refused):
    """“{value}”不是{name}的有效取值。

    "{value}" is no value for {name}.
    """

    malformed = True


class BackdatedRule(Refused):
    """规则不得溯及既往:{since}早于{on}。

    A rule never reaches back: {since} is before {on}, the day it was decided.
    """


@dataclass
class Rulebook(Record, keeping=(RulebookNoted,)):
    """What the office has decided."""

    lifecycle = {RulebookDecided: step(), RulebookLoaded: step(), RulebookAmended: step()}

    decided: list[Decided] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    SHOWN: ClassVar[tuple[str, ...]] = ("in_force", "loaded_years")
    number: ClassVar[str | None] = None
    title: ClassVar[str] = "规则簿"

    @property
    def settings(self) -> Settings:
        return Settings(self.decided)

    @property
    def calendar(self) -> Calendar:
        """The published years, and those loaded since."""
        calendar = CALENDAR
        for year in self.years:
            calendar = calendar.with_year(year)
        return calendar

    @property
    def in_force(self) -> list[dict[str, Any]]:
        return [msgspec.to_builtins(decided) for decided in self.decided]

    @property
    def loaded_years(self) -> list[int]:
        return sorted({year.year for year in self.years})

    @records(RulebookDecided)
    def decide(self, *, name: str, value: str, since: date, approved_by: str, **facts: Any) -> None:
        """Decide a number that the law leaves open (确定设置)."""
        self._another_approver(approved_by)
        if name not in SETTINGS:
            raise NoSuchSetting(at="name", name=name)
        if not valid(name, value):
            raise NotAValue(at="value", name=name, value=value)
        self._not_back(since)

    @records(RulebookLoaded)
    def load(self, *, year: int, holidays: Any, make_up_days: Any, notice: str | None = None) -> None:
        """Load a year of the calendar, as the State Council published it (载入放假安排)."""
        Year(year, tuple(holidays), tuple(make_up_days), notice)

    @records(RulebookAmended)
    def amend(self, *, since: date, content: str, approved_by: str, **facts: Any) -> None:
        """Amend an escalation rule (修订提级规则); try it over the past cases first."""
        self._another_approver(approved_by)
        self._not_back(since)

    def _not_back(self, since: date) -> None:
        if (on := day.exact(self.signature.on)) and since < on:
            self.doubt(BackdatedRule(at="since", since=since, on=on))
