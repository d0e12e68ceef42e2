"""What every record the office keeps has in common.

A *record* is a case, a project, an employer: anything the office must answer for.  It changes only when an *event* is recorded on it.
Read ``event.py`` (what is signed) and ``refused.py`` (what is refused) first; then here, in order: what is stored, and how an action
becomes an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, wraps
from typing import Any, ClassVar, Self
from uuid import UUID

import msgspec

from domain import day, uscc
from domain.amending import corrected, putting_right
from domain.event import Attachment, Correction, Day, Event, Note, Revocation, build, sort_of
from domain.offices import office_exists
from domain.refused import (
    AlreadyDone,
    ApproverIsProposer,
    FutureDay,
    NoSuchEntry,
    NoSuchOffice,
    NotADay,
    NotAnEmployerCode,
    Refused,
    TooEarly,
    TooFewInspectors,
    TooLate,
)
from domain.rules.settings import Settings

# What is stored


class Entry(msgspec.Struct, frozen=True):
    """A line in the file: an event at its place in a record, and when the store wrote it down."""

    originator_id: UUID  # the record; named as ``eventsourcing`` names it
    originator_version: int
    event: Event
    recorded_at: datetime | None = None  # None until the store has stamped it
    command: UUID | None = None  # what recorded it, and what that asked
    fingerprint: bytes | None = None

    @property
    def version(self) -> int:
        return self.originator_version

    @property
    def happened_by(self) -> date:
        """The day by which it had surely happened: what was recorded had happened."""
        known = self.event.happened_by
        if self.recorded_at is None:
            return known or date.max
        recorded = day.legal_day(self.recorded_at)
        return min(known, recorded) if known else recorded


def standing(
    entries: Iterable[Entry], *, version: int | None = None, on: date | None = None, known: datetime | None = None
) -> list[Entry]:
    """The entries in force: up to a version, as it was on a day, as known at a moment.

    A correction counts from the moment it was known, whatever day it corrects: the corrected entry takes the
    place of the wrong one, a revoked entry is gone.  What had not surely happened by the day is left out.
    """
    known_entries = [
        entry
        for entry in entries
        if (version is None or entry.version <= version)
        and (known is None or entry.recorded_at is None or entry.recorded_at <= known)
    ]
    amended: dict[int, Entry | None] = {}
    by_version = {entry.version: entry for entry in known_entries}
    for entry in known_entries:
        match entry.event:
            case Correction(version=wrong, field=name, value=value):
                if target := amended.get(wrong, by_version.get(wrong)):
                    amended[wrong] = msgspec.structs.replace(target, event=corrected(target.event, name, value))
            case Revocation(version=wrong):
                amended[wrong] = None
    found = (amended.get(entry.version, entry) for entry in known_entries)
    return [entry for entry in found if entry and (on is None or entry.happened_by <= on)]


# How an action becomes an event


UNDECIDED = Settings()


@dataclass(frozen=True)
class Signature:
    """Who signs an entry, in which role, for which office, and for which day."""

    by: str
    role: str
    office: str
    on: Day | None
    today: date
    imported: bool = False  # an old history: what the law would refuse becomes a warning
    no_later_than: date | None = None  # a bound for a day the papers do not say
    remark: str | None = None
    settings: Settings = UNDECIDED  # what the office has decided where the law leaves a number open
    approver_known: bool = True  # whether who is named as approving has an account or a token here


@dataclass(frozen=True)
class Step:
    """When an event may be recorded: all and any of what must have happened, what must not, and whether twice."""

    after: frozenset[type[Event]] = frozenset()
    after_any: frozenset[type[Event]] = frozenset()
    never_after: frozenset[type[Event]] = frozenset()
    once: bool = False


def step(
    *after: type[Event],
    after_any: Iterable[type[Event]] = (),
    never_after: Iterable[type[Event]] = (),
    once: bool = False,
) -> Step:
    """A row of a lifecycle: after all of these, and any of those, never after others."""
    return Step(frozenset(after), frozenset(after_any), frozenset(never_after), once)


@dataclass
class Record:
    """Something the office answers for, changed only by signed events in lawful order."""

    lifecycle: ClassVar[dict[type[Event], Step]] = {}
    endings: ClassVar[frozenset[type[Event]]] = frozenset()  # after these, only what the lifecycle still allows
    still_open: ClassVar[frozenset[type[Event]]] = frozenset()
    actions: ClassVar[dict[str, type[Event]]] = {}  # the event each action records, and its method
    methods: ClassVar[dict[str, str]] = {}
    sort: ClassVar[str] = "case"  # what its events begin with
    SHOWN: ClassVar[tuple[str, ...]] = ()  # what is shown of it, beside what every record has
    revocable: ClassVar[bool] = False  # whether the entry that opens it may be revoked, while nothing came of it

    id: UUID
    version: int = 0
    division: str = ""
    industry: str | None = None
    offices: set[str] = field(default_factory=set)  # that were given it, or take part
    status: str = ""  # a word for the last step it took
    past: set[type[Event]] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    pending: list[Entry] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    following: list[tuple[type[Event], dict[str, Any]]] = field(default_factory=list)  # what an act records besides
    signature: Signature = field(init=False)

    def __init_subclass__(cls, keeping: tuple[type[Event], ...] = (), **kwargs: Any) -> None:
        """``keeping`` are the events that keep any record in order: its note, correction, revocation, attachment."""
        super().__init_subclass__(**kwargs)
        cls.sort = cls.__name__.lower()
        for event, keep in zip(keeping, (_note, _correct, _revoke, _attach), strict=False):
            setattr(cls, keep.__name__[1:], records(event, action=keep.__name__[1:])(keep))
            first, rule = next(iter(cls.lifecycle.items()))
            cls.lifecycle = {**cls.lifecycle, event: step(first) if rule.once else step()}
            cls.still_open |= {event}
        acts = [(name, method) for name, method in vars(cls).items() if hasattr(method, "records")]
        cls.methods = {getattr(method, "action", name): name for name, method in acts}
        cls.actions = {action: vars(cls)[name].records for action, name in cls.methods.items()}

    def do(self, action: str, facts: dict[str, Any]) -> None:
        """Do an action by its name.  Raises ``Refused``."""
        getattr(self, self.methods[action])(**facts)

    @classmethod
    def replay(cls, id: UUID, entries: Iterable[Entry], **limits: Any) -> Self:
        """The record as these entries leave it; ``limits`` as for ``standing``."""
        record = cls(id)
        record.entries = list(entries)
        for entry in standing(record.entries, **limits) if limits or record.amended else record.entries:
            record.take(entry)
        return record

    @classmethod
    def kept_in(cls, entries: list[Entry]) -> bool:
        """Whether entries are of a record of this sort: their events begin with its name."""
        return bool(entries) and type(entries[0].event).__name__.startswith(cls.__name__)

    @property
    def opened(self) -> bool:
        """Whether the entry that opens such a record is in force."""
        first, rule = next(iter(self.lifecycle.items()))
        return not rule.once or first in self.past

    @property
    def confidential(self) -> frozenset[int]:
        """The entries that only the discipline office and the auditors may know of, and whatever was said of these since."""
        hidden: set[int] = set()
        for entry in self.entries:
            event = entry.event
            amends = isinstance(event, Correction | Revocation) and event.version in hidden
            if event.confidential or amends:
                hidden.add(entry.version)
        return frozenset(hidden)

    @property
    def amended(self) -> bool:
        """Whether anything in the file was ever corrected or revoked."""
        return any(isinstance(entry.event, Correction | Revocation) for entry in self.entries)

    def take(self, entry: Entry) -> None:
        """Let one entry change the record."""
        event = entry.event
        self.version = entry.version
        self.division = self.division or event.division
        self.status = event.word or self.status
        self.past.add(type(event))
        if entry.version == 1:
            self.offices.add(event.office)
        self.offices.update(event.fact("team") or ())
        event.apply(self)

    def bars(self, event: type[Event]) -> Refused | None:
        """The reason an event may not be recorded now, if there is one.  Procedure only; substance comes later."""
        if (barred := self._barred(event)) is None:
            return None
        refusal, events = barred
        first = "reopen" if "reopen" in self.actions else None
        return refusal(
            record=f"record_{self.sort}", wanted=_done(event), needed=_done(*events), ended=_done(*events), first=first
        )

    def _barred(self, event: type[Event]) -> tuple[type[Refused], Iterable[type[Event]]] | None:
        """By which rule an event is out of order now, and for want or because of which events."""
        rule = self.lifecycle[event]
        if (ended := self.endings & self.past) and event not in self.still_open and not rule.after & ended:
            return TooLate, ended
        if missing := rule.after - self.past:
            return TooEarly, missing
        if rule.after_any and not rule.after_any & self.past:
            return TooEarly, rule.after_any
        if follows := rule.never_after & self.past:
            return TooLate, follows
        return (AlreadyDone, ()) if rule.once and event in self.past else None

    @property
    def may(self) -> list[str]:
        """The actions that are in order now, whoever asks."""
        return [action for action, event in self.actions.items() if self._barred(event) is None]

    def signed(self, signature: Signature) -> Self:
        """Sign for the entries about to be made.  Refuses a day that does not exist or has not come."""
        if signature.on and not day.valid(signature.on):
            raise NotADay(at="on", value=signature.on)
        if (first := day.earliest(signature.on)) and first > signature.today:
            raise FutureDay(at="on", on=signature.on, today=signature.today)
        self.signature = signature
        return self

    def doubt(self, refusal: Refused) -> None:
        """Refuse; or, in an imported history, keep what happened and warn of it."""
        if refusal.malformed or not self.signature.imported:
            raise refusal
        self.warn(refusal.code)

    def warn(self, code: str) -> None:
        """Note on the event what the law would have had otherwise.  Warnings never block."""
        self.warned.append(code)

    def record(self, event: type[Event], facts: dict[str, Any], warnings: Iterable[str] = ()) -> None:
        """Add an event to the record, after its facts were found to be well formed."""
        signature = self.signature
        warned = tuple(dict.fromkeys(warnings))
        signed = {
            "by": signature.by, "role": signature.role, "office": signature.office, "on": signature.on,
            "division": self.division or facts.get("division") or signature.office[:6],
            "no_later_than": signature.no_later_than, "remark": signature.remark,
        }  # fmt: skip
        entry = Entry(self.id, self.version + 1, build(event, {**facts, **signed, "warnings": warned}))
        self.pending.append(entry)
        self.entries.append(entry)
        self.take(entry)

    # The guards that records share

    def _an_office(self, office: str, at: str = "to_office") -> None:
        if not (office_exists(office) or self.signature.imported):
            raise NoSuchOffice(at=at, office=office)

    def _two_inspectors(self, inspectors: Any) -> None:
        named = len(set(inspectors or ()))
        if named < 2 and not (self.signature.imported and not named):
            self.doubt(TooFewInspectors(at="inspectors", named=named))

    def _another_approver(self, approved_by: str | None) -> None:
        if approved_by and approved_by.strip().casefold() == self.signature.by.casefold():
            self.doubt(ApproverIsProposer(at="approved_by", by=approved_by))
        if approved_by and not self.signature.approver_known:
            self.warn("approver_unknown")

    def _employer_code(self, employer: Any, at: str = "employer") -> None:
        code = employer.get("uscc") if isinstance(employer, dict) else employer.uscc
        if code and not uscc.valid(code):
            raise NotAnEmployerCode(at=f"{at}/uscc", uscc=code)

    def _putting_right(self, version: int, field: str, value: Any, approved_by: str) -> dict[str, Any]:
        """What a correction may do: one fact of an earlier entry, by another's approval."""
        self._another_approver(approved_by)
        value = putting_right(self._entry(version), field, value)
        if field == "on" and (first := day.earliest(value)) and first > self.signature.today:
            raise FutureDay(at="value", on=first, today=self.signature.today)
        return {"value": value}

    def _taking_back(self, version: int, approved_by: str) -> None:
        """What a revocation may do: any entry, by another's approval; the one that opened the record only where nothing came of it."""
        self._another_approver(approved_by)
        if version == 1 and not (self.revocable and len(self.entries) == 1 + self._only_kept):
            raise NoSuchEntry(at="version", version=version)
        self._entry(version)

    @property
    def _only_kept(self) -> int:
        """How many entries only keep the record in order."""
        return sum(isinstance(entry.event, Note | Correction | Revocation | Attachment) for entry in self.entries)

    def _entry(self, version: int) -> Any:
        entry = next((entry for entry in standing(self.entries) if entry.version == version), None)
        if entry is None or isinstance(entry.event, Correction | Revocation):
            raise NoSuchEntry(at="version", version=version)
        return entry.event


