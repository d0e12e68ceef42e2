"""/api/cases/{id}/papers and /api/numbers: the papers of a case that can be made out and that were, and the registers of numbers.

A paper is made out by ``POST …/issue`` for an entry that is on the case, or with the entry itself: ``POST …/order?issue=true``.  Its
bytes come back as any attachment does.
"""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from application import issuing
from application.issuing import Issued, Possible
from application.office import Act, Command
from domain.case import Case
from domain.case_refused import NoPaperFor, NoSuchIssued
from domain.codes import PaperKind
from domain.event import Event, facts_of
from domain.powers import decide
from domain.record import Signature
from domain.words import word
from interface.api import shapes
from interface.api.asking import actor, allow, language, office, shown, views, wait_for_position
from interface.api.problems import Problem, _error
from interface.api.queries import Limited, page_link
from projections.numbers import numbers

bp = Blueprint("numbers", __name__, url_prefix="/api/numbers", description="文号登记簿 registers of numbers")


class Issuing(shapes.Body):
    """Whether the usual paper is made out with the entry, under the next number where it takes one and none is given."""

    issue = shapes.Flag(load_default=False, metadata={"description": "make out the paper as well"})


class Register(Limited):
    """The filters of the registers."""

    office = shapes.Text(validate=shapes._length(1, 200))
    paper = shapes.Text(validate=shapes._one_of(get_args(PaperKind)))
    year = shapes.Number(validate=shapes._within(1949, 2200))


class PossibleShown(Schema):
    """A paper that can be made out now: for which entry, and whether it takes a number."""

    paper = fields.String(required=True)
    word = fields.String(required=True)
    entry = fields.Integer(required=True)
    event = fields.String(required=True)
    on = fields.String(allow_none=True)
    numbered = fields.Boolean(required=True)


class IssuedShown(Schema):
    """A paper that was made out; its bytes are the attachment of that SHA-256."""

    version = fields.Integer(required=True)
    paper = fields.String(required=True)
    word = fields.String(required=True)
    entry = fields.Integer(required=True)
    document_no = fields.String(allow_none=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    name = fields.String(required=True)
    on = fields.String(allow_none=True)
    by = fields.String(required=True)
    void = fields.Boolean(required=True)
    void_reason = fields.String(allow_none=True)


class PapersShown(Schema):
    """The papers of a case."""

    possible = fields.List(fields.Nested(PossibleShown), required=True)
    issued = fields.List(fields.Nested(IssuedShown), required=True)


class NumberShown(Schema):
    """A number as it stands in its register; a void one stays."""

    register = fields.UUID(required=True)
    document_no = fields.String(required=True)
    nth = fields.Integer(required=True)
    year = fields.Integer(required=True)
    paper = fields.String(required=True)
    word = fields.String(required=True)
    office = fields.String(required=True)
    case = fields.UUID(allow_none=True, metadata={"description": "null where the asker may not know of it"})
    entry = fields.Integer(required=True)
    on = fields.String(allow_none=True)
    by = fields.String(required=True)
    void = fields.Boolean(required=True)
    voided_on = fields.String(allow_none=True)
    voided_by = fields.String(allow_none=True)
    void_reason = fields.String(allow_none=True)


# Acting, on behalf of the routes of the actions


def look(case: Case, action: str, facts: dict[str, Any]) -> None:
    """Refuse what asks for an entry or a paper that the asker may not know of, as if there were none.  Problem: 403."""
    if action == "issue":
        found = next((entry for entry in case.entries if entry.version == facts["entry"]), None)
        if found is None:
            raise NoPaperFor(at="paper", paper=facts["paper"], entry=facts["entry"])
        allow(recording(type(found.event)) or "issue", case)
    if action == "void" and all(each.paper.document_no != facts["document_no"] for each in issuing.issued(case)):
        raise NoSuchIssued(at="document_no", document_no=facts["document_no"])


def done(
    case: Case, action: str, facts: dict[str, Any], by: Signature, command: Command, *, issue: bool = False
) -> Act:
    """Do an action; one on papers makes or voids them, any other makes out its paper where that is asked.  Problems: 403, 422."""
    match action:
        case "issue":
            return issuing.issue(office(), case, facts["paper"], facts["entry"], by, command)
        case "void":
            return issuing.void(office(), case, facts, by, command)
        case "revoke":
            return issuing.revoke(office(), case, facts, by, command)
    issuing.not_of_the_register(Case.actions[action], facts, by)
    if issue:
        allow("issue", case)
        return issuing.act(office(), case, action, facts, by, command)
    if "document_no" not in facts and any(
        f.name == "document_no" and f.required for f in facts_of(Case.actions[action])
    ):
        raise Problem(422, "fields", names="/document_no", errors=[_error("/document_no", "required")])
    return office().act(case, action, facts, by, command)


def recording(event: type[Event]) -> str | None:
    """The action that records an event: whoever may not do it does not put it in writing either."""
    return next((action for action, its in Case.actions.items() if its is event), None)


# Reading


def papers_of_case(case: Case, *, lang: str) -> dict[str, Any]:
    """The papers of a case, as far as it is known, that this officer may make out and that there are."""
    may = [each for each in issuing.possible(case) if _may_issue(case, each)]
    return {
        "possible": [shown_possible(each, lang) for each in may],
        "issued": [shown_issued(each, lang) for each in issuing.issued(case)],
    }


def _may_issue(case: Case, each: Possible) -> bool:
    acts = ("issue", recording(type(each.event)) or "issue")
    return all(decide(actor(), act, case).allowed for act in acts)


def shown_possible(each: Possible, lang: str) -> dict[str, Any]:
    return {
        "paper": each.paper, "word": each.word(lang), "entry": each.entry, "event": type(each.event).__name__,
        "on": each.event.on, "numbered": each.numbered,
    }  # fmt: skip


def shown_issued(each: Issued, lang: str) -> dict[str, Any]:
    event = each.paper
    return {
        "version": each.version, "paper": event.paper, "word": word(event.paper, lang, "paper"), "entry": event.entry,
        "document_no": event.document_no, "sha256": event.sha256, "size": event.size, "name": event.name, "on": event.on,
        "by": event.by, "void": not each.in_force, "void_reason": each.voided and each.voided.reason,
    }  # fmt: skip


@bp.route("", methods=["GET"])
@bp.arguments(Register(), location="query", unknown=RAISE)
@bp.response(200, NumberShown(many=True))
def register(asked: dict[str, Any]) -> Response:
    """The numbers that were taken, the latest first; a void one stays in its place."""
    allow("read")
    wait_for_position()
    limit, cursor = asked.pop("limit"), asked.pop("cursor", None)
    who = actor()
    rows, further = numbers(views(), who.scope, asked, confidant=who.confidant, limit=limit, cursor=cursor)
    kept = office().cases(list({UUID(row["data"]["case"]) for row in rows})) if rows else {}
    known = {str(id) for id, case in kept.items() if decide(who, "read", case).allowed}
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_number(row, known, language()) for row in rows], headers=headers)


def shown_number(row: dict[str, Any], known: set[str], lang: str) -> dict[str, Any]:
    data = row["data"]
    return {
        "register": row["record"], "document_no": row["document_no"], "nth": data["nth"], "year": data["year"],
        "paper": row["paper"], "word": word(row["paper"], lang, "paper"), "office": row["office"],
        "case": data["case"] if data["case"] in known else None, "entry": data["entry"], "on": row["happened"],
        "by": row["officer"], "void": row["void_reason"] is not None, "voided_on": row["voided_on"],
        "voided_by": row["voided_by"], "void_reason": row["void_reason"],
    }  # fmt: skip
