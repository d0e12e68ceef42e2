"""The rulebook: what the office has decided where the law leaves a number open, the years of the calendar, the rules of escalation."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from application.office import today
from domain.powers import decide
from domain.rulebook import Rulebook
from domain.rules.settings import SETTINGS
from interface.api import shapes
from interface.api.asking import actor
from interface.api.problems import Problem
from interface.pages import knowing
from interface.pages.acting import recorded
from interface.pages.counter import Answer, ask, read
from interface.pages.forms import KEY, SEEN, Hints, body_of, form_of
from interface.pages.frame import away, fault, lang, page

bp = Blueprint("rulebook", __name__)


@bp.get("/rulebook")
def rulebook() -> Response:
    """Every setting with what it means, what is proposed and what is in force; what was decided when."""
    book = read("/api/rulebook")
    acts = [action for action in Rulebook.actions if decide(actor(), f"rulebook.{action}").allowed]
    return page("rulebook.html", book=book, history=read("/api/rulebook/history"), acts=acts)


@bp.route("/rulebook/do/<action>", methods=["GET", "POST"])
def act(action: str) -> Response:
    """The form of a decision, and what came of it."""
    if action not in Rulebook.actions:
        return fault(404, _("There is no such action."))
    decision = decide(actor(), f"rulebook.{action}")
    if not decision.allowed:
        raise Problem(403, "forbidden", detail=decision.reason(lang()))
    book = read("/api/rulebook")
    schema = shapes.request_body(Rulebook.actions[action])
    hints = _hints()
    form: Any = form_of(schema, event=Rulebook.actions[action].__name__, lang=lang(), hints=hints)
    if request.method == "GET":
        form[SEEN].data, form[KEY].data = str(book["version"]), str(uuid4())
        return _form(action, form, hints)
    answer = ask(
        "POST", f"/api/rulebook/{action}", body=body_of(form, schema), version=int(form[SEEN].data or 0), key=str(form[KEY].data or uuid4())
    )  # fmt: skip
    if answer.ok:
        recorded(answer)
        return away("/rulebook")
    if answer.status == 412:
        form[SEEN].data = str(book["version"])
    return _form(action, form, hints, answer)


def _hints() -> Hints:
    """The settings by what they mean, the officers who may approve, and the setting that was asked for."""
    settings = [(one.name, f"{one.name} · {one.zh if lang() == 'zh' else one.en}") for one in SETTINGS.values()]
    values = {"on": today().isoformat(), "since": today().isoformat(), **request.args.to_dict()}
    return Hints({"name": settings}, {name: knowing.officers() for name in knowing.OFFICERS}, values)


def _form(action: str, form: Any, hints: Hints, answer: Answer | None = None) -> Response:
    errors = answer.errors if answer else {}
    shown = {name for field in form for name in knowing.names_of(field)}
    said = answer.detail if answer and not (errors and set(errors) <= shown) else ""
    return page(
        "deciding.html", answer.status if answer else 200, action=action, form=form, errors=errors, said=said, suggestions=hints.suggestions,
        does=knowing.does(Rulebook, action),
    )  # fmt: skip
