"""/api/journal and /api/reports: what auditors search, and what the city counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE

from application.office import Office, today
from application.regions import counties
from domain.powers import covered, decide
from domain.records import RECORDS
from domain.rules.settings import SETTINGS
from domain.vocabulary import EVENTS
from interface.api import answers, shapes
from interface.api.asking import actor, allow, language, office, shown, views, wait_for_position
from interface.api.problems import Problem
from interface.api.queries import Limited, Moment, Nothing, moments, page_link
from interface.api.showing import shown_line
from projections.closing import marked
from projections.reports import REPORTS, Asked, Figure, run
from projections.searching import search
from projections.views import Views

journal_bp = Blueprint("journal", __name__, url_prefix="/api/journal", description="办案日志 the journal, for auditors")
BY = tuple(dict.fromkeys(column for each in REPORTS.values() for column in each.by))
reports_bp = Blueprint("reports", __name__, url_prefix="/api/reports", description="统计 reports")


class Journal(Limited):
    """The filters of the journal."""

    officer = shapes.Text(validate=shapes._length(1, 200))
    office = shapes.Text(validate=shapes._length(1, 200))
    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    event = shapes.Text(validate=shapes._one_of(EVENTS))
    kind = shapes.Text(validate=shapes._length(1, 200))
    record = shapes.Text(
        validate=shapes._length(1, 200), metadata={"description": "a record of any sort: its id or number"}
    )
    q = shapes.Text(
        validate=shapes._length(1, 100), metadata={"description": "words that were said: a summary, a reason, a number"}
    )
    on = shapes.Day(metadata={"description": "the day it happened"})
    recorded_on = shapes.Day(metadata={"description": "the day it was recorded"})


NOWHERE = UUID(int=0)
"""What no record is called."""


class Window(Moment):
    """The window and the division a report is asked for; both ends are counted."""

    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    by = shapes.Text(validate=shapes._one_of(BY), metadata={"description": "the same figures for each"})
    yoy = shapes.Flag(load_default=False, metadata={"description": "beside the same window a year before (同比)"})
    explain = shapes.Flag(load_default=False)


for _schema in (Journal, Window):
    _schema._declared_fields["from"] = shapes.Day()
    _schema._declared_fields["to"] = shapes.Day()


@journal_bp.route("", methods=["GET"])
@journal_bp.arguments(Journal(), location="query", unknown=RAISE)
@journal_bp.response(200, answers.JournalLine(many=True))
def journal(filters: dict[str, Any]) -> Response:
    """Every event as it was recorded, newest first.  A long search stops on the way, and its Link goes on from there."""
    allow("journal")
    wait_for_position()
    limit, cursor = filters.pop("limit"), filters.pop("cursor", None)
    if "record" in filters:
        filters["record"] = _named(filters["record"]) or NOWHERE
    rows, further = search(views(), filters, divisions=covered(actor().division), limit=limit, cursor=cursor)
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_line(row, lang=language()) for row in rows], headers=headers)


def _named(ref: str) -> UUID | None:
    """A record of any sort, by its id or its number."""
    try:
        return UUID(ref)
    except ValueError:
        found = (views().find_record(sort, ref) for sort in RECORDS)
        return views().find(ref) or next(filter(None, found), None)


@reports_bp.route("", methods=["GET"])
@reports_bp.arguments(Nothing(), location="query", unknown=RAISE)
@reports_bp.response(200, answers.ReportNamed(many=True))
def names(_: dict[str, Any]) -> Response:
    """The reports there are, with the definition of every figure."""
    allow("reports")
    lang = language()
    mine = (report for report in REPORTS.values() if decide(actor(), report.power).allowed)
    return shown([{"name": r.name, "by": r.by, "definitions": definitions(r.name, lang)} for r in mine])


@reports_bp.route("/<name>", methods=["GET"])
@reports_bp.arguments(Window(), location="query", unknown=RAISE)
@reports_bp.response(200, answers.ReportShown)
def report(asked: dict[str, Any], name: str) -> Response:
    """A report over a window and a division, as it stands or as it stood."""
    allow("reports")
    wait_for_position()
    if name not in REPORTS:
        raise Problem(404, "no_report", name=name)
    allow(REPORTS[name].power)
    explain = asked.pop("explain")
    answer = answered(views(), office(), name, within(asked, name))
    if explain:
        answer["definitions"] = definitions(name, language())
    return shown(answer)


def within(asked: dict[str, Any], name: str) -> Asked:
    """What is asked of a report, within the asker's division and scope.  Problems: 403, 422."""
    until = asked.get("to") or today()
    since = asked.get("from") or until.replace(month=1, day=1)
    if since > until:
        raise Problem(422, "window", errors=[{"pointer": "/from", "detail": f"{since} > {until}"}])
    if (by := asked.get("by")) and by not in REPORTS[name].by:
        raise Problem(422, "fields", names="by", errors=[{"pointer": "/by", "detail": ", ".join(REPORTS[name].by)}])
    division = asked.get("division") or actor().division
    if not division.startswith(covered(actor().division)):
        raise Problem(403, "forbidden")
    return Asked.within(
        actor().scope, since=since, until=until, division=division, by=by, yoy=asked.get("yoy", False),
        groups=groups(division, by), confidant=actor().confidant, **moments(asked),
    )  # fmt: skip


def groups(division: str, by: str | None) -> tuple[str, ...]:
    """The counties of a city, each of which has its line even where nothing happened."""
    if by != "division":
        return ()
    if division.endswith("0000"):
        return ()
    return counties(division) if division.endswith("00") else (division,)


def answered(views: Views, office: Office, name: str, asked: Asked) -> dict[str, Any]:
    """A report as the API and the command answer it; one of a closed period says so."""
    answer = run(views, REPORTS[name], asked, office.rulebook)
    return marked(views, answer, asked, office.rulebook)


def definitions(name: str, lang: str) -> dict[str, str]:
    """What each figure of a report means, and which numbers of the office's own it hangs on."""
    return {key: _meaning(figure, lang) for key, figure in REPORTS[name].figures.items()}


def _meaning(figure: Figure, lang: str) -> str:
    decided = [SETTINGS[name].zh if lang == "zh" else SETTINGS[name].en for name in figure.setting]
    hangs = "".join(f"。所定：{each}" if lang == "zh" else f". Decided: {each}" for each in decided)
    return (figure.zh if lang == "zh" else figure.en) + hangs