def _note(self: Any, **facts: Any) -> None:
    """Add a note (备注)."""


def _attach(self: Any, **facts: Any) -> None:
    """Attach a document (附件); its bytes are sealed, its fingerprint is kept."""


def _correct(self: Any, *, version: int, field: str, value: Any, approved_by: str, **facts: Any) -> dict[str, Any]:
    """Put one fact of an earlier entry right (更正); the replay shows both."""
    found: dict[str, Any] = self._putting_right(version, field, value, approved_by)
    return found


def _revoke(self: Any, *, version: int, approved_by: str, **facts: Any) -> None:
    """Revoke an earlier entry, as a superior decided (撤销记录)."""
    self._taking_back(version, approved_by)


@cache
def _done(*events: type[Event]) -> tuple[str, ...]:
    """The words for things done, as codes that a sentence can say in either language."""
    return tuple(sorted(f"done_{sort_of(event)}" for event in events))


def records(event: type[Event], *, action: str | None = None) -> Callable[..., Callable[..., None]]:
    """Make a method the action that records an event.

    Procedure comes before substance: the event must be in order, then the method may refuse, warn, or return facts
    of its own to add to the ones given.  In an imported history an unlawful step is kept, with a warning on it.
    """

    def recording(decide: Callable[..., dict[str, Any] | None]) -> Callable[..., None]:
        @wraps(decide)
        def recorded(self: Any, **facts: Any) -> None:
            self.warned, self.following = [], []
            if refusal := self.bars(event):
                self.doubt(refusal)
            found = decide(self, **facts) or {}
            self.record(event, {**facts, **found}, self.warned)
            for further, its in self.following:
                self.record(further, its)

        recorded.records = event  # type: ignore[attr-defined]
        recorded.action = action or decide.__name__  # type: ignore[attr-defined]
        return recorded

    return recording
