"""For auditors: findings with the entries they rest on, the journal, the acts of an officer.  Read, never written."""

from __future__ import annotations

import re
from typing import Any, get_args

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from domain.event import Event, facts_of, sort_of
from domain.powers import decide
from domain.vocabulary import EVENTS
from interface.api.asking import actor
from interface.api.problems import Problem
from interface.api.reading import Journal
from interface.pages import knowing
from interface.pages.asked import asked
from interface.pages.cases import name_of, within_sight
from interface.pages.counter import Answer, Answered, ask
from interface.pages.frame import lang, look_up, page, worded
from interface.pages.statistics import ROOM_OF
from projections.reports.oversight import FIGURES

bp = Blueprint("oversight", __name__)

FINDINGS = ("officer", "office", "division", "kind", "from", "to", "on", "known", "cursor")
LINES = 100


@bp.get("/oversight")
def oversight() -> Response:
    """Steps past their day, idle cases, late and backdated entries: per officer and office, and each with its entries."""
    given = _asked(FINDINGS)
    left_out = [name_of(name) for name in request.args if name not in FINDINGS]
    office = {"office": knowing.office_of(given["office"])} if "office" in given else {}
    answer = _answer("/api/oversight", {**given, **office, "limit": "50"})
    look_up(event["sentence"] for one in answer.body["findings"] for event in one["events"])
    kinds = {name: figure.zh if lang() == "zh" else figure.en for name, figure in FIGURES.items()}
    return page(
        "oversight.html", answer=answer.body, asked=given, left_out=left_out, offices=knowing.offices(actor().division), kinds=kinds, divisions=within_sight(), further=answer.further,
        may_search=decide(actor(), "journal").allowed,
    )  # fmt: skip


@bp.get("/journal")
def journal() -> Response:
    """Every entry as it was recorded, newest first: of an officer, an office, a record, a day, with some words in it."""
    wanted = asked(Journal)
    given = {**wanted.given, **{name: moment.isoformat() for name, moment in wanted.moment.items()}}
    office = {"office": knowing.office_of(given["office"])} if "office" in given else {}
    answer = _answer("/api/journal", {**given, **office, **_asked(("cursor",)), "limit": str(LINES)})
    look_up(line["sentence"] for line in answer.body)
    return page(
        "journal.html", lines=answer.body, most=LINES, asked=given, left_out=[name_of(name) for name in wanted.wrong],
        events=_events(), kinds=_kinds(), offices=knowing.offices(actor().division), divisions=within_sight(), further=answer.further,
        room_of={name: ROOM_OF.get(_sort(name)) for name in EVENTS},
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    """The kinds of entries there are, in words."""
    found = {code for event in EVENTS.values() if (fact := event.kind_fact()) for code in _codes(event, fact)}
    return sorted(((code, worded(code)) for code in found), key=lambda pair: pair[1])


def _codes(event: type[Event], fact: str) -> tuple[str, ...]:
    kinds = next((of.type for of in facts_of(event) if of.name == fact), None)
    return tuple(code for code in get_args(kinds) if isinstance(code, str))


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
    said = {name: f"{_of_record(name)} · {worded(f'done_{sort_of(event)}')}" for name, event in EVENTS.items()}
    return sorted(said.items(), key=lambda pair: pair[1])


def _of_record(event: str) -> str:
    """The sort of record an event belongs to, in words: the first word of its name."""
    of = re.findall("[A-Z][a-z]+", event)[0].lower()
    return _("A person's data") if of == "person" else worded(f"record_{of}")


def _sort(event: str) -> str:
    """The sort of record an event belongs to: the first word of its name."""
    return next((sort for sort in ROOM_OF if event.lower().startswith(sort)), "")
