"""The statutory papers (文书): which there are, which entry each puts in writing, and how its number is written.

The papers stand in ``papers.toml``.  A number is ``{机关代字}{文种}字〔{year}〕第{N}号``.  N has four places: so do the numbers other
provinces publish (粤人社监列决字〔2026〕0001号), and numbers of one year then sort as text.  A register belongs to an authority, a kind
of paper and a year: two offices that call themselves by the same 代字 share it, so that no number is ever given twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from domain.codes import PaperKind
from domain.event import Event
from domain.words import word

Form = Literal["document", "sheet", "record"]


class Put(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sort of entry that a paper puts in writing; of some kinds only, where it names them; in words of its own, where it has any."""

    event: str
    kind: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    def fits(self, event: str, kind: str | None) -> bool:
        return self.event == event and (not self.kind or kind in self.kind)


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper; ``papers.toml`` says what each part means."""

    code: PaperKind
    form: Form
    law: str
    since: date
    puts: tuple[Put, ...]
    mark: str | None = None
    title: str | None = None
    to: str | None = None
    text: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    receipt: str | None = None
    contact: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    boxes: tuple[tuple[str, str, str], ...] = ()
    opinions: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    lines: int = 0
    discipline: bool = False

    @property
    def numbered(self) -> bool:
        return self.mark is not None

    @property
    def heading(self) -> str:
        """What stands at the head of the paper."""
        return self.title or word(self.code, "zh", "paper")

    def puts_in_writing(self, event: str, kind: str | None) -> bool:
        """Whether it is made out for an entry of that sort and kind."""
        return any(put.fits(event, kind) for put in self.puts)

    def text_for(self, event: Event) -> tuple[str, ...]:
        """Its paragraphs for an entry."""
        put = next((put for put in self.puts if put.fits(type(event).__name__, event.kind)), None)
        return put.text if put and put.text else self.text


class _Division(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    zh: str
    source: str


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: tuple[str, ...]
    mark: str
    zh: str


_PAGE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PAPERS: dict[str, Sheet] = {sheet.code: sheet for sheet in msgspec.convert(_PAGE["paper"], list[Sheet])}
"""The papers by their code."""
_DIVISIONS = {row.code: row.zh for row in msgspec.convert(_PAGE["division"], list[_Division])}
_BODIES = {kind: body for body in msgspec.convert(_PAGE["body"], list[_Body]) for kind in body.kinds}
PUT_IN_WRITING = frozenset(put.event for sheet in PAPERS.values() for put in sheet.puts)
"""The events that some paper puts in writing."""
NUMBERED = frozenset(put.event for sheet in PAPERS.values() if sheet.numbered for put in sheet.puts)
"""The events that a paper puts in writing under a number, which the office takes with it where none is given."""


def papers_of(event: Event) -> tuple[Sheet, ...]:
    """The papers that put an entry in writing, the usual one first."""
    return _fitting(type(event), event.kind)


def papers_for(event: type[Event], facts: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """The papers for an entry that is yet to be made of these facts."""
    told_by = event.kind_fact()
    return _fitting(event, facts.get(told_by) if told_by else None)


def _fitting(event: type[Event], kind: str | None) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in PAPERS.values() if sheet.puts_in_writing(event.__name__, kind))


def series(office: str, sheet: Sheet) -> str:
    """What the numbers of an authority's papers of a kind begin with: ``秦州人社监令字``."""
    division, _, kind = office.partition("-")
    body = _BODIES[kind].mark if kind in _BODIES else word(kind, "zh", "office")
    return f"{_DIVISIONS.get(division, division)}{body}{sheet.mark}字"


def document_no(series: str, year: int, nth: int) -> str:
    """A number as it stands on the paper."""
    return f"{series}〔{year}〕第{nth:04d}号"


def body_name(kind: str) -> str:
    """What a kind of office is called in full, after its place: ``人力资源和社会保障局``."""
    return _BODIES[kind].zh if kind in _BODIES else word(kind, "zh", "office")
