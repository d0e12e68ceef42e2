"""Intake and revisits: clues that may repeat one another, what became of a complaint, which cases are to be revisited."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from application.office import today
from domain.case_events import CaseReceived
from domain.facts import Employer
from domain.powers import decide
from domain.record import standing
from domain.rules.likeness import SHOWN_FROM, Clue, score
from domain.words import word
from interface.api import answers, shapes
from interface.api.asking import actor, allow, language, office, rules, shown, views, wait_for_position
from interface.api.cases import bp as cases
from interface.api.cases import resolved
from interface.api.problems import Problem
from interface.api.queries import Limited, Nothing, page_link
from interface.api.showing import shown_row

status_bp = Blueprint(
    "status", __name__, url_prefix="/api/status", description="办理结果查询 what became of a complaint"
)
revisits_bp = Blueprint("revisits", __name__, url_prefix="/api/revisits", description="回访 revisits")

PER_ADDRESS, PER_NUMBER = 60, 10
"""How often a minute somebody may ask, from one address and about one number."""

# Duplicates (重复线索)


class Likely(shapes.request_body(CaseReceived)):  # type: ignore[misc]
    """A clue as it is being typed: any of the fields of a receipt."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(partial=True, **kwargs)


class Candidate(Schema):
    """A case that the clue may repeat."""

    score = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)
    case = fields.Nested(answers.CaseShown, required=True)


@cases.route("/duplicates", methods=["POST"], endpoint="duplicates")
@cases.arguments(Likely())
@cases.response(200, Candidate(many=True))
def duplicates(facts: dict[str, Any]) -> Response:
    """Cases that a clue may repeat, by score; nothing is recorded, and what tells who the person is, is not kept."""
    allow("duplicates")
    employer = facts.get("employer") or {}
    known_by = [employer[name] for name in ("uscc", "name") if employer.get(name)]
    clue = Clue(
        employer=next(iter(known_by), None),
        name=employer.get("name"),
        project=facts.get("project"),
        period_from=facts.get("period_from"),
        period_to=facts.get("period_to"),
        text=facts.get("summary") or "",
    )
    contact = {name: value for name, value in (facts.get("contact") or {}).items() if value}
    with office().datastore.get_connection() as connection:
        same = office().vault.alike(connection, contact) if contact else {}
    informs = facts.get("complainant_kind") == "report"
    return shown(_scored(clue, same, facts.get("division"), informs=informs, known_by=known_by))


@cases.route("/<ref>/duplicates", methods=["GET"], endpoint="duplicates_of")
@cases.arguments(Nothing(), location="query", unknown=RAISE)
@cases.response(200, Candidate(many=True))
def duplicates_of(_: dict[str, Any], ref: str) -> Response:
    """Cases that this one may repeat."""
    wait_for_position()
    case = office().case(resolved(ref))
    allow("duplicates", case)
    first = case.entries[0].event
    assert isinstance(first, CaseReceived)
    assert isinstance(case.employer, Employer)
    clue = Clue(case.employer.key, case.employer.name, case.project, first.period_from, first.period_to, case.summary)
    with office().datastore.get_connection() as connection:
        same = office().vault.alike_to(connection, case.id)
    informs = case.complainant_kind == "report"
    known_by = [name for name in (case.employer.uscc, case.employer.name) if name]
    return shown(_scored(clue, same, case.division, informs=informs, known_by=known_by, but=case.id))


def _scored(
    clue: Clue,
    same: dict[UUID, list[str]],
    division: str | None,
    *,
    informs: bool,
    known_by: list[str],
    but: UUID | None = None,
) -> list[dict[str, Any]]:
    """Candidates within sight, those most alike first; who an informant is tells nobody but who may know it (国令423 art. 9)."""
    informed = decide(actor(), "informant").allowed
    if informs and not informed:
        same = {}
    place = division or actor().division
    found: list[dict[str, Any]] = []
    for row in views().alike(actor().scope, known_by, clue, list(same), place):
        if row["record"] == but:
            continue
        employer = clue.employer if _same_employer(row, known_by) else row["employer_key"]
        other = Clue(
            employer, row["employer"], row["project"], row["period_from"], row["period_to"], row["summary"] or ""
        )
        person = same.get(row["record"], ()) if informed or row["complainant"] != "report" else ()
        points, reasons = score(clue, other, person)
        if points >= SHOWN_FROM:
            case = shown_row({**row, "standing": row["status"]}, lang=language())
            found.append({"score": points, "reasons": reasons, "case": case})
    return sorted(found, key=lambda each: (-each["score"], str(each["case"]["received_on"])))[:20]


