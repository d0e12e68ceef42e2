"""For auditors: findings with the entries they rest on, the journal, the acts of an officer.  Read, never written."""

from __future__ import annotations

import re
from typing import Any, get_args
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from domain.event import Event, facts_of, sort_of
from domain.powers import covered, decide
from domain.vocabulary import EVENTS
from interface.api import shapes
from interface.api.asking import actor, allow, views
from interface.api.problems import Problem
from interface.api.reading import Journal
from interface.api.records import PLURALS
from interface.api.showing import shown_line
from interface.pages import knowing
from interface.pages.asked import Asked, asked
from interface.pages.cases import name_of, within_sight
from interface.pages.counter import Answer, Answered, ask
from interface.pages.frame import lang, page, worded
from interface.pages.statistics import ROOM_OF
from projections.reports.oversight import FIGURES

bp = Blueprint("oversight", __name__)

FINDINGS = ("officer", "office", "division", "kind", "from", "to", "on", "known", "cursor")
LINES = 100
NOWHERE = UUID(int=0)
"""What no record is called."""


class Searched(Journal):
    """The filters of the journal, and words: of a summary, a remark, a reason, the number of a paper."""

    q = shapes.Text(validate=shapes._length(1, 100))


Searched._declared_fields["record"] = shapes.Text(validate=shapes._length(1, 200))  # by its number, too


@bp.get("/oversight")
def oversight() -> Response:
    """Steps past their day, idle cases, late and backdated entries: per officer and office, and each with its entries."""
    given = _asked(FINDINGS)
    left_out = [name_of(name) for name in request.args if name not in FINDINGS]
    office = {"office": knowing.office_of(given["office"])} if "office" in given else {}
    answer = _answer("/api/oversight", {**given, **office, "limit": "50"})
    kinds = {name: figure.zh if lang() == "zh" else figure.en for name, figure in FIGURES.items()}
    return page(
        "oversight.html", answer=answer.body, asked=given, left_out=left_out, offices=knowing.offices(actor().division), kinds=kinds, divisions=within_sight(), further=answer.further,
        may_search=decide(actor(), "journal").allowed,
    )  # fmt: skip


@bp.get("/journal")
def journal() -> Response:
    """Every entry as it was recorded, newest first: of an officer, an office, a record, a day, with some words in it."""
    allow("journal")
    wanted = asked(Searched)
    filters = {**wanted.filters, **wanted.moment}
    if "office" in filters:
        filters["office"] = knowing.office_of(filters["office"])
    if "record" in filters:
        filters["record"] = _record(filters["record"]) or NOWHERE
    cursor = request.args.get("cursor")
    rows, further = views().journal(filters, divisions=covered(actor().division), limit=LINES, cursor=cursor)
    return page(
        "journal.html", lines=[shown_line(row, lang=lang()) for row in rows], asked={**wanted.given, **_days(wanted)}, left_out=[name_of(name) for name in wanted.wrong],
        nowhere=filters.get("record") == NOWHERE,
        events=_events(), kinds=_kinds(), offices=knowing.offices(actor().division), divisions=within_sight(), further=further,
        room_of={name: ROOM_OF.get(_sort(name)) for name in EVENTS},
    )  # fmt: skip


def _days(wanted: Asked) -> dict[str, str]:
    return {name: moment.isoformat() for name, moment in wanted.moment.items()}


def _record(ref: str) -> UUID | None:
    """A record of any sort, by its id or its number."""
    try:
        return UUID(ref)
    except ValueError:
        pass
    return views().find(ref) or next(filter(None, (views().find_record(sort, ref) for sort in PLURALS)), None)


def _kinds() -> list[tuple[str, str]]:
    """The kinds of entries there are, in words."""
    found = {code for event in EVENTS.values() if event.KIND for code in _codes(event, event.KIND)}
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
