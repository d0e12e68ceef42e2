"""Statistics: every figure with its definition, its stamp and the records behind it; by county, by month, against a year before.

Nothing is counted here: a page asks ``/api/reports`` and shows what it answers.  What stands behind a figure is the same report
asked record by record (projections/reports/behind.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from marshmallow import ValidationError

from application.office import today
from domain.powers import decide
from interface.api.asking import actor, office, views
from interface.api.problems import Problem
from interface.api.reading import Window, definitions
from interface.api.reading import within as asked_of
from interface.pages import statistics_files
from interface.pages.acting import ROOMS, recorded
from interface.pages.cases import file_of, within_sight
from interface.pages.counter import ask, read
from interface.pages.frame import away, in_part, lang, page, place, worded
from interface.pages.statistics_words import (
    COLUMNS,
    SPANS,
    cell_name,
    figure_name,
    group_name,
    in_full,
    number,
    opens,
    plain,
    stamped,
)
from projections.reports import REPORTS
from projections.reports.behind import GATHERED, Behind
from projections.reports.behind import behind as things_behind
from projections.reports.cells import cells, is_rate
from projections.reports.naming import name_of

bp = Blueprint("statistics", __name__)

SHOWN = ("six-mechanisms", "closed-loop", "trainings", "publications")
TITLES: dict[str, Any] = {
    "six-mechanisms": lazy("Six mechanisms"), "closed-loop": lazy("Closed loop"), "trainings": lazy("Trainings"),
    "publications": lazy("Publications and the list"), "oversight": lazy("Oversight"),
}  # fmt: skip
MAPPED = {"six-mechanisms": "clues_received", "closed-loop": "F7", "trainings": "sessions", "publications": "cases"}
"""The figure that is drawn first."""
BEHIND = 100
"""So many things stand on a page of what is behind a figure."""
ROOM_OF = {sort: room for room, sort in ROOMS.items()}


@dataclass(frozen=True)
class Question:
    """What a page of statistics asks, as it stands in the address."""

    name: str
    query: dict[str, str]

    @classmethod
    def at_hand(cls) -> Question:
        """The question in the address; without days, this year so far.  A problem where there is no such report."""
        name = request.args.get("name", SHOWN[0])
        if name not in SHOWN or not decide(actor(), REPORTS[name].power).allowed:
            raise Problem(404, "no_report", name=name)
        given = {
            key: value
            for key in ("from", "to", "division", "on", "known", "yoy", "by")
            if (value := request.args.get(key, "").strip())
        }
        until = given.get("on") or today().isoformat()
        return cls(name, {"from": f"{until[:4]}-01-01", "to": until, "division": actor().division, **given})

    def asked(self, **more: str) -> dict[str, str]:
        return {**self.query, **more}

    @property
    def whole(self) -> dict[str, str]:
        """The question without a grouping and without the year before."""
        return {name: value for name, value in self.query.items() if name not in ("by", "yoy")}

    @property
    def beside(self) -> dict[str, str]:
        """The year before, if it asks for that."""
        return {"yoy": "true"} if "yoy" in self.query else {}

    @property
    def moment(self) -> dict[str, str]:
        """The moments of the past it asks for."""
        return {name: self.query[name] for name in ("on", "known") if name in self.query}


@bp.get("/statistics")
def statistics() -> Response:
    """The figures of a report over a window, each with what it means."""
    question = Question.at_hand()
    answer = read(f"/api/reports/{question.name}", **question.whole, **question.beside)
    return page(
        "statistics.html", question=question, answer=answer, figures=figures(question.name, answer), titles=TITLES, shown=SHOWN,
        divisions=within_sight(), windows=windows(), by=REPORTS[question.name].by, columns=COLUMNS, stamp=stamped(answer["stamp"]),
        details=answer["values"] if question.name == "closed-loop" else None, name_of=lambda figure: name_of(question.name, figure, lang()),
        cell_name=cell_name, spans=SPANS, plain=plain, opens=opens,
    )  # fmt: skip


@bp.get("/statistics/by")
def by() -> Response:
    """The same figures for each county, month or whatever: a table, and a chart of one of them."""
    question = Question.at_hand()
    column = question.query.get("by", "division")
    answer = read(f"/api/reports/{question.name}", **question.whole, by=column)
    chosen = request.args.get("figure") or MAPPED[question.name]
    names = drawable(answer)
    if chosen not in names:
        raise Problem(404, "not_found")
    groups = [{**group, "label": group_name(column, group["by"])} for group in answer["groups"]]
    chart = {
        "kind": "map" if column == "division" and len(groups) > 1 else "line" if column in ("month", "quarter") else "bar",
        "title": name_of(question.name, chosen, lang()), "labels": [group["label"] for group in groups],
        "codes": [group["by"] for group in groups], "values": [number(group["values"].get(chosen)) for group in groups],
        "unknown": _("unknown"),
    }  # fmt: skip
    return page(
        "statistics_table.html" if in_part() else "statistics_by.html", question=question, column=column, groups=groups, names=names, chosen=chosen, chart=chart,
        heading=lambda figure: name_of(question.name, figure, lang()), plain=plain, opens=opens, columns=COLUMNS, titles=TITLES,
        definition=definitions(question.name, lang())[chosen], stamp=stamped(answer["stamp"]),
    )  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A figure that is opened: which cell of it, where it is a table, and of which group, where it was asked by group."""

    question: Question
    figure: str
    cell: str
    column: str | None
    group: str | None

    @classmethod
    def at_hand(cls) -> Opened:
        """What the address opens; of a table its first cell, unless it names one.  A problem where there is no such thing."""
        question, figure = Question.at_hand(), request.args.get("figure", "")
        if figure not in REPORTS[question.name].figures:
            raise Problem(404, "not_found")
        there = list(cells(REPORTS[question.name].nothing[figure]))
        cell = request.args.get("cell") or there[0]
        if cell not in there:
            raise Problem(404, "not_found")
        group = request.args.get("group")
        return cls(question, figure, cell, None if group is None else question.query.get("by", "division"), group)

    @property
    def title(self) -> str:
        """The figure by its name, and the group by its own."""
        named = figure_name(self.question.name, self.figure, self.cell)
        return f"{named} · {group_name(self.column, self.group)}" if self.column else named

    def things(self, shown: slice = slice(None)) -> Behind:
        """What stands behind it, or a part of that."""
        asked = asked_of(loaded(self.question, self.column), self.question.name)
        return things_behind(
            views(), REPORTS[self.question.name], asked, office().rulebook, self.figure, cell=self.cell, group=self.group, shown=shown,
        )  # fmt: skip


