"""The other records - projects, campaigns, inspections, employers, trainings, draws: their ledgers, their files, opening one.

A ledger and a file look alike for every sort; what a sort shows of its own stands in a template named after it (``of_project.html``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import lazy_gettext as lazy
from marshmallow import Schema

from application.office import today
from domain.codes import Industry
from domain.draw import drawn
from domain.powers import SHARED, Place, decide
from domain.records import RECORDS, opener
from domain.rules import checklist
from interface.api import shapes
from interface.api.asking import allow, views
from interface.api.records import Ledger
from interface.api.showing import shown_fact_row
from interface.pages import cases, knowing, references
from interface.pages.acting import ROOMS, recorded
from interface.pages.asked import asked, last_of, limits, of_a_file
from interface.pages.case import file_of, papers_of
from interface.pages.counter import Answer, ask, read
from interface.pages.forms import Hints, beside, body_of, command_of, form_of, fresh
from interface.pages.frame import away, chips, lang, page, place, told, worded
from projections import desk

bp = Blueprint("ledgers", __name__)

LEDGERS = {room: sort for room, sort in ROOMS.items() if sort != "case"}
ROOM = f"<any({', '.join(LEDGERS)}):room>"

TITLES: dict[str, Any] = {
    "projects": lazy("Key projects"), "campaigns": lazy("Campaigns"), "inspections": lazy("Inspections"),
    "employers": lazy("Employers and the sanction list"), "trainings": lazy("Trainings"), "draws": lazy("Draws"),
}  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "projects": (
        "number",
        "title",
        "employer",
        "industry",
        "tiers",
        "visited_on",
        "problems_open",
        "due_on",
        "signals_open",
        "status",
    ),
    "campaigns": ("number", "title", "opened_on", "status"),
    "inspections": ("number", "title", "kind", "opened_on", "severity", "orders", "due_on", "status"),
    "employers": ("title", "division", "status", "listed_on", "listed_until", "last_on"),
    "trainings": ("number", "title", "kind", "division", "opened_on", "persons"),
    "draws": ("number", "kind", "opened_on", "status"),
}
"""What a line of a ledger shows."""
HEADINGS: dict[str, Any] = {
    "number": lazy("Number"), "title": lazy("Name"), "employer": lazy("Contractor"), "industry": lazy("Industry"), "tiers": lazy("Responsible (3 tiers)"),
    "visited_on": lazy("Visited on"), "problems_open": lazy("Open problems"), "due_on": lazy("Due on"), "signals_open": lazy("Signals"),
    "status": lazy("Status"), "opened_on": lazy("Date"), "kind": lazy("Kind"), "severity": lazy("Severity"), "orders": lazy("Orders"),
    "division": lazy("Division"), "listed_on": lazy("Listed on"), "listed_until": lazy("Listed until"), "last_on": lazy("Last entry"),
    "persons": lazy("Attendance"),
}  # fmt: skip
SORTED_BY = {
    "opened_on": "opened",
    "visited_on": "visited",
    "problems_open": "problems",
    "due_on": "due",
    "last_on": "last",
}
NUMBERS = frozenset({"problems_open", "signals_open", "orders", "persons"})
PRESETS: dict[str, tuple[tuple[Any, str], ...]] = {
    "projects": (
        (lazy("Without a responsible person"), "unattended=true"), (lazy("Not visited for 30 days"), "not_visited_days=30"),
        (lazy("Problems open"), "problems=true"), (lazy("Problems past due"), "overdue=true"), (lazy("Risk signals"), "signals=true"),
    ),
    "inspections": (
        (lazy("Unannounced"), "kind=four_no_two_direct"), (lazy("Malicious arrears"), "severity=M"), (lazy("Defects of the system"), "severity=S"),
        (lazy("Warnings past due"), "overdue=true"),
    ),
    "employers": ((lazy("On the list now"), "listed=true"), (lazy("Notified"), "status=notified"), (lazy("Removed"), "status=delisted")),
    "draws": ((lazy("Frozen, not drawn"), "status=frozen"), (lazy("For inspections"), "kind=inspection"), (lazy("For revisits"), "kind=revisit")),
    "campaigns": ((lazy("Under way"), "status=planned"),),
}  # fmt: skip
"""Questions an office asks of a ledger every week."""


@bp.get(f"/{ROOM}")
def ledger(room: str) -> Response:
    """A ledger: filtered, sorted, by pages."""
    allow("read")
    wanted, sort = asked(Ledger, by=desk.RECORDS_BY), LEDGERS[room]
    scope = None if sort in SHARED else g.actor.scope
    listed = partial(
        desk.records, views(), sort, scope, wanted.filters, today=today(), sort=wanted.sort, **wanted.moment
    )
    found = last_of(lambda page: listed(page=page), wanted.page)
    rows = [shown_fact_row(row, today=wanted.on or today(), lang=lang()) for row in found.rows]
    first = f"{sort}.{opener(RECORDS[sort])}"
    return page(
        "ledger.html", room=room, sort=sort, title=TITLES[room], rows=rows, found=found, asked=wanted, left_out=[cases.name_of(name) for name in wanted.wrong], chips=chips(cases.named(wanted)),
        columns=COLUMNS[room], headings=HEADINGS, sorted_by=SORTED_BY, sortable=desk.RECORDS_BY, numbers=NUMBERS, presets=PRESETS.get(room, ()),
        saved=cases.saved(room), divisions=cases.within_sight(), industries=Industry.__args__, cell=cell, may_open=decide(g.actor, first, _own()).allowed,  # type: ignore[attr-defined]
        opens=opener(RECORDS[sort]),
    )  # fmt: skip


@bp.get(f"/{ROOM}.<any(csv, xlsx):form>")
def export(room: str, form: str) -> Response:
    """All that the filters show, as a file."""
    allow("read")
    wanted, sort = of_a_file(asked(Ledger, by=desk.RECORDS_BY), cases.name_of), LEDGERS[room]
    scope = None if sort in SHARED else g.actor.scope
    source = desk.every_record(
        sort, scope, wanted.filters, today=today(), sort=wanted.sort, most=cases.MOST_EXPORTED, **wanted.moment
    )
    names = [str(HEADINGS[column]) for column in COLUMNS[room]]
    shown = (shown_fact_row(row, today=today(), lang=lang()) for row in views().ask(source))
    rows = ({name: cell(row, column) for name, column in zip(names, COLUMNS[room], strict=True)} for row in shown)
    return cases.file_of(rows, names, form, room)


@bp.get(f"/{ROOM}/<ref>")
def record(room: str, ref: str) -> Response:
    """The file of a record, as it stands or stood."""
    then = limits()
    body = read(f"/api/{room}/{ref}", **then)
    path, sort = f"/api/{room}/{body['id']}", LEDGERS[room]
    history = read(f"{path}/history", **then)
    return page(
        "record.html", room=room, sort=sort, title=TITLES[room], record=body, limits=then, clocks=read(f"{path}/clocks", **then),
        history=history, shown=RECORDS[sort].SHOWN, more=_more(sort, body, history),
        papers=papers_of(path, then) if "issue" in RECORDS[sort].actions else {},
    )  # fmt: skip


@bp.get(f"/{ROOM}/<ref>/files/<sha256>")
def attached(room: str, ref: str, sha256: str) -> Response:
    """A document of the record, as it was attached."""
    return file_of(f"/api/{room}/{ref}/attachments/{sha256}")


@bp.route(f"/{ROOM}/new", methods=["GET", "POST"])
def open_(room: str) -> Response:
    """The form that opens a record, and the file it opened."""
    sort = RECORDS[LEDGERS[room]]
    first = opener(sort)
    allow(f"{sort.sort}.{first}", _own())
    schema = shapes.request_body(sort.actions[first])
    form = form_of(schema, event=sort.actions[first].__name__, lang=lang(), hints=_hints(sort.sort))
    if request.method == "GET":
        return _opening(room, fresh(form))
    said = body_of(form, schema)
    answer = references.resolved(schema, said) or ask("POST", f"/api/{room}", body=said, key=command_of(form))
    if not answer.ok:
        return _opening(room, form, answer)
    recorded(answer)
    return away(f"/{room}/{answer.body['id']}")


def _opening(room: str, form: Any, answer: Answer | None = None) -> Response:
    sort = RECORDS[LEDGERS[room]]
    return page(
        "opening.html", answer.status if answer else 200, room=room, sort=sort.sort, title=TITLES[room], form=form, action=opener(sort),
        does=knowing.does(sort, opener(sort)), **beside(form, answer),
    )  # fmt: skip


def _hints(sort: str) -> Hints:
    """What the form that opens a record can offer."""
    own = g.actor.division
    suggestions = {name: knowing.officers() for name in knowing.OFFICERS} | {
        name: knowing.offices(own) for name in knowing.OFFICES
    }
    values: dict[str, Any] = {"on": today().isoformat(), **request.args.to_dict()}
    if g.actor.role.startswith("inspector"):
        values.setdefault("inspectors", g.actor.officer)
    choices = {"division": cases.within_sight()}
    if sort == "inspection":
        values = {**_of_project(values.get("project_id")), **values, "results": knowing.checklist_lines()}
        found = read("/api/campaigns", status="planned", limit=100)
        choices["campaign"] = [(str(one["id"]), one["title"]) for one in found]
    schema = shapes.request_body(RECORDS[sort].actions[opener(RECORDS[sort])])
    offered = {**suggestions, **knowing.employers(), **references.suggestions(schema)}
    return Hints(choices, offered, {"division": own, **_in_numbers(schema, values, choices)})


def _in_numbers(schema: type[Schema], values: dict[str, Any], choices: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in already, records by their numbers; one that is chosen from a list stays the id it is chosen by."""
    return {**references.in_numbers(schema, values), **{name: values[name] for name in choices if name in values}}


