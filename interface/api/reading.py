"""/api/journal and /api/reports: what auditors search, and what the city counts."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE

from application.office import today
from domain.digests import digests
from domain.powers import covered
from domain.vocabulary import EVENTS
from interface.api import shapes
from interface.api.asking import actor, allow, language, shown, views, wait_for_position
from interface.api.problems import Problem
from interface.api.queries import Limited, Moment, moments, page_link
from interface.api.showing import shown_line, with_rates
from projections.reports import REPORTS, Asked, run

journal_bp = Blueprint("journal", __name__, url_prefix="/api/journal", description="办案日志 the journal, for auditors")
reports_bp = Blueprint("reports", __name__, url_prefix="/api/reports", description="统计 reports")


class Journal(Limited):
    """The filters of the journal."""

    officer = shapes.Text(validate=shapes._length(1, 200))
    office = shapes.Text(validate=shapes._length(1, 200))
    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    event = shapes.Text(validate=shapes._one_of(EVENTS))
    kind = shapes.Text(validate=shapes._length(1, 200))
    record = shapes.Uuid()
    on = shapes.Day(metadata={"description": "the day it happened"})
    recorded_on = shapes.Day(metadata={"description": "the day it was recorded"})


class Window(Moment):
    """The window and the division a report is asked for; both ends are counted."""

    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    explain = shapes.Flag(load_default=False)


for _schema in (Journal, Window):
    _schema._declared_fields["from"] = shapes.Day()
    _schema._declared_fields["to"] = shapes.Day()


@journal_bp.route("", methods=["GET"])
@journal_bp.arguments(Journal(), location="query", unknown=RAISE)
@journal_bp.response(200, shapes.JournalLine(many=True))
def journal(filters: dict[str, Any]) -> Response:
    """Every event as it was recorded, newest first."""
    allow("journal")
    wait_for_position()
    limit, cursor = filters.pop("limit"), filters.pop("cursor", None)
    rows, further = views().journal(filters, divisions=covered(actor().division), limit=limit, cursor=cursor)
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_line(row, lang=language()) for row in rows], headers=headers)


@reports_bp.route("", methods=["GET"])
@reports_bp.response(200, shapes.ReportNamed(many=True))
def names() -> Response:
    """The reports there are, with the definition of every figure."""
    allow("reports")
    lang = language()
    return shown([{"name": r.name, "definitions": definitions(r.name, lang)} for r in REPORTS.values()])


@reports_bp.route("/<name>", methods=["GET"])
@reports_bp.arguments(Window(), location="query", unknown=RAISE)
@reports_bp.response(200, shapes.ReportShown)
def report(asked: dict[str, Any], name: str) -> Response:
    """A report over a window and a division, as it stands or as it stood."""
    allow("reports")
    wait_for_position()
    if name not in REPORTS:
        raise Problem(404, "no_report", name=name)
    moment = moments(asked)
    until = asked.get("to") or today()
    since = asked.get("from") or until.replace(month=1, day=1)
    if since > until:
        raise Problem(422, "window", errors=[{"pointer": "/from", "detail": f"{since} > {until}"}])
    division = asked.get("division") or actor().division
    if not division.startswith(covered(actor().division)):
        raise Problem(403, "forbidden")
    answer = run(views(), REPORTS[name], Asked(since, until, division, **moment), digests())
    answer["values"] = with_rates(answer["values"])
    if asked["explain"]:
        answer["definitions"] = definitions(name, language())
    return shown(answer)


def definitions(name: str, lang: str) -> dict[str, str]:
    """What each figure of a report means."""
    return {key: figure.zh if lang == "zh" else figure.en for key, figure in REPORTS[name].figures.items()}