def _same_employer(row: dict[str, Any], known_by: list[str]) -> bool:
    """Whether a case is of an employer known so: by its code; or by its name, where one of the two is known by no code yet."""
    without_code = len(known_by) == 1 or row["employer_key"] == row["employer"]
    return row["employer_key"] in known_by or (without_code and row["employer"] in known_by)


# What became of a complaint (办理结果查询)


class Question(shapes.Body):
    """What the complainant holds: the case number, and the code given with the receipt."""

    number = shapes.Text(required=True, validate=shapes._length(1, 60))
    code = shapes.Text(required=True, validate=shapes._length(1, 40))


class Became(Schema):
    """How the complaint stands; nothing of who is who."""

    number = fields.String(required=True)
    status = fields.String(required=True)
    status_word = fields.String(required=True)
    received_on = fields.String(allow_none=True)
    last_on = fields.String(allow_none=True)
    closed_on = fields.String(allow_none=True)
    steps = fields.List(fields.Dict(), required=True)


STEPS_TOLD = ("CaseReceived", "CaseAssigned", "CaseFiled", "CaseInspected", "CaseOrdered", "CasePaid", "CaseDeclined", "CaseClosed", "CaseReopened")  # fmt: skip


@status_bp.route("", methods=["POST"])
@status_bp.arguments(Question())
@status_bp.response(200, Became)
def became(asked: dict[str, Any]) -> Response:
    """How a complaint stands, for whoever holds its number and code.  Any other answer is the same: there is none such."""
    number = asked["number"].strip()
    throttled(f"address|{request.remote_addr}", PER_ADDRESS)
    throttled(f"number|{number}", PER_NUMBER)
    record = views().find(number)
    fits = office().vault.code_fits(record or uuid5(NAMESPACE_URL, number), asked["code"])
    if record is None or not fits:
        raise Problem(404, "status_unknown")
    case = office().case(record)
    status = case.status_on(today())
    entries = [entry.event for entry in standing(case.entries)]
    told = [event for event in entries if type(event).__name__ in STEPS_TOLD and not event.confidential]
    steps: dict[str, str | None] = {}
    for event in told:
        steps[f"done_{type(event).__name__.removeprefix('Case').lower()}"] = event.on
    return shown(
        {
            "number": number,
            "status": status,
            "status_word": word(status, language(), "status"),
            "received_on": case.received_on,
            "last_on": max((event.on for event in told if event.on), default=None),
            "closed_on": case.closed_on,
            "steps": [{"step": word(name, language()), "on": on} for name, on in steps.items()],
        }
    )


def throttled(asker: str, most: int) -> None:
    """Count that somebody asked, across all workers; 429 when it was too often within a minute."""
    minute = datetime.now(UTC).replace(second=0, microsecond=0)
    with office().datastore.get_connection() as connection:
        row = connection.execute(
            "INSERT INTO lookups (asker, minute, times) VALUES (%s, %s, 1)"
            " ON CONFLICT (asker, minute) DO UPDATE SET times = lookups.times + 1 RETURNING times",
            (asker, minute),
        ).fetchone()
        if random.random() < 0.01:
            connection.execute("DELETE FROM lookups WHERE minute < %s", (minute - timedelta(minutes=10),))
    if row and row[0] > most:
        raise Problem(429, "too_often", headers={"Retry-After": "60"})


# Revisits (回访)


class Planned(Limited):
    """Which cases are to be revisited."""

    after_days = shapes.Number(
        validate=shapes._within(0, 3650),
        metadata={"description": "closed so many days ago; else the office's own setting"},
    )


@revisits_bp.route("", methods=["GET"])
@revisits_bp.arguments(Planned(), location="query", unknown=RAISE)
@revisits_bp.response(200, answers.CaseShown(many=True))
def due(asked: dict[str, Any]) -> Response:
    """The periodic plan: cases closed and not revisited for as long as the office has decided, the longest first."""
    allow("read")
    wait_for_position()
    after = asked.get("after_days")
    if after is None:
        decided = rules().settings.value("revisit_after_days", today())
        if decided is None:
            raise Problem(409, "undecided", name="revisit_after_days")
        after = int(decided)
    rows, further = views().revisits_due(
        actor().scope, today=today(), after=after, limit=asked["limit"], cursor=asked.get("cursor")
    )
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_row(row, lang=language()) for row in rows], headers=headers)
