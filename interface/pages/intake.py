"""Intake: one fast form, cases it may repeat beside it while it is typed, and the receipt with the number and the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _

from application.office import Command, NotOnFile, record_id, today
from domain.case import Case
from domain.case_events import CaseReceived
from interface.api import shapes
from interface.api.asking import allow, command_id, office
from interface.pages import knowing
from interface.pages.acting import recorded
from interface.pages.cases import within_sight
from interface.pages.counter import ask
from interface.pages.forms import Hints, beside, body_of, command_of, form_of, fresh
from interface.pages.frame import in_names, lang, page

bp = Blueprint("intake", __name__)

SCHEMA = shapes.request_body(CaseReceived)
GROUPS = (
    ("clue", ("on", "channel", "channel_ref", "division", "complainant_kind")),
    ("employer", ("employer", "project", "industry", "place")),
    ("arrears", ("persons_claimed", "amount_claimed", "period_from", "period_to", "summary")),
    ("contact", ("contact",)),
)
"""The fields in the order in which a clue is told."""


@bp.route("/intake", methods=["GET", "POST"])
def receive() -> Response:
    """The form of a clue; recorded, the receipt."""
    allow("receive")
    form = _made()
    if request.method == "GET":
        return page("intake.html", form=fresh(form), groups=GROUPS, **beside(form, None))
    answer = ask("POST", "/api/cases", body=body_of(form, SCHEMA), key=command_of(form))
    if not answer.ok:
        first = _first(command_of(form)) if answer.used_up else None
        return page("intake.html", answer.status, form=form, groups=GROUPS, first=first, **beside(form, answer))
    case = answer.body
    recorded(answer)
    for number in request.form.getlist("repeats")[:5]:
        _link(case, number)
    return page("receipt.html", case=case, code=case["code"])


def _first(key: str) -> Case | None:
    """The case that this officer registered under the name of a command before."""
    try:
        return office().case(record_id(Case, {}, Command(command_id("/api/cases", key))))
    except NotOnFile:
        return None


@bp.post("/intake/alike")
def alike() -> Response:
    """Cases that the clue may repeat, as it stands so far; nothing is recorded."""
    said = body_of(_made(), SCHEMA)
    said.pop("on", None)
    answer = ask("POST", "/api/cases/duplicates", body=said)
    if answer.errors:
        answer = ask("POST", "/api/cases/duplicates", body=_without(said, answer.errors))
    return page("alike.html", found=answer.body if answer.ok else [], chosen=request.form.getlist("repeats"))


def _without(said: dict[str, Any], half_typed: Iterable[str]) -> dict[str, Any]:
    """A clue without what is only half typed: ``employer-uscc`` is the code of the employer, whose name stays."""
    for name in half_typed:
        of, _dash, part = name.partition("-")
        if part and isinstance(said.get(of), dict):
            said[of].pop(part, None)
        else:
            said.pop(of, None)
    return said


def _made() -> Any:
    hints = Hints(
        choices={"division": within_sight()},
        suggestions=knowing.employers(),
        values={"on": today().isoformat(), "division": g.actor.division, "complainant_kind": "complaint", **_given()},
    )
    return form_of(SCHEMA, event="CaseReceived", lang=lang(), hints=hints)


def _given() -> dict[str, Any]:
    """What another page knows already and puts in the address: ``employer-name`` is the name of the employer."""
    given: dict[str, Any] = {}
    for name, value in request.args.items():
        of, _dash, part = name.partition("-")
        if part:
            given.setdefault(of, {})[part] = value
        elif value:
            given[of] = value
    return given


def _link(case: dict[str, Any], number: str) -> None:
    """Link the new case to one that a person said it repeats."""
    body = {"on": today().isoformat(), "to": number, "reason": _("Found alike at intake.")}
    answer = ask("POST", f"/api/cases/{case['id']}/link", body=body, version=case["version"], key=str(uuid4()))
    if answer.ok:
        case["version"] = answer.body["case"]["version"]
        flash(in_names(answer.body["event"]["sentence"]))
    else:
        flash(answer.detail, "warning")
