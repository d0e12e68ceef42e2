"""What is signed: an event is a fact in the past tense, in the office's own words, signed by someone, for a day.

``build`` makes one of facts, after these were found to be well formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from domain import day
from domain.codes import PaperKind
from domain.facts import Count, Name, Sha256
from domain.money import yuan
from domain.privacy import personal_data
from domain.refused import NotADay, NotAnAmount, NotThatFact, PersonalDataInText
from domain.words import sentence

Day = str
"""A legal day, or as much of it as an old paper gives: see ``domain.day``."""
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened, as it was signed.  The docstring of each kind is the sentence an auditor reads."""

    by: str
    role: str
    office: str
    division: str
    on: Day | None  # the day it happened; None when the papers do not say
    no_later_than: date | None = None  # a bound for a day the papers do not say
    warnings: tuple[str, ...] = ()  # what the law would have had otherwise, and the office did all the same
    caused_by: UUID | None = None
    remark: str | None = None  # what an imported paper adds

    KIND: ClassVar[str | None] = (
        None  # where it has no ``kind``, the fact that tells one event of this sort from another
    )
    AMOUNT: ClassVar[str] = "amount"  # the money it is about, and the people
    PERSONS: ClassVar[str] = "persons"
    COMPUTED: ClassVar[frozenset[str]] = frozenset()  # facts the office works out itself
    WORD: ClassVar[str | None] = None  # the step the record takes with it, in a word
    OPENS: ClassVar[bool] = False  # whether the record begins its way anew with it

    def apply(self, record: Any) -> None:
        """Change the record as far as a later rule asks."""

    def sentence(self, lang: str = "zh") -> str:
        """The event in one sentence."""
        return sentence(type(self), msgspec.structs.asdict(self), lang)

    def fact(self, name: str) -> Any:
        """A fact by name; None where this sort of event has no such fact."""
        return getattr(self, name, None)

    @classmethod
    def kind_fact(cls) -> str | None:
        """The fact that tells one event of this sort from another."""
        return "kind" if "kind" in cls.__struct_fields__ else cls.KIND

    @property
    def kind(self) -> str | None:
        """What tells one event of this sort from another; a fact of that name comes first."""
        return self.fact(self.KIND) if self.KIND else None

    @property
    def word(self) -> str | None:
        """The step the record takes with this event."""
        return self.WORD

    @property
    def confidential(self) -> bool:
        """Whether only the discipline office and the auditors may know of it: what says so of itself."""
        return bool(self.fact("discipline"))

    @property
    def happened_by(self) -> date | None:
        """The day by which it had surely happened; None when only its recording bounds it."""
        return day.latest(self.on) or self.no_later_than


class Correction(Event, frozen=True, kw_only=True):
    """{by}更正第{version}条记录的“{field}”为{value}:{reason}(批准人{approved_by})。

    {by} corrected "{field}" of entry {version} to {value}: {reason} (approved by {approved_by}).
    """

    version: int
    field: Name
    value: Text
    reason: Text
    approved_by: Name


class Revocation(Event, frozen=True, kw_only=True):
    """{by}撤销第{version}条记录:{reason}(批准人{approved_by})。

    {by} revoked entry {version}: {reason} (approved by {approved_by}).
    """

    version: int
    reason: Text
    approved_by: Name


class Note(Event, frozen=True, kw_only=True):
    """{by}备注:{text}。

    {by} noted: {text}.
    """

    text: Text


class Attachment(Event, frozen=True, kw_only=True):
    """{by}添加附件“{title}”({name},{size}字节,SHA-256 {sha256})。

    {by} attached "{title}" ({name}, {size} bytes, SHA-256 {sha256}).
    """

    KIND: ClassVar[str | None] = "media_type"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"name", "media_type", "size", "sha256"})

    title: Name
    name: Name
    media_type: Name
    size: Count
    sha256: Sha256


class Issuance(Event, frozen=True, kw_only=True):
    """{by}制作{paper}(第{entry}条记录)[,文号{document_no}],{size}字节,SHA-256 {sha256}。

    {by} issued a paper for entry {entry}: {paper}[, document {document_no}], {size} bytes, SHA-256 {sha256}.
    """

    KIND: ClassVar[str | None] = "paper"
    COMPUTED: ClassVar[frozenset[str]] = frozenset(
        {"document_no", "name", "media_type", "size", "sha256", "register", "discipline"}
    )

    paper: PaperKind
    entry: int  # the version of the entry that it puts in writing
    name: Name
    media_type: Name
    size: Count
    sha256: Sha256
    document_no: Name | None = None  # none where the paper takes no number
    register: UUID | None = None  # the register of numbers it was taken from; none for a number of the office's own
    discipline: bool = False  # it puts in writing what concerns an official


