"""How cases, events and lines look in JSON: money with two places as strings, days ISO, instants RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from domain.case import Case
from domain.event import SIGNED
from domain.powers import Actor, decide
from domain.record import Entry, Record
from domain.records import opener
from domain.rules.clocks import ROWS, Reading
from domain.vocabulary import decode
from domain.words import word

_CASE_MONEY = ("claimed", "confirmed", "ordered", "paid", "balance")


def dumped(body: Any) -> bytes:
    """JSON bytes; a decimal is money, and so a string."""
    return msgspec.json.encode(body)


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def may(case: Case, actor: Actor) -> list[str]:
    """The actions open now to this officer: in order by the law, within the officer's powers."""
    open_now = [
        action for action in known_to(actor, case).may if action != "receive" and decide(actor, action, case).allowed
    ]
    return [action for action in open_now if action != "revisit" or actor.officer not in case.handlers]


def shown_case(
    case: Case, actor: Actor, today: date, *, lang: str, historic: bool = False, acts: list[str] | None = None
) -> dict[str, Any]:
    """A case as one object; a historic view offers no actions.  ``acts`` is what ``may`` says, where it was asked before."""
    assert case.employer is not None
    status = case.status_on(today)
    return {
        "id": case.id,
        "number": case.number,
        "source": case.source,
        "version": case.version,
        "status": status,
        "status_word": word(status, lang),
        "division": case.division,
        "industry": case.industry,
        "channel": case.channel,
        "complainant_kind": case.complainant_kind,
        "employer": {"name": case.employer.name, "uscc": case.employer.uscc},
        "project": case.project,
        "summary": case.summary,
        "office": case.office,
        "received_on": case.received_on,
        "filed_on": case.filed_on,
        "closed_on": case.closed_on,
        "due_on": case.due_on,
        "persons_claimed": case.persons_claimed,
        "persons_confirmed": case.persons_confirmed,
        **{name: getattr(case, name) for name in _CASE_MONEY},
        "escalated": case.escalated,
        "returned": case.returned,
        "proposed": sorted(case.proposed),
        "flags": sorted(case.flags),
        "person": case.person,
        "may": [] if historic else may(case, actor) if acts is None else acts,
    }


def may_record(record: Record, actor: Actor) -> list[str]:
    """The actions open now to this officer on a record that is no case."""
    first = opener(type(record))
    return [
        action for action in record.may if action != first and decide(actor, f"{record.sort}.{action}", record).allowed
    ]


def shown_record(record: Record, actor: Actor, *, lang: str, historic: bool = False) -> dict[str, Any]:
    """A record that is no case as one object; a historic view offers no actions."""
    status = record.status or ("registered" if record.opened else "revoked")
    return {
        "id": record.id,
        "number": getattr(record, "number", None),
        "version": record.version,
        "status": status,
        "status_word": word(status, lang, "standing"),
        "title": getattr(record, "title", ""),
        "division": record.division,
        "industry": record.industry,
        "offices": sorted(record.offices),
        "may": [] if historic else may_record(record, actor),
        **{name: getattr(record, name) for name in record.SHOWN},
    }


def shown_fact_row(row: dict[str, Any], *, today: date, lang: str) -> dict[str, Any]:
    """A line of a ledger."""
    due = min(filter(None, (row["due_on"], row["problem_due_on"])), default=None)
    same = ("number", "source", "version", "title", "status", "division", "industry", "kind", "last_on", "amount", "persons", "sort",
            "severity", "visits", "visited_on", "problems", "problems_open", "problem_due_on", "signals_open", "orders",
            "listed_on", "listed_until", "delisted_on")  # fmt: skip
    employer = row["employer"] and {
        "name": row["employer"],
        "uscc": row["employer_key"] if row["employer_key"] != row["employer"] else None,
    }
    return {
        "id": row["record"],
        **{name: row[name] for name in same},
        "status_word": word(row["status"] or "", lang, "standing"),
        "employer": employer,
        "opened_on": row["opened"],
        "due_on": due,
        "overdue": bool(due and due < today),
        "tiers": {str(tier): row[f"tier_{tier}"] for tier in (1, 2, 3)},
        "signals": (row["signals"] or "").split(",") if row["signals"] else [],
        "related": (row["related"] or "").split(",") if row["related"] else [],
    }


