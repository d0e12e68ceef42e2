"""/api/projects, /api/campaigns, /api/inspections, /api/employers, /api/trainings, /api/draws: the records that are no cases.

The routes of a sort are made from the record's own actions, in the same manner as those of a case: POST to the sort opens one,
POST to a verb acts, GET reads it back as it stands or as it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import RAISE

from application.office import Act, Command, NotOnFile, Stale, today
from domain.codes import Industry
from domain.day import legal_day
from domain.powers import SHARED, Place
from domain.record import Record, Signature, standing
from domain.records import RECORDS, opener
from domain.rules.clocks import readings
from interface.api import answers, files, papers, shapes
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
from interface.api.problems import Problem
from interface.api.queries import Limited, Moment, Nothing, moments, page_link, within
from interface.api.showing import shown_clock, shown_event, shown_fact_row, shown_record

PLURALS = {
    "project": ("projects", "重点项目 key projects"),
    "campaign": ("campaigns", "专项行动 campaigns"),
    "inspection": ("inspections", "检查 inspections"),
    "employer": ("employers", "用人单位诚信档案 employers"),
    "training": ("trainings", "警示教育 trainings"),
    "draw": ("draws", "随机抽取 draws"),
}
OF_THEIR_OWN = {("project", "screen"), ("draw", "make"), ("inspection", "link")}
"""The actions whose routes do more than record what was sent: see ``mechanisms.py``."""


class Ledger(Limited, Moment):
    """The filters of a ledger."""

    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    industry = shapes.Text(validate=shapes._one_of(Industry.__args__))  # type: ignore[attr-defined]
    kind = shapes.Text(validate=shapes._length(1, 60))
    status = shapes.Text(validate=shapes._length(1, 60))
    severity = shapes.Text(validate=shapes._one_of(("G", "S", "M")))
    employer = shapes.Text(validate=shapes._length(1, 200))
    campaign = shapes.Text(validate=shapes._length(1, 60))
    unattended = shapes.Flag(metadata={"description": "projects without a responsible person on some tier"})
    not_visited_days = shapes.Number(
        validate=shapes._within(1, 3650), metadata={"description": "projects not visited for so many days"}
    )
    problems = shapes.Flag(metadata={"description": "with problems open"})
    signals = shapes.Flag(metadata={"description": "with risk signals open"})
    overdue = shapes.Flag(metadata={"description": "with something past its due day"})
    listed = shapes.Flag(metadata={"description": "on the sanction list now"})
    q = shapes.Text(validate=shapes._length(1, 100))


class Standing(Moment):
    """Which version, or which moment, a record is asked for."""

    version = shapes.Number(validate=shapes._within(1, 10**6))


Ledger._declared_fields["from"] = shapes.Day()  # ``from`` is a word of Python's own
Ledger._declared_fields["to"] = shapes.Day()


def limits_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The version and the moments of a query, as ``domain.record.standing`` takes them."""
    return {**moments(asked), **({"version": asked["version"]} if "version" in asked else {})}


def resolved(sort: type[Record], ref: str) -> UUID:
    """The id of a record: given as such, as its number or source, or as an employer's code.  Raises ``NotOnFile``."""
    try:
        return UUID(ref)
    except ValueError:
        pass
    if found := views().find_record(sort.sort, ref):
        return found
    raise NotOnFile(ref)


def loaded(sort: type[Record], ref: str, action: str) -> Record:
    """A record, if the asker may do this to it.  Problems: 404, 403."""
    record = office().record(sort, resolved(sort, ref))
    allow(f"{sort.sort}.{action}", record)
    return record


