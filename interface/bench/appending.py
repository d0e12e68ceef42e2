"""What it costs to record an action: the office beside a raw INSERT of the same bytes, alone and eight at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from uuid import uuid4

import psycopg

from application.office import Command
from domain.record import Entry
from domain.vocabulary import encode, stored_name
from interface.bench import library
from interface.bench.crew import Crew, Once
from interface.bench.ground import INSERT, NOTE, clue, opened, signature, slow_disk
from interface.bench.table import Line, Trial, in_turn, line, share

RAW, SAVE, ACT, LIBRARY = "raw INSERT", "Application.save", "Office.act", "eventsourcing default"
TARGET = share(0.6)


def append(trial: Trial) -> list[Line]:
    """The disk as it is."""
    return _compared(trial, "append", "", (RAW, SAVE, ACT, LIBRARY))


def append_slowly(trial: Trial) -> list[Line]:
    """A disk that needs 2 ms to flush."""
    with slow_disk(trial.url):
        return _compared(trial, "slow-disk", ", 2 ms disk", (RAW, SAVE, ACT))


def _compared(trial: Trial, group: str, where: str, names: tuple[str, ...]) -> list[Line]:
    ways = {name: partial(_WAYS[name], trial.url) for name in names}
    lines = []
    with Crew() as crew:
        for together, writers in ((False, "1 writer"), (True, "8 writers")):
            rates = {name: partial(crew.rate, make, trial.seconds, together=together) for name, make in ways.items()}
            found = in_turn(trial, f"{writers}{where}", rates)
            for name in names[1:]:
                target = None if name == LIBRARY else TARGET
                lines.append(line(group, f"{name}, {writers}{where}", found[name], RAW, found[RAW], target=target))
    return lines


@contextmanager
def raw(url: str, place: int) -> Iterator[Once]:
    """One prepared INSERT on a held connection."""
    event = _note()
    name, state, record, versions = stored_name(event.event), encode(event.event), uuid4(), count(1)
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor(binary=True) as cursor:

        def once() -> object:
            return cursor.execute(INSERT, (record, next(versions), name, state), prepare=True).fetchone()

        yield once


@contextmanager
def saving(url: str, place: int) -> Iterator[Once]:
    """An entry decided before, saved by ``Application.save`` and our recorder."""
    with opened(url) as office:
        case = clue()
        office.save(*case.pending)
        event, versions = _note().event, count(2)

        def once() -> object:
            return office.save(Entry(case.id, next(versions), event), command=uuid4())

        yield once


@contextmanager
def acting(url: str, place: int) -> Iterator[Once]:
    """A note decided by the law of a held case, recorded, and the case as it left it."""
    with opened(url) as office:
        case, signed = clue(), signature()
        office.save(*case.pending)
        case.pending = []

        def once() -> None:
            nonlocal case
            case = office.act(case, "note", dict(NOTE), signed, Command.new()).case

        yield once


def _note() -> Entry:
    case = clue()
    case.note(**NOTE)
    return case.pending[-1]


_WAYS = {RAW: raw, SAVE: saving, ACT: acting, LIBRARY: library.appending}
