"""What a paper says: the texts of ``domain/rules/papers.toml``, filled with the facts of the entry and of its record as it was then.

What comes out is plain data for the Typst pages: a text is a list of runs, each words or a line to be filled by hand.  A fact is
never read as a template or as markup, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from application.regions import name_of
from domain import day
from domain.case import Case
from domain.case_events import CaseFiled, CaseOrdered, CaseReceived
from domain.codes import COUNTRY, OFFICE_KINDS
from domain.employer import TERM_MONTHS, Employer, EmployerListed, EmployerNotified, row_of
from domain.event import Attachment, Correction, Event, Issuance, Note, Revocation, Voiding
from domain.inspection import Inspection, InspectionMade
from domain.money import in_capitals
from domain.offices import OFFICE
from domain.papers import number_of
from domain.record import Entry, Record, standing
from domain.rules.checklist import ITEMS
from domain.rules.clock_rows import ROWS
from domain.rules.escalation import RULES
from domain.rules.papers import Sheet, body_name
from domain.words import spoken

Run = dict[str, Any]
"""``{"t": words}`` or ``{"b": width}``: so many characters to be written by hand."""

UNKNOWN = 6  # the width of the line for a fact that the record does not hold
_PART = re.compile(r"\[(?P<optional>[^\[\]]*)\]|\{(?P<fact>\w+)\}|(?P<blank>_{2,})")
_ISO = re.compile(r"(?<!\d)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_CLOCK = re.compile(r"(?<![0-9A-Za-z])C\d\d[a-z]?(?![0-9A-Za-z])")
_WIDE = str.maketrans(",:;?()", "\uff0c\uff1a\uff1b\uff1f\uff08\uff09")
_NARROW = re.compile(
    r"(?<=[\u201c\u201d\u3000-\u9fff\uff00-\uffef])[,:;?()]+|[,:;?()]+(?=[\u201c\u201d\u3000-\u9fff\uff00-\uffef]|$)"
)
_CODES = {"clock": {row.id: row.zh for row in ROWS}, "rules": {rule.id: rule.zh for rule in RULES}}
_NO_STEP = (Note, Attachment, Correction, Revocation, Issuance, Voiding, CaseReceived)


def contents(
    record: Record, entry: Entry, sheet: Sheet, *, office: str, on: date, number: str | None, address: str | None = None
) -> dict[str, Any]:
    """Everything that stands on a paper, as data.

    The record is taken as it was at the entry, with what was put right since, and without what is confidential - unless the paper is.
    """
    then: Any = as_it_was(record, entry.version, confidential=sheet.discipline)
    entry = then.entries[-1]  # as it stands
    facts = {
        **_OF[type(record)](then, entry),
        "address": address,
        **of_event(entry.event),
        "office": office_name(office),
    }
    facts["document_no"] = facts.get("document_no") or number

    def filled(texts: tuple[str, ...]) -> list[list[Run]]:
        return [found for found in (runs(text, facts) for text in texts) if found]

    return {
        "form": sheet.form, "title": chinese(sheet.heading), "office": facts["office"], "number": number, "law": chinese(sheet.law),
        "day": chinese_day(on), "year": on.year, "month": on.month, "date": on.day,
        "to": runs(sheet.to or "", facts), "text": filled(sheet.text_for(entry.event)), "notes": filled(sheet.notes),
        "rows": [[cell(each, facts) for each in row] for row in sheet.rows],
        "boxes": [{"label": chinese(label), "text": cell(text, facts), "lines": int(lines)} for label, text, lines in sheet.boxes],
        "opinions": list(sheet.opinions), "signers": [chinese(signer) for signer in sheet.signers], "lines": sheet.lines,
        "contact": sheet.contact, "receipt": runs(sheet.receipt or "", facts),
        "file": "案件" if isinstance(then, Case) else "档案", "case": then.number or getattr(then, "source", None) or str(then.id),
    }  # fmt: skip


def as_it_was(record: Record, version: int, *, confidential: bool = False) -> Record:
    """The record as it was at an entry, with what was put right since; what is confidential only for a paper that is."""
    hidden = frozenset() if confidential else record.confidential
    then = type(record)(record.id)
    then.entries = [e for e in standing(record.entries) if e.version <= version and e.version not in hidden]
    for entry in then.entries:
        then.take(entry)
    return then


# The facts


def of_case(then: Case, entry: Entry) -> dict[str, Any]:
    """What a text may ask of the case."""
    before = [each for each in then.entries if each.version < entry.version]
    received = next((each.event for each in then.entries if isinstance(each.event, CaseReceived)), None)
    filed = _last(then.entries, CaseFiled)
    order = _last(before, CaseOrdered)
    return {
        **(of_event(received) if received else {}),
        "number": then.number or then.source, "employer": then.employer and then.employer.name,
        "uscc": then.employer and then.employer.uscc, "received_on": _day(then.received_on), "filed_on": _day(then.filed_on),
        "closed_on": _day(then.closed_on), "confirmed": then.confirmed, "persons_confirmed": then.persons_confirmed,
        "paid": then.paid, "balance": then.balance, "owed_now": then.owed if then.owed is not None else then.claimed,
        "persons_now": then.persons_confirmed if then.persons_confirmed is not None else then.persons_claimed,
        "office_of_case": then.office, "cause": filed and filed.cause, "course": "\n".join(course(before)),
        "order_no": order and order.document_no, "order_on": order and _day(order.on), "order_kind": order and order.kind,
    }  # fmt: skip


def of_employer(then: Employer, entry: Entry) -> dict[str, Any]:
    """What a text may ask of an employer's file: the notice and the listing that came last, by the numbers that stand."""
    told, decided = (_last_entry(then.entries, event) for event in (EmployerNotified, EmployerListed))
    notice, listing = told and told.event, decided and decided.event
    on = day.exact(notice.on) if notice and notice.on else None
    return {
        **(of_event(notice) if notice else {}),
        "number": None, "document_no": None, "employer": then.employer and then.employer.name, "uscc": then.employer and then.employer.uscc,
        "owed_now": notice and notice.amount, "persons_now": notice and notice.persons,
        "list": "拖欠农民工工资失信联合惩戒对象名单", "term_years": TERM_MONTHS // 12, "objection_days": row_of("C24", on or date.max).n,
        "listing_no": decided and number_of(then.entries, decided), "listed_on": listing and _day(listing.on),
        "listed_until": listing and listing.until,
    }  # fmt: skip


