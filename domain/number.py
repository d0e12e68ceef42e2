"""A register of numbers (文号登记簿): the numbers one authority gave its papers of one kind in one year.

Number N is one more than were taken before.  An entry has its place in its record once, so no number is given twice and none is
left out, whoever asks at the same time; a number that was voided stays, with the reason, and is not given again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar
from uuid import UUID

from msgspec import Meta

from domain import codes
from domain.event import Event, Voiding
from domain.facts import Name
from domain.record import Record, records, step
from domain.refused import Refused
from domain.rules.papers import PAPERS

Nth = Annotated[int, Meta(ge=1, le=9_999_999)]
Year = Annotated[int, Meta(ge=1949, le=2200)]


class NumberTaken(Event, frozen=True, kw_only=True):
    """{by}为{paper}取得{year}年第{nth}号:{document_no}[(案件{case})][(档案{record})]。

    {by} took number {nth} of {year} for a paper ({paper}): {document_no}[, case {case}][, record {record}].
    """

    KIND: ClassVar[str | None] = "paper"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"nth", "discipline"})
    WORD = "taken"

    paper: codes.PaperKind
    year: Year
    nth: Nth
    document_no: Name
    entry: int  # the entry that it puts in writing
    case: UUID | None = None  # of which case
    record: UUID | None = None  # or of which record that is no case, and of what sort
    sort: Name | None = None
    discipline: bool = False  # only the discipline office and the auditors may know of it

    def apply(self, number: Number) -> None:
        number.last, number.taken[self.document_no] = self.nth, self


class NumberVoided(Voiding, frozen=True, kw_only=True):
    """{by}作废文号{document_no}:{reason}(批准人{approved_by})。

    {by} voided number {document_no}: {reason} (approved by {approved_by}).
    """

    WORD = "voided"

    def apply(self, number: Number) -> None:
        number.void[self.document_no] = self


class NotTaken(Refused):
    """登记簿中没有尚未作废的文号{document_no}。

    The register has no number {document_no} that is not void.
    """

    malformed = True


@dataclass
class Number(Record):
    """The numbers of one kind of paper, one authority and one year."""

    lifecycle = {NumberTaken: step(), NumberVoided: step(NumberTaken)}

    last: int = 0
    taken: dict[str, NumberTaken] = field(default_factory=dict)
    void: dict[str, NumberVoided] = field(default_factory=dict)

    @property
    def number(self) -> str | None:
        return None

    @property
    def title(self) -> str:
        return next(iter(self.taken), "")

    @records(NumberTaken, action="take")
    def take_one(self, *, paper: str, **facts: Any) -> dict[str, Any]:
        """Take the next number of the register (取号)."""
        return {"nth": self.last + 1, "discipline": PAPERS[paper].discipline}

    @records(NumberVoided, action="void")
    def void_one(self, *, document_no: str, **facts: Any) -> dict[str, Any]:
        """Void a number: it stays in the register and is not given again (作废)."""
        if document_no not in self.taken or document_no in self.void:
            raise NotTaken(at="document_no", document_no=document_no)
        return {"discipline": self.taken[document_no].discipline}
