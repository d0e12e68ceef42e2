"""How a ledger of projects comes in: CSV or XLSX, a line per project, under Chinese or English headings.

A line is registered whole or not at all; a project that is there already, by the id its own office knows it by, is changed only
where the line says something else; a bad line is reported with its reason while the good ones go in.  What ``export projects``
wrote comes in again by the project's number; of its columns only those that the ledger says are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec

from application.importing import BadRow, Outcome, csv_rows, sheet_rows
from application.office import NAMESPACE, Command, NotOnFile, Office
from domain.project import Project
from domain.record import Signature
from domain.refused import Refused

HEADINGS = {
    "项目编号": "source", "编号": "source", "id": "source", "项目名称": "name", "名称": "name", "区划代码": "division", "行业": "industry",
    "建设单位": "owner", "建设单位统一社会信用代码": "owner_uscc", "施工总承包单位": "contractor", "施工总承包": "contractor",
    "统一社会信用代码": "contractor_uscc", "合同价": "contract_amount", "合同金额": "contract_amount", "政府投资": "government_money",
    "合同签订日期": "signed_on", "施工许可日期": "permit_on", "开工日期": "start_on", "竣工日期": "finish_on", "专户银行": "account_bank",
    "专户尾号": "account_tail", "专户开立日期": "account_opened_on", "工人数": "workers", "在册工人": "workers",
}  # fmt: skip
EXPORTED = {
    "number": "number", "source": "source", "title": "name", "division": "division", "industry": "industry", "employer": "contractor",
    "employer_key": "contractor_uscc", "amount": "contract_amount", "persons": "workers",
}  # fmt: skip
"""What the columns of an export say of a project; the others follow from its history."""
COLUMNS = tuple(dict.fromkeys(HEADINGS.values()))
FORMULA = tuple("=+-@\t\r")
_INDUSTRIES = {
    "住建": "housing",
    "交通": "transport",
    "水利": "water",
    "能源": "energy",
    "农业农村": "agriculture",
    "其他": "other",
}
_DAYS = ("signed_on", "permit_on", "start_on", "finish_on", "account_opened_on")
_YES = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True)
class Clerk:
    """Who brings the ledger in, and for which day."""

    by: str
    role: str
    office: str
    on: date


def project_id(source: str) -> UUID:
    """The id of the project that a ledger knows under a number of its own."""
    return uuid5(NAMESPACE, f"project|{source}")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a ledger.  Raises ``BadRow`` for a file that is none."""
    match path.suffix.lower():
        case ".csv":
            yield from csv_rows(path)
        case ".xlsx" | ".xls" | ".ods":
            yield from sheet_rows(path)
        case other:
            raise BadRow(f"{other or 'no'} is not a ledger: csv, xlsx")


Find = Callable[[str], UUID | None]
"""Finds a project by its number."""


def bring_in(
    office: Office,
    lines: Iterable[dict[str, Any]],
    clerk: Clerk,
    today: date,
    *,
    dry_run: bool = False,
    find: Find = lambda _: None,
) -> Iterator[Outcome]:
    """Register or change projects, line by line."""
    for number, line in enumerate(lines, start=1):
        source = ""
        try:
            facts = facts_of_line(line)
            source = facts["source"]
            signature = Signature(clerk.by, clerk.role, clerk.office, clerk.on.isoformat(), today)
            yield Outcome(number, source, _one(office, facts, signature, dry_run, find))
        except (BadRow, Refused, msgspec.ValidationError) as problem:
            yield Outcome(
                number, source, "refused", problem.sentence() if isinstance(problem, Refused) else str(problem)
            )


