"""/api/cases: receive a clue, act on a case, read it back as it stands or as it stood.

An action is a POST to its verb, such as ``/api/cases/{id}/order``.  The body holds the facts and the day they happened;
If-Match holds the version they were decided on; who acts comes from the token.  The routes are made from the case's own
actions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import Any, cast
from uuid import UUID

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import RAISE

from application.office import Act, NotOnFile, source_id, today
from domain.case import Case
from domain.case_lifecycle import STATUSES
from domain.codes import Channel
from domain.day import legal_day
from domain.powers import Place, decide
from domain.record import Entry, Record, standing
from domain.refused import NoSuchEntry
from domain.rules.clocks import Reading, readings
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
from interface.api.proposing import hits_of, keeps_hits
from interface.api.queries import Limited, Moment, Nothing, moments, page_link, within
from interface.api.showing import (
    DUTIES,
    known_to,
    may,
    pressing,
    shown_case,
    shown_clock,
    shown_event,
    shown_row,
    urgency,
)
from projections.views import decoded, encoded

bp = Blueprint("cases", __name__, url_prefix="/api/cases", description="案件 cases")


class Register(Limited, Moment):
    """The filters of the register."""

    division = shapes.Text(validate=shapes._matching(r"^\d{6}$"))
    status = shapes.Text(validate=shapes._one_of(STATUSES))
    channel = shapes.Text(validate=shapes._one_of(Channel.__args__))  # type: ignore[attr-defined]
    officer = shapes.Text(validate=shapes._length(1, 200))
    employer = shapes.Text(validate=shapes._length(1, 200))
    overdue = shapes.Flag()
    q = shapes.Text(validate=shapes._length(1, 100), metadata={"description": "search; two Chinese characters suffice"})


class Standing(Moment):
    """Which version, or which moment, a case is asked for."""

    version = shapes.Number(validate=shapes._within(1, 10**6))


class Waiting(shapes.Body):
    """How much of the queue is asked for, and from where on."""

    limit = shapes.Number(load_default=50, validate=shapes._within(1, 200))
    cursor = shapes.Text(validate=shapes._length(1, 100))


Register._declared_fields["from"] = shapes.Day()  # ``from`` is a word of Python's own
Register._declared_fields["to"] = shapes.Day()


# Receiving


@bp.route("", methods=["POST"])
@bp.arguments(shapes.request_body(Case.actions["receive"])())
@bp.response(201, answers.Received)
def receive(facts: dict[str, Any]) -> Response:
    """Receive a clue (受理登记)."""
    allow("receive", Place(facts["division"]))
    on, contact = facts.pop("on"), facts.pop("contact", None)
    act = office().receive(facts, signature(on), command(), contact=contact)
    return written(act, top=True, code=office().vault.code(act.case.id))


# Acting


def acting(action: str, event: Any) -> None:
    """The route of one action."""

    @bp.route(f"/<ref>/{action}", methods=["POST"], endpoint=action)
    @_on_case(action)
    @bp.arguments(shapes.request_body(event)())
    @papers.asking(bp, event)
    @bp.response(201, answers.Written)
    def act(facts: dict[str, Any], asked: dict[str, Any] | None = None, *, ref: str) -> Response:
        on = facts.pop("on")
        if action == "link":
            facts["to"] = resolved(facts["to"])
            allow("read", office().case(facts["to"]))
        _known(action, facts)
        if keeps_hits(action, facts):
            facts["hits"] = tuple(hits_of(g.case.id, on))
        return written(
            papers.done(g.case, action, facts, signature(on, facts), g.command, issue=bool(asked and asked["issue"]))
        )

    act.__doc__ = getattr(Case, Case.methods[action]).__doc__


def _known(action: str, facts: dict[str, Any]) -> None:
    """Refuse what would only be in order by an entry that the actor may not know of, as if there were none."""
    case = known_to(actor(), g.case)
    if action in ("correct", "revoke") and facts["version"] not in {entry.version for entry in case.entries}:
        raise NoSuchEntry(at="version", version=facts["version"])
    if refusal := case.bars(Case.actions[action]):
        raise refusal
    papers.look(case, action, facts)


def _on_case(action: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Load the case, ask whether the actor may, answer a repeated command, and compare the version; then go on."""

    def wrapping(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(*args: Any, ref: str, **kwargs: Any) -> Response:
            g.case = office().case(resolved(ref))
            allow(action, g.case)
            g.command = command()
            if again := office().repeated(g.case, g.command):
                return written(again)
            version = seen_version()
            if version != g.case.version:
                raise Problem(412, "stale", version=g.case.version)
            return view(*args, ref=ref, **kwargs)

        return wrapped

    return wrapping


for _action, _event in Case.actions.items():
    if _action not in ("receive", "attach"):
        acting(_action, _event)


@bp.route("/<ref>/attach", methods=["POST"])
@_on_case("attach")
@bp.response(201, answers.Written)
def attach(ref: str) -> Response:
    """Attach a document (附件): up to 20 MiB of PDF, image, office document or text."""
    on, facts, data = files.attached()
    return written(office().attach(g.case, facts, data, signature(on), g.command))


# Reading


@bp.route("", methods=["GET"])
@bp.arguments(Register(), location="query", unknown=RAISE)
@bp.response(200, answers.CaseShown(many=True))
def register(filters: dict[str, Any]) -> Response:
    """The register: cases within sight, newest first."""
    allow("read")
    wait_for_position()
    limit, cursor = filters.pop("limit"), filters.pop("cursor", None)
    moment = moments(filters)
    rows, further = views().register(
        actor().scope,
        filters,
        today=today(),
        limit=limit,
        cursor=cursor,
        on=moment.get("on"),
        known=moment.get("known"),
    )
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_row(row, lang=language()) for row in rows], headers=headers)


