"""/api/oversight: steps past their day, idle cases, late and backdated entries, per officer and office, from events alone (监督)."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from interface.api import shapes
from interface.api.asking import allow, language, office, shown, views, wait_for_position
from interface.api.queries import Limited, Moment, page_link
from interface.api.reading import within
from projections.reports.oversight import FIGURES, OVERSIGHT, Wanted, findings

bp = Blueprint("oversight", __name__, url_prefix="/api/oversight", description="监督 oversight")


class Watched(Limited, Moment):
    """Which findings are asked for; the days are those on which they arose."""

    officer = shapes.Text(validate=shapes._length(1, 200))
    office = shapes.Text(validate=shapes._length(1, 200))
    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    kind = shapes.Text(validate=shapes._one_of(FIGURES))


Watched._declared_fields["from"] = shapes.Day()
Watched._declared_fields["to"] = shapes.Day()


class EntryShown(Schema):
    """An entry that a finding rests on."""

    seq = fields.Integer(required=True)
    version = fields.Integer(required=True)
    event = fields.String(required=True)
    on = fields.String(allow_none=True)
    recorded_at = fields.DateTime(required=True)
    sentence = fields.String(required=True)


class FindingShown(Schema):
    """Something an auditor looks at."""

    kind = fields.String(required=True, validate=validate.OneOf(list(FIGURES)))
    clock = fields.String(allow_none=True)
    officer = fields.String(allow_none=True)
    office = fields.String(allow_none=True)
    division = fields.String(required=True)
    record = fields.UUID(required=True)
    number = fields.String(allow_none=True)
    day = fields.Date(allow_none=True)
    due = fields.Date(allow_none=True)
    days = fields.Integer(allow_none=True, metadata={"description": "working days late, idle or too near"})
    events = fields.List(fields.Nested(EntryShown), required=True)


class SummaryShown(Schema):
    """How many findings fall to an officer at an office, by kind."""

    officer = fields.String(allow_none=True)
    office = fields.String(allow_none=True)
    counts = fields.Dict(required=True)
    total = fields.Integer(required=True)


class OversightShown(Schema):
    name = fields.String(required=True)
    stamp = fields.Dict(required=True)
    summary = fields.List(fields.Nested(SummaryShown), required=True)
    findings = fields.List(fields.Nested(FindingShown), required=True)
    undecided = fields.Dict(metadata={"description": "kinds that hang on a number the office has not decided"})


@bp.route("", methods=["GET"])
@bp.arguments(Watched(), location="query", unknown=RAISE)
@bp.response(200, OversightShown)
def oversight(asked: dict[str, Any]) -> Response:
    """Findings within the asker's division, newest first, with a summary per officer and office."""
    allow(OVERSIGHT.power)
    wait_for_position()
    wanted = Wanted(asked.pop("officer", None), asked.pop("office", None), asked.pop("kind", None))
    limit, cursor = asked.pop("limit"), asked.pop("cursor", None)
    question = within(asked, OVERSIGHT.name)
    answer, further = findings(
        views(), question, office().rulebook, wanted, limit=limit, cursor=cursor, lang=language()
    )
    return shown(answer, headers={"Link": page_link(further)} if further else None)
