"""How old histories come in: published cases as YAML or JSON, ledgers as CSV or XLSX, a line per case.

What is known is kept, and nothing is invented: a day the papers do not give stays open, a step the law would have refused
is kept with a warning.  A case is imported whole or not at all; a second import changes nothing; a bad row is reported with its
reason while the good ones load.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import uuid5

import msgspec
import yaml
from msgspec import inspect

from application.office import NAMESPACE, Office, source_id, today
from application.regions import division
from domain import day
from domain.case import Case
from domain.codes import COUNTRY, Channel, OrderKind
from domain.event import facts_of
from domain.record import Signature
from domain.refused import Refused

UNPUBLISHED = "未公布"
BATCH = 200
SMALL = 16 * 1024 * 1024


class BadRow(ValueError):
    """A row that cannot be imported, and why."""


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    row: int
    source: str
    result: str  # imported, unchanged, refused
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Importer:
    """Who imports, and for which office."""

    by: str
    office: str


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, one at a time.  Raises ``BadRow`` for a file that is none of ours."""
    match path.suffix.lower():
        case ".yaml" | ".yml":
            yield from _yaml_rows(path)
        case ".json":
            yield from _cases(json.loads(path.read_text("utf-8")))
        case ".jsonl" | ".ndjson":
            with path.open(encoding="utf-8") as file:
                yield from (json.loads(text) for text in file if text.strip())
        case ".csv":
            yield from map(ledger_row, csv_rows(path))
        case ".xlsx" | ".xls" | ".ods":
            yield from map(ledger_row, sheet_rows(path))
        case other:
            raise BadRow(f"{other or 'no'} is not a kind of file that can be imported: yaml, json, jsonl, csv, xlsx")


def bring_in(
    office: Office, found: Iterable[dict[str, Any]], importer: Importer, *, dry_run: bool = False
) -> Iterator[Outcome]:
    """Imports rows, batch by batch; each case is whole or not there at all."""
    batch: list[tuple[Outcome, Case]] = []
    ahead: set[str] = set()
    for number, raw in enumerate(found, start=1):
        source = str(raw.get("id") or "") if hasattr(raw, "get") else ""
        try:
            case = history(raw, importer)
        except (BadRow, Refused, msgspec.ValidationError) as problem:
            reason = problem.sentence() if isinstance(problem, Refused) else str(problem)
            yield Outcome(number, source, "refused", reason)
            continue
        if source in ahead:
            yield Outcome(number, source, "refused", "the same id stands twice in the file")
            continue
        ahead.add(source)
        warnings = tuple(dict.fromkeys(w for entry in case.pending for w in entry.event.warnings))
        batch.append((Outcome(number, source, "imported", warnings=warnings), case))
        if len(batch) == BATCH:
            yield from _save(office, batch, dry_run)
            batch, ahead = [], set()
    yield from _save(office, batch, dry_run)


def _save(office: Office, batch: list[tuple[Outcome, Case]], dry_run: bool) -> Iterator[Outcome]:
    """Save what is not there yet in one transaction."""
    if not batch:
        return
    with office.datastore.get_connection() as connection:
        there = {
            row[0]
            for row in connection.execute(
                "SELECT record FROM events WHERE record = ANY(%s) AND version = 1", ([case.id for _, case in batch],)
            )
        }
    new = [(outcome, case) for outcome, case in batch if case.id not in there]
    if new and not dry_run:
        entries = [entry for _, case in new for entry in case.pending]
        office.save(*entries, command=uuid5(NAMESPACE, f"import|{new[0][1].id}|{len(new)}"))
    for outcome, case in batch:
        yield Outcome(outcome.row, outcome.source, "unchanged") if case.id in there else outcome


# One case


def history(raw: Any, importer: Importer) -> Case:
    """A published history as a case with its entries pending.  Raises ``BadRow`` or ``Refused``."""
    if not isinstance(raw, dict):
        raise BadRow("a case is a mapping with an id, a channel and events")
    source = raw.get("id")
    if not isinstance(source, str) or not source.strip():
        raise BadRow("id: missing")
    events = raw.get("events")
    if not isinstance(events, list) or not all(isinstance(event, dict) and event.get("type") for event in events):
        raise BadRow("events: a list of steps, each with its type")
    case = Case(source_id(source))
    opening: dict[str, Any] = next((event for event in events if event["type"] == "received"), {})
    _sign(case, importer, opening, bound=_earliest(events))
    case.receive(**_received(raw, opening, source))
    for number, event in enumerate(events, start=1):
        if event is opening:
            continue
        try:
            for action, facts in _steps(event):
                _sign(case, importer, event)
                getattr(case, {"return": "return_"}.get(action, action))(**facts)
        except (BadRow, Refused) as problem:
            reason = problem.sentence() if isinstance(problem, Refused) else str(problem)
            raise BadRow(f"events/{number} ({event['type']}): {reason}") from None
    return case