class Voiding(Event, frozen=True, kw_only=True):
    """{by}作废文书{document_no}:{reason}(批准人{approved_by});文号保留,不再使用。

    {by} made document {document_no} void: {reason} (approved by {approved_by}); its number stays and is not used again.
    """

    KIND: ClassVar[str | None] = "reason"
    COMPUTED: ClassVar[frozenset[str]] = frozenset({"discipline"})

    document_no: Name
    reason: Text
    approved_by: Name
    discipline: bool = False


SIGNED = frozenset(Event.__struct_fields__)


def facts_of(event: type[Event]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The facts a kind of event carries, apart from who signed it and when."""
    return tuple(f for f in msgspec.structs.fields(event) if f.name not in SIGNED)


def sort_of(event: type[Event]) -> str:
    """What an event does to its record, in a word: ``CaseFiled`` -> ``filed``."""
    return " ".join(re.findall("[A-Z][a-z]+", event.__name__)[1:]).lower()


# How it is made

_PERSONAL = {
    "id_number": ("身份证号码", "an ID number"),
    "phone": ("电话号码", "a phone number"),
    "bank_account": ("银行卡号", "a bank card number"),
}

# References to papers and people are numbers by nature and are not searched for personal data.
_REFERENCES = frozenset({
    "document_no", "channel_ref", "number", "source", "uscc", "sha256", "media_type", "key", "drawn", "seed", "list_sha256",
})  # fmt: skip


def build(event: type[Event], facts: dict[str, Any]) -> Any:
    """An event of well-formed facts: types, money to the fen, real days, no personal data in free text."""
    for name, kind in _guarded(event):
        value = facts.get(name)
        if value in (None, ""):
            continue
        if kind is Decimal:
            if (amount := yuan(value)) is None:
                raise NotAnAmount(at=name, value=str(value))
            facts = {**facts, name: amount}
        else:
            for text in _texts(value):
                if found := personal_data(text):
                    zh, en = _PERSONAL[found]
                    raise PersonalDataInText(at=name, field=name, what=zh, what_en=en)
    if (remark := facts.get("remark")) and (found := personal_data(remark)):
        zh, en = _PERSONAL[found]
        raise PersonalDataInText(at="remark", field="remark", what=zh, what_en=en)
    if isinstance(on := facts.get("on"), str) and not day.valid(on):
        raise NotADay(at="on", value=on)
    try:
        made = msgspec.convert({_encoded(event).get(name, name): fact for name, fact in facts.items()}, event)
    except msgspec.ValidationError as problem:
        where = re.search(r"`\$\.(\w+)", str(problem))
        name = where[1] if where else "on"
        raise NotThatFact(at=name, field=name, problem=str(problem).split(" - at")[0]) from None
    for name in _dated(event):
        if (value := getattr(made, name)) is not None and not day.FIRST_YEAR <= value.year <= day.LAST_YEAR:
            raise NotADay(at=name, value=value)
    return made


@cache
def _dated(event: type[Event]) -> tuple[str, ...]:
    """The facts of an event that are days."""
    return tuple(name for name, kind in get_type_hints(event).items() if plain_type(kind) is date)


@cache
def _encoded(event: type[Event]) -> dict[str, str]:
    """The facts whose stored name is not their name in Python: ``from_`` is stored as ``from``."""
    return {f.name: f.encode_name for f in msgspec.structs.fields(event) if f.name != f.encode_name}


def plain_type(annotation: Any) -> Any:
    """A type without its ``| None``."""
    if get_origin(annotation) in (Union, UnionType):
        [annotation] = [part for part in get_args(annotation) if part is not type(None)]
    return annotation


@cache
def _guarded(event: type[Event]) -> tuple[tuple[str, Any], ...]:
    """The facts of an event that hold money or free text."""
    hints = {name: plain_type(kind) for name, kind in get_type_hints(event).items() if name not in SIGNED}
    return tuple(
        (name, kind)
        for name, kind in hints.items()
        if kind is Decimal
        or (name not in _REFERENCES and (kind is str or get_origin(kind) is tuple or hasattr(kind, "texts")))
    )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name, text in value.items() if isinstance(text, str) and name not in _REFERENCES)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(part)
    elif hasattr(value, "texts"):
        yield from value.texts()
