"""Papers: what was made out of the entries of a record as a file, and what a case keeps of its documents as the law asks after them.

A document exists from the entry that decides it; its number comes with that entry, or when the paper is made out later.
``issued`` is what was made out; ``make_out`` and ``make_void`` are the acts of every record whose entries are put in writing.
``Paper`` is what a case keeps: which was served, by when it is to be met, which is void.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from domain.event import Issuance, Voiding
from domain.record import Entry, standing
from domain.refused import Refused
from domain.rules.papers import PAPERS, Sheet, papers_of


@dataclass
class Paper:
    """A document on the case: an order to be met by a day, a decision, a notice."""

    document_no: str | None
    due_on: date | None = None
    orders: bool = False
    entry: int = 0  # the entry that decided it
    served_on: str | None = None
    served: bool = False
    void: bool = False

    def bears(self, document_no: str) -> bool:
        """Whether this is the document of a number; one that has none is taken for any."""
        return not self.void and self.document_no in (document_no, None)


class Issued(NamedTuple):
    """A paper that was made out, at its entry, and the entry that made it void, if one did."""

    version: int
    paper: Issuance
    voided: Voiding | None

    @property
    def in_force(self) -> bool:
        return self.voided is None


def issued(entries: Iterable[Entry]) -> list[Issued]:
    """The papers made out for the entries of a record, in their order."""
    now = standing(entries)
    voids = {entry.event.document_no: entry.event for entry in now if isinstance(entry.event, Voiding)}
    made = ((entry.version, entry.event) for entry in now if isinstance(entry.event, Issuance))
    return [Issued(version, event, voids.get(event.document_no or "")) for version, event in made]


def sheet_of(entries: Iterable[Entry], paper: str, entry: int) -> Sheet:
    """The paper for an entry in force.  Raises ``NoPaperFor`` where it does not put that one in writing."""
    found = next((each.event for each in standing(entries) if each.version == entry), None)
    if found is None or PAPERS[paper] not in papers_of(found):
        raise NoPaperFor(at="paper", paper=paper, entry=entry)
    return PAPERS[paper]


def number_given(entries: Iterable[Entry], paper: str, entry: int) -> str | None:
    """The number under which the paper of an entry was made out and stands."""
    made = (each.paper for each in issued(entries) if each.in_force)
    return next((it.document_no for it in made if it.document_no and (it.paper, it.entry) == (paper, entry)), None)


def number_of(entries: Iterable[Entry], entry: Entry) -> str | None:
    """The number under which an entry is known now: that of its paper that stands, or its own, unless that was made void or revoked."""
    every = list(entries)
    stands = [each.paper for each in issued(every) if each.in_force and each.paper.document_no]
    if made := [paper.document_no for paper in stands if paper.entry == entry.version]:
        return made[-1]
    own: str | None = entry.event.fact("document_no")
    gone = {each.event.document_no for each in every if isinstance(each.event, Issuance)} - {
        paper.document_no for paper in stands
    }
    return None if own in gone else own


def in_force(entries: Iterable[Entry], document_no: str) -> Issuance:
    """The paper of a number.  Raises ``NoSuchIssued`` where there is none, or it is void."""
    for each in issued(entries):
        if each.in_force and each.paper.document_no == document_no:
            return each.paper
    raise NoSuchIssued(at="document_no", document_no=document_no)


# Making out, and making void


def make_out(self: Any, *, paper: str, entry: int, **facts: Any) -> dict[str, Any]:
    """Make out a paper that puts an entry in writing (制作文书); its bytes are sealed, its fingerprint is kept."""
    sheet = sheet_of(self.entries, paper, entry)
    if number := number_given(self.entries, paper, entry):
        self.doubt(AlreadyIssued(at="entry", paper=paper, entry=entry, document_no=number))
    return {"discipline": sheet.discipline}


def make_void(self: Any, *, document_no: str, approved_by: str, **facts: Any) -> dict[str, Any]:
    """Make an issued paper void (作废); its number stays in the register and is not given again."""
    self._another_approver(approved_by)
    return {"discipline": in_force(self.entries, document_no).discipline}


# What is refused


class NoPaperFor(Refused):
    """没有可用于第{entry}条记录的文书[“{paper}”]。

    There is no paper[ ({paper})] that puts entry {entry} in writing.
    """

    malformed = True


class AlreadyIssued(Refused):
    """第{entry}条记录的{paper}({document_no})已经制作;需要重新编号的,请先作废原文号。

    The paper for entry {entry} ({paper}) was issued as {document_no}; void that number first if it needs another.
    """


class NoSuchIssued(Refused):
    """没有文号为{document_no}、尚未作废的文书。

    No paper that is not void bears the number {document_no}.
    """

    malformed = True


class NumberOfTheRegister(Refused):
    """“{document_no}”属本机关文号登记簿;该文号由登记簿编取,请将文号留空并勾选编取文号。

    "{document_no}" belongs to this office's register of numbers: leave the number empty and let the register give it.
    """

    malformed = True
