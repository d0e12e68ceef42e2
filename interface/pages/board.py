"""The board of escalation: lanes apart, the rules that were met, and a rule tried over all past cases before it takes effect."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from domain.powers import decide
from interface.api.asking import actor
from interface.pages.counter import ask, read
from interface.pages.frame import page

bp = Blueprint("board", __name__)

LANES: dict[str, Any] = {
    "escalated": lazy("Escalated"), "proposed": lazy("Proposed"), "suggested": lazy("A rule would escalate"),
    "lead_cadre": lazy("For a lead cadre"), "fast": lazy("Fast lane"),
}  # fmt: skip
MOST = 60
"""So many cards a lane shows; the count says how many there are."""
OWN = ("id", "lane", "zh", "en", "law", "since", "any", "all", "and_any", "handled")
"""What of a rule is its own; the rest is said of it."""


@bp.get("/board")
def board() -> Response:
    """Cases escalated, proposed, and those a rule would propose; a person decides."""
    lanes = read("/api/escalation", on=request.args.get("on"), limit=MOST)
    rules = {rule["id"]: rule for rule in read("/api/escalation/rules")}
    return page("board.html", lanes=lanes, titles=LANES, rules=rules, may_try=decide(actor(), "reports").allowed)


@bp.route("/board/trial", methods=["GET", "POST"])
def trial() -> Response:
    """Try a rule over all the cases there ever were: how many it would propose, and which.  Nothing is recorded."""
    rules = read("/api/escalation/rules")
    chosen = next((rule for rule in rules if rule["id"] == request.values.get("rule")), rules[0] if rules else {})
    text = request.form.get("content") or json.dumps(
        {name: chosen[name] for name in OWN if name in chosen}, ensure_ascii=False, indent=2
    )
    if request.method == "GET":
        return page("trial.html", rules=rules, chosen=chosen, content=text)
    try:
        rule = json.loads(text)
    except ValueError:
        return page(
            "trial.html", 422, rules=rules, chosen=chosen, content=text, said=_("The rule is not written as JSON.")
        )
    answer = ask("POST", "/api/escalation/dry-run", body={"rule": rule})
    if not answer.ok:
        return page(
            "trial.html",
            answer.status,
            rules=rules,
            chosen=chosen,
            content=text,
            said=_said(answer.detail, answer.errors),
        )
    return page("trial.html", rules=rules, chosen=chosen, content=text, found=answer.body)


def _said(detail: str, errors: dict[str, str]) -> str:
    return " ".join([detail, *(f"{name}: {text}" for name, text in errors.items())])