def of_inspection(then: Inspection, entry: Entry) -> dict[str, Any]:
    """What a text may ask of an inspection: whom it visited, and what was wrong."""
    made, failed = _last(then.entries, InspectionMade), "、".join(ITEMS[item].zh for item in then.failed)
    noted = made and made.finding and made.finding.rstrip("。;；. ")
    persons, amount = (
        entry.event.fact(said) or kept
        for said, kept in (("persons", then.arrears_persons), ("amount", then.arrears_amount))
    )
    owing = (
        f"拖欠{f'{persons}名' if persons else ''}劳动者工资{f'{amount:,.2f}元' if amount else ''}"
        if persons or amount
        else ""
    )
    return {
        "number": then.number, "employer": then.employer and then.employer.name, "respondents": then.employer and then.employer.name,
        "uscc": then.employer and then.employer.uscc, "project": then.project, "made_on": _day(then.made_on),
        "persons_confirmed": then.arrears_persons, "amount_confirmed": then.arrears_amount, "failed_items": failed,
        "violations": "；".join(filter(None, (noted, failed, owing))),
    }  # fmt: skip


_OF: dict[type[Record], Callable[[Any, Entry], dict[str, Any]]] = {
    Case: of_case, Employer: of_employer, Inspection: of_inspection,
}  # fmt: skip


def of_event(event: Event) -> dict[str, Any]:
    """What a text may ask of an entry; what it does not say is left to the case."""
    facts = msgspec.structs.asdict(event)
    facts["on"] = _day(event.on)
    if "channel" in facts and not isinstance(event, CaseReceived):
        facts["channel_of_publication"] = facts.pop("channel")
    if isinstance(facts.get("subjects"), tuple):  # which they are; a case says how many
        facts["subject_kinds"] = facts.pop("subjects")
    return {name: value for name, value in facts.items() if value is not None and value != ()}


