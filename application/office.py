"""The office: where records are opened, signed and put back.

An act is: load the case, let the law decide, append what it decided - one transaction, or nothing at all.  The same
command sent again is answered again.
"""

from __future__ import annotations

import hashlib
import struct
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import msgspec
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError

from application.store import CHANNEL, Appended, OtherBody, Recorder
from application.vault import CONTACT_FIELDS, Vault
from domain.case import Case
from domain.day import legal_day
from domain.draw import Draw
from domain.employer import Employer
from domain.event import Correction, Event, Revocation, build
from domain.facts import Employer as Named
from domain.period import Period
from domain.person import PersonErased, PersonOpened, PersonSealed
from domain.record import Entry, Record, Signature
from domain.records import opener
from domain.rulebook import Rulebook

NAMESPACE = uuid5(NAMESPACE_URL, "urn:qingxin")
RULEBOOK = uuid5(NAMESPACE, "rulebook")
RULES_SECONDS = 1.0
"""So long another process may go on by the rules as they were."""
LETTERS = {"project": "P", "campaign": "H", "inspection": "J", "training": "X", "draw": "C"}
"""What the numbers of records that are no cases begin with: 项目, 行动, 检查, 宣教, 抽取."""
WAKE_SECONDS = 0.1
WAKE = f"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{CHANNEL}', '')"
"""A call is a transaction of its own; that one need not wait for the disk."""
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


R = TypeVar("R", bound=Record)


class NotOnFile(LookupError):
    """There is no such record."""


class Stale(Exception):
    """Someone else has made an entry since this version was read."""

    def __init__(self, version: int):
        self.version = version
        super().__init__(f"the case is at version {version} now")


@dataclass(frozen=True)
class Command:
    """What was asked, by its id and its fingerprint."""

    id: UUID
    fingerprint: bytes | None = None

    @classmethod
    def new(cls) -> Command:
        return cls(uuid4())


@dataclass(frozen=True)
class Act:
    """What an act recorded - its first entry, where it made several - and the record as it left it."""

    record: Any
    entry: Entry
    position: int
    repeated: bool = False

    @property
    def case(self) -> Any:
        return self.record


def today() -> date:
    """The legal day it is now."""
    return legal_day(datetime.now(UTC))


def source_id(source: str) -> UUID:
    """The id of the case that an imported history is kept as."""
    return uuid5(NAMESPACE, f"source|{source}")


def record_id(sort: type[Record], facts: dict[str, Any], command: Command) -> UUID:
    """The id of a record to be opened: what can be there once is known by what it is, all else by its command."""
    match sort.sort:
        case Employer.sort:
            return employer_id(facts["employer"])
        case Period.sort:
            names = ("report", "since", "until", "division", "by_column")
            return uuid5(NAMESPACE, "|".join(["period", *(str(facts.get(name)) for name in names)]))
    return uuid5(NAMESPACE, f"{sort.sort}|{command.id}")


def employer_id(employer: Named | dict[str, Any]) -> UUID:
    """The id of an employer's file, by its code or else its name."""
    key = (employer.get("uscc") or employer["name"]) if isinstance(employer, dict) else employer.key
    return uuid5(NAMESPACE, f"employer|{key}")


