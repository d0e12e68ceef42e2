"""The rulebook (规则簿): what the office has decided where the law leaves a number open, and the years of the calendar.

One record for the whole office.  A decision is dated: it holds from ``since``, and never changes what an old case was held to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import msgspec

from domain import day
from domain.event import Event, Note, Text
from domain.facts import Name
from domain.record import Record, records, step
from domain.refused import Refused
from domain.rules.calendar import CALENDAR, Calendar, DayOutOfPlace, Year
from domain.rules.escalation import RULES, NotARule, Rule, parsed
from domain.rules.settings import SETTINGS, Decided, Settings, valid

FIRST_YEAR, LAST_YEAR = 2004, 2100
"""The years a calendar may be loaded for: since the law that this office works by (国令423), and no slip of the pen."""

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
    """{by}载入{year}年放假安排[({notice})][,替换原有安排:{replaces}]:放假{holidays}[,上班{make_up_days}](批准人{approved_by})。

    {by} loaded the days off of {year}[ ({notice})][, in place of the earlier ones: {replaces}]: off {holidays}[, worked
    {make_up_days}] (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "year_code"

    year: int
    holidays: tuple[date, ...]
    approved_by: Name
    make_up_days: tuple[date, ...] = ()
    notice: Name | None = None
    replaces: bool = False  # a year that was published before

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


class AnotherRule(Refused):
    """修订内容是规则“{found}”(自{found_since}起),不是“{rule}”(自{since}起)。

    The content is the rule "{found}" since {found_since}, not "{rule}" since {since}.
    """

    malformed = True


class YearOutOfRange(Refused):
    """只能载入{first}年至{last}年的放假安排,不能载入{year}年。

    The days off of {first} to {last} may be loaded, not those of {year}.
    """

    malformed = True


class YearPublished(Refused):
    """{year}年放假安排已经公布;确需替换的,请注明替换(replaces)。

    The days off of {year} are published already; say so (replaces) if they are to be replaced.
    """


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
    def escalation(self) -> list[Rule]:
        """The rules of escalation: the law's and those the office has made; what an earlier release let in and is no rule proposes
        nothing."""
        return [*RULES, *self._amended()]

    def _amended(self) -> Iterator[Rule]:
        for content in self.rules:
            with suppress(NotARule):
                yield parsed(content)

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
    def load(
        self,
        *,
        year: int,
        holidays: Any,
        approved_by: str,
        make_up_days: Any = (),
        replaces: bool = False,
        **facts: Any,
    ) -> None:
        """Load a year of the calendar, as the State Council published it (载入放假安排)."""
        self._another_approver(approved_by)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise YearOutOfRange(at="year", year=str(year), first=str(FIRST_YEAR), last=str(LAST_YEAR))
        Year(year, tuple(holidays), tuple(make_up_days))
        for at, days in (("holidays", holidays), ("make_up_days", make_up_days)):
            if twice := next((day for nth, day in enumerate(days) if day in days[:nth]), None):
                raise DayOutOfPlace(at=at, day=twice, year=str(year), problem="重复", problem_en="it is given twice")
        if not replaces and self.calendar.is_known(date(year, 1, 1)):
            self.doubt(YearPublished(at="year", year=str(year)))

    @records(RulebookAmended)
    def amend(self, *, rule: str, since: date, content: str, approved_by: str, **facts: Any) -> None:
        """Amend an escalation rule (修订提级规则); try it over the past cases first."""
        self._another_approver(approved_by)
        found = parsed(content)
        if (found.id, found.since) != (rule, since):
            raise AnotherRule(at="content", found=found.id, found_since=found.since, rule=rule, since=since)
        self._not_back(since)

    def _not_back(self, since: date) -> None:
        if (on := day.latest(self.signature.on)) and since < on:
            self.doubt(BackdatedRule(at="since", since=since, on=on))
        elif since < self.signature.today:
            self.warn("backdated_rule")  # decided earlier, written down only now: lawful, and for the auditors to see
