"""Which escalation rules a case meets, for whoever proposes or decides: the hits an event keeps."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.facts import Hit
from interface.api.asking import actor, rules, views
from projections import escalation

_LANES = ("lead_cadre", "joint_team")


def shown_hit(hit: Hit) -> dict[str, Any]:
    return dict(msgspec.to_builtins(hit))


def hits_of(record: UUID, on: date) -> list[Hit]:
    """The rules one case meets on a day."""
    book = rules()
    found = escalation.hits_of(views(), actor().scope, [record], on=on, book=book, rules=book.escalation)
    return found.get(record, [])


def keeps_hits(action: str, facts: dict[str, Any]) -> bool:
    """Whether an act keeps the rules that were met when it was decided."""
    return action in ("escalate", "propose") or (action == "assign" and facts.get("kind") in _LANES)