@bp.route("/<ref>", methods=["GET"])
@bp.arguments(Standing(), location="query", unknown=RAISE)
@bp.response(200, answers.CaseShown)
def read(limits: dict[str, Any], ref: str) -> Response:
    """The case as it stands; or as it stood at a version, on a day, as known at a moment."""
    case, limits = _standing(ref, limits)
    body = shown_case(case, actor(), _judged_on(case, limits), lang=language(), historic=bool(limits))
    return shown(body, headers=None if limits else {"ETag": f'"{case.version}"'})


@bp.route("/<ref>/history", methods=["GET"])
@bp.arguments(Standing(), location="query", unknown=RAISE)
@bp.response(200, answers.EventShown(many=True))
def history(limits: dict[str, Any], ref: str) -> Response:
    """What happened, a sentence per event, as it was recorded: corrections stand beside what they correct."""
    case, limits = _standing(ref, limits)
    seqs = views().seqs(case.id)
    entries = [entry for entry in known_to(actor(), case).entries if within(entry, limits)]
    return shown([shown_event(entry, lang=language(), seq=seqs.get(entry.version)) for entry in entries])


@bp.route("/<ref>/clocks", methods=["GET"])
@bp.arguments(Standing(), location="query", unknown=RAISE)
@bp.response(200, answers.ClockShown(many=True))
def clocks(limits: dict[str, Any], ref: str) -> Response:
    """Every clock of the case, as it stands or stood, with the reason for each date."""
    case, limits = _standing(ref, limits)
    day = _judged_on(case, limits)
    return shown([shown_clock(reading, lang=language()) for reading in judged(case, day, **limits)])


def _judged_on(case: Case, limits: dict[str, Any]) -> date:
    """The day a case is judged on: the one asked for, that of the moment, that of the entry a version ends with."""
    if "on" in limits:
        return cast(date, limits["on"])
    if "known" in limits:
        return legal_day(limits["known"])
    if "version" in limits:
        return next(entry.happened_by for entry in case.entries if entry.version == limits["version"])
    return today()


@bp.route("/<ref>/contact", methods=["POST"])
@bp.arguments(shapes.Purpose())
@bp.response(200, shapes.Contact)
def contact(asked: dict[str, Any], ref: str) -> Response:
    """Read who the complainant is, for a purpose; the reading itself is recorded."""
    case = office().case(resolved(ref))
    allow("contact", Informed(case))
    try:
        return shown(office().open_contact(case, asked["purpose"], signature(today())))
    except NotOnFile:
        raise Problem(404, "no_contact") from None


@bp.route("/<ref>/papers", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200, papers.PapersShown)
def papers_(_: dict[str, Any], ref: str) -> Response:
    """The papers that the asker may make out now, and those that were made out, void ones too (文书)."""
    case = office().case(resolved(ref))
    allow("read", case)
    return shown(papers.papers_of(known_to(actor(), case), lang=language()))


@bp.route("/<ref>/attachments/<sha256>", methods=["GET"])
@bp.arguments(Nothing(), location="query", unknown=RAISE)
@bp.response(200, content_type="application/octet-stream")
def attachment(_: dict[str, Any], ref: str, sha256: str) -> Response:
    """The bytes of an attachment, by their SHA-256."""
    case = office().case(resolved(ref))
    allow("read", case)
    return files.sent(known_to(actor(), case), sha256)


class Informed:
    """A case, with whether its complainant is an informant."""

    def __init__(self, case: Case):
        self.division, self.industry, self.offices = case.division, case.industry, case.offices
        self.informant = case.complainant_kind == "report"


# What waits