def _received(raw: dict[str, Any], opening: dict[str, Any], source: str) -> dict[str, Any]:
    """The facts of receiving: who, where, how, and what was published of the arrears."""
    channel = _CHANNELS.get(str(raw.get("channel") or "unknown"), str(raw.get("channel") or "unknown"))
    if channel not in get_args(Channel):
        raise BadRow(f"channel: {channel} is not one of {', '.join(get_args(Channel))}")
    region = raw.get("region") or {}
    arrears = raw.get("arrears") or {}
    period = [str(month) for month in arrears.get("period") or () if month is not None]
    employer = raw.get("employer") or {"name": f"{UNPUBLISHED}({source})"}
    complainant = raw.get("complainant_kind") or ("complaint" if channel.startswith("complaint") else "none")
    given = raw.get("division")
    place = [str(part) for part in (region.get("province"), region.get("city"), region.get("county")) if part]
    return {
        "channel": channel,
        "complainant_kind": complainant,
        "division": str(given) if given else division(*place) if place else COUNTRY,
        "employer": {"name": employer} if isinstance(employer, str) else employer,
        "project": raw.get("project"),
        "place": "".join(dict.fromkeys(place)) or None,
        "summary": str(raw.get("summary") or raw.get("violation") or opening.get("note") or "拖欠劳动报酬"),
        "persons_claimed": _count(raw.get("persons_claimed")),
        "amount_claimed": _amount(raw.get("amount_claimed")),
        "persons_found": _count(arrears.get("workers")),
        "amount_found": _amount(arrears.get("amount_yuan")),
        "precision": arrears.get("precision"),
        "period_from": period[0] if period else None,
        "period_to": period[-1] if period else None,
        "source": source,
    }