def on_record(sort: type[Record], action: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Load the record, ask whether the actor may, answer a repeated command, and compare the version; then go on."""

    def wrapping(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(*args: Any, ref: str, **kwargs: Any) -> Response:
            g.record = loaded(sort, ref, action)
            g.command = command()
            if again := office().repeated(g.record, g.command):
                return written(again)
            version = seen_version()
            if version != g.record.version:
                raise Problem(412, "stale", version=g.record.version)
            return view(*args, ref=ref, **kwargs)

        return wrapped

    return wrapping


def acted(action: str, facts: dict[str, Any], on: date, **alongside: Any) -> Response:
    """Do an action on the record at hand, and answer it."""
    return written(office().act(g.record, action, facts, signature(on, facts), g.command, **alongside))


def opened(sort: type[Record], facts: dict[str, Any], signature: Signature, command: Command) -> Act:
    """Open a record.  Whoever comes second, however close behind, is told by the law that it is there already."""
    try:
        return office().open(sort, facts, signature, command)
    except Stale:
        return office().open(sort, facts, signature, command)


def written(act: Act, *, top: bool = False) -> Response:
    """What a write answers, under the name of the sort."""
    record = act.record
    body = shown_record(record, actor(), lang=language())
    named = answers.WRITTEN_AS.get(record.sort, record.sort)
    both = {"event": shown_event(act.entry, lang=language()), named: body}
    path = PLURALS.get(record.sort, (record.sort, ""))[0]
    headers = {"ETag": f'"{record.version}"', "Location": f"/api/{path}/{record.id}", "Position": str(act.position)}
    return shown({**body, **both} if top else both, 201, headers)


def blueprint(sort: type[Record]) -> Blueprint:
    """The routes of a sort of record."""
    plural, described = PLURALS[sort.sort]
    bp = Blueprint(plural, __name__, url_prefix=f"/api/{plural}", description=described)
    first = opener(sort)

    @bp.route("", methods=["POST"], endpoint="open")
    @bp.arguments(shapes.request_body(sort.actions[first])())
    @bp.response(201, answers.record_opened(sort.sort))
    def open_(facts: dict[str, Any]) -> Response:
        allow(f"{sort.sort}.{first}", Place(facts["division"], facts.get("industry")))
        return written(opened(sort, facts, signature(facts.pop("on")), command()), top=True)

    open_.__doc__ = getattr(sort, sort.methods[first]).__doc__

    @bp.route("", methods=["GET"], endpoint="list")
    @bp.arguments(Ledger(), location="query", unknown=RAISE)
    @bp.response(200, answers.RecordRow(many=True))
    def ledger(filters: dict[str, Any]) -> Response:
        """Those within sight, newest first."""
        allow("read")
        wait_for_position()
        limit, cursor = filters.pop("limit"), filters.pop("cursor", None)
        moment = moments(filters)
        scope = None if sort.sort in SHARED else actor().scope
        rows, further = views().ledger(sort.sort, scope, filters, today=today(), limit=limit, cursor=cursor, **moment)
        day = moment.get("on") or today()
        headers = {"Link": page_link(further)} if further else None
        return shown([shown_fact_row(row, today=day, lang=language()) for row in rows], headers=headers)

    @bp.route("/<ref>", methods=["GET"], endpoint="read")
    @bp.arguments(Standing(), location="query", unknown=RAISE)
    @bp.response(200, answers.record_shown(sort.sort))
    def read(limits: dict[str, Any], ref: str) -> Response:
        """As it stands; or as it stood at a version, on a day, as known at a moment."""
        record, limits = _standing(sort, ref, limits)
        body = shown_record(record, actor(), lang=language(), historic=bool(limits))
        return shown(body, headers=None if limits else {"ETag": f'"{record.version}"'})

    @bp.route("/<ref>/history", methods=["GET"], endpoint="history")
    @bp.arguments(Standing(), location="query", unknown=RAISE)
    @bp.response(200, answers.EventShown(many=True))
    def history(limits: dict[str, Any], ref: str) -> Response:
        """What happened, a sentence per event, as it was recorded."""
        record, limits = _standing(sort, ref, limits)
        seqs = views().seqs(record.id)
        entries = [entry for entry in record.entries if within(entry, limits)]
        return shown([shown_event(entry, lang=language(), seq=seqs.get(entry.version)) for entry in entries])

    @bp.route("/<ref>/clocks", methods=["GET"], endpoint="clocks")
    @bp.arguments(Standing(), location="query", unknown=RAISE)
    @bp.response(200, answers.ClockShown(many=True))
    def clocks(limits: dict[str, Any], ref: str) -> Response:
        """Every clock of it, with the reason for each date."""
        record, limits = _standing(sort, ref, limits)
        day = limits.get("on") or (legal_day(limits["known"]) if "known" in limits else today())
        book = rules(limits.get("known"))
        found = readings(standing(record.entries, **limits), today=day, calendar=book.calendar, settings=book.settings)
        return shown([shown_clock(reading, lang=language()) for reading in found])

    if "attach" in sort.actions:
        _attaching(bp, sort)
    if "issue" in sort.actions:
        _papers(bp, sort)
    if {"attach", "issue"} & set(sort.actions):
        _sending(bp, sort)
    for action, event in sort.actions.items():
        if action not in (first, "attach") and (sort.sort, action) not in OF_THEIR_OWN:
            _acting(bp, sort, action, event)
    return bp


def _acting(bp: Blueprint, sort: type[Record], action: str, event: Any) -> None:
    """The route of one action."""

    @bp.route(f"/<ref>/{action}", methods=["POST"], endpoint=action)
    @on_record(sort, action)
    @bp.arguments(shapes.request_body(event)())
    @papers.asking(bp, event)
    @bp.response(201, answers.record_written(sort.sort))
    def act(facts: dict[str, Any], asked: dict[str, Any] | None = None, *, ref: str) -> Response:
        _in_remit(sort, action, facts)
        on = facts.pop("on")
        if "issue" not in sort.actions:
            return acted(action, facts, on)
        by = signature(on, facts)
        if barred := g.record.signed(by).bars(event):
            raise barred
        papers.look(g.record, action, facts)
        return written(papers.done(g.record, action, facts, by, g.command, issue=bool(asked and asked["issue"])))

    act.__doc__ = getattr(sort, sort.methods[action]).__doc__


def _in_remit(sort: type[Record], action: str, facts: dict[str, Any]) -> None:
    """Nothing is moved into an industry where the office could not register it, and no file is put right for another office.

    Problems: 403.
    """
    record, who = g.record, actor()
    industry = facts.get("value") if facts.get("field") == "industry" else facts.get("industry")
    if who.scope.industry and industry not in (None, who.scope.industry):
        allow(f"{sort.sort}.{opener(sort)}", Place(record.division, str(industry)))
    if sort.sort in SHARED and action in ("correct", "revoke"):
        amended = (entry.event.office for entry in record.entries if entry.version == facts["version"])
        if not who.keeps_the_rules and next(amended, who.office) != who.office:
            raise Problem(403, "of_another_office")


def _attaching(bp: Blueprint, sort: type[Record]) -> None:
    """The routes of a record's documents: photographs of a site, minutes, lists of those present."""

    @bp.route("/<ref>/attach", methods=["POST"], endpoint="attach")
    @on_record(sort, "attach")
    @bp.response(201, answers.record_written(sort.sort))
    def attach(ref: str) -> Response:
        """Attach a document (附件): up to 20 MiB of PDF, image, office document or text."""
        on, facts, data = files.attached()
        return written(office().attach(g.record, facts, data, signature(on), g.command))


def _papers(bp: Blueprint, sort: type[Record]) -> None:
    """The route of the papers that put the entries of a record in writing."""

    @bp.route("/<ref>/papers", methods=["GET"], endpoint="papers")
    @bp.arguments(Nothing(), location="query", unknown=RAISE)
    @bp.response(200, papers.PapersShown)
    def papers_(_: dict[str, Any], ref: str) -> Response:
        """The papers that the asker may make out now, and those that were made out, void ones too (文书)."""
        return shown(papers.papers_of(loaded(sort, ref, "read"), lang=language()))


def _sending(bp: Blueprint, sort: type[Record]) -> None:
    """The route of the bytes of what is sealed: documents and papers."""

    @bp.route("/<ref>/attachments/<sha256>", methods=["GET"], endpoint="attachment")
    @bp.arguments(Nothing(), location="query", unknown=RAISE)
    @bp.response(200, content_type="application/octet-stream")
    def attachment(_: dict[str, Any], ref: str, sha256: str) -> Response:
        """The bytes of an attachment, by their SHA-256."""
        return files.sent(loaded(sort, ref, "read"), sha256)


def _standing(sort: type[Record], ref: str, limits: dict[str, Any]) -> tuple[Record, dict[str, Any]]:
    """The record within the limits asked for; 404 where there was none yet."""
    wait_for_position()
    now = loaded(sort, ref, "read")
    limits = limits_of(limits)
    if not limits:
        return now, limits
    then = sort.replay(now.id, now.entries, **limits)
    if not then.opened or limits.get("version", 0) > now.version:
        raise NotOnFile(ref)
    return then, limits


BLUEPRINTS = {sort: blueprint(RECORDS[sort]) for sort in PLURALS}
