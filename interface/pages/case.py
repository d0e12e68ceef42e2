"""A case: how it stands, what is owed, which clocks run, what happened, what may be done now; and as it stood at any moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request
from flask_babel import lazy_gettext as lazy

from application.office import today
from domain.case import Case
from domain.day import legal_day
from domain.powers import decide
from domain.record import Entry
from interface.api.asking import allow, office, views
from interface.api.cases import ASIDE, Informed, Register
from interface.api.showing import known_to
from interface.pages.asked import asked, limits, of_list
from interface.pages.counter import Answered, ask, read
from interface.pages.frame import page
from projections import desk

bp = Blueprint("case", __name__)

LANES: dict[str, tuple[Any, frozenset[str]]] = {
    "intake": (
        lazy("Intake"),
        frozenset({"Received", "Assigned", "Returned", "Declined", "Linked", "Reopened", "Proposed", "Kept"}),
    ),
    "inquiry": (lazy("Inquiry"), frozenset({"Filed", "Inspected", "Notified", "Extended", "Suspended", "Resumed"})),
    "decision": (lazy("Decision"), frozenset({"Ordered", "Served", "Publicised", "Listed", "Withdrawn", "Closed"})),
    "money": (lazy("Money"), frozenset({"Paid"})),
    "outside": (lazy("Outside"), frozenset({"Referred", "Answered", "Pursued", "Escalated"})),
    "after": (lazy("Aftercare"), frozenset({"Revisited"})),
    "record": (lazy("On record"), frozenset()),
}
"""The lanes of the timeline; what stands in none keeps the record in order."""
WATCHED = (
    "status", "office", "due_on", "persons_claimed", "persons_confirmed", "claimed", "confirmed", "ordered", "paid", "balance", "escalated",
)  # fmt: skip
"""What of a case is shown as old and new beside the entry that changed it."""


@bp.get("/cases/<ref>")
def case(ref: str) -> Response:
    """The case as it stands; or as it stood on a day, as known at a moment, at a version."""
    then = limits()
    body = read(f"/api/cases/{ref}", **then)
    path = f"/api/cases/{body['id']}"
    clocks = read(f"{path}/clocks", **then)
    history = read(f"{path}/history", **then)
    informed = Informed(office().case(UUID(body["id"])))
    return page(
        "case.html", case=body, may_contact=decide(g.actor, "contact", informed).allowed, limits=then, clocks=sorted(clocks, key=_pressing), story=story(body["id"], history), lanes=LANES,
        acts=[a for a in body["may"] if a not in ASIDE], asides=[a for a in body["may"] if a in ASIDE], around=_around(body),
        links=_links(body, history), files=[e for e in history if e["data"].get("media_type")], list=request.args.get("list", ""),
        sent=[e for e in history if e["event"] in ("CaseReferred", "CaseAnswered", "CasePursued")], papers=papers_of(path, then),
    )  # fmt: skip


@bp.get("/cases/<ref>/difference")
def difference(ref: str) -> Response:
    """What of a case differs between two moments, and the entries that made the difference."""
    sides = {
        side: {name: request.args.get(f"{side}_{name}") or None for name in ("on", "known")} for side in ("a", "b")
    }
    now = read(f"/api/cases/{ref}")
    shown, entries = {}, {}
    for side, moment in sides.items():
        answer = ask("GET", f"/api/cases/{now['id']}", query=moment)
        shown[side] = answer.body if answer.ok else None
        if answer.status not in (200, 404):
            raise Answered(answer)
        entries[side] = read(f"/api/cases/{now['id']}/history", **moment) if answer.ok else []
    changed = [
        (name, shown["a"] and shown["a"][name], shown["b"] and shown["b"][name])
        for name in WATCHED
        if (shown["a"] or {}).get(name) != (shown["b"] or {}).get(name)
    ]
    versions = {side: {entry["version"] for entry in entries[side]} for side in entries}
    return page(
        "difference.html", case=now, sides=sides, shown=shown, changed=changed,
        only={"a": [e for e in entries["a"] if e["version"] not in versions["b"]], "b": [e for e in entries["b"] if e["version"] not in versions["a"]]},
    )  # fmt: skip


@bp.route("/cases/<ref>/contact", methods=["GET", "POST"])
def contact(ref: str) -> Response:
    """Who the complainant is, for a purpose; the reading is recorded before anything is shown."""
    case = read(f"/api/cases/{ref}")
    allow("contact", Informed(office().case(UUID(case["id"]))))
    if request.method == "GET":
        return page("contact.html", case=case)
    purpose = request.form.get("purpose", "").strip()
    answer = ask("POST", f"/api/cases/{case['id']}/contact", body={"purpose": purpose} if purpose else {})
    if answer.ok:
        return page("contact.html", case=case, contact=answer.body, purpose=purpose)
    return page(
        "contact.html",
        answer.status,
        case=case,
        purpose=purpose,
        errors=answer.errors,
        said="" if answer.errors else answer.detail,
    )


@bp.get("/cases/<ref>/files/<sha256>")
def attached(ref: str, sha256: str) -> Response:
    """A document of the case, as it was attached."""
    return file_of(f"/api/cases/{ref}/attachments/{sha256}")


_NAMELESS = re.compile(r"filename=(\.\w+)")
"""What is left of a name in Chinese for a browser that takes names in ASCII alone."""


def file_of(path: str) -> Response:
    """The bytes of an attachment, with the headers the API gives them."""
    answer = ask("GET", path)
    if not answer.ok:
        raise Answered(answer)
    response = Response(answer.body, 200)
    for name in ("Content-Type", "Content-Disposition", "Cache-Control", "X-Content-Type-Options"):
        if name in answer.headers:
            response.headers[name] = _NAMELESS.sub(r"filename=document\1", answer.headers[name])
    return response


# The timeline


def story(id: str, history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a case in order, each with its lane, what it changed from what to what, and what became of it since."""
    record = known_to(g.actor, office().case(UUID(id)))
    shown = {entry["version"] for entry in history}
    entries = [entry for entry in record.entries if entry.version in shown]
    amended = {e.event.version: e for e in entries if type(e.event).__name__ in ("CaseCorrected", "CaseRevoked")}  # type: ignore[attr-defined]
    told: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    for place, (entry, line) in enumerate(zip(entries, history, strict=True), start=1):
        after = _watched(Case.replay(record.id, entries[:place]), entry)
        changes = [
            (name, before.get(name), after[name]) for name in WATCHED if before and before.get(name) != after[name]
        ]
        told.append(
            {
                **line,
                "lane": lane_of(line["event"]),
                "changes": changes,
                "late": _late(entry),
                "amended": amended.get(entry.version),
            }
        )
        before = after
    return told


