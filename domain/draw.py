"""A draw at random that anyone can draw again: of sites to inspect, or of closed cases to revisit (随机抽取).

First the list is frozen, with what is left out of it and why, and with the SHA-256 of a secret that the office's key makes and no
officer knows; then it is drawn, and the secret is shown.  The seed is the link of the frozen list in the record's hash chain, the
secret, and a word that a witness may add: none of them can be chosen to suit.  The order is by SHA-256 of seed and key; the first
of them are drawn.  ``drawn`` below is the whole method.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from domain import codes
from domain.event import Event, Note, Text
from domain.facts import Count, Division, Name, Sha256
from domain.record import Record, records, step
from domain.refused import Refused

METHOD = "sha256-sort-2"
"""Candidates in the order of SHA-256(seed + ":" + key), as hexadecimal text; the first ``size`` are drawn."""


def drawn(seed: str, keys: Iterable[str], size: int) -> list[str]:
    """The keys that a seed draws."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())[:size]


def list_hash(keys: Sequence[str]) -> str:
    """SHA-256 of the frozen list: its keys sorted, one to a line, UTF-8."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that may be drawn: its key and what people call it."""

    key: Name
    name: Name | None = None

    def texts(self) -> Iterable[str]:
        yield self.name or ""


class Excluded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something left out of the list, and why."""

    key: Name
    reason: codes.ExclusionReason
    text: Name | None = None

    def texts(self) -> Iterable[str]:
        yield self.text or ""


class DrawFrozen(Event, frozen=True, kw_only=True):
    """{by}封存抽取名单({purpose}):候选{count}个,排除{excluded}个,拟抽{size}个,名单SHA-256 {list_sha256}。

    {by} froze the list for a draw ({purpose}): {count} candidates, {excluded} left out, {size} to be drawn, SHA-256 of the list
    {list_sha256}.
    """

    KIND: ClassVar[str | None] = "purpose"
    COMPUTED: ClassVar[frozenset[str]] = frozenset(
        {"list_sha256", "count", "excluded", "method", "number", "commitment"}
    )
    WORD, OPENS = "frozen", True

    purpose: codes.DrawPurpose
    division: Division
    size: Annotated[int, Meta(ge=1, le=10_000)]
    candidates: tuple[Candidate, ...]
    exclusions: tuple[Excluded, ...] = ()
    campaign: UUID | None = None
    witness: Name | None = None
    list_sha256: Sha256
    commitment: Sha256  # of the secret that is shown when it is drawn
    count: Count
    excluded: Count = 0
    method: Name = METHOD
    number: Name | None = None

    def apply(self, draw: Draw) -> None:
        draw.division, draw.purpose, draw.size, draw.campaign = self.division, self.purpose, self.size, self.campaign
        draw.candidates, draw.exclusions = self.candidates, self.exclusions
        draw.list_sha256, draw.method, draw.number = self.list_sha256, self.method, self.number
        draw.commitment = self.commitment


class DrawMade(Event, frozen=True, kw_only=True):
    """{by}以种子{seed}抽取:{drawn}。

    {by} drew with seed {seed}: {drawn}.
    """

    COMPUTED: ClassVar[frozenset[str]] = frozenset({"seed", "secret", "drawn"})
    WORD = "drawn"

    seed: Text
    secret: Sha256  # hexadecimal; its SHA-256 was stored with the list
    drawn: tuple[Name, ...]
    beacon: Name | None = None  # a word the witness added; part of the seed

    def apply(self, draw: Draw) -> None:
        draw.seed, draw.secret, draw.drawn = self.seed, self.secret, self.drawn


class DrawVoided(Event, frozen=True, kw_only=True):
    """{by}作废本次抽取:{reason}(批准人{approved_by})。

    {by} voided the draw: {reason} (approved by {approved_by}).
    """

    KIND: ClassVar[str | None] = "reason"
    WORD = "voided"

    reason: Text
    approved_by: Name


class DrawNoted(Note, frozen=True, kw_only=True):
    __doc__ = Note.__doc__


class AnotherSecret(Refused):
    """抽取所用的随机数与封存时的承诺不符;请核对本机关密钥。

    The secret is not the one the list was frozen with; look whether this is the office's own key.
    """


class TooFewCandidates(Refused):
    """可抽取的只有{left}个,少于拟抽的{size}个。

    Only {left} are left to draw from, fewer than the {size} to be drawn.
    """

    malformed = True


class TwiceOnTheList(Refused):
    """名单中“{key}”重复。

    "{key}" is on the list twice.
    """

    malformed = True


class NotOnTheList(Refused):
    """被排除的“{key}”不在名单中。

    "{key}" is left out of a list it is not on.
    """

    malformed = True


@dataclass
class Draw(Record, keeping=(DrawNoted,)):
    """One draw, from the frozen list to the names.  It cannot be corrected: a draw that went wrong is voided and stays."""

    lifecycle = {
        DrawFrozen: step(once=True),
        DrawMade: step(DrawFrozen, once=True),
        DrawVoided: step(DrawFrozen, once=True),
    }
    endings = frozenset({DrawVoided})

    number: str | None = None
    purpose: str | None = None
    size: int = 0
    campaign: UUID | None = None
    candidates: tuple[Candidate, ...] = ()
    exclusions: tuple[Excluded, ...] = ()
    list_sha256: str | None = None
    commitment: str | None = None
    secret: str | None = None
    method: str | None = None
    seed: str | None = None
    drawn: tuple[str, ...] = ()

    SHOWN: ClassVar[tuple[str, ...]] = (
        "purpose", "size", "campaign", "candidates", "exclusions", "list_sha256", "commitment", "method", "secret", "seed", "drawn",
    )  # fmt: skip

    @property
    def title(self) -> str:
        return self.number or ""

    @property
    def left(self) -> list[str]:
        """The keys that may be drawn."""
        out = {excluded.key for excluded in self.exclusions}
        return [candidate.key for candidate in self.candidates if candidate.key not in out]

    @records(DrawFrozen)
    def freeze(self, *, size: int, candidates: Any, exclusions: Any = (), **facts: Any) -> dict[str, Any]:
        """Freeze the list to draw from, and what is left out of it (封存名单)."""
        keys = [each["key"] if isinstance(each, dict) else each.key for each in candidates]
        out = {each["key"] if isinstance(each, dict) else each.key for each in exclusions}
        if twice := next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None:
            raise TwiceOnTheList(at="candidates", key=twice)
        if unknown := out - set(keys):
            raise NotOnTheList(at="exclusions", key=min(unknown))
        if len(keys) - len(out) < size:
            raise TooFewCandidates(at="size", left=str(len(keys) - len(out)), size=size)
        return {"list_sha256": list_hash(keys), "count": len(keys), "excluded": len(out), "method": METHOD}

    @records(DrawMade)
    def make(self, *, link: bytes, secret: bytes, beacon: str | None = None, **facts: Any) -> dict[str, Any]:
        """Draw from the frozen list (抽取); ``link`` is the list's own link in the hash chain, ``secret`` what it was stored with."""
        if hashlib.sha256(secret).hexdigest() != self.commitment:
            raise AnotherSecret
        seed = "-".join(filter(None, (link.hex(), secret.hex(), beacon)))
        return {"seed": seed, "secret": secret.hex(), "drawn": drawn(seed, self.left, self.size)}

    @records(DrawVoided)
    def void(self, *, approved_by: str, **facts: Any) -> None:
        """Void the draw; it stays on record (作废)."""
        self._another_approver(approved_by)
