"""The routes of the six mechanisms that do more than record what was sent: screening, drawing, the rulebook."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any, cast, get_args

import msgspec
from flask import Response, g, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError, fields

from application import screening
from application.calendar import noted
from application.office import today
from domain.draw import DrawMade
from domain.inspection import InspectionLinked
from domain.records import RECORDS
from domain.rulebook import Rulebook
from domain.rules.deposit import deposit
from domain.rules.settings import SETTINGS
from domain.rules.signals import Rows, screen
from interface.api import answers, files, shapes
from interface.api.asking import (
    actor,
    allow,
    command,
    language,
    office,
    rules,
    seen_version,
    shown,
    signature,
    views,
    wait_for_position,
)
from interface.api.cases import resolved as resolved_case
from interface.api.problems import Problem
from interface.api.queries import Nothing, within
from interface.api.records import BLUEPRINTS, Standing, acted, limits_of, loaded, on_record, written
from interface.api.showing import shown_event, shown_record
from interface.api.words import say

# Screening (大数据筛查)

projects = BLUEPRINTS["project"]


class Upload(shapes.Body):
    """The form beside the exports of a platform."""

    on = shapes.Day(required=True)
    source_platform = shapes.Text(required=True, validate=shapes._length(1, 200))


@projects.route("/<ref>/screen", methods=["POST"], endpoint="screen")
@on_record(RECORDS["project"], "screen")
@projects.response(201, answers.record_written("project"))
def screen_(ref: str) -> Response:
    """Screen a project by the exports of its platform: attendance, payroll, transfers, deposit, papers (CSV, XLSX)."""
    try:
        form = Upload().load(request.form.to_dict())
    except ValidationError as problem:
        raise Problem(422, "fields", names=", ".join(problem.messages_dict), errors=files.told(problem)) from None
    book, project = rules(), g.record
    uploads = [_upload(export, file.stream.read()) for export, file in request.files.items()]
    rows = sum((upload.rows for upload in uploads), Rows())
    key = _named_as(project, rows)
    window = book.settings.value("R12_days", form["on"])
    if window is not None:
        rows = rows + Rows(
            complaints={key: views().complaints(project.name, project.division, form["on"], int(window))}
        )
    judged = screen(key, rows, on=form["on"], settings=book.settings, calendar=book.calendar)
    facts = {
        "source_platform": form["source_platform"], "lines": sum(upload.lines for upload in uploads),
        "sha256": hashlib.sha256("".join(upload.sha256 for upload in uploads).encode()).hexdigest(),
        "undecided": tuple(undecided.id for undecided in judged.undecided),
        "raised": [
            {"signal": signal.id, "level": signal.level, "thresholds": dict(signal.threshold), "rows": signal.rows, "count": signal.count}
            for signal in judged.signals
        ],
    }  # fmt: skip
    return acted("screen", facts, form["on"])


def _upload(export: str, content: bytes) -> screening.Upload:
    """The rows of one export; every bad line is told, and nothing is taken of a file that has one."""
    if export not in get_args(screening.Export):
        raise Problem(
            422, "fields", names=export, errors=[{"pointer": f"/{export}", "detail": say("unknown", language())}]
        )
    found = screening.read(content, cast(screening.Export, export))
    if found.bad:
        errors = [{"pointer": f"/{export}/{bad.line}", "detail": bad.sentence(language())} for bad in found.bad[:50]]
        raise Problem(422, "fields", names=", ".join(error["pointer"] for error in errors[:3]), errors=errors)
    return found


def _named_as(project: Any, rows: Rows) -> str:
    """How the platform calls the project: by its number, its name or the source's id."""
    there = rows.by_project()
    for key in filter(None, (project.number, project.source, project.name)):
        if key in there:
            return str(key)
    raise Problem(422, "no_lines", number=project.number, name=project.name)


class DepositShown(Schema):
    """What is to be stored as the wage deposit, how it came about, and what is stored."""

    amount = shapes.Money(required=True)
    percent = fields.String(required=True)
    exempt = fields.Boolean(required=True)
    capped = fields.Boolean(required=True)
    law = fields.String(required=True)
    other_projects = fields.Integer(required=True)
    clean = fields.Boolean(required=True)
    listed = fields.Boolean(required=True)
    stored = shapes.Money(allow_none=True)
    short = shapes.Money(required=True, metadata={"description": "what is still to be stored"})


@projects.route("/<ref>/deposit", methods=["GET"], endpoint="deposit_due")
@projects.arguments(Nothing(), location="query", unknown=RAISE)
@projects.response(200, DepositShown)
def deposit_due(_: dict[str, Any], ref: str) -> Response:
    """The wage deposit the project owes (工资保证金), by the office's own numbers on the day of the contract."""
    wait_for_position()
    project: Any = loaded(RECORDS["project"], ref, "read")
    on = project.signed_on or project.permit_on or today()
    if project.contract_amount is None:
        raise Problem(409, "no_contract")
    found = views().standing_of_contractor(project.contractor.key, project.division, project.id, on)
    due = deposit(project.contract_amount, on=on, settings=rules().settings, **found)
    held = project.deposit if project.deposit and project.deposit["kind"] not in ("used", "refunded") else None
    stored = held["amount"] if held else None
    short = max(due.amount - (stored or Decimal("0.00")), Decimal("0.00"))
    return shown(
        {**msgspec.structs.asdict(due), "percent": f"{due.percent:f}", **found, "stored": stored, "short": short}
    )


