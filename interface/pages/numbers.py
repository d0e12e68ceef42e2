"""The registers of numbers: every paper under its number, gap-free, with the void ones in their place."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from domain.rules.papers import PAPERS
from interface.pages import knowing
from interface.pages.acting import ROOMS
from interface.pages.counter import Answered, ask
from interface.pages.frame import page

bp = Blueprint("numbers", __name__)

ROOM_OF = {sort: room for room, sort in ROOMS.items()}
ASKED = ("office", "paper", "year", "cursor")


@bp.get("/numbers")
def numbers() -> Response:
    """The numbers that were taken, the latest first, of an office, a paper, a year."""
    asked = {name: value for name in ASKED if (value := request.args.get(name, "").strip())}
    office = {"office": knowing.office_of(asked["office"])} if "office" in asked else {}
    answer = ask("GET", "/api/numbers", query={**asked, **office, "limit": "100"})
    if not answer.ok and answer.status != 422:
        raise Answered(answer)
    return page(
        "numbers.html", answer.status, rows=answer.body if answer.ok else [], asked=asked, papers=[p for p in PAPERS.values() if p.mark],
        further=answer.further, room_of=ROOM_OF, offices=knowing.offices(g.actor.division), said="" if answer.ok or answer.errors else answer.detail, wrong=answer.errors,
    )  # fmt: skip
