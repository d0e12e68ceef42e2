"""Revisits: the periodic plan, the samples that were drawn, and the sheet to call by."""

from __future__ import annotations

from flask import Blueprint, Response, request

from domain.powers import decide
from interface.api.asking import actor
from interface.pages.counter import Answered, ask, read
from interface.pages.frame import page

bp = Blueprint("revisits", __name__)


@bp.get("/revisits")
def revisits() -> Response:
    """Cases closed and not revisited for as long as the office decided; and the samples drawn at random."""
    asked = {name: value for name in ("after_days", "cursor") if (value := request.args.get(name, "").strip())}
    answer = ask("GET", "/api/revisits", query={**asked, "limit": "100"})
    if not answer.ok and answer.status not in (409, 422):
        raise Answered(answer)
    return page(
        "revisits.html", cases=answer.body if answer.ok else [], said="" if answer.ok or "after_days" in answer.errors else answer.detail, wrong=answer.errors, asked=asked,
        further=answer.further, draws=read("/api/draws", kind="revisit", limit=20),
        may_draw=decide(actor(), "draw.freeze").allowed, sheet=request.args.get("sheet"),
    )  # fmt: skip
