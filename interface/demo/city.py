"""The places, the firms, the officers and the working days of the demo city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from domain.powers import Actor
from domain.rules.calendar import CALENDAR
from domain.uscc import check_character

SEED = 620500
CASES = 2081
CITY = "620500"
SINCE, UNTIL = date(2025, 1, 1), date(2025, 4, 10)
"""The window of the article; nothing of the city itself lies outside it."""

# Counties and offices


class County(NamedTuple):
    """A county of the city: its name in full and in papers, and its share of a hundred firms."""

    name: str
    short: str
    share: int


COUNTIES = {
    "620502": County("秦州区", "秦州", 30),
    "620503": County("麦积区", "麦积", 26),
    "620522": County("秦安县", "秦安", 13),
    "620523": County("甘谷县", "甘谷", 12),
    "620524": County("武山县", "武山", 9),
    "620521": County("清水县", "清水", 6),
    "620525": County("张家川回族自治县", "张家川", 4),
}

ACCOUNTS = (
    ("lead.03", "inspector_lead", "620503-hrss", "620503"),
    ("keeper.transport", "project_keeper", "620500-transport", "620500"),
    ("keeper.water", "project_keeper", "620500-water", "620500"),
    ("office.02", "office_head", "620502-hrss", "620502"),
    ("police.1", "legal_reviewer", "620500-police", "620500"),
    ("intake.1", "intake", "620502-hrss", "620502"),
    ("dispatch.1", "dispatcher", "620500-hrss", "620500"),
    ("lead.1", "inspector_lead", "620502-hrss", "620502"),
    ("second.1", "inspector_second", "620502-hrss", "620502"),
    ("legal.1", "legal_reviewer", "620502-hrss", "620502"),
    ("head.1", "body_head", "620502-hrss", "620502"),
    ("office.1", "office_head", "620500-hrss", "620500"),
    ("cadre.1", "lead_cadre", "620500-task_force", "620500"),
    ("super.1", "supervisor", "620500-rights_centre", "620500"),
    ("revisit.1", "revisit_officer", "620500-rights_centre", "620500"),
    ("keeper.1", "project_keeper", "620500-housing", "620500"),
    ("audit.1", "auditor", "620500-discipline", "620500"),
)
"""Who may log in: officer, role, office, division."""

_DESKS = {"intake": "intake", "inspector_lead": "lead", "inspector_second": "second", "body_head": "head"}
_CITY = {
    role: Actor(officer, role, office, division)
    for officer, role, office, division in ACCOUNTS
    if division == CITY and role not in ("project_keeper", "legal_reviewer")
}


@cache
def officer(role: str, division: str) -> Actor:
    """Who does such a thing in a county, or in the city where only the city has such an officer."""
    if role in _CITY:
        return _CITY[role]
    which = "1" if division == "620502" else division[-2:]
    return Actor(f"{_DESKS[role]}.{which}", role, f"{division}-hrss", division)


@cache
def team(division: str) -> tuple[str, str]:
    """The two inspectors who go out together."""
    return officer("inspector_lead", division).officer, officer("inspector_second", division).officer


# Firms

FIRMS = 320
INSPECTED = 284
"""So many of them were inspected, the first ones; the others only stand in clues that nobody has verified."""
BY_CASES = 230
"""So many of those because of a clue; the rest by inspections of their own."""
_WITHOUT_CODE = 16  # every sixteenth is a crew without a licence

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_TRADES = (
    ("建筑工程", "housing"), ("路桥", "transport"), ("建筑劳务", "housing"), ("水利水电", "water"), ("装饰装修", "housing"),
    ("餐饮服务", "other"), ("市政工程", "housing"), ("新能源", "energy"), ("农业科技", "agriculture"), ("机械制造", "other"),
)  # fmt: skip


class Firm(NamedTuple):
    """An invented employer; every name is one of the sixty pairs of stems and branches and a trade."""

    number: int
    division: str
    name: str
    industry: str
    uscc: str | None

    @property
    def employer(self) -> dict[str, Any]:
        return {"name": self.name, "uscc": self.uscc} if self.uscc else {"name": self.name}


@cache
def firms() -> Sequence[Firm]:
    """The firms of the city, each in a county."""
    of_hundred = [division for division, county in COUNTIES.items() for _ in range(county.share)]
    return tuple(_firm(number, of_hundred[number * 37 % 100]) for number in range(FIRMS))


def _firm(number: int, division: str) -> Firm:
    pair = _STEMS[number % 10] + _BRANCHES[number % 12]
    trade, industry = _TRADES[(number + number // 60) % len(_TRADES)]
    if number % _WITHOUT_CODE == _WITHOUT_CODE - 1:
        return Firm(number, division, f"{pair}{trade}施工班组", industry, None)
    return Firm(number, division, f"{COUNTIES[division].short}{pair}{trade}有限公司", industry, _code(division, number))


def _code(division: str, number: int) -> str:
    """A credit code with its right check character, whose organisation part no registry has given out."""
    body = f"91{division}MA7{number:05d}X"
    return body + check_character(body)


# Days


@cache
def working_days(since: date, until: date) -> Sequence[str]:
    """The days on which offices work, from one day to another."""
    every = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(day.isoformat() for day in every if CALENDAR.is_working_day(day))


def later(day: str, days: int) -> date:
    """A calendar day so many days later."""
    return date.fromisoformat(day) + timedelta(days=days)


DAYS = working_days(SINCE, UNTIL)
"""The working days the article tells of."""
