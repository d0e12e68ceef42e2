"""Papers made out: the number, the PDF, its seal in the vault and the entries about it, in one transaction or not at all.

A register of numbers is read, and written to, like any record; whoever comes second asks for the next number.  Within a process
that is a queue, between processes a few attempts.  ``possible`` says what can be made out.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
import unicodedata
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from application.office import NAMESPACE, Act, Command, NotOnFile, Office, Stale, employer_id
from application.papers.contents import contents, office_name
from application.papers.rendering import MEDIA_TYPE, pdf
from domain import day
from domain.case import Case
from domain.dated import OutOfOrder
from domain.employer import Employer
from domain.event import Event, facts_of, sort_of
from domain.number import Number
from domain.papers import NoPaperFor, NumberOfTheRegister, issued, number_of, sheet_of
from domain.record import Entry, Record, Signature, standing
from domain.rules.papers import PAPERS, Sheet, document_no, papers_for, papers_of, series
from domain.words import word

__all__ = [
    "Possible",
    "act",
    "issue",
    "not_of_the_register",
    "office_name",
    "possible",
    "register_id",
    "revoke",
    "void",
]

ATTEMPTS = 40
_BRACKETS = str.maketrans("[(【", "〔〔〔")
_TAKING = threading.Lock()


class Possible(NamedTuple):
    """A paper that can be made out now."""

    paper: str
    entry: int
    event: Event
    numbered: bool

    def word(self, lang: str = "zh") -> str:
        return word(self.paper, lang, "paper")


def possible(record: Record) -> list[Possible]:
    """The papers that can be made out for the entries of a record, the latest entry first; a number is given once."""
    made = {(each.paper.paper, each.paper.entry) for each in issued(record.entries) if each.in_force}
    return [
        Possible(sheet.code, entry.version, entry.event, sheet.numbered)
        for entry in reversed(standing(record.entries))
        for sheet in papers_of(entry.event)
        if not sheet.numbered or (sheet.code, entry.version) not in made
    ]


def register_id(office: str, paper: str, year: int) -> UUID:
    """The register of an authority's numbers for a paper in a year."""
    return uuid5(NAMESPACE, f"number|{series(office, PAPERS[paper])}|{year}")


# Making out


def issue(office: Office, record: Record, paper: str, entry: int, signature: Signature, command: Command) -> Act:
    """Make out a paper for an entry that is on the record.  Raises ``Refused`` or ``Stale``."""

    def decide(fresh: Record, making: Making) -> None:
        making.out(fresh, paper, entry)

    return _in_one(office, record, decide, signature, command)


def not_of_the_register(event: type[Event], facts: dict[str, Any], signature: Signature) -> None:
    """Refuse a number that was typed and that only the register gives.  Raises ``NumberOfTheRegister``."""
    if not (typed := facts.get("document_no")) or not _has_number(event) or signature.imported:
        return
    plain = unicodedata.normalize("NFKC", typed).translate(_BRACKETS).replace(" ", "")
    if any(
        sheet.numbered and plain.startswith(f"{series(signature.office, sheet)}〔")
        for sheet in papers_for(event, facts)
    ):
        raise NumberOfTheRegister(at="document_no", document_no=typed)


def act(
    office: Office, record: Record, action: str, facts: dict[str, Any], signature: Signature, command: Command
) -> Act:
    """Record an action and make out its paper: the number taken is the action's own, where it has one and none was given."""
    event = record.actions[action]
    sheet = next(iter(papers_for(event, facts)), None)
    if sheet is None:
        raise NoPaperFor(at="issue", entry=record.version + 1)

    def decide(fresh: Record, making: Making) -> None:
        entry = fresh.version + 1
        own = _has_number(event)
        given = facts.get("document_no")
        number = given or (making.number(sheet, fresh, entry) if sheet.numbered else None)
        fresh.do(action, {**facts, **({"document_no": number} if own else {})})
        making.out(fresh, sheet.code, entry, number)

    return _in_one(office, record, decide, signature, command)


def revoke(office: Office, record: Record, facts: dict[str, Any], signature: Signature, command: Command) -> Act:
    """Revoke an entry; that of a paper makes its number void in the register.  Raises ``Refused`` or ``Stale``."""

    def decide(fresh: Record, making: Making) -> None:
        made = [each.paper for each in issued(fresh.entries) if each.version == facts["version"] and each.in_force]
        fresh.do("revoke", facts)
        if made and made[0].register:
            voided = {
                "document_no": made[0].document_no,
                "reason": facts["reason"],
                "approved_by": facts["approved_by"],
            }
            making.book(made[0].register).do("void", voided)

    return _in_one(office, record, decide, signature, command)