# Drawing (随机抽取)

draws = BLUEPRINTS["draw"]


class Candidates(shapes.Body):
    """From what a draw is to be made."""

    purpose = shapes.Text(required=True, validate=shapes._one_of(("inspection", "revisit")))
    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    industry = shapes.Text(validate=shapes._length(1, 60))


Candidates._declared_fields["from"] = shapes.Day(metadata={"description": "cases closed since"})
Candidates._declared_fields["to"] = shapes.Day(metadata={"description": "cases closed until"})


@draws.route("/candidates", methods=["GET"], endpoint="candidates")
@draws.arguments(Candidates(), location="query", unknown=RAISE)
@draws.response(200)
def candidates(asked: dict[str, Any]) -> Response:
    """What may be drawn: projects under construction, or cases closed and not yet revisited; and what might be left out."""
    allow("read")
    recent = rules().settings.value("recently_inspected_days", today())
    found = views().candidates(actor().scope, asked, today=today(), recent=int(recent) if recent else None)
    share = rules().settings.value("revisit_sample_percent", today()) if asked["purpose"] == "revisit" else None
    size = None if share is None else math.ceil(len(found["candidates"]) * share / 100)
    return shown({**found, "suggested_size": size})


@draws.route("/<ref>/make", methods=["POST"], endpoint="make")
@on_record(RECORDS["draw"], "make")
@draws.arguments(shapes.request_body(DrawMade)())
@draws.response(201, answers.record_written("draw"))
def make(facts: dict[str, Any], ref: str) -> Response:
    """Draw from the frozen list; the seed is the list's link in the hash chain, the secret it was frozen with, a witness's word."""
    return acted("make", facts, facts.pop("on"))


# A finding opens a case (发现线索立案)

inspections = BLUEPRINTS["inspection"]


@inspections.route("/<ref>/link", methods=["POST"], endpoint="link")
@on_record(RECORDS["inspection"], "link")
@inspections.arguments(shapes.request_body(InspectionLinked)())
@inspections.response(201, answers.record_written("inspection"))
def link(facts: dict[str, Any], ref: str) -> Response:
    """Name the case that was opened on what was found."""
    on, case = facts.pop("on"), office().case(resolved_case(facts["to"]))
    allow("read", case)
    return acted("link", {**facts, "to": case.id}, on)


# The rulebook (规则簿)

rulebook_bp = Blueprint(
    "rulebook", __name__, url_prefix="/api/rulebook", description="规则簿 what the office has decided"
)


def shown_book(book: Rulebook, on: date) -> dict[str, Any]:
    """Every setting with what it means, what is proposed, and what is in force on a day."""
    lang, in_force = language(), book.settings.in_force(on)
    return {
        **shown_record(book, actor(), lang=lang),
        "settings": [
            {
                "name": setting.name, "means": setting.zh if lang == "zh" else setting.en, "unit": setting.unit,
                "proposed": setting.proposed, "value": None if (value := in_force.get(setting.name)) is None else f"{value:f}",
                "source": setting.source,
            }
            for setting in SETTINGS.values()
        ],
    }  # fmt: skip


@rulebook_bp.route("", methods=["GET"])
@rulebook_bp.arguments(Nothing(), location="query", unknown=RAISE)
@rulebook_bp.response(200)
def rulebook(_: dict[str, Any]) -> Response:
    """What the office has decided where the law leaves a number open, and which years of the calendar are loaded."""
    allow("read")
    book = office().rulebook_now()
    return shown(shown_book(book, today()), headers={"ETag": f'"{book.version}"'})


@rulebook_bp.route("/history", methods=["GET"])
@rulebook_bp.arguments(Standing(), location="query", unknown=RAISE)
@rulebook_bp.response(200, answers.EventShown(many=True))
def rulebook_history(asked: dict[str, Any]) -> Response:
    """What was decided when, by whom, on what basis."""
    allow("read")
    limits = limits_of(asked)
    entries = [entry for entry in office().rulebook_now().entries if within(entry, limits)]
    return shown([shown_event(entry, lang=language()) for entry in entries])


def _on_rulebook(action: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """As ``on_record``, for the one rulebook: a version seen is asked for, which is 0 before anything is decided."""

    def wrapping(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Response:
            allow(f"rulebook.{action}")
            g.record, g.command = office().rulebook_now(), command()
            if again := office().repeated(g.record, g.command):
                return written(again)
            if seen_version() != g.record.version:
                raise Problem(412, "stale", version=g.record.version)
            return view(*args, **kwargs)

        return wrapped

    return wrapping


def _deciding(action: str, event: Any) -> None:
    @rulebook_bp.route(f"/{action}", methods=["POST"], endpoint=action)
    @_on_rulebook(action)
    @rulebook_bp.arguments(shapes.request_body(event)())
    @rulebook_bp.response(201, answers.record_written("rulebook"))
    def decide(facts: dict[str, Any]) -> Response:
        signed = signature(facts.pop("on"), facts)
        before = office().rulebook_now()
        act = office().decide(action, facts, signed, g.command, rulebook=g.record)
        if action == "load":  # every case whose due day moves is told of it
            noted(office(), views().open_cases(), before, act.record.calendar, signed, g.command.id)
        return written(act)

    decide.__doc__ = getattr(Rulebook, action).__doc__


for _action, _event in Rulebook.actions.items():
    _deciding(_action, _event)
