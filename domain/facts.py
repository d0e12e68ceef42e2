"""Kinds of facts that events of more than one record share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
# ``$`` also matches before a line break at the end, which ``(?!\n)`` forbids; ECMA, as OpenAPI has it, knows no ``\Z``.
Month = Annotated[str, Meta(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]))?(?!\n)$")]
Division = Annotated[str, Meta(pattern=r"^[0-9]{6}(?!\n)$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}(?!\n)$")]
Tail = Annotated[str, Meta(pattern=r"^[0-9]{4}(?!\n)$")]
"""The last four digits of an account, as papers print them."""
Officers = tuple[Name, ...]


class Employer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who owes the wages; ``uscc`` is the 18-character code or the old 15-digit number, empty for an individual."""

    name: Name
    uscc: Annotated[str, Meta(max_length=18)] | None = None

    def texts(self) -> Iterable[str]:
        yield self.name

    @property
    def key(self) -> str:
        """What tells one employer from another: its code, or else its name."""
        return self.uscc or self.name


class Hit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that a case met: which, as in force since when, by which thresholds, for what was found."""

    rule: Name
    since: date
    conditions: tuple[Name, ...]
    thresholds: dict[str, str] = {}
    found: dict[str, str] = {}

    @property
    def name(self) -> str:
        return self.rule