def _steps(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The actions one published step stands for."""
    note = event.get("note")
    match str(event["type"]):
        case "inspected":
            yield (
                "inspect",
                {
                    **_known("inspect", event),
                    "kind": event.get("inspection_kind") or event.get("kind") or "onsite",
                    "inspectors": tuple(event.get("inspectors") or ()),
                    "finding": str(event.get("finding") or note or UNPUBLISHED),
                    "amount_confirmed": _amount(event.get("amount_confirmed", event.get("amount_yuan"))),
                    "persons_confirmed": _count(event.get("persons_confirmed", event.get("workers"))),
                },
            )
        case "ordered" if event.get("order_kind", event.get("kind")) == "penalty_notice":
            yield "notify", {"proposed": "行政处罚", "document_no": event.get("doc_no") or event.get("document_no")}
        case "ordered":
            yield "order", _order(event)
            if mode := event.get("service_mode"):
                number = event.get("doc_no") or event.get("document_no") or UNPUBLISHED
                yield "serve", {"document_no": str(number), "mode": _MODES.get(str(mode), str(mode))}
        case "paid":
            yield (
                "pay",
                {
                    **_known("pay", event),
                    "kind": event.get("kind") or ("current" if _CURRENT.search(str(note or "")) else "arrears"),
                    "amount": _amount(event.get("amount_yuan", event.get("amount"))),
                    "persons": _count(event.get("workers", event.get("persons"))),
                    "payer_kind": event.get("payer_kind"),
                },
            )
        case "referred":
            kind = event.get("referral_kind") or event.get("kind")
            yield (
                "refer",
                {
                    **_known("refer", event),
                    "kind": kind,
                    "to": str(event.get("to") or UNPUBLISHED),
                    "reason": str(event.get("reason") or event.get("offence") or note or UNPUBLISHED),
                    "fled": bool(event.get("fled")) or bool(_FLED.search(str(note or ""))),
                },
            )
        case "external_feedback" | "answered":
            yield (
                "answer",
                {
                    "from_": str(event.get("by") or event.get("from") or UNPUBLISHED),
                    "result": str(event.get("result") or note or UNPUBLISHED),
                    "document_no": event.get("doc_no") or event.get("document_no"),
                },
            )
        case "publicised":
            yield "publicise", {"level": event.get("level") or "city", "channel": event.get("channel")}
        case "listed":
            yield (
                "list",
                {
                    "list": str(event.get("list") or "拖欠农民工工资失信联合惩戒对象名单"),
                    "document_no": event.get("doc_no") or event.get("document_no"),
                    "subjects": _count(event.get("subjects")),
                    "term_years": _count(event.get("term_years")),
                },
            )
        case "snapshot":
            yield (
                "note",
                {
                    "text": str(note or "截至当日的未付情况"),
                    "persons_unpaid": _count(event.get("unpaid_workers")),
                    "amount_unpaid": _amount(event.get("unpaid_yuan")),
                },
            )
        case "noted":
            yield "note", {"text": str(event.get("text") or note or UNPUBLISHED)}
        case other:
            action = _ACTIONS.get(other)
            if action is None:
                raise BadRow(
                    f"no such step: {other}; one of {', '.join(sorted({*_ACTIONS, 'snapshot', 'external_feedback'}))}"
                )
            yield action, _whatever_is_known(action, event)


def _order(event: dict[str, Any]) -> dict[str, Any]:
    kind = str(event.get("order_kind") or event.get("kind") or "rectification")
    kind = {"rectification_notice": "rectification"}.get(kind, kind)
    if kind not in get_args(OrderKind):
        raise BadRow(f"order_kind: {kind} is not one of {', '.join(get_args(OrderKind))}")
    term = event.get("term") or {}
    return {
        **_known("order", event),
        "kind": kind,
        "respondents": tuple(event.get("respondents") or ()),
        "basis": event.get("basis")
        or (f"期限{term.get('n')}{_UNITS.get(str(term.get('unit')), '日')}" if term else None),
        "amount": _amount(event.get("amount_yuan", event.get("amount"))),
        "fine": _amount(event.get("fine_yuan", event.get("fine"))),
        "persons": _count(event.get("workers", event.get("persons"))),
        "document_no": event.get("doc_no") or event.get("document_no"),
        "issued_by": event.get("by"),
        "due_on": _exact(event.get("due_on")),
        "title": event.get("title"),
        "complied": event.get("complied"),
    }


def _known(action: str, event: dict[str, Any]) -> dict[str, Any]:
    """The facts of an action that a step gives under their own names, in their own types.  Raises ``BadRow``."""
    facts = {}
    for fact in facts_of(Case.actions[action]):
        if (value := event.get(fact.encode_name)) is not None:
            try:
                facts[fact.name] = msgspec.convert(value, fact.type, strict=False)
            except msgspec.ValidationError as problem:
                raise BadRow(f"{fact.encode_name}: {problem}") from None
    return facts


def _whatever_is_known(action: str, event: dict[str, Any]) -> dict[str, Any]:
    """The facts a step gives; what it must have and the papers do not give is unknown, or said not to be published."""
    facts = _known(action, event)
    for fact in facts_of(Case.actions[action]):
        if fact.required and fact.name not in facts:
            match inspect.type_info(fact.type):
                case inspect.UnionType():
                    facts[fact.name] = None
                case inspect.VarTupleType():
                    facts[fact.name] = ()
                case _:
                    facts[fact.name] = str(event.get("note") or UNPUBLISHED)
    return facts


def _sign(case: Case, importer: Importer, event: dict[str, Any], *, bound: date | None = None) -> None:
    on = _day(event.get("date"))
    case.signed(
        Signature(
            importer.by,
            "intake",
            importer.office,
            on,
            today(),
            imported=True,
            no_later_than=None if on else bound,
            remark=str(event["note"]) if event.get("note") else None,
        )
    )


def _earliest(events: list[dict[str, Any]]) -> date | None:
    """A bound for an opening without a day: a case cannot be worked on before it came."""
    days = [latest for event in events if (latest := day.latest(_day(event.get("date"))))]
    return min(days, default=None)


def _day(value: Any) -> str | None:
    """A day as the paper gives it.  Raises ``BadRow``."""
    if value in (None, ""):
        return None
    text = value.isoformat()[:10] if isinstance(value, date | datetime) else str(value).strip()
    if not day.valid(text):
        raise BadRow(f"date: {text} is not a day, a month or a year")
    return text


def _exact(value: Any) -> date | None:
    return day.exact(_day(value))


def _amount(value: Any) -> str | None:
    return None if value in (None, "") else str(value).replace(",", "").strip()


def _count(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(str(value))
    except ValueError:
        raise BadRow(f"{value} is not a number of persons") from None


_CHANNELS = {"inspection": "inspection_find", "hotline": "hotline_12345", "platform": "national_platform"}
_MODES = {
    "张贴送达": "posted", "直接送达": "direct", "留置送达": "left", "邮寄送达": "post", "公告送达": "notice",
    "委托送达": "entrusted",
}  # fmt: skip
_UNITS = {"calendar_day": "日", "working_day": "个工作日", "month": "个月"}
_CURRENT = re.compile(r"当期工资|当月工资|not arrears|非欠薪", re.IGNORECASE)
_FLED = re.compile(r"逃匿|失联")
_ACTIONS = {
    "assigned": "assign", "returned": "return", "declined": "decline", "filed": "file", "notified": "notify",
    "served": "serve", "extended": "extend", "escalated": "escalate", "withdrawn": "withdraw", "closed": "close",
    "revisited": "revisit", "reopened": "reopen", "received": "receive", "inspected": "inspect", "ordered": "order",
    "paid": "pay", "referred": "refer", "answered": "answer", "publicised": "publicise", "listed": "list",
    "noted": "note",
}  # fmt: skip

# Ledgers: a line per case, with the days and amounts of its steps in columns, under Chinese or English headings

_HEADINGS = {
    "编号": "id", "案件编号": "id", "线索来源": "channel", "来源": "channel", "区划代码": "division", "用人单位": "employer",
    "单位名称": "employer", "统一社会信用代码": "uscc", "项目": "project", "项目名称": "project", "反映人数": "persons_claimed",
    "反映金额": "amount_claimed", "涉及人数": "workers", "人数": "workers", "欠薪金额": "amount_yuan", "金额": "amount_yuan",
    "诉求": "summary", "主要诉求": "summary", "受理日期": "received", "交办日期": "assigned", "交办单位": "to_office",
    "立案日期": "filed", "责令日期": "ordered", "责令期限": "due_on", "文号": "document_no", "移送公安日期": "referred",
    "支付日期": "paid", "支付金额": "paid_yuan", "支付人数": "paid_workers", "结案日期": "closed", "结案原因": "reason",
}  # fmt: skip
LEDGER_COLUMNS = tuple(dict.fromkeys(_HEADINGS.values()))


def ledger_row(row: dict[str, Any]) -> dict[str, Any]:
    """A line of a ledger in the shape of a published history."""
    cells = {_HEADINGS.get(str(name).strip(), str(name).strip()): value for name, value in row.items() if name}
    cells = {name: value for name, value in cells.items() if value not in (None, "")}
    if strange := set(cells) - set(LEDGER_COLUMNS):
        return {"id": cells.get("id"), "events": f"unknown columns: {', '.join(sorted(strange))}"}
    employer = {"name": str(cells.get("employer", "")), "uscc": cells.get("uscc")} if "employer" in cells else None
    steps: list[dict[str, Any]] = [
        {"type": step, "date": cells[step], **extra}
        for step, extra in (
            ("received", {}),
            ("assigned", {"kind": "task", "to_office": str(cells.get("to_office") or UNPUBLISHED)}),
            ("filed", {}),
            (
                "ordered",
                {"order_kind": "rectification", "due_on": cells.get("due_on"), "document_no": cells.get("document_no")},
            ),
            ("referred", {"referral_kind": "police"}),
            ("paid", {"amount_yuan": cells.get("paid_yuan"), "workers": cells.get("paid_workers")}),
            ("closed", {"reason": str(cells.get("reason") or UNPUBLISHED)}),
        )
        if step in cells
    ]
    found = {"workers": cells.get("workers"), "amount_yuan": cells.get("amount_yuan")}
    asked = {
        name: cells.get(name)
        for name in ("channel", "division", "project", "summary", "persons_claimed", "amount_claimed")
    }
    return {"id": str(cells.get("id") or ""), "employer": employer, "arrears": found, "events": steps, **asked}


def csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    """A CSV as Excel writes it: UTF-8 with or without a BOM, or GB 18030."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in file:
                pass
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file)


