"""The journal: one typed line per event, in the official order.

The lines are what every statistic is made of, and what auditors search.  A correction gives the corrected event a second
line, in force from the moment the correction was known; a revocation ends the line and gives none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from domain import day
from domain.case_lifecycle import STEPS
from domain.event import Correction, Event, Revocation
from domain.record import Entry, standing
from domain.vocabulary import decode, encode

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""In force until further notice."""


class Stored(NamedTuple):
    """An event as the projector reads it."""

    seq: int
    record: UUID
    version: int
    event: str
    state: bytes
    recorded_at: datetime


class Line(NamedTuple):
    """A line of the journal; the columns of the table, in their order."""

    seq: int
    revision: int
    record: UUID
    sort: str
    version: int
    event: str
    kind: str | None
    happened: str | None
    happened_on: date | None
    happened_from: date | None
    happened_by: date
    recorded_at: datetime
    known_from: datetime
    known_until: datetime
    officer: str
    role: str
    office: str
    division: str
    amount: Any
    persons: int | None
    found: Any
    found_persons: int | None
    step: int | None
    due_on: date | None
    document: str | None
    target: str | None
    handlers: str | None
    answer: str | None
    money: str | None
    final: bool | None
    contacted: bool | None
    rebound: bool | None
    complainant: str | None
    employer: str | None
    employer_key: str | None
    project: str | None
    industry: str | None
    number: str | None
    source: str | None
    summary: str | None
    warnings: str | None
    word: str | None
    title: str | None
    team: str | None
    related: str | None
    severity: str | None
    outcome: str | None
    leaflets: int | None
    consultations: int | None
    results: str | None
    confidential: bool
    data: str


COLUMNS = Line._fields


def entry_of(stored: Stored) -> Entry:
    """The entry behind a stored event.  Raises what ``vocabulary.decode`` raises."""
    return Entry(stored.record, stored.version, decode(stored.event, stored.state), stored.recorded_at)


def line(stored: Stored) -> Line:
    """The line of an event as it was recorded."""
    return typed(stored.seq, entry_of(stored), state=stored.state)


def typed(seq: int, entry: Entry, *, state: bytes, revision: int = 0, known_from: datetime | None = None) -> Line:
    """An entry as a line: the columns statistics need, and the rest as data."""
    event, recorded_at = entry.event, entry.recorded_at
    assert recorded_at is not None
    name, sort, plan = _plan(type(event))
    row: list[Any] = [
        seq, revision, entry.originator_id, sort, entry.version, name,
        event.kind, event.on, day.exact(event.on), day.earliest(event.on), entry.happened_by, recorded_at,
        known_from or recorded_at, FOREVER, event.by, event.role, event.office, event.division,
    ]  # fmt: skip
    row += [None] * (len(COLUMNS) - len(row))
    for place, fact, put in plan:
        if (value := getattr(event, fact)) is not None and value != ():
            row[place] = put(value) if put else value
    if (word := event.word) is not None:
        row[_WORD] = word
        if sort == "case":
            row[_STEP] = STEPS[word]
    row[_CONFIDENTIAL] = event.confidential
    if event.warnings:
        row[_WARNINGS] = ",".join(event.warnings)
    row[_DATA] = state.decode()
    return Line._make(row)


_STEP, _WARNINGS, _DATA = COLUMNS.index("step"), COLUMNS.index("warnings"), COLUMNS.index("data")
_WORD, _CONFIDENTIAL = COLUMNS.index("word"), COLUMNS.index("confidential")

# Which fact fills which column; the later of two wins, so that an amount beats a fine.
_FILLED: tuple[tuple[str, str, Callable[[Any], Any] | None], ...] = (
    ("due_on", "due_on", None),
    ("document", "document_no", None),
    ("document", "problem", None),  # what ties an entry to the one it answers
    ("document", "signal", None),
    ("target", "to_office", None),
    ("target", "to", str),
    ("target", "from_", None),
    ("handlers", "inspectors", ",".join),
    ("handlers", "officers", ",".join),
    ("answer", "finding", None),
    ("answer", "result", None),
    ("answer", "satisfaction", None),
    ("money", "money_received", None),
    ("final", "final", None),
    ("final", "mended", None),
    ("title", "name", None),
    ("title", "topic", None),
    ("team", "team", ",".join),
    ("related", "projects", lambda ids: ",".join(map(str, ids))),
    ("related", "campaign", str),
    ("related", "project_id", str),
    ("related", "draw", str),
    ("severity", "severity", None),
    ("severity", "level", None),
    ("outcome", "outcome", None),
    ("leaflets", "leaflets", None),
    ("consultations", "consultations", None),
    ("results", "results", lambda results: ",".join(f"{each.item}:{each.result}" for each in results)),
    ("contacted", "contacted", None),
    ("rebound", "rebound", None),
    ("complainant", "complainant_kind", None),
    ("employer", "contractor", lambda employer: employer.name),
    ("employer_key", "contractor", lambda employer: employer.key),
    ("employer", "employer", lambda employer: employer.name),
    ("employer_key", "employer", lambda employer: employer.key),
    ("project", "project", None),
    ("industry", "industry", None),
    ("number", "number", None),
    ("source", "source", None),
    ("summary", "summary", None),
    ("amount", "fine", None),
    ("found", "amount_confirmed", None),
    ("found", "amount_found", None),
    ("found_persons", "persons_confirmed", None),
    ("found_persons", "persons_found", None),
)


@cache
def _plan(event: type[Event]) -> tuple[str, str, list[tuple[int, str, Callable[[Any], Any] | None]]]:
    """The name of an event, the sort of record it is of, and which of its facts fill which columns."""
    filled = (*_FILLED, ("amount", event.AMOUNT, None), ("persons", event.PERSONS, None))
    sort = re.findall("[A-Z][a-z]+", event.__name__)[0].lower()
    return (
        event.__name__,
        sort,
        [(COLUMNS.index(column), fact, put) for column, fact, put in filled if hasattr(event, fact)],
    )


def amended(entries: Iterable[Entry], seqs: dict[int, int], amending: Entry) -> tuple[int, Line | None]:
    """What a correction or a revocation does: the seq whose line ends, and the line in its place, if any.

    ``entries`` are those of the record up to the amending one, ``seqs`` their official numbers by version.
    """
    event = amending.event
    assert isinstance(event, Correction | Revocation)
    assert amending.recorded_at is not None
    wrong = seqs[event.version]
    now = {e.version: e for e in standing(entries, version=amending.version)}
    if (entry := now.get(event.version)) is None or isinstance(event, Revocation):
        return wrong, None
    put_right = typed(
        wrong, entry, state=encode(entry.event), revision=amending.version, known_from=amending.recorded_at
    )
    return wrong, put_right
