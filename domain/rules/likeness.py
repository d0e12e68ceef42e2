"""How alike two clues are, out of a hundred: whether one may repeat the other (重复线索).

A person decides and links; nothing is ever merged.  The same phone or ID number says most, then the same employer on the same
project over the same months, then the same words.  Names are heard at a counter: one without its 有限公司, or without the county before
it, is worth a look as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

POINTS = {
    "id_number": 60, "phone": 50, "employer": 25, "employer_alike": 25, "project": 15, "project_alike": 10, "period": 10, "text": 20,
}  # fmt: skip
"""What each likeness counts; together at most a hundred."""
SHOWN_FROM = 25
"""A candidate below this is not shown: the same employer alone is worth a look."""


@dataclass(frozen=True)
class Clue:
    """What is compared of a clue."""

    employer: str | None = None  # its key
    name: str | None = None  # of the employer
    project: str | None = None
    period_from: str | None = None
    period_to: str | None = None
    text: str = ""


def score(clue: Clue, other: Clue, same_person: Collection[str] = ()) -> tuple[int, list[str]]:
    """The score, and the reasons for it, gravest first."""
    reasons = [name for name in ("id_number", "phone") if name in same_person][:1]
    if clue.employer and clue.employer == other.employer:
        reasons.append("employer")
    elif alike(clue.name, other.name):
        reasons.append("employer_alike")
    if clue.project and clue.project == other.project:
        reasons.append("project")
    elif alike(clue.project, other.project):
        reasons.append("project_alike")
    if overlaps(clue, other):
        reasons.append("period")
    points = sum(POINTS[name] for name in reasons)
    if likeness := similar(clue.text, other.text):
        points += round(POINTS["text"] * likeness)
        reasons += ["text"] if likeness >= 0.5 else []
    return min(points, 100), reasons


LEAST = 4
"""A name of fewer characters says too little to be looked for within another."""
ALIKE_FROM = 0.75
_FORM = re.compile(r"(股份|有限|责任|集团|公司|项目|工程|工地|部)+$")
_MARK = re.compile(r"[\W_]+")


def core(name: str | None) -> str:
    """A name without what many are called by: 有限公司, 项目部; without marks, and in half width."""
    return _FORM.sub("", _MARK.sub("", unicodedata.normalize("NFKC", name or "").lower()))


def alike(name: str | None, other: str | None) -> bool:
    """Whether two names may be of one: the same at core, one within the other, or nearly of the same characters."""
    one, two = sorted((core(name), core(other)), key=len)
    within = len(one) >= LEAST and one in two
    return bool(one) and (one == two or within or similar(one, two) >= ALIKE_FROM)


def overlaps(clue: Clue, other: Clue) -> bool:
    """Whether both name the months of the wages, and the months meet."""
    if not (clue.period_from and other.period_from):
        return False
    return clue.period_from <= (other.period_to or "9999") and other.period_from <= (clue.period_to or "9999")


def similar(text: str, other: str) -> float:
    """Jaccard's index of the pairs of characters of two texts: 1 when they are the same, 0 when nothing is."""
    pairs, others = _pairs(text), _pairs(other)
    return len(pairs & others) / len(pairs | others) if pairs and others else 0.0


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