queue_bp = Blueprint("queue", __name__, url_prefix="/api/queue", description="待办 what waits for the asker")
MOST_WEIGHED = 200
ASIDE = {"note", "attach", "link", "correct", "revoke", "reopen", "assign", "escalate", "issue", "void"}
"""What may be done at any time, and so is not what a case waits for."""


@queue_bp.route("", methods=["GET"])
@queue_bp.arguments(Waiting(), location="query", unknown=RAISE)
@queue_bp.response(200, answers.QueueShown(many=True))
def queue(asked: dict[str, Any]) -> Response:
    """What the caller has to do: cases at the caller's office, or new in the division, most urgent first.

    So many cases are weighed at a time as a page can have; where there are more, the Link of the answer leads on.
    """
    allow("read")
    wait_for_position()
    who, lang, now, book, found = actor(), language(), today(), rules(), []
    judge = partial(readings, today=now, calendar=book.calendar, settings=book.settings, clocks=DUTIES, running=True)
    rule = (now, *_last(book))
    skipped = decoded(asked["cursor"]) if "cursor" in asked else 0
    wanted = {"open_": any(_may_act(action) for action in Case.actions), "closed": decide(who, "revisit").allowed}
    rows = views().waiting(who.scope, who.office, today=now, most=MOST_WEIGHED + 1, skipped=skipped, **wanted)
    further = page_link(encoded(skipped + MOST_WEIGHED)) if len(rows) > MOST_WEIGHED else None
    rows = rows[:MOST_WEIGHED]
    kept = office().cases([row["record"] for row in rows])
    for case in (kept[row["record"]] for row in rows):
        acts = may(case, who)
        if set(acts) - ASIDE or (case.office is None and "assign" in acts):
            found.append((case, acts, _pressing(case, rule, judge)))
    found.sort(key=lambda each: urgency(each[2]) if each[2] else (True, date.max))
    return shown(
        [
            {
                **shown_case(case, who, now, lang=lang, acts=acts),
                "clock": shown_clock(clock, lang=lang) if clock else None,
            }
            for case, acts, clock in found[: asked["limit"]]
        ],
        headers={"Link": further} if further else None,
    )


def _may_act(action: str) -> bool:
    """Whether the asker's role moves an open case on by an action."""
    return action not in ASIDE - {"assign"} | {"receive", "revisit"} and decide(actor(), action).allowed


_PRESSING: dict[tuple[Any, ...], Reading | None] = {}
MOST_KEPT = 5_000


def _last(record: Record) -> tuple[Any, ...]:
    """What a record is known by until somebody adds to it."""
    last = record.entries[-1] if record.entries else None
    return record.id, len(record.entries), last and last.recorded_at, last and last.command


def _pressing(case: Case, rule: tuple[Any, ...], judge: Callable[[list[Entry]], list[Reading]]) -> Reading | None:
    """Which clock presses most, judged once a day in a process while neither the case nor the rulebook has a further entry."""
    key = (*_last(case), *rule)
    try:
        return _PRESSING[key]
    except KeyError:
        found = pressing(judge(standing(case.entries)))
    if len(_PRESSING) >= MOST_KEPT:
        _PRESSING.clear()
    _PRESSING[key] = found
    return found


# Shared


def judged(case: Case, day: date, **limits: Any) -> list[Reading]:
    """The clocks of a case on a day, by the rules and the calendar as they were known."""
    book = rules(limits.get("known"))
    entries = standing(case.entries, **limits)
    return readings(entries, today=day, calendar=book.calendar, settings=book.settings)


def resolved(ref: str) -> UUID:
    """The id of a case: given as such, as its number, or as the source an imported case is known by."""
    try:
        return UUID(ref)
    except ValueError:
        pass
    if found := views().find(ref):
        return found
    return source_id(ref)


def written(act: Act, *, top: bool = False, **more: Any) -> Response:
    """What a write answers.  A repeated command gets the same answer: it was made of the same version and day."""
    assert act.entry.recorded_at is not None
    case = shown_case(act.case, actor(), legal_day(act.entry.recorded_at), lang=language())
    body = {"event": shown_event(act.entry, lang=language()), "case": case}
    return shown(
        {**case, **body, **more} if top else body,
        201,
        {
            "ETag": f'"{act.case.version}"',
            "Location": f"/api/cases/{act.case.id}",
            "Position": str(act.position),
        },
    )


def _standing(ref: str, limits: dict[str, Any]) -> tuple[Case, dict[str, Any]]:
    """The case within the limits asked for; 404 where there was none yet."""
    wait_for_position()
    id = resolved(ref)
    now = office().case(id)
    allow("read", now)
    limits = {**moments(limits), **({"version": limits["version"]} if "version" in limits else {})}
    if not limits:
        return now, limits
    case = Case.replay(id, now.entries, **limits)
    if not case.channel or limits.get("version", 0) > now.version:
        raise NotOnFile(ref)
    return case, limits
