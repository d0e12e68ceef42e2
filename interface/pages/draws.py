"""Freezing the list of a draw: what may be drawn, what is left out and why; the same list that was seen is the list that is frozen."""

from __future__ import annotations

from typing import Any, get_args
from uuid import uuid4

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from application.office import today
from domain.codes import ExclusionReason
from domain.draw import list_hash
from domain.powers import Place
from interface.api.asking import actor, allow
from interface.pages import typed
from interface.pages.acting import recorded
from interface.pages.cases import within_sight
from interface.pages.counter import Answer, ask, read
from interface.pages.forms import used_up
from interface.pages.frame import away, page

bp = Blueprint("draws", __name__)

ASKED = ("purpose", "division", "industry", "from", "to")
TYPED = ("on", "size", "campaign", "witness")
MOST = 300
"""So many candidates are listed."""
REASONS = tuple(get_args(ExclusionReason))


@bp.route("/draws/new", methods=["GET", "POST"])
def freeze() -> Response:
    """Choose from what is drawn, leave out what must be, and freeze the list."""
    allow("draw.freeze", Place(actor().division, actor().scope.industry))
    asked = {name: value for name in ASKED if (value := request.values.get(name, "").strip())}
    found = read("/api/draws/candidates", **asked) if "purpose" in asked else None
    if request.method == "GET" or found is None:
        return _shown(asked, found)
    digest = list_hash([one["key"] for one in found["candidates"]])
    if request.form.get("seen") != digest:
        return _shown(asked, found, 409, _("The list has changed since you looked; look at it again, then freeze it."))
    body = _body(asked, found)
    answer = ask("POST", "/api/draws", body=body, key=request.form.get("command") or None)
    if answer.ok:
        recorded(answer)
        return away(f"/draws/{answer.body['number'] or answer.body['id']}")
    wrong = {name: said for name, said in answer.errors.items() if name in TYPED}
    said = "" if answer.errors and len(wrong) == len(answer.errors) else _said(answer)
    return _shown(asked, found, answer.status, said, wrong, command=str(uuid4()) if answer.used_up else None)


def _said(answer: Answer) -> str:
    """What stands above the list: that this command was recorded already, or what is wrong with what no field is there for."""
    return used_up() if answer.used_up else " ".join([answer.detail, *dict.fromkeys(answer.errors.values())])


def _body(asked: dict[str, str], found: dict[str, Any]) -> dict[str, Any]:
    """What is frozen: the list that was seen, and what the officer left out of it with the reason."""
    out = [
        {
            "key": one["key"],
            "reason": reason,
            **({"text": text} if (text := request.form.get(f"text-{one['key']}", "").strip()) else {}),
        }
        for one in found["candidates"]
        if (reason := request.form.get(f"out-{one['key']}"))
    ]
    return {
        "on": typed.dated(request.form.get("on")) or today().isoformat(), "division": asked.get("division") or actor().division,
        "purpose": asked["purpose"], "size": typed.whole(request.form.get("size")), "candidates": found["candidates"], "exclusions": out,
        **{name: value for name in ("campaign", "witness") if (value := request.form.get(name, "").strip())},
    }  # fmt: skip


def _listed(found: dict[str, Any], out: dict[str, str]) -> list[dict[str, Any]]:
    """The candidates one can leave out on this page: those that are left out, then the first of the others.

    All of them are in the list that is frozen; a page with ten thousand choices is of no use to anybody.
    """
    first = sorted(found["candidates"], key=lambda one: one["key"] not in out)
    return first[: max(MOST, len(out))]


def _shown(
    asked: dict[str, str], found: dict[str, Any] | None, status: int = 200, said: str = "", wrong: dict[str, str] | None = None,
    command: str | None = None,
) -> Response:  # fmt: skip
    proposed = {one["key"]: one["reason"] for one in (found or {}).get("exclusions", ())}
    out = {key: request.form.get(f"out-{key}", "") for key in proposed} if request.method == "POST" else proposed
    if request.method == "POST":
        out |= {
            name.removeprefix("out-"): reason
            for name, reason in request.form.items()
            if name.startswith("out-") and reason
        }
    return page(
        "freeze.html", status, asked=asked, found=found, listed=_listed(found, out) if found else (), said=said, wrong=wrong or {}, out=out, proposed=proposed, reasons=REASONS, divisions=within_sight(),
        campaigns=read("/api/campaigns", status="planned", limit=100), seen=list_hash([one["key"] for one in found["candidates"]]) if found else "",
        command=command or request.form.get("command") or str(uuid4()),
    )  # fmt: skip