def course(entries: list[Entry]) -> Iterator[str]:
    """How the case went, a line for each step."""
    for entry in entries:
        if not isinstance(entry.event, _NO_STEP):
            said = _ISO.sub(lambda found: chinese_day(date.fromisoformat(found[0])), entry.event.sentence())
            yield f"{_day(entry.event.on) or '日期不详'}  {_CLOCK.sub(_clock, said)}"


def office_name(office: str) -> str:
    """An office as it signs: ``620502-hrss`` -> ``天水市秦州区人力资源和社会保障局``."""
    division, _, kind = office.partition("-")
    city = f"{division[:4]}00"
    above = city if city not in (division, f"{division[:2]}0000") and name_of(city) != "市辖区" else None
    place = "" if division == COUNTRY else (name_of(above) if above else "") + name_of(division)
    return place + body_name(kind)


def chinese_day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _day(on: str | None) -> str | None:
    """A legal day, or as much of it as is known, as papers write it."""
    if on is None:
        return None
    if exact := day.exact(on):
        return chinese_day(exact)
    return "".join(f"{int(part)}{unit}" for part, unit in zip(on.split("-"), "年月日", strict=False))


def _clock(found: re.Match[str]) -> str:
    return f"“{_CODES['clock'].get(found[0], found[0])}”"


def _last(entries: list[Entry], event: type[Event]) -> Any:
    found = _last_entry(entries, event)
    return found and found.event


def _last_entry(entries: list[Entry], event: type[Event]) -> Any:
    return next((entry for entry in reversed(entries) if isinstance(entry.event, event)), None)


# The texts


def runs(text: str, facts: Mapping[str, Any]) -> list[Run]:
    """A text as runs of words and of lines to be filled by hand."""
    found: list[Run] = []
    for run in _runs(text, facts):
        if "t" in run and found and "t" in found[-1]:
            found[-1]["t"] += run["t"]
        elif run.get("t") != "":
            found.append(run)
    return [{"t": chinese(run["t"])} if "t" in run else run for run in found]


def chinese(text: str) -> str:
    """A text with the punctuation of a Chinese paper; what stands between Latin letters or digits is left."""
    return _NARROW.sub(lambda found: found[0].translate(_WIDE), text)


def _runs(text: str, facts: Mapping[str, Any]) -> Iterator[Run]:
    at = 0
    for part in _PART.finditer(text):
        yield {"t": text[at : part.start()]}
        at = part.end()
        if (optional := part["optional"]) is not None:
            if all(_said(name, facts) for name in re.findall(r"\{(\w+)\}", optional)):
                yield from _runs(optional, facts)
        elif name := part["fact"]:
            said = _said(name, facts)
            yield {"t": said} if said else {"b": UNKNOWN}
        else:
            yield {"b": len(part["blank"]) // 2}
    yield {"t": text[at:]}


def cell(text: str, facts: Mapping[str, Any]) -> list[Run]:
    """What stands in a field of a table; one with nothing to say is empty, for there is room to write in it."""
    found = runs(text, facts)
    return [] if all("b" in run for run in found) else found


def _said(name: str, facts: Mapping[str, Any]) -> str:
    """A fact as papers say it; empty where it is unknown."""
    if name.endswith("_capital"):
        amount = facts.get(name.removesuffix("_capital"))
        return in_capitals(amount) if isinstance(amount, Decimal) else ""
    value = facts.get(name)
    if value is None or value == ():
        return ""
    if isinstance(value, date):
        return chinese_day(value)
    if name in ("period_from", "period_to"):
        return _day(value) or ""
    if name in _CODES:
        known = _CODES[name]
        return "、".join(known.get(each, each) for each in ([value] if isinstance(value, str) else value))
    return OFFICE.sub(_named, spoken(value, "zh", name))


def _named(office: re.Match[str]) -> str:
    return office_name(office[0]) if office[2] in OFFICE_KINDS else office[0]
