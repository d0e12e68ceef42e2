"""The Chinese working-day calendar, and when a period counted on it runs out.

Each year's days off and make-up days (调休) stand in ``calendar/``, as the State Council published them; a further year is
added with ``CALENDAR.with_year``.  In a year not yet published Monday to Friday count as working days, without the
statutory days known by rule, and what is counted on them is *provisional*.  The starting day is never counted
(民事诉讼法 art. 85, 民法典 art. 201-203).
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from domain.day import plus_months
from domain.fingerprint import fingerprint
from domain.refused import Refused

DayOff = Literal["weekend", "holiday"]

_PAGES = Path(__file__).with_suffix("")
_ONE = timedelta(days=1)
_SATURDAY = 5


class DayOutOfPlace(Refused):
    """{day}不能列入{year}年放假安排:{problem}。

    {day} cannot stand in the arrangement for {year}: {problem_en}.
    """

    malformed = True


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's days off and make-up days; a notice may also move days of the December before."""

    year: int
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
    notice: str | None = None

    def __post_init__(self) -> None:
        for day in (*self.holidays, *self.make_up_days):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                self._refuse(day, "不在该年", "it is not in that year")
        for day in self.make_up_days:
            if day.weekday() < _SATURDAY:
                self._refuse(day, "调休上班日须为周末", "a make-up day falls on a weekend")
            if day in self.holidays:
                self._refuse(day, "既放假又上班", "it is both off and worked")

    def _refuse(self, day: date, problem: str, problem_en: str) -> None:
        raise DayOutOfPlace(day=day, year=str(self.year), problem=problem, problem_en=problem_en)


class Fixed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The statutory days that fall on the same day each year, while a text of the law is in force."""

    since: date
    law: str
    days: tuple[str, ...]


class Statutory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The statutory days off known by rule: fixed ones, and moving ones worked out year by year."""

    fixed: tuple[Fixed, ...] = ()
    moving: dict[str, tuple[date, ...]] = {}

    def days(self, year: int) -> frozenset[date]:
        """The days off in a year, with the working days given for those on a weekend (放假办法 art. 6, 适逢周末补假)."""
        rules = [rule for rule in self.fixed if rule.since.year <= year]
        fixed = max(rules, key=lambda rule: rule.since).days if rules else ()
        return _with_days_in_lieu(
            (*(date.fromisoformat(f"{year}-{day}") for day in fixed), *self.moving.get(str(year), ()))
        )


class Due(msgspec.Struct, frozen=True):
    """The last day of a period, and how it came about."""

    day: date
    provisional: bool = False  # it depends on a year not yet published
    skipped: tuple[tuple[date, DayOff], ...] = ()  # days that did not count, or could not be the last
    make_up_days: tuple[date, ...] = ()  # weekend days that did count, or could be the last


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, year by year as published."""

    years: tuple[Year, ...] = ()
    statutory: Statutory = field(default_factory=Statutory)

    def with_year(self, year: Year) -> Calendar:
        """The calendar with a further year, or with a year as published anew."""
        others = [known for known in self.years if known.year != year.year]
        return Calendar(tuple(sorted([*others, year], key=lambda known: known.year)), self.statutory)

    @cached_property
    def digest(self) -> str:
        """The fingerprint of everything that dates are counted on."""
        return fingerprint(msgspec.to_builtins({"years": self.years, "statutory": self.statutory}))

    def is_known(self, day: date) -> bool:
        """Whether the year of a day was published."""
        return day.year in self._published

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day; in a year not yet published, by rule."""
        named = self._named.get(day)
        return day.weekday() < _SATURDAY and not self._off_by_rule(day) if named is None else named

    def add_working_days(self, start: date, n: int) -> Due:
        """The n-th working day after a day; at most the last day there is, as for the other terms."""
        return self._added(start, n)

    @cached_property
    def _added(self) -> Callable[[date, int], Due]:
        # The same few terms run from the same few days in most of the cases of a list.
        return lru_cache(maxsize=2048)(self._add_working_days)

    def _add_working_days(self, start: date, n: int) -> Due:
        days, left = [start], n
        while left > 0 and days[-1] < date.max:
            days.append(days[-1] + _ONE)
            left -= self.is_working_day(days[-1])
        return self._due(days[-1], days[1:])

    def add_calendar_days(self, start: date, n: int, roll: bool = True) -> Due:
        """The n-th day after a day, or the first working day after that if it is a day off."""
        return self._last(date.fromordinal(min(start.toordinal() + n, date.max.toordinal())), roll)

    def add_months(self, start: date, n: int, roll: bool = True) -> Due:
        """The corresponding day n months later, or that month's last, or the first working day after."""
        return self._last(plus_months(start, n), roll)

    def working_days_between(self, a: date, b: date) -> int:
        """The working days after one day up to another; negative when the other came before."""
        if b < a:
            return -self.working_days_between(b, a)
        after, until = a.toordinal(), b.toordinal()
        years = (self._working_days(year) for year in range(a.year, b.year + 1))
        return sum(bisect_right(days, until) - bisect_right(days, after) for days in years)

    @cached_property
    def _working_days(self) -> Callable[[int], list[int]]:
        """The working days of a year, as ordinals."""
        return lru_cache(maxsize=256)(self._worked_in)

    def _worked_in(self, year: int) -> list[int]:
        return [day.toordinal() for day in _days(date(year, 1, 1), date(year, 12, 31)) if self.is_working_day(day)]

    @cached_property
    def _published(self) -> frozenset[int]:
        return frozenset(known.year for known in self.years)

    @cached_property
    def _named(self) -> dict[date, bool]:
        # A later year's notice speaks last on the December before it.
        named: dict[date, bool] = {}
        for known in self.years:
            named |= dict.fromkeys(known.holidays, False) | dict.fromkeys(known.make_up_days, True)
        return named

    def _last(self, last: date, roll: bool) -> Due:
        return self._rolled(last) if roll else Due(last, provisional=last == date.max)

    def _rolled(self, last: date) -> Due:
        day = next((day for day in _days(last, date.max) if self.is_working_day(day)), date.max)
        return self._due(day, [*_days(last, day)])

    def _due(self, day: date, passed: list[date]) -> Due:
        years = range(passed[0].year, passed[-1].year + 1) if passed else ()
        weekends = [day for day in passed if day.weekday() >= _SATURDAY]
        return Due(
            day,
            provisional=not self._published.issuperset(years),
            skipped=tuple((day, self._why(day)) for day in passed if not self.is_working_day(day)),
            make_up_days=tuple(day for day in weekends if self.is_working_day(day)),
        )

    def _why(self, day: date) -> DayOff:
        return "holiday" if day in self._named or self._off_by_rule(day) else "weekend"

    def _off_by_rule(self, day: date) -> bool:
        return not self.is_known(day) and day in self.statutory.days(day.year)


@lru_cache(maxsize=64)
def _with_days_in_lieu(statutory: tuple[date, ...]) -> frozenset[date]:
    off = set(statutory)
    for day in sorted(statutory):
        if day.weekday() >= _SATURDAY:
            off.add(next(d for d in _days(day, date.max) if d.weekday() < _SATURDAY and d not in off))
    return frozenset(off)


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _read(pages: Iterable[Path]) -> Calendar:
    years = [msgspec.convert(tomllib.loads(page.read_text("utf-8")), Year) for page in sorted(pages)]
    statutory = tomllib.loads((_PAGES / "statutory.toml").read_text("utf-8"))
    return Calendar(tuple(years), msgspec.convert(statutory, Statutory))


CALENDAR = _read(_PAGES.glob("[0-9]*.toml"))
