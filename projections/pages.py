"""A read model is a page of SQL: one SELECT over the journal, run live, as of a day, and in a rebuild.

The page says ``FROM journal``; which lines that means is said around it: those in force now, those of a few records, or
those that had happened by a day and were known at a moment.  ``FROM {journal}`` means every line there ever was.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from domain.case_events import CaseReceived, CaseReopened
from domain.case_lifecycle import ENDINGS, STEPS

FOLDER = Path(__file__).parent / "pages"
IN_FORCE = "known_until > now() + interval '1 year'"

_OPENERS = sorted({STEPS[str(event.WORD)] for event in (CaseReceived, CaseReopened)})
_ENDINGS = sorted(STEPS[str(event.WORD)] for event in ENDINGS)
_WORDS = "CASE step " + " ".join(f"WHEN {number} THEN '{word}'" for word, number in STEPS.items()) + " END"
_PACKED = re.compile(r"\{day\((\w+)(?:, (\w+))?\)\}")


class Query(NamedTuple):
    """A statement and its parameters."""

    sql: str
    parameters: dict[str, Any]


@cache
def page(name: str) -> str:
    """The text of a page, with the law's own numbers and words in it."""
    text = (FOLDER / f"{name}.sql").read_text("utf-8")
    text = "\n".join(row for row in text.splitlines() if not row.startswith("--"))
    text = _PACKED.sub(_day, text)
    for name, steps in (("{openers}", _OPENERS), ("{endings}", _ENDINGS)):
        text = text.replace(name, ", ".join(map(str, steps)))
    return text.replace("{words}", f"ELSE {_WORDS}")


def _day(packed: re.Match[str]) -> str:
    """The day packed into a place, where it is known to the day; of a place only if it came after another."""
    place, after = packed.groups()
    later = f" AND {place} > {after}" if after else ""
    return f"CASE WHEN mod({place}, 100000) < 99999{later} THEN DATE '1900-01-01' + CAST(mod({place}, 100000) AS integer) END"


def over(name: str, where: str = IN_FORCE, *, journal: str = "qingxin.journal") -> str:
    """The page over some of the journal's lines."""
    return f"WITH journal AS (SELECT * FROM {journal} WHERE {where}) {page(name).replace('{journal}', journal)}"


def as_of(on: date | None = None, known: datetime | None = None) -> Query:
    """Which lines count: what had surely happened by a day, as it was known at a moment; without either, as it stands."""
    if on is None and known is None:
        return Query(IN_FORCE, {})
    where: list[str] = []
    parameters: dict[str, Any] = {}
    if known is None:
        where.append(IN_FORCE)
    else:
        where.append("known_from <= %(known)s AND known_until > %(known)s")
        parameters["known"] = known
    if on is not None:
        where.append("happened_by <= %(on)s")
        parameters["on"] = on
    return Query(" AND ".join(where), parameters)
