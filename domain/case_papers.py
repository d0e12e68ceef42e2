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
from domain.record import Entry, standing


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
