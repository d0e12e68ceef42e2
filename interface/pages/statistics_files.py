"""Figures to carry away: a workbook with a sheet for the figures, one by county and one for the stamp; and a page to sign, as PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import typst
from flask import Response
from flask_babel import gettext as _

from application.papers.rendering import fonts
from application.regions import name_of as place_name
from interface.pages import frame
from interface.pages.statistics_words import figure_name, in_full, plain, stamped
from projections.reports.cells import cells, is_rate

PAGE = Path(__file__).parents[1] / "templates" / "report.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABREAST = 7
"""So many figures of a county go beside each other on paper; the next ones go into a table below."""

Groups = Sequence[tuple[str, dict[str, Any]]]


class Line(NamedTuple):
    """A number of a report: of a figure that is a table, one of its cells."""

    name: str
    value: Any
    means: str
    before: Any = None
    change: Any = None


def workbook(title: str, answer: Mapping[str, Any], groups: Groups) -> Response:
    """The figures as numbers, so that a spreadsheet can go on with them; formulas are never run."""
    import xlsxwriter  # as in interface/exports.py

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _figures(book.add_worksheet(_("Figures")), answer, bold, wrapped)
        if groups:
            _groups(book.add_worksheet(_("By county")), answer, groups, bold)
        _stamp(book.add_worksheet(_("Stamp")), answer["stamp"], bold)
    return _sent(buffer.getvalue(), XLSX, f"{answer['name']}-{answer['stamp']['from']}-{answer['stamp']['to']}.xlsx")


def paper(title: str, answer: Mapping[str, Any], groups: Groups) -> Response:
    """The figures on paper: the same stamp, the same bytes."""
    stamp, yoy = answer["stamp"], answer.get("yoy")
    contents = {
        "title": title, "window": f"{stamp['from']} — {stamp['to']}", "division": place_name(stamp["division"]), "lang": frame.lang(),
        "heads": [_("Figure"), _("Value"), *([_("A year before")] if yoy else []), _("What it counts")],
        "figures": [
            [line.name, in_full(line.value), *([_before(line)] if yoy else []), line.means] for line in lines(answer, answer["values"], yoy)
        ],
        "tables": list(_tables(answer, groups)) if groups else [],
        "stamp": [f"{name}: {value}" for name, value in stamped(stamp)], "stamped": _("Stamp"), "by": _("By county"), "division_head": _("Division"),
    }  # fmt: skip
    day = datetime.fromisoformat(str(stamp["to"])).replace(tzinfo=UTC)
    made: bytes = typst.compile(
        str(PAGE), root=str(PAGE.parent), font_paths=fonts(), ignore_system_fonts=True, format="pdf", timestamp=day,
        sys_inputs={"data": json.dumps(contents, ensure_ascii=False, sort_keys=True)},
    )  # fmt: skip
    return _sent(made, "application/pdf", f"{answer['name']}-{stamp['from']}-{stamp['to']}.pdf")


def lines(answer: Mapping[str, Any], values: Mapping[str, Any], yoy: Mapping[str, Any] | None = None) -> list[Line]:
    """Every number of a report, or of a group of it, by its name; what a figure means stands with its first.

    ``yoy`` is the same window a year before; of a figure that is one number, the change since is said as well.
    """
    found = []
    for figure, value in values.items():
        before = cells(yoy["values"][figure]) if yoy else {}
        for place, (cell, number) in enumerate(cells(value).items()):
            means = "" if place else answer["definitions"][figure]
            change = yoy["change"].get(figure) if yoy and not cell else None
            found.append(Line(figure_name(answer["name"], figure, cell), number, means, before.get(cell), change))
    return found


def _before(line: Line) -> str:
    """A number as it was a year before, with the change since."""
    return in_full(line.before) + ("" if line.change is None else f" ({line.change:+.1f}%)")


def _tables(answer: Mapping[str, Any], groups: Groups) -> Iterator[dict[str, Any]]:
    """All figures by group, as many tables as they need."""
    names = [line.name for line in lines(answer, groups[0][1])]
    rows = [(label, [in_full(line.value) for line in lines(answer, values)]) for label, values in groups]
    for at in range(0, len(names), ABREAST):
        part = slice(at, at + ABREAST)
        yield {"columns": names[part], "rows": [[label, *shown[part]] for label, shown in rows]}


def _figures(sheet: Any, answer: Mapping[str, Any], bold: Any, wrapped: Any) -> None:
    yoy = answer.get("yoy")
    heads = [
        _("Figure"),
        _("Value"),
        _("Numerator"),
        _("Denominator"),
        *([_("A year before"), _("Change, %")] if yoy else []),
        _("What it counts"),
    ]
    last = len(heads) - 1
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, line in enumerate(lines(answer, answer["values"], yoy), start=1):
        sheet.write_string(row, 0, line.name)
        rate = line.value if is_rate(line.value) else {"value": line.value}
        for column, side in enumerate(("value", "numerator", "denominator"), start=1):
            _number(sheet, row, column, rate.get(side))
        if yoy:
            _number(sheet, row, 4, line.before["value"] if is_rate(line.before) else line.before)
            _number(sheet, row, 5, line.change)
        sheet.write_string(row, last, line.means, wrapped)
    sheet.set_column(0, 0, 40)
    sheet.set_column(last, last, 80)
    sheet.freeze_panes(1, 1)


def _groups(sheet: Any, answer: Mapping[str, Any], groups: Groups, bold: Any) -> None:
    heads = [_("Division"), *(line.name for line in lines(answer, groups[0][1]))]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, (label, values) in enumerate(groups, start=1):
        sheet.write_string(row, 0, label)
        for column, line in enumerate(lines(answer, values), start=1):
            _number(sheet, row, column, line.value["value"] if is_rate(line.value) else line.value)
    sheet.freeze_panes(1, 1)


def _stamp(sheet: Any, stamp: Mapping[str, Any], bold: Any) -> None:
    for row, (name, value) in enumerate(stamped(stamp)):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)


def _number(sheet: Any, row: int, column: int, value: Any) -> None:
    """A figure as a number; what is unknown or withheld stays blank."""
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, column, plain(value))
        case _:
            sheet.write_number(row, column, float(value))


def _sent(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, 200, {"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'})
