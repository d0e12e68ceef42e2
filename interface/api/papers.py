"""/api/cases/{id}/papers and /api/numbers: the papers of a record that can be made out and that were, and the registers of numbers.

A paper is made out by ``POST …/issue`` for an entry that is on the record, or with the entry itself: ``POST …/order?issue=true``.  Its
bytes come back as any attachment does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from application import issuing
from application.issuing import Possible
from application.office import Act, Command
from domain.codes import PaperKind
from domain.event import Event, facts_of
from domain.papers import Issued, NoPaperFor, NoSuchIssued, issued
from domain.powers import SHARED, decide
from domain.record import Entry, Record, Signature
from domain.records import RECORDS, power
from domain.rules.papers import PUT_IN_WRITING
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
    """The papers of a record."""

    possible = fields.List(fields.Nested(PossibleShown), required=True)
    issued = fields.List(fields.Nested(IssuedShown), required=True)


class NumberShown(Schema):
    """A number as it stands in its register; a void one stays."""

    register = fields.UUID(required=True, metadata={"description": "the register it stands in"})
    document_no = fields.String(required=True)
    nth = fields.Integer(required=True)
    year = fields.Integer(required=True)
    paper = fields.String(required=True)
    word = fields.String(required=True)
    office = fields.String(required=True)
    case = fields.UUID(
        allow_none=True, metadata={"description": "null where it is of no case, or the asker may not know of it"}
    )
    sort = fields.String(required=True, metadata={"description": "what sort of record it puts in writing"})
    record = fields.UUID(allow_none=True, metadata={"description": "which; null where the asker may not know of it"})
    entry = fields.Integer(required=True)
    on = fields.String(allow_none=True)
    by = fields.String(required=True)
    void = fields.Boolean(required=True)
    voided_on = fields.String(allow_none=True)
    voided_by = fields.String(allow_none=True)
    void_reason = fields.String(allow_none=True)


# Acting, on behalf of the routes of the actions


def asking(bp: Blueprint, event: type[Event]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """What stands in the query of an action that a paper puts in writing."""
    if event.__name__ not in PUT_IN_WRITING:
        return lambda view: view
    reading: Callable[..., Any] = bp.arguments(Issuing(), location="query", unknown=RAISE)
    return reading


def look(record: Record, action: str, facts: dict[str, Any]) -> None:
    """Refuse what asks for an entry or a paper that the asker may not know of, as if there were none.  Problem: 403."""
    if action == "issue":
        found = next((entry for entry in record.entries if entry.version == facts["entry"]), None)
        if found is None:
            raise NoPaperFor(at="paper", paper=facts["paper"], entry=facts["entry"])
        allow(_recording(record, type(found.event)), record)
        _of_our_own(record, found)
    if action == "void":
        made = [each for each in issued(record.entries) if each.paper.document_no == facts["document_no"]]
        if not made:
            raise NoSuchIssued(at="document_no", document_no=facts["document_no"])
        _of_our_own(record, next(entry for entry in record.entries if entry.version == made[-1].version))


def _of_our_own(record: Record, entry: Entry) -> None:
    """Of a file that the whole city shares, an office puts its own entries in writing.  Problem: 403."""
    if not _ours(record, entry):
        raise Problem(403, "of_another_office")


def _ours(record: Record, entry: Entry) -> bool:
    return record.sort not in SHARED or actor().keeps_the_rules or entry.event.office == actor().office


def done(
    record: Record, action: str, facts: dict[str, Any], by: Signature, command: Command, *, issue: bool = False
) -> Act:
    """Do an action; one on papers makes or voids them, any other makes out its paper where that is asked.  Problems: 403, 422."""
    match action:
        case "issue":
            return issuing.issue(office(), record, facts["paper"], facts["entry"], by, command)
        case "void":
            return issuing.void(office(), record, facts, by, command)
        case "revoke":
            return issuing.revoke(office(), record, facts, by, command)
    issuing.not_of_the_register(record.actions[action], facts, by)
    if issue:
        allow(power(record, "issue"), record)
        return issuing.act(office(), record, action, facts, by, command)
    if "document_no" not in facts and any(
        f.name == "document_no" and f.required for f in facts_of(record.actions[action])
    ):
        raise Problem(422, "fields", names="/document_no", errors=[_error("/document_no", "required")])
    return office().act(record, action, facts, by, command)


def _recording(record: Record, event: type[Event]) -> str:
    """The power to record an event: whoever may not do it does not put it in writing either."""
    return power(record, next((action for action, its in record.actions.items() if its is event), "issue"))


# Reading


def papers_of(record: Record, *, lang: str) -> dict[str, Any]:
    """The papers of a record, as far as it is known, that this officer may make out and that there are."""
    may = [each for each in issuing.possible(record) if _may_issue(record, each)]
    return {
        "possible": [shown_possible(each, lang) for each in may],
        "issued": [shown_issued(each, lang) for each in issued(record.entries)],
    }


def _may_issue(record: Record, each: Possible) -> bool:
    acts = (power(record, "issue"), _recording(record, type(each.event)))
    entry = next(entry for entry in record.entries if entry.version == each.entry)
    return _ours(record, entry) and all(decide(actor(), act, record).allowed for act in acts)


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
    known = _known(rows)
    headers = {"Link": page_link(further)} if further else None
    return shown([shown_number(row, known, language()) for row in rows], headers=headers)


def _known(rows: list[dict[str, Any]]) -> set[str]:
    """The ids of the records behind some numbers that the asker may know of."""
    by_sort: dict[str, list[UUID]] = {}
    for data in (row["data"] for row in rows):
        by_sort.setdefault(data.get("sort") or "case", []).append(UUID(data.get("case") or data["record"]))
    found = [record for sort, ids in by_sort.items() for record in office().many(RECORDS[sort], ids).values()]
    return {str(record.id) for record in found if decide(actor(), power(record, "read"), record).allowed}


def shown_number(row: dict[str, Any], known: set[str], lang: str) -> dict[str, Any]:
    data = row["data"]
    of = data.get("case") or data.get("record")
    return {
        "register": row["record"], "document_no": row["document_no"], "nth": data["nth"], "year": data["year"],
        "paper": row["paper"], "word": word(row["paper"], lang, "paper"), "office": row["office"],
        "case": data.get("case") if of in known else None, "sort": data.get("sort") or "case", "record": of if of in known else None,
        "entry": data["entry"], "on": row["happened"],
        "by": row["officer"], "void": row["void_reason"] is not None, "voided_on": row["voided_on"],
        "voided_by": row["voided_by"], "void_reason": row["void_reason"],
    }  # fmt: skip