@bp.get("/statistics/behind")
@bp.get("/statistics/behind.<any(csv, xlsx):form>")
def behind(form: str | None = None) -> Response:
    """What stands behind a figure: what it counts, what each adds, and the records that tell it; by pages, or whole as a file."""
    opened, at = Opened.at_hand(), _page()
    if form:
        return behind_file(opened, form)
    found = opened.things(slice((at - 1) * BEHIND, at * BEHIND))
    return page(
        "behind.html", opened=opened, question=opened.question, found=found, at=at, pages=-(-found.total // BEHIND), room_of=ROOM_OF,
        titles=TITLES, definition=definitions(opened.question.name, lang())[opened.figure], adds=adds, plain=plain, counts=counts,
        gathered=found.kind in GATHERED, thing_name=thing_name, moment=urlencode(opened.question.moment), stamp=stamped(found.stamp),
    )  # fmt: skip


def behind_file(opened: Opened, form: str) -> Response:
    """All that stands behind a figure, as a file."""
    headings = [
        _("Counted"),
        _("Number"),
        _("Name"),
        _("Division"),
        _("Status"),
        _("Date"),
        _("Adds"),
        _("Measured by"),
    ]
    rows = (dict(zip(headings, row, strict=True)) for row in behind_rows(opened.things()))
    return file_of(rows, headings, form, f"behind-{opened.figure}")


def behind_rows(found: Behind) -> Iterator[list[Any]]:
    """A line of the file for every record of every thing; what a thing adds stands in its first."""
    for thing in found.things:
        sides = thing.part if isinstance(thing.part, dict) else {"numerator": thing.part, "denominator": None}
        for nth, row in enumerate(thing.records):
            yield [
                thing_name(found.kind, thing), row.get("number") or str(row["record"]), row.get("title"), place(row.get("division")),
                status_word(row), row.get("opened_on"),
                *(None if nth else worth(sides[side]) for side in ("numerator", "denominator")),
            ]  # fmt: skip


def thing_name(kind: str, thing: Any) -> str:
    """What a figure counts, by its name: of a record, its number."""
    row = thing.records[0]
    if kind == "division":
        return place(thing.key)
    if kind == "employer":
        return str(row.get("employer") or thing.key)
    if kind == "document" and thing.key != str(row["record"]):
        return str(thing.key)
    return str(row.get("number") or row.get("title") or thing.key)


def status_word(row: dict[str, Any]) -> str:
    """How a record stands, in words."""
    return worded(row.get("status"), "status" if row.get("sort") == "case" else "standing")


def adds(part: Any) -> str:
    """What a thing adds to a figure, as it is read; of a rate, to what it is made of."""
    return f"{plain(part['numerator'])} / {plain(part['denominator'])}" if isinstance(part, dict) else plain(part)


def counts(part: Any) -> str:
    """Whether a thing counts in the numerator of a rate."""
    above, below = float(part["numerator"]), float(part["denominator"])
    return str(_("No") if not above else _("Yes") if above >= below else _("in part"))


def worth(number: Any) -> Any:
    """A part as a number a spreadsheet can add up."""
    return Decimal(number) if isinstance(number, str) else number


@bp.get("/statistics/difference")
def difference() -> Response:
    """One report at two moments, figure by figure."""
    question = Question.at_hand()
    sides, answers = {}, {}
    for side in ("a", "b"):
        sides[side] = {
            name: value for name in ("on", "known") if (value := request.args.get(f"{side}_{name}", "").strip())
        }
        kept = {name: value for name, value in question.query.items() if name not in ("on", "known", "by", "yoy")}
        answers[side] = read(f"/api/reports/{question.name}", **{**kept, **sides[side]})
    rows = [
        (name, answers["a"]["values"][name], answers["b"]["values"][name])
        for name in drawable(answers["a"])
        if answers["a"]["values"][name] != answers["b"]["values"][name]
    ]
    return page(
        "statistics_difference.html", question=question, sides=sides, answers=answers, rows=rows, plain=plain, titles=TITLES,
        heading=lambda figure: name_of(question.name, figure, lang()),
    )  # fmt: skip


@bp.get("/statistics.<any(xlsx, pdf):form>")
def download(form: str) -> Response:
    """The figures of the page and, beside them, by county, with definitions and stamp, as a workbook or on paper."""
    question = Question.at_hand()
    answer, by = _whole_and_by_county(question)
    groups = [(group_name("division", group["by"]), group["values"]) for group in by["groups"]]
    make = statistics_files.workbook if form == "xlsx" else statistics_files.paper
    return make(str(TITLES[question.name]), answer, groups)


def _whole_and_by_county(question: Question) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures as the page has them, and by county; asked again where something was recorded in between."""
    whole, by = {}, {}
    for _again in range(3):
        whole = read(f"/api/reports/{question.name}", **question.whole, **question.beside, explain="true")
        by = read(f"/api/reports/{question.name}", **question.whole, by="division")
        if whole["stamp"]["seq"] == by["stamp"]["seq"]:
            break
    return whole, by


# Closed periods


@bp.get("/periods")
def periods() -> Response:
    """The periods that were closed, and the form that closes one."""
    return page(
        "periods.html",
        rows=read("/api/periods"),
        may_close=decide(actor(), "period.close").allowed,
        shown=SHOWN,
        titles=TITLES,
        divisions=within_sight(),
    )


@bp.post("/periods")
def close() -> Response:
    """Close a period: its figures are kept to the byte."""
    said = {
        name: value
        for name in ("report", "division", "from", "to", "by")
        if (value := request.form.get(name, "").strip())
    }
    answer = ask(
        "POST", "/api/periods", body={"on": today().isoformat(), **said}, key=request.form.get("command") or None
    )
    if answer.ok:
        recorded(answer)
        return away(f"/periods/{answer.body['id']}")
    return page(
        "periods.html", answer.status, rows=read("/api/periods"), may_close=decide(actor(), "period.close").allowed, shown=SHOWN, titles=TITLES,
        divisions=within_sight(), said=answer.detail, errors=answer.errors, given=said,
    )  # fmt: skip


@bp.get("/periods/<ref>")
def period(ref: str) -> Response:
    """A closed period: the figures that were signed off, and what later knowledge would have them say."""
    kept = read(f"/api/periods/{ref}")
    restated = read(f"/api/periods/{ref}/restatement")
    return page(
        "period.html", kept=kept, restated=restated, moved=list(_moved(kept, restated["figures"])), titles=TITLES,
        figures=figures(kept["name"], kept), stamp=stamped(kept["stamp"]),
    )  # fmt: skip


def _moved(kept: dict[str, Any], figures: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What moved of a closed period, number by number."""
    for one in figures:
        old, new = cells(one["old"]), cells(one["new"])
        group = group_name(kept["stamp"]["by"], one["by"]) if one.get("by") else ""
        for cell in [cell for cell in {**old, **new} if old.get(cell) != new.get(cell)]:
            name = figure_name(kept["name"], one["figure"], cell)
            yield {
                "name": name,
                "group": group,
                "old": in_full(old.get(cell)),
                "new": in_full(new.get(cell)),
                "events": one["events"],
            }


# Shared


def figures(name: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures that a card can show, with what each means and how it changed in a year."""
    means, yoy = definitions(name, lang()), answer.get("yoy") or {}
    return [
        {
            "figure": figure, "name": name_of(name, figure, lang()), "shown": plain(value), "means": means[figure], "value": value,
            "change": (yoy.get("change") or {}).get(figure), "before": plain(yoy["values"][figure]) if yoy else None,
            "undecided": (answer.get("undecided") or {}).get(figure, ()),
        }
        for figure, value in answer["values"].items()
        if _on_card(value)
    ]  # fmt: skip


def drawable(answer: dict[str, Any]) -> list[str]:
    """The figures that a table by county or month can show."""
    return [figure for figure, value in answer["values"].items() if _on_card(value)]


def loaded(question: Question, by: str | None) -> dict[str, Any]:
    """The question as the API reads it.  A problem where it makes no sense."""
    try:
        found: dict[str, Any] = Window().load({**question.whole, **({"by": by} if by else {})})
    except ValidationError as problem:
        raise Problem(422, "fields", names=", ".join(map(str, problem.messages_dict))) from None
    return found


def windows() -> list[tuple[str, str, str]]:
    """Windows that are asked for every week."""
    now = today()
    month = now.replace(day=1)
    last = month - timedelta(days=1)
    quarter = date(now.year, 3 * ((now.month - 1) // 3) + 1, 1)
    return [
        (_("This month"), month.isoformat(), now.isoformat()), (_("Last month"), last.replace(day=1).isoformat(), last.isoformat()),
        (_("This quarter"), quarter.isoformat(), now.isoformat()), (_("This year"), f"{now.year}-01-01", now.isoformat()),
        (_("Last year"), f"{now.year - 1}-01-01", f"{now.year - 1}-12-31"),
    ]  # fmt: skip


def _page() -> int:
    """The page of a list that the address asks for."""
    given = request.args.get("page", "1")
    return max(int(given), 1) if given.isdecimal() and len(given) < 6 else 1


def _on_card(value: Any) -> bool:
    return not isinstance(value, dict) or is_rate(value)
