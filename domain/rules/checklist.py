"""The site checklist, and how grave what it shows is (核心制度检查与分级处置).

The items and the rungs of the ladder stand in ``checklist.toml``.  How grave a visit's results are decides what follows: a warning
tracked to its due day, a summons, joint punishment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from domain.codes import Severity

Act = Literal["warn", "summon", "punish"]

SEVERAL = 3  # 一般性问题 that together are a 制度性缺陷 [proposal]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing looked at on site; ``checklist.toml`` says what each part means."""

    code: str
    zh: str
    en: str
    severity: Severity
    pass_when_zh: str
    pass_when_en: str
    basis: str
    penalty: str | None = None
    escalates: Severity | None = None


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the office does about a severity."""

    severity: Severity
    act: Act
    zh: str
    en: str
    law: str


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found of an item; ``owing`` when wages were owed at the time."""

    item: str
    result: Literal["pass", "fail", "not_applicable", "not_checked"]
    owing: bool = False
    evidence: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)] | None = None

    def texts(self) -> Iterator[str]:
        """What was written in free text."""
        yield self.evidence or ""


_PAGE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
ITEMS = {item.code: item for item in msgspec.convert(_PAGE["item"], list[Item])}
LADDER = {rung.severity: rung for rung in msgspec.convert(_PAGE["rung"], list[Rung])}
DISPOSAL: dict[str, Act] = {severity: rung.act for severity, rung in LADDER.items()}


def severity(results: Iterable[Result], failed_before: Collection[str] = ()) -> Severity | None:
    """How grave the results are, given the items that failed before; None when nothing failed.  Raises ``KeyError``."""
    found = [(ITEMS[result.item], result) for result in results]
    failed = {(item.code, _of(item, result)) for item, result in found if result.result == "fail"}
    graves = {grave for _, grave in failed}
    minor = {code for code, grave in failed if grave == "G"}
    if "M" in graves:
        return "M"
    if "S" in graves or len(minor) >= SEVERAL or minor & set(failed_before):
        return "S"
    return "G" if minor else None


def _of(item: Item, result: Result) -> Severity:
    return item.escalates if item.escalates and result.owing else item.severity
