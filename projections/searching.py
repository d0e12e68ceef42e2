"""Searching the journal: every event as it was recorded, newest first, by who, what, when, and some words in it.

A journal is long, and most of what can be asked has no index: it would cost every entry something, for the few times an auditor asks.  So
a search goes back through the journal window by window until it has a page of lines, or its time is over; then it says from where to go
on.  Of a record or of an officer the entries are found by index: the journal is one window.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import chain, repeat
from typing import Any, NamedTuple

from domain.day import day_start
from domain.powers import covered
from projections.pages import Query
from projections.views import Views, decoded, encoded, liked

SECONDS = 0.15
"""After so long no further window is begun."""
WINDOWS = (5_000, 50_000)
"""So many lines are looked through at once: first, and then each time."""
EQUAL = ("officer", "event", "kind", "office", "record")
INDEXED = ("officer", "record")


class Lines(NamedTuple):
    """Lines that were found, and where to go on: there may be fewer than were asked for."""

    rows: list[dict[str, Any]]
    further: str | None


def search(
    views: Views, filters: Mapping[str, Any], *, divisions: str, limit: int, cursor: str | None = None,
    seconds: float = SECONDS, windows: tuple[int, ...] = WINDOWS,
) -> Lines:  # fmt: skip
    """A page of the journal.  Raises ``NotACursor``."""
    where, behind, until = _where(filters, divisions), decoded(cursor), time.monotonic() + seconds
    sql = f"SELECT * FROM journal WHERE {where.sql} AND seq < %(behind)s AND seq >= %(first)s ORDER BY seq DESC LIMIT %(most)s"
    by_index = any(filters.get(name) is not None for name in INDEXED)
    rows: list[dict[str, Any]] = []
    for first in [0] if by_index else _windows(views, behind, windows):
        asked = {**where.parameters, "behind": behind, "first": first, "most": limit + 1 - len(rows)}
        rows += views.ask(Query(sql, asked), again=False)
        if len(rows) > limit:
            return Lines(rows[:limit], encoded(rows[limit - 1]["seq"]))
        behind = first
        if time.monotonic() > until:
            return Lines(rows, encoded(behind) if _first(views, behind, 1) is not None else None)
    return Lines(rows, None)


def _windows(views: Views, behind: int, sizes: tuple[int, ...]) -> Iterator[int]:
    """Where each window begins, back to the first entry there is."""
    for size in chain(sizes, repeat(sizes[-1])):
        first = _first(views, behind, size)
        if first is None:
            return
        yield first
        behind = first


def _first(views: Views, behind: int, window: int) -> int | None:
    """The first entry of the window before an entry; None where there is none before it."""
    sql = "SELECT min(seq) AS first FROM (SELECT seq FROM journal WHERE seq < %(behind)s ORDER BY seq DESC LIMIT %(window)s) latest"
    [row] = views.ask(Query(sql, {"behind": behind, "window": window}))
    found: int | None = row["first"]
    return found


def _where(filters: Mapping[str, Any], divisions: str) -> Query:
    given = {name: value for name, value in filters.items() if value is not None}
    where = ["revision = 0", "division LIKE %(divisions)s"] + [
        f"{name} = %({name})s" for name in EQUAL if name in given
    ]
    if "division" in given:
        where.append("division LIKE %(division)s")
        given["division"] = covered(given["division"]) + "%"
    if "from" in given:
        where.append("happened_by >= %(from)s")
    if "to" in given:
        where.append("happened_by <= %(to)s")
    if "on" in given:
        where.append("happened_on = %(on)s")
    if day := given.get("recorded_on"):
        where.append("recorded_at >= %(recorded_since)s AND recorded_at < %(recorded_until)s")
        given |= {"recorded_since": day_start(day), "recorded_until": day_start(day + timedelta(days=1))}
    if words := given.get("q"):
        where.append(_says(words))
        given["q"] = liked(words)
    return Query(" AND ".join(where), {**given, "divisions": divisions + "%"})


def _says(words: str) -> str:
    """Whether some words stand in what was said: a summary, a remark, a reason, the number of a paper; never in the name of a fact.

    What is not written in an entry at all is not looked for part by part; a quotation mark is written otherwise than it is said.
    Large and small letters are alike, where there are any; of Chinese that is not asked, for it takes three times as long.
    """
    like = "ILIKE" if words.lower() != words.upper() else "LIKE"
    said = f"EXISTS (SELECT FROM jsonb_path_query(data::jsonb, '$.** ? (@.type() == \"string\")') said WHERE said #>> '{{}}' {like} %(q)s)"
    written = "true" if set(words) & set('"\\') else f'data::text COLLATE "C" {like} %(q)s'
    return f"CASE WHEN {written} THEN {said} ELSE false END"
