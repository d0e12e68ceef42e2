"""Intake: one fast form, cases it may repeat beside it while it is typed, and the receipt with the number and the code."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _

from application.office import today
from application.regions import counties
from domain.case_events import CaseReceived
from domain.powers import decide
from interface.api import shapes
from interface.api.problems import Problem
from interface.pages import knowing
from interface.pages.acting import recorded
from interface.pages.counter import ask
from interface.pages.forms import KEY, Hints, body_of, form_of
from interface.pages.frame import lang, page, place

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
    decision = decide(g.actor, "receive")
    if not decision.allowed:
        raise Problem(403, "forbidden", detail=decision.reason(lang()))
    form = _made()
    if request.method == "GET":
        form[KEY].data = str(uuid4())
        return _form(form)
    answer = ask("POST", "/api/cases", body=body_of(form, SCHEMA), key=str(form[KEY].data or uuid4()))
    if not answer.ok:
        return _form(form, answer.status, errors=answer.errors, said=answer.detail)
    case = answer.body
    recorded(answer)
    for number in request.form.getlist("repeats")[:5]:
        _link(case, number)
    return page("receipt.html", case=case, code=case["code"])


@bp.post("/intake/alike")
def alike() -> Response:
    """Cases that the clue may repeat, as it stands so far; nothing is recorded."""
    said = body_of(_made(), SCHEMA)
    said.pop("on", None)
    answer = ask("POST", "/api/cases/duplicates", body=said)
    while not answer.ok and answer.errors and said:  # what is half typed is left out
        before = dict(said)
        for name in answer.errors:
            said.pop(name.partition("-")[0], None)
        if said == before:
            break
        answer = ask("POST", "/api/cases/duplicates", body=said)
    return page("alike.html", found=answer.body if answer.ok else [], chosen=request.form.getlist("repeats"))


def _made() -> Any:
    me = g.actor
    inside = counties(me.division) if me.division.endswith("00") else ()
    divisions = [(code, place(code)) for code in (me.division, *inside)]
    hints = Hints(
        choices={"division": divisions},
        suggestions=knowing.employers(),
        values={"on": today().isoformat(), "division": me.division, "complainant_kind": "complaint", **_given()},
    )
    form = form_of(SCHEMA, event="CaseReceived", lang=lang(), hints=hints)
    form.suggestions = hints.suggestions
    return form


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


def _form(form: Any, status: int = 200, errors: dict[str, str] | None = None, said: str = "") -> Response:
    shown = {name for field in form for name in knowing.names_of(field)}
    placed = {name for name in errors or {} if name in shown}
    return page(
        "intake.html", status, form=form, groups=GROUPS, errors=errors or {}, said="" if errors and placed == set(errors) else said,
        suggestions=form.suggestions,
    )  # fmt: skip


def _link(case: dict[str, Any], number: str) -> None:
    """Link the new case to one that a person said it repeats."""
    body = {"on": today().isoformat(), "to": number, "reason": _("Found alike at intake.")}
    answer = ask("POST", f"/api/cases/{case['id']}/link", body=body, version=case["version"], key=str(uuid4()))
    if answer.ok:
        case["version"] = answer.body["case"]["version"]
        flash(answer.body["event"]["sentence"])
    else:
        flash(answer.detail, "warning")
