"""A person in the vault: sealed, opened, erased.  The events say that it was done and why, and never who it is."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from domain.event import Event, Text
from domain.facts import Name


class PersonSealed(Event, frozen=True, kw_only=True):
    """{by}将联系人信息加密入库({standing}),字段{fields}。

    {by} sealed a person's data ({standing}): {fields}.
    """

    KIND: ClassVar[str | None] = "standing"

    standing: str  # complaint or report: an informant lies in the narrower vault
    fields: tuple[Name, ...]
    case: UUID


class PersonOpened(Event, frozen=True, kw_only=True):
    """{by}查阅联系人信息,字段{fields}:{purpose}。

    {by} read a person's data, {fields}: {purpose}.
    """

    KIND: ClassVar[str | None] = "purpose"

    purpose: Text
    fields: tuple[Name, ...]
    case: UUID


class PersonErased(Event, frozen=True, kw_only=True):
    """{by}销毁联系人密钥:{reason};此后任何备份均不可读。

    {by} destroyed the key of a person's data: {reason}; nothing of it can be read again.
    """

    KIND: ClassVar[str | None] = "reason"

    reason: Text
