"""Escalation: which rules a case meets, the city's board, and a dry run of a rule before it takes effect (提级督办)."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, fields

from application.office import today
from domain.rules.escalation import parsed, undecided
from interface.api import proposing, shapes
from interface.api.asking import actor, allow, language, office, rules, shown, views, wait_for_position
from interface.api.cases import bp as cases
from interface.api.cases import resolved
from interface.api.proposing import shown_hit
from interface.api.queries import Nothing
from interface.api.showing import shown_row
from projections.escalation import Judged, hits_of, judged, newest, records_at, tried

bp = Blueprint("escalation", __name__, url_prefix="/api/escalation", description="提级督办 escalation")

BOARD = 500
NAMED = 200
LANES = ("escalated", "proposed", "suggested", "lead_cadre", "fast")
"""Of the board, the gravest first."""


class Asked(shapes.Body):
    """On which day the rules are asked."""

    on = shapes.Day()


class Board(Asked):
    """And how many cases of each lane."""

    limit = shapes.Number(load_default=BOARD, validate=shapes._within(1, BOARD))


class Trial(shapes.Body):
    """A rule to be tried over the past cases: a row as in ``domain/rules/escalation.toml``."""

    rule = fields.Dict(required=True, error_messages={"required": "required", "null": "null", "invalid": "type"})
    on = shapes.Day()


@cases.route("/<ref>/escalation", methods=["GET"], endpoint="escalation")
@cases.arguments(Asked(), location="query", unknown=RAISE)
@cases.response(200)
def escalation(asked: dict[str, Any], ref: str) -> Response:
    """Which rules the case meets, by which thresholds; a person decides."""
    wait_for_position()
    case = office().case(resolved(ref))
    allow("read", case)
    return shown([shown_hit(hit) for hit in proposing.hits_of(case.id, asked.get("on") or today())])


@bp.route("", methods=["GET"])
@bp.arguments(Board(), location="query", unknown=RAISE)
@bp.response(200)
def board(asked: dict[str, Any]) -> Response:
    """The board: cases escalated and not ended; proposed and not decided; and those a rule would propose. Lanes apart.

    A lane has its newest cases, as many as asked for; ``counts`` says how many there are.
    """
    allow("read")
    wait_for_position()
    on, book, scope = asked.get("on") or today(), rules(), actor().scope
    sorts = judged(views(), scope, on=on, book=book, rules=book.escalation, most=asked["limit"])
    by_lane = {lane: [each for each in sorts if _lane(each) == lane] for lane in LANES}
    places = {lane: newest(found, asked["limit"]) for lane, found in by_lane.items()}
    placed = records_at(views(), chain.from_iterable(places.values()))
    records = list(placed.values())
    hits = hits_of(views(), scope, records, on=on, book=book, rules=book.escalation)
    lines = views().lines(records, today=on)
    lanes = {
        lane: [
            {**shown_row(lines[record], lang=language()), "hits": [shown_hit(hit) for hit in hits[record]]}
            for record in map(placed.__getitem__, chosen)
        ]
        for lane, chosen in places.items()
    }
    return shown({**lanes, "counts": {lane: sum(each.many for each in found) for lane, found in by_lane.items()}})


def _lane(each: Judged) -> str | None:
    """The gravest lane a sort of cases stands in, if in any."""
    suggested = {rule.lane for rule in each.rules}
    stands = {"escalated": each.escalated, "proposed": each.proposed, "suggested": "escalated" in suggested}
    return next((lane for lane in LANES if stands.get(lane, lane in suggested)), None)


@bp.route("/rules", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200)
def rules_shown(_: dict[str, Any]) -> Response:
    """The rules, with the settings each still needs."""
    allow("read")
    book = rules()
    return shown(
        [
            {**msgspec.to_builtins(rule), "undecided": undecided(rule, book.settings, today())}
            for rule in book.escalation
        ]
    )


@bp.route("/dry-run", methods=["POST"])
@bp.arguments(Trial())
@bp.response(200)
def dry_run_(asked: dict[str, Any]) -> Response:
    """Try a rule over all the cases there ever were, before it takes effect: how many it would propose, and which."""
    allow("reports")
    rule = parsed(msgspec.json.encode(asked["rule"]))
    on, book = asked.get("on") or today(), rules()
    found = tried(views(), actor().scope, on=on, book=book, rule=rule, most=NAMED)
    cases = [
        {"id": row["record"], "number": row["number"] or row["source"], "hits": [shown_hit(hit) for hit in hits]}
        for row, hits in found.cases
    ]
    counts = {"tried": found.tried, "count": found.proposed, "undecided": undecided(rule, book.settings, on)}
    return shown({"rule": msgspec.to_builtins(rule), **counts, "cases": cases})
