"""Which escalation rules a case meets, for whoever proposes or decides: the hits an event keeps."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from application.escalation import rules_of, situation
from domain.facts import Hit
from domain.rules.escalation import hits
from interface.api.asking import actor, rules, views

_LANES = ("lead_cadre", "joint_team")


def shown_hit(hit: Hit) -> dict[str, Any]:
    return dict(msgspec.to_builtins(hit))


def hits_of(record: UUID, on: date) -> list[Hit]:
    """The rules one case meets on a day."""
    book = rules()
    window = book.settings.value("repeat_window_days", on)
    rows = views().situations(
        actor().scope, on=on, record=record, repeat_days=int(window) if window is not None else None
    )
    return hits(situation(rows[0], on, book.calendar), book.settings, rules_of(book)) if rows else []


def keeps_hits(action: str, facts: dict[str, Any]) -> bool:
    """Whether an act keeps the rules that were met when it was decided."""
    return action in ("escalate", "propose") or (action == "assign" and facts.get("kind") in _LANES)