def _of_project(id: str | None) -> dict[str, Any]:
    """What an inspection of a project can be told of it."""
    answer = ask("GET", f"/api/projects/{id}") if id else None
    if answer is None or not answer.ok:
        return {}
    project = answer.body
    return {
        "employer": project["contractor"],
        "project": project["name"],
        "industry": project["industry"] or "",
        "division": project["division"],
    }


def _more(sort: str, body: dict[str, Any], history: list[dict[str, Any]]) -> dict[str, Any]:
    """What stands beside the file of a sort: the deposit a project owes, the rung of an inspection, a draw drawn again."""
    if sort == "project" and body["contract_amount"]:
        answer = ask("GET", f"/api/projects/{body['id']}/deposit")
        return {"deposit_due": answer.body} if answer.ok else {"deposit_said": answer.detail}
    if sort == "inspection":
        there = {"campaign": "campaigns", "draw": "draws", "project_id": "projects"}
        known = {name for name, room in there.items() if body[name] and ask("GET", f"/api/{room}/{body[name]}").ok}
        return {"rung": checklist.LADDER.get(body["severity"]), "results": _results(history), "known": known}
    if sort == "training":
        found = {id: ask("GET", f"/api/projects/{id}") for id in body["projects"]}
        return {"projects": {id: answer.body["title"] for id, answer in found.items() if answer.ok}}
    if sort == "draw" and body["drawn"]:
        out = {one["key"] for one in body["exclusions"]}
        keys = [one["key"] for one in body["candidates"] if one["key"] not in out]
        return {"again": drawn(body["seed"], keys, body["size"]) == body["drawn"]}
    return {}


def _results(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was found of each item, under the item's name."""
    found: list[dict[str, Any]] = next(
        (entry["data"].get("results") for entry in history if entry["data"].get("results")), []
    )
    names = {code: item.zh if lang() == "zh" else item.en for code, item in checklist.ITEMS.items()}
    return [{**one, "name": names.get(one["item"], "")} for one in found]


def _own() -> Place:
    """Where an officer would open a record of their own."""
    return Place(g.actor.division, g.actor.scope.industry)


def cell(row: dict[str, Any], column: str) -> Any:
    """One value of a line, as text or number."""
    match column:
        case "employer":
            return (row["employer"] or {}).get("name", "")
        case "tiers":
            return " · ".join((row["tiers"][tier] or "—").rpartition("/")[2] for tier in "123")
        case "status":
            return row["status_word"]
        case "division":
            return place(row["division"])
        case "industry" | "kind" | "severity":
            return worded(row[column])
    value = row[column]
    return value if isinstance(value, int) and not isinstance(value, bool) else told(value, column)