def _one(office: Office, facts: dict[str, Any], signature: Signature, dry_run: bool, find: Find) -> str:
    known_as = facts.pop("number", None)
    id = (known_as and find(known_as)) or project_id(facts["source"])
    try:
        project = office.record(Project, id)
    except NotOnFile:
        if dry_run:
            Project(id).signed(signature).do("register", facts)
        else:
            office.open(Project, facts, signature, Command.new(), id=id)
        return "imported"
    changed = {
        name: value
        for name, value in facts.items()
        if name not in ("source", "division") and _differs(project, name, value)
    }
    if not changed:
        return "unchanged"
    if dry_run:
        project.signed(signature).do("change", {**changed, "reason": "台账导入"})
    else:
        office.act(project, "change", {**changed, "reason": "台账导入"}, signature, Command.new())
    return "changed"


def _differs(project: Project, name: str, value: Any) -> bool:
    there = getattr(project, name)
    if isinstance(value, dict):
        return there is None or (there.name, there.uscc) != (value["name"], value.get("uscc"))
    return (
        str(there) != str(value)
        if name != "contract_amount"
        else there is None or there != msgspec.convert(value, type(there), strict=False)
    )


def facts_of_line(line: dict[str, Any]) -> dict[str, Any]:
    """A line as the facts of a registration.  Raises ``BadRow``."""
    cells = {HEADINGS.get(str(name).strip(), str(name).strip()): value for name, value in line.items() if name}
    cells = {name: value for name, value in cells.items() if value not in (None, "")}
    number = None
    if {"record", "sort"} <= set(cells):
        cells = _exported(cells)
        number = cells.pop("number", None)
    if strange := set(cells) - set(COLUMNS):
        raise BadRow(f"unknown columns: {', '.join(sorted(strange))}")
    for needed in ("source", "name", "division", "industry", "contractor"):
        if needed not in cells:
            raise BadRow(f"{needed} is missing")
    facts: dict[str, Any] = {name: str(cells[name]).strip() for name in ("source", "name", "division")}
    if number:
        facts["number"] = str(number)
    facts["industry"] = _INDUSTRIES.get(str(cells["industry"]).strip(), str(cells["industry"]).strip())
    for who in ("contractor", "owner"):
        if who in cells:
            facts[who] = {"name": str(cells[who]).strip(), "uscc": _text(cells.get(f"{who}_uscc"))}
    if "contract_amount" in cells:
        facts["contract_amount"] = str(cells["contract_amount"]).replace(",", "").strip()
    if "government_money" in cells:
        facts["government_money"] = _yes(cells["government_money"])
    facts |= {name: _day(name, cells[name]) for name in _DAYS if name in cells}
    if "account_bank" in cells:
        facts["account_bank"] = str(cells["account_bank"]).strip()
    if "account_tail" in cells:
        facts["account_tail"] = str(cells["account_tail"]).strip().zfill(4)
    if "workers" in cells:
        facts["workers"] = _count(cells["workers"])
    return facts


def _exported(cells: dict[str, Any]) -> dict[str, Any]:
    """A line of an export under the names of the ledger; a project without a source is known by its number."""
    if cells["sort"] != "project":
        raise BadRow(f"a line of {cells['sort']} is no line of projects")
    found = {EXPORTED[name]: _unquoted(value) for name, value in cells.items() if name in EXPORTED}
    if found.get("contractor_uscc") == found.get("contractor"):
        found.pop("contractor_uscc", None)
    return {"source": found.get("number", ""), **found}


def _unquoted(value: Any) -> Any:
    """A text without the apostrophe that an export puts before what a spreadsheet would take for a formula."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:2] in FORMULA else value


def _text(value: Any) -> str | None:
    return str(value).strip() if value not in (None, "") else None


def _yes(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in _YES:
        raise BadRow(f"government_money: {value} is neither 是 nor 否")
    return _YES[text]


def _day(name: str, value: Any) -> date:
    try:
        return date.fromisoformat(
            value.isoformat()[:10] if hasattr(value, "isoformat") else str(value).strip().replace("/", "-")
        )
    except ValueError:
        raise BadRow(f"{name}: {value} is not a day") from None


def _count(value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise BadRow(f"workers: {value} is not a number") from None
