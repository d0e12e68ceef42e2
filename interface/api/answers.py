"""Response bodies: what the API answers, as its description has it.  What it takes is in ``shapes.py``."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import Schema, fields, validate

from domain.case import Case
from domain.case_lifecycle import STATUSES
from domain.records import RECORDS
from interface.api.shapes import Money


class Problem(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String()
    errors = fields.List(
        fields.Nested(Schema.from_dict({"pointer": fields.String(), "detail": fields.String()}, name="ProblemError"))
    )


class EmployerNamed(Schema):
    name = fields.String(required=True)
    uscc = fields.String(allow_none=True)


def _shown_money(**metadata: Any) -> fields.Field[Any]:
    return Money(allow_none=True, metadata=metadata)


class CaseShown(Schema):
    """A case as it stands, or as it stood."""

    id = fields.UUID(required=True)
    number = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    status_word = fields.String()
    division = fields.String(required=True)
    industry = fields.String(allow_none=True)
    channel = fields.String(required=True)
    complainant_kind = fields.String()
    employer = fields.Nested(EmployerNamed, required=True)
    project = fields.String(allow_none=True)
    summary = fields.String()
    office = fields.String(allow_none=True)
    received_on = fields.String(allow_none=True)
    filed_on = fields.String(allow_none=True)
    closed_on = fields.String(allow_none=True)
    due_on = fields.Date(allow_none=True)
    persons_claimed = fields.Integer(allow_none=True)
    persons_confirmed = fields.Integer(allow_none=True)
    claimed = _shown_money()
    confirmed = _shown_money()
    ordered = _shown_money()
    paid = _shown_money()
    balance = _shown_money()
    escalated = fields.Boolean()
    returned = fields.Boolean(metadata={"description": "given back, and nobody has it since"})
    proposed = fields.List(fields.String(), metadata={"description": "what was proposed and is not decided"})
    flags = fields.List(fields.String())
    person = fields.UUID(allow_none=True)
    may = fields.List(fields.String(validate=validate.OneOf(list(Case.actions))))


class EventShown(Schema):
    """An event as it stands in the file."""

    version = fields.Integer(required=True)
    seq = fields.Integer(allow_none=True)
    event = fields.String(required=True)
    kind = fields.String(allow_none=True)
    on = fields.String(allow_none=True)
    recorded_at = fields.DateTime(required=True)
    by = fields.String(required=True)
    role = fields.String(required=True)
    office = fields.String(required=True)
    sentence = fields.String(required=True)
    warnings = fields.List(fields.String())
    data = fields.Dict(required=True)


class Written(Schema):
    """What a write answers."""

    event = fields.Nested(EventShown, required=True)
    case = fields.Nested(CaseShown, required=True)


class ClockShown(Schema):
    """One clock of a case: when it started, when it is due and why, how it stands."""

    clock = fields.String(required=True)
    name = fields.String(required=True)
    started = fields.Date(allow_none=True)
    due = fields.Date(allow_none=True)
    extended = fields.Date(allow_none=True)
    stopped = fields.Date(allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "met", "late", "provisional", "unknown"]))
    days_left = fields.Integer(allow_none=True)
    unit = fields.String()
    law = fields.String(required=True)
    late_originally = fields.Boolean()
    provisional = fields.Boolean()
    unverified = fields.Boolean()
    setting = fields.String(allow_none=True)
    document_no = fields.String(allow_none=True)
    derivation = fields.List(fields.String(), required=True)


class QueueShown(CaseShown):
    """A case that waits for the asker, and the clock that presses most."""

    clock = fields.Nested(ClockShown, allow_none=True)


@cache
def record_shown(sort: str) -> type[Schema]:
    """A record of a sort as one object: what every record has, and what this sort shows."""
    record = RECORDS[sort]
    common: dict[str, fields.Field[Any]] = {
        "id": fields.UUID(required=True),
        "number": fields.String(allow_none=True),
        "version": fields.Integer(required=True),
        "status": fields.String(required=True),
        "status_word": fields.String(),
        "title": fields.String(),
        "division": fields.String(required=True),
        "industry": fields.String(allow_none=True),
        "offices": fields.List(fields.String()),
        "may": fields.List(fields.String(validate=validate.OneOf(list(record.actions)))),
    }
    own = {name: fields.Raw(allow_none=True) for name in record.SHOWN}
    return Schema.from_dict({**common, **own}, name=f"{record.__name__}Shown")


WRITTEN_AS = {"employer": "employer_file"}
"""Under which name a write answers the record: its sort, where no field of its own is called that."""


def _both(sort: str) -> dict[str, fields.Field[Any]]:
    return {
        "event": fields.Nested(EventShown, required=True),
        WRITTEN_AS.get(sort, sort): fields.Nested(record_shown(sort), required=True),
    }


@cache
def record_written(sort: str) -> type[Schema]:
    """What a write on such a record answers."""
    return Schema.from_dict(_both(sort), name=f"{RECORDS[sort].__name__}Written")


@cache
def record_opened(sort: str) -> type[Schema]:
    """What opening one answers: its own fields at the top, and what every write answers."""
    return type(f"{RECORDS[sort].__name__}Opened", (record_shown(sort),), _both(sort))


class RecordRow(Schema):
    """A line of a ledger."""

    id = fields.UUID(required=True)
    sort = fields.String(required=True)
    number = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    version = fields.Integer(required=True)
    title = fields.String(allow_none=True)
    status = fields.String(allow_none=True)
    status_word = fields.String(allow_none=True)
    division = fields.String(required=True)
    industry = fields.String(allow_none=True)
    kind = fields.String(allow_none=True)
    employer = fields.Nested(EmployerNamed, allow_none=True)
    opened_on = fields.String(allow_none=True)
    last_on = fields.Date(allow_none=True)
    amount = _shown_money()
    persons = fields.Integer(allow_none=True)
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    severity = fields.String(allow_none=True)
    tiers = fields.Dict()
    visits = fields.Integer()
    visited_on = fields.Date(allow_none=True)
    problems = fields.Integer()
    problems_open = fields.Integer()
    problem_due_on = fields.Date(allow_none=True)
    signals_open = fields.Integer()
    signals = fields.List(fields.String())
    orders = fields.Integer()
    related = fields.List(fields.String())
    listed_on = fields.Date(allow_none=True)
    listed_until = fields.Date(allow_none=True)
    delisted_on = fields.Date(allow_none=True)


class Received(CaseShown):
    """What receiving answers: the case's own fields, the event and the case as every write answers them, and the code."""

    code = fields.String(metadata={"description": "the secret code by which the complainant asks what became of it"})

    event = fields.Nested(EventShown, required=True)
    case = fields.Nested(CaseShown, required=True)


class JournalLine(EventShown):
    record = fields.UUID(required=True)
    division = fields.String(required=True)
    amount = _shown_money()
    persons = fields.Integer(allow_none=True)


class ReportNamed(Schema):
    """A report: what it may be grouped by, and what its figures mean."""

    name = fields.String(required=True)
    by = fields.List(fields.String(), required=True)
    definitions = fields.Dict(required=True)


class ReportShown(Schema):
    """A report: its figures, by group where asked, and what they hang on."""

    name = fields.String(required=True)
    stamp = fields.Dict(required=True)
    values = fields.Dict(required=True)
    definitions = fields.Dict()
    groups = fields.List(fields.Dict(), metadata={"description": "the same figures by what was asked: {by, values}"})
    yoy = fields.Dict(metadata={"description": "the same window a year before, and the change since in percent"})
    undecided = fields.Dict(metadata={"description": "figures that hang on a number the office has not decided"})
    closed = fields.Dict(metadata={"description": "the closed period of just this window: {id, sha256, seq, restated}"})
