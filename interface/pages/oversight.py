"""For auditors: findings with the entries they rest on, the journal, the acts of an officer.  Read, never written."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, request

from domain.event import sort_of
from domain.powers import decide
from domain.vocabulary import EVENTS
from interface.api.asking import actor
from interface.api.problems import Problem
from interface.pages.cases import within_sight
from interface.pages.counter import Answer, Answered, ask
from interface.pages.frame import lang, page, worded
from interface.pages.statistics import ROOM_OF
from projections.reports.oversight import FIGURES

bp = Blueprint("oversight", __name__)

FINDINGS = ("officer", "office", "division", "kind", "from", "to", "on", "known", "cursor")
LINES = ("officer", "office", "division", "event", "kind", "record", "from", "to", "on", "recorded_on", "cursor")


@bp.get("/oversight")
def oversight() -> Response:
    """Steps past their day, idle cases, late and backdated entries: per officer and office, and each with its entries."""
    asked = _asked(FINDINGS)
    answer = _answer("/api/oversight", {**asked, "limit": "50"})
    kinds = {name: figure.zh if lang() == "zh" else figure.en for name, figure in FIGURES.items()}
    return page(
        "oversight.html", answer=answer.body, asked=asked, kinds=kinds, divisions=within_sight(), further=answer.further,
        may_search=decide(actor(), "journal").allowed,
    )  # fmt: skip


@bp.get("/journal")
def journal() -> Response:
    """Every entry as it was recorded, newest first: of an officer, an office, a record, a day."""
    asked = _asked(LINES)
    answer = _answer("/api/journal", {**asked, "limit": "100"})
    return page(
        "journal.html", lines=answer.body, asked=asked, events=_events(), divisions=within_sight(), further=answer.further,
        room_of={name: ROOM_OF.get(_sort(name)) for name in EVENTS},
    )  # fmt: skip


def _asked(names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def _answer(path: str, query: dict[str, Any]) -> Answer:
    answer = ask("GET", path, query=query)
    if answer.status == 422:
        raise Problem(
            422, "fields", names=", ".join(answer.errors), detail=f"{answer.detail} {' '.join(answer.errors.values())}"
        )
    if not answer.ok:
        raise Answered(answer)
    return answer


def _events() -> list[tuple[str, str]]:
    """The events there are, in words: of which sort of record, and what was done."""
    said = {
        name: f"{worded(f'record_{_of(name)}')} · {worded(f'done_{sort_of(event)}')}" for name, event in EVENTS.items()
    }
    return sorted(said.items(), key=lambda pair: pair[1])


def _of(event: str) -> str:
    """The first word of an event's name: the sort of record it belongs to."""
    return re.findall("[A-Z][a-z]+", event)[0].lower()


def _sort(event: str) -> str:
    """The sort of record an event belongs to: the first word of its name."""
    return next((sort for sort in ROOM_OF if event.lower().startswith(sort)), "")