def sheet_rows(path: Path) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    lines = iter(sheet.iter_rows())
    headings = [str(cell) for cell in next(lines, [])]
    for line in lines:
        if any(cell not in (None, "") for cell in line):
            yield {name: _whole(cell) for name, cell in zip(headings, line, strict=False)}


def _whole(cell: Any) -> Any:
    """A sheet keeps every number as a float: 61.0 persons are 61."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _cases(document: Any) -> Iterator[Any]:
    found = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(found, list):
        raise BadRow("the file has no list of cases")
    yield from found


def _yaml_rows(path: Path) -> Iterator[Any]:
    """The cases of a YAML file.  A large one is cut at its list items, so that it is never in memory whole."""
    if path.stat().st_size <= SMALL:
        try:
            document = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as problem:
            raise BadRow(f"not YAML: {problem}") from None
        yield from _cases(document)
        return
    with path.open(encoding="utf-8") as file:
        for item in _items(file):
            yield from yaml.load(item, Loader=yaml.CSafeLoader)


def _items(lines: io.TextIOBase | Iterable[str]) -> Iterator[str]:
    """The text of each item of the top-level list ``cases:``."""
    inside, mark = False, ""
    item: list[str] = []
    for text in lines:
        if not inside:
            inside = text.startswith("cases:")
        elif text.lstrip().startswith("- ") and (not mark or text.startswith(mark)):
            mark = mark or text[: len(text) - len(text.lstrip())] + "- "
            if item:
                yield "".join(item)
            item = [text]
        elif text[:1] not in (" ", "-", "#", "\n", "\r", ""):
            break
        elif item:
            item.append(text)
    if item:
        yield "".join(item)
