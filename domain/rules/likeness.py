"""How alike two clues are, out of a hundred: whether one may repeat the other (重复线索).

A person decides and links; nothing is ever merged.  The same phone or ID number says most, then the same employer on the same
project over the same months, then the same words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

POINTS = {"id_number": 60, "phone": 50, "employer": 25, "project": 15, "period": 10, "text": 20}
"""What each likeness counts; together at most a hundred."""
SHOWN_FROM = 25
"""A candidate below this is not shown: the same employer alone is worth a look."""


@dataclass(frozen=True)
class Clue:
    """What is compared of a clue."""

    employer: str | None = None  # its key
    project: str | None = None
    period_from: str | None = None
    period_to: str | None = None
    text: str = ""


def score(clue: Clue, other: Clue, same_person: Collection[str] = ()) -> tuple[int, list[str]]:
    """The score, and the reasons for it, gravest first."""
    reasons = [name for name in ("id_number", "phone") if name in same_person][:1]
    if clue.employer and clue.employer == other.employer:
        reasons.append("employer")
    if clue.project and clue.project == other.project:
        reasons.append("project")
    if overlaps(clue, other):
        reasons.append("period")
    points = sum(POINTS[name] for name in reasons)
    if likeness := similar(clue.text, other.text):
        points += round(POINTS["text"] * likeness)
        reasons += ["text"] if likeness >= 0.5 else []
    return min(points, 100), reasons


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
