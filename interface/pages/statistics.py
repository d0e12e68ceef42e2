"""Statistics: every figure with its definition, its stamp and the records behind it; by county, by month, against a year before.

Nothing is counted here: a page asks ``/api/reports`` and shows what it answers.  What stands behind a figure is the same report
asked record by record (projections/reports/behind.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from marshmallow import ValidationError

from application.office import today
from domain.day import plus_months
from domain.powers import decide
from interface.api.asking import actor, office, views
from interface.api.problems import Problem
from interface.api.reading import Window, definitions
from interface.api.reading import within as asked_of
from interface.pages import statistics_files
from interface.pages.acting import ROOMS, recorded
from interface.pages.cases import within_sight
from interface.pages.counter import ask, read
from interface.pages.frame import away, in_part, lang, page, place, worded
from projections.reports import REPORTS
from projections.reports.behind import behind as records_behind
from projections.reports.naming import name_of

bp = Blueprint("statistics", __name__)

SHOWN = ("six-mechanisms", "closed-loop", "trainings", "publications")
TITLES: dict[str, Any] = {
    "six-mechanisms": lazy("Six mechanisms"), "closed-loop": lazy("Closed loop"), "trainings": lazy("Trainings"),
    "publications": lazy("Publications and the list"), "oversight": lazy("Oversight"),
}  # fmt: skip
MAPPED = {"six-mechanisms": "clues_received", "closed-loop": "F7", "trainings": "sessions", "publications": "cases"}
"""The figure that is drawn first."""
MOST_BEHIND = 500
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


@bp.get("/statistics")
def statistics() -> Response:
    """The figures of a report over a window, each with what it means."""
    question = Question.at_hand()
    answer = read(f"/api/reports/{question.name}", **question.asked())
    return page(
        "statistics.html", question=question, answer=answer, figures=figures(question.name, answer), titles=TITLES, shown=SHOWN,
        divisions=within_sight(), windows=windows(), by=REPORTS[question.name].by,
        details=answer["values"] if question.name == "closed-loop" else None, name_of=lambda figure: name_of(question.name, figure, lang()),
    )  # fmt: skip


@bp.get("/statistics/by")
def by() -> Response:
    """The same figures for each county, month or whatever: a table, and a chart of one of them."""
    question = Question.at_hand()
    column = question.query.get("by", "division")
    answer = read(f"/api/reports/{question.name}", **question.asked(by=column))
    chosen = request.args.get("figure") or MAPPED[question.name]
    names = drawable(answer)
    groups = [
        {
            "by": group["by"],
            "label": _group(column, group["by"]),
            "values": group["values"],
            "behind": _narrowed(question, column, group["by"]),
        }
        for group in answer["groups"]
    ]
    chart = {
        "kind": "map" if column == "division" and len(groups) > 1 else "line" if column in ("month", "quarter") else "bar",
        "title": name_of(question.name, chosen, lang()), "labels": [group["label"] for group in groups],
        "codes": [group["by"] for group in groups], "values": [number(group["values"].get(chosen)) for group in groups],
        "unknown": _("unknown"),
    }  # fmt: skip
    return page(
        "statistics_table.html" if in_part() else "statistics_by.html", question=question, column=column, groups=groups, names=names, chosen=chosen, chart=chart,
        heading=lambda figure: name_of(question.name, figure, lang()), plain=plain,
    )  # fmt: skip


@bp.get("/statistics/behind")
def behind() -> Response:
    """The records behind a figure, and what each adds to it."""
    question, figure = Question.at_hand(), request.args.get("figure", "")
    report = REPORTS[question.name]
    if figure not in report.figures:
        raise Problem(404, "not_found")
    asked = asked_of(loaded(question), question.name)
    found = records_behind(views(), report, replace(asked, by=None), office().rulebook, figure, most=MOST_BEHIND)
    return page(
        "behind.html", question=question, figure=figure, found=found, title=name_of(question.name, figure, lang()), room_of=ROOM_OF,
        definition=definitions(question.name, lang())[figure], plain=plain,
    )  # fmt: skip


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
    """The figures in all and by county, with definitions and stamp, as a workbook or on paper."""
    question = Question.at_hand()
    by = "division" if "division" in REPORTS[question.name].by else ""
    answer = read(f"/api/reports/{question.name}", **{**question.asked(), "by": by, "explain": "true"})
    title = str(TITLES[question.name])
    names = {figure: name_of(question.name, figure, lang()) for figure in answer["values"]}
    groups = [(_group(by, group["by"]), group["values"]) for group in answer.get("groups", ())]
    make = statistics_files.workbook if form == "xlsx" else statistics_files.paper
    return make(title, answer, names, groups)


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
        "period.html", kept=kept, restated=restated, plain=plain, titles=TITLES, figures=figures(kept["name"], kept),
        heading=lambda figure: name_of(kept["name"], figure.partition(".")[0].partition("/")[0], lang()),
    )  # fmt: skip


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


def plain(value: Any) -> str:
    """A figure as it stands on a card: a rate with what it is made of, an unknown one as such."""
    match value:
        case None:
            return "—"
        case bool():
            return _("Yes") if value else _("No")
        case dict() if "value" in value:
            return "—" if value["value"] is None else f"{value['value']}%"
        case str():
            return f"{float(value):,.2f}"
        case int():
            return f"{value:,}"
    return str(value)


def number(value: Any) -> float | None:
    """A figure as a chart draws it."""
    match value:
        case None:
            return None
        case dict():
            return number(value.get("value"))
        case str():
            return float(value)
    return float(value)


def loaded(question: Question) -> dict[str, Any]:
    """The question as the API reads it.  A problem where it makes no sense."""
    try:
        found: dict[str, Any] = Window().load(
            {name: value for name, value in question.query.items() if name not in ("by", "yoy")}
        )
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


def _narrowed(question: Question, column: str, value: str | None) -> dict[str, str] | None:
    """The question narrowed to one group, where the address can say so: a county, or a month within the window."""
    if value is None:
        return None
    if column == "division":
        return {"division": value}
    if column == "month":
        first = date.fromisoformat(f"{value}-01")
        last = plus_months(first, 1) - timedelta(days=1)
        return {
            "from": max(first.isoformat(), question.query["from"]),
            "to": min(last.isoformat(), question.query["to"]),
        }
    return None


def _group(column: str, value: str | None) -> str:
    if value is None:
        return _("unknown")
    if column == "division":
        return place(value)
    return worded(value) if column in ("channel", "industry") else value


def _on_card(value: Any) -> bool:
    return not isinstance(value, dict) or "value" in value
