"""The rulebook: what the office has decided where the law leaves a number open, the years of the calendar, the rules of escalation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from application.office import today
from domain.powers import decide
from domain.rulebook import Rulebook
from domain.rules.settings import SETTINGS
from interface.api import shapes
from interface.api.asking import actor, allow
from interface.pages import knowing
from interface.pages.acting import recorded
from interface.pages.counter import Answer, ask, read
from interface.pages.forms import SEEN, Hints, beside, body_of, command_of, form_of, fresh, seen_of
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
    allow(f"rulebook.{action}")
    book = read("/api/rulebook")
    schema = shapes.request_body(Rulebook.actions[action])
    form = form_of(schema, event=Rulebook.actions[action].__name__, lang=lang(), hints=_hints())
    if request.method == "GET":
        return _form(action, fresh(form, book["version"]))
    answer = ask(
        "POST", f"/api/rulebook/{action}", body=body_of(form, schema), version=seen_of(form), key=command_of(form)
    )
    if answer.ok:
        recorded(answer)
        return away("/rulebook")
    if answer.status == 412:
        form[SEEN].data = str(book["version"])
    return _form(action, form, answer)


def _hints() -> Hints:
    """The settings by what they mean, the officers who may approve, and the setting that was asked for."""
    settings = [(one.name, f"{one.name} · {one.zh if lang() == 'zh' else one.en}") for one in SETTINGS.values()]
    values = {"on": today().isoformat(), "since": today().isoformat(), **request.args.to_dict()}
    return Hints({"name": settings}, {name: knowing.officers() for name in knowing.OFFICERS}, values)


def _form(action: str, form: Any, answer: Answer | None = None) -> Response:
    status = answer.status if answer else 200
    return page(
        "deciding.html", status, action=action, form=form, does=knowing.does(Rulebook, action), **beside(form, answer)
    )
