"""Division codes (GB/T 2260) by the names a published case prints: province, city, county.

The list is python-stdnum's, which keeps former names with their years; a name that fits no code, or several, gives none.
"""

from __future__ import annotations

import re
from functools import cache

from stdnum import numdb

from domain.codes import COUNTRY

_SUFFIX = re.compile(r"(省|市|自治区|特别行政区|壮族自治区|回族自治区|维吾尔自治区)$")


def division(province: str | None, city: str | None = None, county: str | None = None) -> str:
    """The most exact code the names give; ``000000`` when they give none."""
    places = _places()
    candidates = {code for code, names in places.items() if code.endswith("0000") and _named(province, names)}
    if len(candidates) != 1:
        return COUNTRY
    [found] = candidates
    inside = {code: names for code, names in places.items() if code[:2] == found[:2] and code != found}
    cities = [code for code, names in inside.items() if code.endswith("00") and _named(city, names)]
    if len(cities) == 1:
        [found] = cities
        inside = {code: names for code, names in inside.items() if code[:4] == found[:4]}
    counties = [code for code, names in inside.items() if not code.endswith("00") and _named(county, names)]
    return counties[0] if len(counties) == 1 else found


def counties(city: str) -> tuple[str, ...]:
    """The counties a city has today: ``620500`` has seven."""
    tree = next((children for low, _, _, children in _prefixes() if low == city[:2]), [])
    return tuple(
        f"{city[:2]}{tail}"
        for tail, names in tree
        if tail[:2] == city[2:4]
        and tail[2:] != "00"
        and any("-]" in name for name in names.split(","))
        and "市辖区" not in names
    )


@cache
def name_of(division: str) -> str:
    """The name a division has today: ``620502`` is 秦州区; a code that is none is its own name."""
    if division == COUNTRY:
        return "全国"
    found = _latest().get(division) or _latest().get(f"{division[:2]}0000")
    return found or division


@cache
def _latest() -> dict[str, str]:
    """Every code with the name it has, or had last."""
    named: dict[str, str] = {}
    for number, _length, info, children in _prefixes():
        named[f"{number}0000"] = info["province"]
        for tail, names in children:
            every = names.split(",")
            last = next((name for name in every if "-]" in name.partition("]")[0] + "]"), every[-1])
            named[number + tail] = re.sub(r"^\[[\d-]*\]", "", last)
    return named


def _named(name: str | None, names: list[str]) -> bool:
    return bool(name) and any(name == known or _SUFFIX.sub("", known) == _SUFFIX.sub("", str(name)) for known in names)


@cache
def _places() -> dict[str, list[str]]:
    """Every code with the names it ever had."""
    places: dict[str, list[str]] = {}
    for number, _length, info, children in _prefixes():
        places[f"{number}0000"] = [info["province"]]
        for tail, names in children:
            if tail != "0000":
                places[number + tail] = [re.sub(r"^\[[\d-]*\]", "", name) for name in names.split(",")]
    return places


def _prefixes() -> list[tuple[str, int, dict[str, str], list[tuple[str, str]]]]:
    """stdnum's tree of prefixes, flattened to provinces and what lies in them."""
    found = []
    for _length, low, _high, info, children in numdb.get("cn/loc").prefixes:
        inside = [(start, facts.get("county", "")) for _, start, _, facts, _ in children]
        found.append((low, 2, dict(info), inside))
    return found
