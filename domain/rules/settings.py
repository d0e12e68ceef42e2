"""The numbers the law leaves open: what each is, and what the office has decided it to be since when.

What a setting means, and what a new office may begin with, stands in ``settings.toml``.  A proposal is never a value: until the
office has decided there is none, and whoever needs one says so.  A decision is dated; what it replaced still holds for the days
before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from domain.fingerprint import fingerprint
from domain.money import yuan

Unit = Literal["working_days", "days", "months", "hours", "yuan", "percent", "count", "flag"]

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_TIME = re.compile(r"[0-9]{1,4}")


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number the law leaves open; ``settings.toml`` says what each part means."""

    name: str
    zh: str
    en: str
    unit: Unit
    source: str
    proposed: str | None = None


class Decided(msgspec.Struct, frozen=True):
    """A value the office has decided, and the day from which it holds."""

    name: str
    value: str
    since: date


def _read(page: Path) -> dict[str, Setting]:
    rows = msgspec.convert(tomllib.loads(page.read_text("utf-8"))["setting"], list[Setting])
    return {row.name: row for row in rows}


SETTINGS = _read(Path(__file__).with_suffix(".toml"))


def valid(name: str, value: str) -> bool:
    """Whether a value is one the setting can have.  Raises ``KeyError`` where there is no such setting."""
    match SETTINGS[name].unit:
        case "flag":
            return value in ("0", "1")
        case "yuan":
            return yuan(value) is not None
        case "percent":
            return bool(_PERCENT.fullmatch(value)) and Decimal(value) <= 100
        case "count":
            return bool(_COUNT.fullmatch(value)) and int(value) > 0
        case _:
            return bool(_TIME.fullmatch(value)) and int(value) > 0


@dataclass(frozen=True, eq=False)
class Settings:
    """What the office has decided, in the order it was decided."""

    decided: Iterable[Decided] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "decided", tuple(self.decided))

    def value(self, name: str, on: date) -> Decimal | None:
        """The value in force on a day; None while the office has not decided.  Raises ``KeyError``."""
        return self._found(SETTINGS[name].name, on)

    def flag(self, name: str, on: date) -> bool:
        """Whether a thing is allowed on a day; while the office has not decided it is not.  Raises ``KeyError``."""
        return self.value(name, on) == 1

    def in_force(self, on: date) -> dict[str, Decimal]:
        """Every value in force on a day."""
        found = ((name, self._in_force(name, on)) for name in SETTINGS)
        return {name: value for name, value in found if value is not None}

    @cached_property
    def digest(self) -> str:
        """The fingerprint of everything that was decided."""
        return fingerprint(self._values)

    @cached_property
    def _found(self) -> Callable[[str, date], Decimal | None]:
        # A list asks the same few of every line.
        return lru_cache(maxsize=1024)(self._in_force)

    def _in_force(self, name: str, on: date) -> Decimal | None:
        held = self._values.get(name, {})
        since = max((day for day in held if day <= on.isoformat()), default=None)
        return Decimal(held[since]) if since else None

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, str]]:
        # By name, then by the day since; what was decided later for the same day takes the place of the earlier.
        values: dict[str, dict[str, str]] = {}
        for decided in self.decided:
            values.setdefault(decided.name, {})[decided.since.isoformat()] = decided.value
        return values


PROPOSED = Settings(
    Decided(setting.name, setting.proposed, date(2004, 12, 1))
    for setting in SETTINGS.values()
    if setting.proposed is not None
)
"""All that is proposed, as if decided when 国令423 came into force: for tests and the demo city only."""
