"""Escalation: which rules a case meets, the city's board, and a dry run of a rule before it takes effect (提级督办)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, fields

from application.escalation import rules_of, situations
from application.office import today
from domain.facts import Hit
from domain.rules.escalation import Lane, dry_run, in_force, met, parsed, told, undecided
from interface.api import shapes
from interface.api.asking import actor, allow, language, office, rules, shown, views, wait_for_position
from interface.api.cases import bp as cases
from interface.api.cases import resolved
from interface.api.proposing import hits_of, shown_hit
from interface.api.queries import Nothing
from interface.api.showing import shown_row

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
    return shown([shown_hit(hit) for hit in hits_of(case.id, asked.get("on") or today())])


@bp.route("", methods=["GET"])
@bp.arguments(Board(), location="query", unknown=RAISE)
@bp.response(200)
def board(asked: dict[str, Any]) -> Response:
    """The board: cases escalated and not ended; proposed and not decided; and those a rule would propose. Lanes apart.

    A lane has its newest cases, as many as asked for; ``counts`` says how many there are.
    """
    allow("read")
    wait_for_position()
    on, book = asked.get("on") or today(), rules()
    window = book.settings.value("repeat_window_days", on)
    rows = views().situations(actor().scope, on=on, repeat_days=int(window) if window is not None else None)
    known, settings, lang = in_force(rules_of(book), on), book.settings, language()
    counts, chosen = dict.fromkeys(LANES, 0), {lane: dict[UUID, list[Hit]]() for lane in LANES}
    for row, case in situations(rows, on, book):
        found = met(case, settings, known)
        if lane := _lane(row, {rule.lane for rule in found}):
            counts[lane] += 1
            if counts[lane] <= asked["limit"]:
                chosen[lane][row["record"]] = [told(rule, case, settings) for rule in found]
    lines = views().lines([record for cases in chosen.values() for record in cases], today=on)
    lanes = {
        lane: [
            {**shown_row(lines[record], lang=lang), "hits": [shown_hit(hit) for hit in found]}
            for record, found in cases.items()
        ]
        for lane, cases in chosen.items()
    }
    return shown({**lanes, "counts": counts})


def _lane(row: Mapping[str, Any], lanes: set[Lane]) -> str | None:
    if row["escalated_on"]:
        return "escalated"
    if row["proposed"]:
        return "proposed"
    if "escalated" in lanes:
        return "suggested"
    return "lead_cadre" if "lead_cadre" in lanes else "fast" if "fast" in lanes else None


@bp.route("/rules", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200)
def rules_shown(_: dict[str, Any]) -> Response:
    """The rules, with the settings each still needs."""
    allow("read")
    book = rules()
    return shown(
        [{**msgspec.to_builtins(rule), "undecided": undecided(rule, book.settings, today())} for rule in rules_of(book)]
    )


@bp.route("/dry-run", methods=["POST"])
@bp.arguments(Trial())
@bp.response(200)
def dry_run_(asked: dict[str, Any]) -> Response:
    """Try a rule over all the cases there ever were, before it takes effect: how many it would propose, and which."""
    allow("reports")
    rule = parsed(msgspec.json.encode(asked["rule"]))
    return shown(tried(rule, asked.get("on") or today()))


def tried(rule: Any, on: date) -> dict[str, Any]:
    """What a dry run of a rule answers; nothing is recorded."""
    book = rules()
    window = book.settings.value("repeat_window_days", on)
    rows = views().situations(actor().scope, on=on, ended=True, repeat_days=int(window) if window is not None else None)
    early = msgspec.structs.replace(rule, since=min(rule.since, on))
    found = dry_run(situations(rows, on, book), book.settings, [early])
    return {
        "rule": msgspec.to_builtins(rule),
        "undecided": undecided(rule, book.settings, on),
        "tried": len(rows),
        "count": len(found),
        "cases": [
            {"id": row["record"], "number": row["number"] or row["source"], "hits": [shown_hit(hit) for hit in those]}
            for row, those in found[:NAMED]
        ],
    }
