"""Days as old papers give them: ``2018-05-30``, ``2018-05``, ``2018``, or not at all.

An imprecise day stays imprecise: nothing here fills in a month or a day.  What can be said for sure
are its bounds, and these decide whether something had *surely* happened by a day, or inside a window.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone
from functools import lru_cache

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""What a day on a paper may be; anything else is a slip of the pen."""
PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


def legal_day(instant: datetime) -> date:
    """The legal day (Asia/Shanghai) in which an instant falls."""
    return instant.astimezone(SHANGHAI).date()


def day_start(day: date) -> datetime:
    """The instant at which a legal day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def moment(text: str) -> datetime | None:
    """The instant a text means: one of RFC 3339, or a day, meaning its end; None where it means none."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return day_start(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return None


@lru_cache(maxsize=8192)
def exact(on: str | None) -> date | None:
    """The day, if the paper gives one to the day; otherwise None."""
    return date.fromisoformat(on) if on and len(on) == 10 else None


@lru_cache(maxsize=8192)
def earliest(on: str | None) -> date | None:
    """The first day it can have been; None when nothing is known."""
    if not on:
        return None
    year, month, day = _parts(on)
    return date(year, month or 1, day or 1)


@lru_cache(maxsize=8192)
def latest(on: str | None) -> date | None:
    """The last day it can have been; None when nothing is known."""
    if not on:
        return None
    year, month, day = _parts(on)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def plus_months(start: date, months: int) -> date:
    """The corresponding day so many months later, or that month's last day (民法典 art. 202); at most the last day there is."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if year > MAXYEAR else date.min
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def valid(on: str) -> bool:
    """Whether a text is a day, a month or a year that exists."""
    if not re.fullmatch(PATTERN, on):
        return False
    try:
        first = earliest(on)
    except ValueError:
        return False
    return first is not None and FIRST_YEAR <= first.year <= LAST_YEAR


def _parts(on: str) -> tuple[int, int | None, int | None]:
    parts = [int(part) for part in on.split("-")]
    year, month, day = (*parts, None, None)[:3]
    assert year is not None
    return year, month, day