def known_to(actor: Actor, case: Case) -> Case:
    """The case as far as an officer may know of it: what concerns an official is for discipline inspection and auditors only."""
    if actor.confidant or not (hidden := case.confidential):
        return case
    return Case.replay(case.id, [entry for entry in case.entries if entry.version not in hidden])


def shown_event(entry: Entry, *, lang: str, seq: int | None = None) -> dict[str, Any]:
    """An event as it was recorded, with its sentence."""
    event = entry.event
    return {
        "version": entry.version,
        "seq": seq,
        "event": type(event).__name__,
        "kind": event.kind,
        "on": event.on,
        "recorded_at": entry.recorded_at and instant(entry.recorded_at),
        "by": event.by,
        "role": event.role,
        "office": event.office,
        "sentence": event.sentence(lang),
        "warnings": list(event.warnings),
        "data": facts_shown(msgspec.to_builtins(event)),
    }


def facts_shown(state: dict[str, Any]) -> dict[str, Any]:
    """The facts of an event, apart from who signed it and when."""
    return {name: value for name, value in state.items() if name not in SIGNED or name in ("no_later_than", "remark")}


def shown_line(row: dict[str, Any], *, lang: str) -> dict[str, Any]:
    """A line of the journal as an auditor reads it."""
    event = decode(row["event"], msgspec.json.encode(row["data"]))
    entry = Entry(row["record"], row["version"], event, row["recorded_at"])
    return {
        **shown_event(entry, lang=lang, seq=row["seq"]),
        "record": row["record"],
        "division": row["division"],
        "amount": row["amount"],
        "persons": row["persons"],
    }


def shown_clock(reading: Reading, *, lang: str) -> dict[str, Any]:
    """A clock as it stands, its derivation in sentences."""
    shown = msgspec.structs.asdict(reading)
    name = shown.pop("name_zh") if lang == "zh" else shown.pop("name_en")
    shown.pop("name_en", None)
    shown.pop("name_zh", None)
    return {**shown, "name": name, "derivation": reading.explained(lang)}


def urgency(reading: Reading) -> tuple[bool, date]:
    """What presses comes first: late before running, then the nearer day."""
    return (reading.state != "late", reading.extended or reading.due or date.max)


def pressing(readings: Iterable[Reading]) -> Reading | None:
    """The clock that presses most, of the duties that still run; a wait or another's right presses nobody."""
    running = (r for r in readings if r.stopped is None and r.days_left is not None and r.clock in DUTIES)
    return min(running, key=urgency, default=None)


DUTIES = frozenset(row.id for row in ROWS if row.when_over == "late" and not row.earliest)
"""The clocks that press whoever has the case."""

_REGISTER = (
    "number", "source", "version", "division", "industry", "channel", "project", "summary", "office",
    "filed_on", "due_on", "persons_claimed", "persons_confirmed", *_CASE_MONEY,
)  # fmt: skip


def shown_row(row: dict[str, Any], *, lang: str) -> dict[str, Any]:
    """A line of the register: the case's facts under the names the case has."""
    return {
        "id": row["record"],
        **{name: row[name] for name in _REGISTER},
        "status": row["standing"],
        "status_word": word(row["standing"], lang),
        "complainant_kind": row["complainant"],
        "employer": {
            "name": row["employer"],
            "uscc": row["employer_key"] if row["employer_key"] != row["employer"] else None,
        },
        "received_on": row["received"],
        "closed_on": row["closed_on"],
    }


def with_rates(values: dict[str, Any], money: Iterable[str] = ("arrears_recovered",)) -> dict[str, Any]:
    """Report figures: money keeps its two places as a string, a rate becomes a number."""
    shown = {}
    for name, value in values.items():
        if isinstance(value, Decimal):
            shown[name] = str(value.quantize(Decimal("0.01"))) if name in money else float(value)
        else:
            shown[name] = value
    return shown
