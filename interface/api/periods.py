"""/api/periods: figures that were signed off (封账), kept to the byte, and what later knowledge would have them say."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from application.office import NotOnFile, Office
from domain.period import Period
from domain.powers import Place, covered, decide
from interface.api import answers, shapes
from interface.api.asking import actor, allow, command, language, office, shown, signature, views, wait_for_position
from interface.api.problems import Problem
from interface.api.queries import Nothing
from interface.api.reading import BY, within
from interface.api.records import opened, written
from interface.api.showing import dumped
from projections.closing import Closed, closed_of, found, periods, restatement
from projections.reports import REPORTS, Asked, run
from projections.views import Views

bp = Blueprint("periods", __name__, url_prefix="/api/periods", description="封账 closed periods")


class Closing(shapes.Body):
    """Which figures are signed off."""

    on = shapes.Day(required=True)
    report = shapes.Text(required=True, validate=shapes._one_of(REPORTS))
    division = shapes.Text(required=True, validate=shapes._matching(r"^\d{6}$"))
    by = shapes.Text(validate=shapes._one_of(BY))


Closing._declared_fields["from"] = shapes.Day(required=True)
Closing._declared_fields["to"] = shapes.Day(required=True)


class PeriodRow(Schema):
    """A closed period in the list."""

    id = fields.UUID(required=True)
    report = fields.String(required=True)
    division = fields.String(required=True)
    by = fields.String(allow_none=True)
    sha256 = fields.String(required=True)
    seq = fields.Integer(required=True)
    closed_by = fields.String()
    closed_on = fields.String(allow_none=True)
    recorded_at = fields.DateTime()


PeriodRow._declared_fields["from"] = fields.Date()
PeriodRow._declared_fields["to"] = fields.Date()


class RestatementShown(Schema):
    """What later knowledge moves."""

    id = fields.UUID(required=True)
    sha256 = fields.String(required=True)
    stamp = fields.Dict(required=True)
    now = fields.Dict(required=True)
    figures = fields.List(fields.Dict(), required=True)


@bp.route("", methods=["POST"])
@bp.arguments(Closing())
@bp.response(201, answers.record_opened("period"))
def close(facts: dict[str, Any]) -> Response:
    """Close a period: the figures of a report are signed off, with their stamp, and kept to the byte (封账)."""
    allow("period.close", Place(facts["division"]))
    wait_for_position()
    asked = within({**facts, "on": None}, facts["report"])
    if asked.industry or asked.office:  # they count a part of the city only
        raise Problem(403, "forbidden")
    act = opened(Period, signed_off(views(), office(), facts["report"], asked), signature(facts["on"]), command())
    response = written(act, top=True)
    response.headers["Location"] = f"/api/periods/{act.record.id}"
    return response


def signed_off(views: Views, office: Office, report: str, asked: Asked) -> dict[str, Any]:
    """The facts of a closing: what was asked, and the report's own JSON with its fingerprint."""
    answer = run(views, REPORTS[report], asked, office.rulebook)
    body = dumped(answer)
    return {
        "report": report, "since": asked.since, "until": asked.until, "division": asked.division, "by_column": asked.by,
        "seq": answer["stamp"]["seq"], "sha256": hashlib.sha256(body).hexdigest(), "body": body.decode(),
    }  # fmt: skip


@bp.route("", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200, PeriodRow(many=True))
def listed(_: dict[str, Any]) -> Response:
    """The periods closed within the asker's division, the latest first."""
    allow("reports")
    wait_for_position()
    if actor().scope.divisions is None or actor().scope.industry:
        return shown([])
    rows = periods(views(), "division LIKE %(divisions)s", divisions=covered(actor().division) + "%")
    return shown([row_of(row) for row in rows if decide(actor(), REPORTS[closed_of(row).report].power).allowed])


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    """A closed period as a line of a list."""
    closed = closed_of(row)
    return {
        "id": closed.id, "report": closed.report, "from": closed.since, "to": closed.until, "division": closed.division,
        "by": closed.by, "sha256": closed.sha256, "seq": closed.seq, "closed_by": row["officer"], "closed_on": row["happened"],
        "recorded_at": row["recorded_at"],
    }  # fmt: skip


@bp.route("/<ref>", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200, answers.ReportShown)
def kept(_: dict[str, Any], ref: str) -> Response:
    """The figures as they were signed off, to the byte; the ETag is their SHA-256."""
    wait_for_position()
    closed = _period(ref)
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", "ETag": f'"{closed.sha256}"'}
    return Response(closed.body.encode(), 200, headers)


@bp.route("/<ref>/restatement", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200, RestatementShown)
def restated(_: dict[str, Any], ref: str) -> Response:
    """What later knowledge moves of a closed period: each figure, old and new, and the entries that moved it (重述)."""
    wait_for_position()
    closed = _period(ref)
    return shown(restatement(views(), closed, office().rulebook, confidant=actor().confidant, lang=language()))


def _period(ref: str) -> Closed:
    """A period within the asker's division.  Problems: 403, 404."""
    allow("reports")
    try:
        closed = found(views(), UUID(ref))
    except ValueError:
        closed = None
    if closed is None:
        raise NotOnFile(ref)
    allow("period.read", Place(closed.division))
    allow(REPORTS[closed.report].power)
    return closed
