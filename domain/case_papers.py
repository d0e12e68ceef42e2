"""The documents of a case as the law asks after them: which was served, by when it is to be met, which is void.

A document exists from the entry that decides it; its number comes with that entry, or when the paper is made out later.
``Paper`` is what the case keeps of it, ``issued`` what was made out as a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.case_asides import CaseIssued, CaseVoided
from domain.case_refused import NoPaperFor, NoSuchIssued
from domain.record import Entry, standing
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
    paper: CaseIssued
    voided: CaseVoided | None

    @property
    def in_force(self) -> bool:
        return self.voided is None


def issued(entries: Iterable[Entry]) -> list[Issued]:
    """The papers made out on a case, in their order."""
    now = standing(entries)
    voids = {entry.event.document_no: entry.event for entry in now if isinstance(entry.event, CaseVoided)}
    made = ((entry.version, entry.event) for entry in now if isinstance(entry.event, CaseIssued))
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


def in_force(entries: Iterable[Entry], document_no: str) -> CaseIssued:
    """The paper of a number.  Raises ``NoSuchIssued`` where there is none, or it is void."""
    for each in issued(entries):
        if each.in_force and each.paper.document_no == document_no:
            return each.paper
    raise NoSuchIssued(at="document_no", document_no=document_no)