def void(office: Office, record: Record, facts: dict[str, Any], signature: Signature, command: Command) -> Act:
    """Make a paper void, on the record and in the register.  Raises ``Refused`` or ``Stale``."""

    def decide(fresh: Record, making: Making) -> None:
        fresh.do("void", facts)
        made = [each.paper for each in issued(fresh.entries) if each.paper.document_no == facts["document_no"]]
        if made and (register := made[-1].register):
            making.book(register).do("void", dict(facts))

    return _in_one(office, record, decide, signature, command)


class Making:
    """What is made in one attempt beside the entries of the record: a register's entry, and the bytes to seal."""

    def __init__(self, office: Office, signature: Signature):
        self.office, self.signature = office, signature
        self.books: list[Number] = []
        self.taken: UUID | None = None
        self.sealed: list[tuple[UUID, str, bytes]] = []

    def book(self, id: UUID) -> Number:
        """A register as it stands, or a new one."""
        try:
            book = self.office.record(Number, id)
        except NotOnFile:
            book = Number(id)
        self.books.append(book.signed(self.signature))
        return book

    def number(self, sheet: Sheet, record: Record, entry: int) -> str:
        """The next number of the register."""
        by, year = self.signature.office, self._day().year
        book = self.book(register_id(by, sheet.code, year))
        taken = document_no(series(by, sheet), year, book.last + 1)
        of = {"case": record.id} if isinstance(record, Case) else {"record": record.id, "sort": record.sort}
        book.do("take", {"paper": sheet.code, "year": year, "document_no": taken, "entry": entry, **of})
        self.taken = book.id
        return taken

    def out(self, record: Record, paper: str, entry: int, number: str | None = None) -> None:
        """The paper itself: rendered, to be sealed, and entered on the record."""
        sheet = sheet_of(record.entries, paper, entry)
        found = next(each for each in standing(record.entries) if each.version == entry)
        self._not_before(found)
        if sheet.numbered:
            number = number or number_of(record.entries, found) or self.number(sheet, record, entry)
        data = pdf(
            contents(
                record, found, sheet,
                office=self.signature.office, on=self._day(), number=number if sheet.numbered else None, address=self._address(record),
            )
        )  # fmt: skip
        sha256 = hashlib.sha256(data).hexdigest()
        name = " ".join(filter(None, (word(sheet.code, "zh", "paper"), number if sheet.numbered else None))) + ".pdf"
        record.do("issue", {
            "paper": paper, "entry": entry, "document_no": number if sheet.numbered else None, "register": self.taken,
            "name": name, "media_type": MEDIA_TYPE, "size": len(data), "sha256": sha256,
        })  # fmt: skip
        self.sealed.append((record.id, sha256, data))

    def beside(self) -> list[Entry]:
        return [entry for book in self.books for entry in book.pending]

    def alongside(self) -> Any:
        """What seals the bytes, in the transaction of the entries."""
        if not self.sealed:
            return None
        keeping = [self.office.vault.keep_attachment(*each) for each in self.sealed]

        def keep(cursor: Any) -> None:
            for each in keeping:
                each(cursor)

        return keep

    def _day(self) -> date:
        """The day that stands on the paper."""
        return day.latest(self.signature.on) or self.signature.today

    def _not_before(self, entry: Entry) -> None:
        since = day.earliest(entry.event.on)
        if since and self._day() < since:
            raise OutOfOrder(at="on", on=self._day(), since=since, needed=(f"done_{sort_of(type(entry.event))}",))

    def _address(self, record: Any) -> str | None:
        """The employer's address, where its file gives one."""
        if record.employer is None:
            return None
        try:
            return self.office.record(Employer, employer_id(record.employer)).address
        except NotOnFile:
            return None


def _in_one(office: Office, record: Record, decide: Any, signature: Signature, command: Command) -> Act:
    """Decide on the record as it was loaded and append everything at once; again where only a register was in the way."""
    with _TAKING:
        for _ in range(ATTEMPTS):
            fresh, making = type(record).replay(record.id, record.entries).signed(signature), Making(office, signature)
            decide(fresh, making)
            try:
                return office.record_all(fresh, command, making.beside(), alongside=making.alongside())
            except Stale as lost:
                if again := office.repeated(office.record(type(record), record.id), command):
                    return again
                if lost.version != record.version:
                    raise
                time.sleep(random.uniform(0.001, 0.02))
    raise Stale(record.version)


def _has_number(event: type[Event]) -> bool:
    return any(fact.name == "document_no" for fact in facts_of(event))