class Office(Application[UUID]):
    """Keeps the cases and the vault of one city."""

    name = "qingxin"
    recorder: Recorder

    def __init__(self, url: str, vault: Vault, *, role: str = "web"):
        super().__init__(
            env={
                "PERSISTENCE_MODULE": "application.store:Factory",
                "DATABASE_URL": url,
                "DATABASE_ROLE": role,
                "IS_SNAPSHOTTING_ENABLED": "n",
                "AGGREGATE_CACHE_MAXSIZE": "",
                "COMPRESSOR_TOPIC": "",
                "CIPHER_TOPIC": "",
                "TRANSCODER_TOPIC": "",
            }
        )
        self.url, self.vault = url, vault
        self.datastore = self.recorder.datastore
        self._woken = 0.0
        self._rules: tuple[float, Rulebook] | None = None

    # Reading

    def entries(self, id: UUID) -> list[Entry]:
        """Everything recorded on a record, in order.  Raises ``NotOnFile``."""
        entries: list[Entry] = list(self.events.get(id))  # type: ignore[arg-type]
        if not entries:
            raise NotOnFile(str(id))
        return entries

    def case(self, id: UUID, **limits: Any) -> Case:
        """The case as it stands; or as it stood at a version, on a day, as known at a moment.  Raises ``NotOnFile``."""
        return self.record(Case, id, **limits)

    def cases(self, ids: Sequence[UUID]) -> dict[UUID, Case]:
        """Many cases as they stand, in one question."""
        return self.many(Case, ids)

    def many(self, sort: type[R], ids: Sequence[UUID]) -> dict[UUID, R]:
        """Many records of a sort as they stand, in one question."""
        found: list[Any] = list(self.recorder.select_many(ids)) if ids else []
        by_record = groupby(found, key=lambda stored: stored.originator_id)
        return {id: sort.replay(id, map(self._entry, events)) for id, events in by_record}

    def _entry(self, stored: Any) -> Entry:
        entry: Any = self.mapper.to_domain_event(stored)
        return entry  # type: ignore[no-any-return]

    def record(self, sort: type[R], id: UUID, **limits: Any) -> R:
        """A record of a sort, as it stands or stood; ``limits`` as for ``domain.record.standing``.  Raises ``NotOnFile``."""

        def fold(_: R | None, entries: Iterable[Any]) -> R | None:
            found = list(entries)
            if not sort.kept_in(found):
                return None
            record = sort.replay(id, found, **limits)
            return record if record.version and (record.opened or not limits) else None

        try:
            return self.repository.get(id, projector_func=fold)
        except AggregateNotFoundError:
            raise NotOnFile(str(id)) from None

    def rulebook(self, known: datetime | None = None) -> Rulebook:
        """What the office has decided, and the calendar; or as known at a moment."""
        if known is None and self._rules and time.monotonic() - self._rules[0] < RULES_SECONDS:
            return self._rules[1]
        found = self.rulebook_now(known)
        if known is None:
            self._rules = (time.monotonic(), found)
        return found

    def rulebook_now(self, known: datetime | None = None) -> Rulebook:
        """The rulebook as it is stored at this very moment, empty before anything is decided."""
        try:
            return self.record(Rulebook, RULEBOOK, **({"known": known} if known else {}))
        except NotOnFile:
            return Rulebook(RULEBOOK)

    def link(self, id: UUID, version: int) -> bytes:
        """The link of an entry in its record's hash chain."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(
                "SELECT chain FROM events WHERE record = %s AND version = %s", (id, version)
            ).fetchone()
        if row is None:
            raise NotOnFile(str(id))
        return bytes(row[0])

    def broken_link(self, id: UUID) -> int | None:
        """The first entry of a record that does not fit its link in the chain; None when every one does.

        Worked out from the stored columns alone: SHA-256 over the link before, the columns, and SHA-256 of the state.
        """
        before = b""
        with self.datastore.get_connection() as connection:
            rows = connection.execute(
                "SELECT version, event, recorded_at, command, state, chain FROM events WHERE record = %s ORDER BY version",
                (id,),
            ).fetchall()
        for expected, (version, event, recorded_at, command, state, chain) in enumerate(rows, start=1):
            micros = (recorded_at - POSTGRES_EPOCH) // timedelta(microseconds=1)
            columns = id.bytes + struct.pack(">iq", version, micros) + command.bytes + event.encode()
            before = hashlib.sha256(before + columns + hashlib.sha256(state).digest()).digest()
            if version != expected or before != chain:
                return expected
        return None

    # Recording

    def save(self, *entries: Any, **kwargs: Any) -> list[Appended]:  # type: ignore[override]
        """Append entries, all or none; answers what the store stamped on each.  ``kwargs`` as for ``Recorder.append``.

        The library's own looks for aggregates with pending events and snapshots to take, and makes a notification of each
        event; that costs a third of an append, and we need none of it.
        """
        receipts = self.recorder.append(list(map(self.mapper.to_stored_event, entries)), **kwargs)
        self._wake()
        return receipts

    def receive(
        self,
        facts: dict[str, Any],
        signature: Signature,
        command: Command,
        *,
        contact: dict[str, Any] | None = None,
        id: UUID | None = None,
    ) -> Act:
        """Register a clue; what tells who the complainant is goes to the vault, in the same transaction."""
        id = id or record_id(Case, facts, command)
        try:
            return self._again(self.case(id), command)
        except NotOnFile:
            pass
        case = Case(id).signed(signature)
        contact = {name: value for name, value in (contact or {}).items() if value}
        person = uuid5(NAMESPACE, f"person|{command.id}") if contact else None
        number = facts.get("number") or self._next_number(facts.get("division"), signature)
        case.receive(**{**facts, "number": number, "person": person})
        if person is None:
            return self._save(case, command)
        standing = "report" if case.complainant_kind == "report" else "complaint"
        fields = tuple(f"contact_{name}" for name in CONTACT_FIELDS if name in contact)
        sealed = self._signed(PersonSealed, signature, case, standing=standing, fields=fields, case=id)
        return self._save(
            case,
            command,
            Entry(person, 1, sealed),
            alongside=self.vault.keep_person(person, id, standing, contact),
        )

    def open(
        self,
        sort: type[Record],
        facts: dict[str, Any],
        signature: Signature,
        command: Command,
        *,
        id: UUID | None = None,
    ) -> Act:
        """Open a record that is no case.  Raises ``Refused`` where the law knows it already."""
        id = id or record_id(sort, facts, command)
        try:
            record = self.record(sort, id)
        except NotOnFile:
            record = sort(id)
        else:
            if again := self.repeated(record, command):
                return again
        if sort is Draw:
            facts = {**facts, "commitment": hashlib.sha256(self.vault.secret(id)).hexdigest()}
        if letter := LETTERS.get(sort.sort):
            facts = {
                **facts,
                "number": facts.get("number") or self._next_number(facts.get("division"), signature, letter),
            }
        return self.act(record, opener(sort), facts, signature, command)

    def act(
        self,
        record: Record,
        action: str,
        facts: dict[str, Any],
        signature: Signature,
        command: Command,
        **alongside: Any,
    ) -> Act:
        """Record an action on a record as it was loaded.  Raises ``Refused``, or ``Stale`` if it has changed since."""
        if isinstance(record, Draw) and action == "make":
            facts = {**facts, "link": self.link(record.id, 1), "secret": self.vault.secret(record.id)}
        record.signed(signature).do(action, facts)
        return self._save(record, command, **alongside)

    def record_all(self, record: Record, command: Command, beside: Sequence[Entry], **alongside: Any) -> Act:
        """Append what is pending on a record, and entries of other records with it: all or none.  Raises ``Stale``."""
        return self._save(record, command, *beside, **alongside)

    def repeated(self, record: Record, command: Command) -> Act | None:
        """What this command recorded on the record, if it was sent before.  Raises ``OtherBody``."""
        return self._again(record, command) if any(e.command == command.id for e in record.entries) else None

    def decide(
        self,
        action: str,
        facts: dict[str, Any],
        signature: Signature,
        command: Command,
        *,
        rulebook: Rulebook | None = None,
    ) -> Act:
        """Write in the rulebook, as it was loaded or as it stands: a setting, a year of the calendar, an escalation rule."""
        rulebook = rulebook or self.rulebook_now()
        if again := self.repeated(rulebook, command):
            return again
        act = self.act(rulebook, action, facts, signature, command)
        self._rules = None
        return act

    def attach(self, record: Record, facts: dict[str, Any], data: bytes, signature: Signature, command: Command) -> Act:
        """Attach a document: its fingerprint to the record, its bytes to the vault."""
        sha256 = hashlib.sha256(data).hexdigest()
        facts = {**facts, "size": len(data), "sha256": sha256}
        return self.act(
            record, "attach", facts, signature, command, alongside=self.vault.keep_attachment(record.id, sha256, data)
        )

    def attachment(self, record: Record, sha256: str) -> bytes | None:
        """The bytes of an attachment, or None."""
        with self.datastore.get_connection() as connection:
            return self.vault.attachment(connection, record.id, sha256)

    # Persons

    def open_contact(self, case: Case, purpose: str, signature: Signature) -> dict[str, Any]:
        """Read who the complainant is.  The reading is recorded before anything is given out.  Raises ``NotOnFile``, ``vault.Erased``."""
        if case.person is None:
            raise NotOnFile("contact")
        with self.datastore.get_connection() as connection:
            contact = self.vault.person(connection, case.person)
        opened = self._signed(
            PersonOpened,
            signature,
            case,
            purpose=purpose,
            fields=tuple(f"contact_{name}" for name in contact),
            case=case.id,
        )
        self._add(case.person, opened)
        return contact

    def erase_person(self, ref: UUID, reason: str, signature: Signature) -> None:
        """Destroy a person's key, and record that it was done.  Needs the owner's role.  Raises ``NotOnFile``."""
        history = self.entries(ref)
        if not isinstance(history[0].event, PersonSealed):
            raise NotOnFile(str(ref))  # a record, but nobody in the vault
        if any(isinstance(entry.event, PersonErased) for entry in history):
            return
        first = history[0].event
        erased = build(PersonErased, {**_by(signature), "division": first.division, "reason": reason})
        self._add(ref, erased, alongside=self.vault.erase_person(ref))

    # Within

    def _next_number(self, division: Any, signature: Signature, letter: str = "") -> str:
        """The number a person quotes: division, year, and a running number."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(
                "SELECT nextval('record_numbers')" if letter else "SELECT nextval('case_numbers')"
            ).fetchone()
        assert row is not None
        return f"{division}-{(signature.on or str(signature.today))[:4]}-{letter}{row[0]:0{5 if letter else 6}d}"

    def _signed(self, event: type[Event], signature: Signature, about: Case, /, **facts: Any) -> Any:
        return build(event, {**_by(signature), "division": about.division, **facts})

    def _add(self, id: UUID, event: Event, **alongside: Any) -> None:
        """Add an event that nothing forbids to a record; try again behind whoever came first."""
        for attempt in range(5):
            version = len(self.entries(id)) + 1
            try:
                self.save(Entry(id, version, event), command=uuid4(), **alongside)
                return
            except IntegrityError:
                if attempt == 4:
                    raise
        raise AssertionError("unreachable")

    def _save(self, record: Record, command: Command, *beside: Entry, **alongside: Any) -> Act:
        """Append what is pending.  Raises ``Stale`` when someone else was first."""
        pending, record.pending = record.pending, []
        try:
            receipts = self.save(*pending, *beside, command=command.id, fingerprint=command.fingerprint, **alongside)
        except OtherBody:
            raise
        except IntegrityError:
            raise Stale(self.record(type(record), record.id).version) from None
        if receipts[0].repeated:  # somebody sent the same command at the same time, and was first
            return self._again(self.record(type(record), record.id), command)
        stamped = [
            msgspec.structs.replace(entry, recorded_at=receipt.recorded_at, command=command.id)
            for entry, receipt in zip(pending, receipts, strict=False)
        ]
        record.entries[-len(stamped) :] = stamped
        if isinstance(stamped[-1].event, Correction | Revocation):
            record = type(record).replay(record.id, record.entries)
        return Act(record, stamped[0], receipts[len(stamped) - 1].position)

    def _again(self, record: Record, command: Command) -> Act:
        """The answer to a command that was sent before."""
        done = [entry for entry in record.entries if entry.command == command.id]
        if not done or done[-1].fingerprint != command.fingerprint:
            raise OtherBody(str(command.id))
        then = type(record).replay(record.id, record.entries, version=done[-1].version)
        with self.datastore.get_connection() as connection:
            row = connection.execute(
                "SELECT position FROM events WHERE record = %s AND version = %s", (record.id, done[-1].version)
            ).fetchone()
        return Act(then, done[0], row[0] if row else 0, repeated=True)

    def _wake(self) -> None:
        """Wake the projector, after the commit and never inside it; it polls as well, so a lost call is only slower."""
        now = time.monotonic()
        if now - self._woken < WAKE_SECONDS:
            return
        self._woken = now
        try:
            with self.datastore.get_connection() as connection:
                connection.execute(WAKE, prepare=True)
        except Exception:
            return


def _by(signature: Signature) -> dict[str, Any]:
    return {"by": signature.by, "role": signature.role, "office": signature.office, "on": signature.on}
