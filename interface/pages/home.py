"""Home: what waits for the officer, by urgency.  Every number opens its list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import lazy_gettext as lazy

from domain.powers import decide
from interface.pages.counter import Answer, Answered, ask
from interface.pages.frame import page

bp = Blueprint("home", __name__)

SOON = 3
"""A clock with so many days left, working days where it counts those, is soon over."""
MOST = 200

GROUPS: dict[str, Any] = {
    "overdue": lazy("Time has run out"),
    "soon": lazy("Due within three days"),
    "new": lazy("New, not assigned"),
    "returned": lazy("Returned"),
    "approvals": lazy("Proposed, to be decided"),
    "revisit": lazy("Closed, to be revisited"),
    "rest": lazy("Under way"),
}
"""What may press, the most urgent first; a case stands under the first that fits, and under approvals besides."""


@bp.get("/")
def home() -> Response:
    """What waits, as numbers that open their lists, and the most urgent lines of each."""
    waiting = _waiting()
    groups = {name: [case for case in waiting.body if name in fits(case)] for name in GROUPS}
    return page("home.html", groups=groups, names=GROUPS, further=waiting.further, first=8)


@bp.get("/queue")
def queue() -> Response:
    """One group of what waits, or all of it."""
    group, waiting = request.args.get("group", ""), _waiting()
    shown = [case for case in waiting.body if not group or group in fits(case)]
    return page("queue.html", cases=shown, group=group, names=GROUPS, further=waiting.further)


def _waiting() -> Answer:
    """What waits, or the part of it that the address asks for; where there is more, every number of it is a number so far."""
    answer = ask("GET", "/api/queue", query={"limit": MOST, "cursor": request.args.get("cursor")})
    if not answer.ok:
        raise Answered(answer)
    return answer


def fits(case: dict[str, Any]) -> set[str]:
    """The groups a waiting case stands in."""
    found = {_pressing(case)}
    if case.get("proposed") and decide(g.actor, "keep").allowed:
        found.add("approvals")
    return found


def _pressing(case: dict[str, Any]) -> str:
    clock = case["clock"]
    if case["status"] == "overdue" or (clock and clock["state"] == "late"):
        return "overdue"
    if clock and clock["days_left"] is not None and clock["days_left"] <= SOON:
        return "soon"
    if case.get("returned"):
        return "returned"
    if case["office"] is None:
        return "new"
    return "revisit" if case["status"] == "closed" else "rest"