def lane_of(event: str) -> str:
    """The lane an event stands in."""
    done = event.removeprefix("Case")
    return next((name for name, (_title, events) in LANES.items() if done in events), "record")


def _watched(case: Case, entry: Entry) -> dict[str, Any]:
    on = entry.event.happened_by or today()
    state = {name: getattr(case, name, None) for name in WATCHED}
    return {**state, "status": case.status_on(on)}


def _late(entry: Entry) -> int:
    """How many days after it happened an entry was recorded, where that is more than one."""
    happened = entry.event.happened_by
    if happened is None or entry.recorded_at is None:
        return 0
    days = (legal_day(entry.recorded_at) - happened).days
    return days if days > 1 else 0


# What stands beside it


def _pressing(clock: Mapping[str, Any]) -> tuple[int, str]:
    """Late and running before unknown and met, the nearer day first."""
    day = clock["extended"] or clock["due"] or "9999"
    if clock["state"] == "unknown":
        return 3, day
    if clock["stopped"] or clock["days_left"] is None:
        return 2, day
    return 0 if clock["state"] == "late" else 1, day


def _around(case: Mapping[str, Any]) -> desk.Around | None:
    """The place of the case in the list it was opened from."""
    if not (kept := request.args.get("list")):
        return None
    wanted = asked(Register, of_list(kept), by=desk.CASES_BY)
    return desk.case_around(
        views(), g.actor.scope, wanted.filters, UUID(case["id"]), today=today(), sort=wanted.sort, **wanted.moment
    )


def _links(case: Mapping[str, Any], history: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The cases this one repeats, and those that repeat it."""
    to = [UUID(entry["data"]["to"]) for entry in history if entry["event"] == "CaseLinked"]
    return desk.linked(views(), g.actor.scope, UUID(case["id"]), to)


def papers_of(path: str, limits: Mapping[str, Any]) -> dict[str, Any]:
    """The papers of a record as it stands: made, and to be made."""
    if limits:
        return {}
    answer = ask("GET", f"{path}/papers")
    return answer.body if answer.ok else {}
